import seedrandom from 'seedrandom';
import { beforeAll, describe, expect, it } from 'vitest';
import { ANALYSIS_STAGES, analyzeCircuit } from '../../src/analysis/analyze_circuit.js';
import type { CircuitActivity } from '../../src/analysis/circuit_activity.js';
import { spikeTrains } from '../../src/analysis/spiketrain/trains.js';
import type * as module from '../../src/run/analyze_activity.js';
import { LARGE_ACTIVITY } from '../../src/run/analyze_activity.js';
import { buffersOf } from '../../src/run/transferred_buffers.js';
import { buildCli } from '../sweep/built_cli.js';

/** Poisson spikes at 25 Hz, just enough to be large, and an LFP. */
function largeActivity(): CircuitActivity {
  const neurons = 4200;
  const stopMs = 10_000;
  const random = seedrandom.alea('large');
  const times: number[] = [];
  const offsets = new Uint32Array(neurons + 1);
  for (let neuron = 0; neuron < neurons; neuron++) {
    const interval = () => -40 * Math.log(1 - random());
    for (let t = interval(); t < stopMs; t += interval()) times.push(t);
    offsets[neuron + 1] = times.length;
  }
  return {
    neurons,
    groups: [{ name: 'all', neurons: Uint32Array.from({ length: neurons }, (_, k) => k), sign: null }],
    window: { startMs: 500, stopMs },
    spikes: spikeTrains(Float64Array.from(times), offsets),
    lfp: { sampleRateHz: 1000, startMs: 0, values: Float64Array.from({ length: stopMs }, () => random()) },
    signedLfp: null,
    lateralDistances_mm: null,
    input: null,
    traces: null,
    graph: null,
    synapses: null,
  };
}

describe('an activity large enough for a separate thread', () => {
  let built: typeof module;

  beforeAll(async () => {
    await buildCli();
    built = await import(
      /* @vite-ignore */ new URL('../../dist/run/analyze_activity.js', import.meta.url).href
    );
  });

  it('has the same analysis, with its stages in order', async () => {
    const activity = largeActivity();
    expect(activity.spikes.timesMs.length).toBeGreaterThan(LARGE_ACTIVITY.spikes);
    const { results, firing } = analyzeCircuit(activity);
    const stages: string[] = [];
    const apart = await built.analyzeActivity(activity, { onStage: (stage) => stages.push(stage) });
    expect(apart.results).toEqual(results);
    expect(apart.firing.fano).toEqual(firing.fano);
    expect(stages).toEqual(ANALYSIS_STAGES);
    // Moved, not copied.
    expect(activity.spikes.timesMs).toHaveLength(0);
    expect(apart.activity.spikes.timesMs).toHaveLength(results.firing.spikes);
  });

  it('fails as analyzeCircuit does', async () => {
    await expect(built.analyzeActivity(largeActivity(), { segmentMs: -1 })).rejects.toMatchObject({
      name: 'AnalysisError',
      message: expect.stringContaining('segmentMs is -1'),
    });
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    const analysis = built.analyzeActivity(largeActivity(), {
      signal: stop.signal,
      onStage: () => stop.abort(),
    });
    await expect(analysis).rejects.toMatchObject({ name: 'AnalysisStopped' });
  });
});

it('finds each buffer once, however deep', () => {
  const shared = new Float64Array(4);
  const value = { a: [shared.subarray(1), { b: shared }], c: Uint32Array.of(1), d: null, e: 'text' };
  expect(buffersOf(value)).toEqual([shared.buffer, value.c.buffer]);
});

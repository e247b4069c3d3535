import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { resultOf } from '../../src/bench/benchmark_result.js';
import { formatFigure, formatTable } from '../../src/bench/benchmark_table.js';
import { type BenchmarkCase, benchmarkCases, circuitOf } from '../../src/bench/benchmarks.js';
import { measure } from '../../src/bench/measure.js';
import { addBenchCommand } from '../../src/cli/bench_command.js';
import { EngineError } from '../../src/engine/engine.js';
import { InputError } from '../../src/io/input_error.js';

/** Small enough for the float64 reference: 50 neurons, 20 ms. */
const SMALL: BenchmarkCase = {
  name: 'cobahh',
  cobahh: { neurons: 50, synapsesPerNeuron: 10, delayMs: 0.5, live: true },
  seconds: 0.02,
  device: 'cpu',
  analyzes: true,
  members: 1,
};

/** Keys that `nce bench --json` promises. */
const PROMISED = [
  ...['name', 'adapter', 'integrator', 'neurons', 'synapses', 'dtMs', 'delayMs', 'simulatedSeconds'],
  ...['buildSeconds', 'compileSeconds', 'simulateSeconds', 'nsPerNeuronStep', 'synapticEventsPerSecond'],
  ...['meanRateHz', 'realTimeFactor', 'peakMemoryBytes', 'bytesPerSynapse', 'runs'],
];

async function bench(args: readonly string[], run = measure): Promise<{ out: string; err: string }> {
  const written = { out: '', err: '' };
  const io = {
    out: (text: string) => {
      written.out += text;
    },
    err: (text: string) => {
      written.err += text;
    },
    isTerminal: false,
    signal: new AbortController().signal,
  };
  const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addBenchCommand(program, io, run);
  await program.parseAsync(['bench', ...args], { from: 'user' });
  return written;
}

const SMALL_ARGUMENTS = '--neurons 50 --synapses-per-neuron 10 --seconds 0.02 --device cpu --repeats 2'.split(
  ' ',
);

describe('benchmarkCases', () => {
  it('has COBAHH as published, with a delay, and as load', () => {
    expect(benchmarkCases('cobahh', {})[0].cobahh).toEqual({
      neurons: 4000,
      synapsesPerNeuron: 80,
      delayMs: 0,
      live: true,
    });
    expect(benchmarkCases('cobahh-delay', { load: true })[0].cobahh).toEqual({
      neurons: 4000,
      synapsesPerNeuron: 1000,
      delayMs: 1.5,
      live: false,
    });
  });

  it('scales from 4000 to 1,000,000 neurons', () => {
    const sizes = benchmarkCases('scaling', {}).map(({ cobahh }) => cobahh?.neurons);
    expect(sizes.at(0)).toBe(4000);
    expect(sizes.at(-1)).toBe(1_000_000);
    expect(sizes).toEqual([...sizes].sort((a, b) => a! - b!));
  });

  it('makes circuits that can be resolved, as long as warm-up and measurement', () => {
    for (const name of ['cobahh', 'cortical-gamma'] as const)
      expect(circuitOf(benchmarkCases(name, { seconds: 0.1 })[0]).simulation.duration_ms).toBe(105);
  });

  it('refuses what it does not have', () => {
    expect(() => benchmarkCases('cortical-gamma', { neurons: [10] })).toThrow(InputError);
    expect(() => benchmarkCases('cobahh', { neurons: [10], synapsesPerNeuron: 11 })).toThrow(
      /--synapses-per-neuron: expected 0 to the number of neurons, 10; got 11/,
    );
    expect(() => benchmarkCases('cobahh', { neurons: [4.5] })).toThrow(/--neurons/);
    expect(() => benchmarkCases('cobahh', { seconds: 0 })).toThrow(/--seconds/);
  });
});

describe('measure', () => {
  it('measures a network whose figures agree with each other', async () => {
    const run = await measure(SMALL);
    expect(run).toMatchObject({ neurons: 50, dtMs: 0.1, delayMs: 0.5, analysisSeconds: null });
    expect(run.simulatedSeconds).toBeCloseTo(0.02, 12);
    expect(run.realTimeFactor).toBeCloseTo(0.02 / run.simulateSeconds, 9);
    expect(run.nsPerNeuronStep).toBeCloseTo((1e9 * run.simulateSeconds) / (50 * 200), 6);
    expect(run.peakMemoryBytes).toBeGreaterThan(2 ** 24);
    expect(run.bytesPerSynapse).toBeCloseTo((8 * run.synapses + 8 * 51) / run.synapses, 9);
  });

  it('measures circuits side by side as so many neurons', async () => {
    const [ensemble] = benchmarkCases('ensemble', { seconds: 0.002, device: 'software' });
    const run = await measure({ ...ensemble, members: 2 });
    expect(run).toMatchObject({ neurons: 1000, dtMs: 0.025, analysisSeconds: null });
    expect(run.nsPerNeuronStep).toBeCloseTo((1e9 * run.simulateSeconds) / (1000 * 80), 6);
    await expect(measure({ ...ensemble, device: 'cpu' })).rejects.toThrow(InputError);
  });

  it('counts each spike through all its synapses', async () => {
    const all = await measure({ ...SMALL, cobahh: { ...SMALL.cobahh!, synapsesPerNeuron: 50, live: false } });
    const spikes = all.meanRateHz * 50 * all.simulatedSeconds;
    expect(all.synapses).toBe(2500);
    expect(spikes).toBeGreaterThan(0);
    expect(all.synapticEventsPerSecond * all.simulateSeconds).toBeCloseTo(50 * spikes, 6);
  });
});

describe('resultOf', () => {
  it('gives medians, and the spread of what varied', async () => {
    const run = await measure(SMALL);
    const runs = [3, 1, 2].map((simulateSeconds) => ({ ...run, simulateSeconds }));
    const result = resultOf(SMALL, runs);
    expect(result.simulateSeconds).toBe(2);
    expect(result.spread).toEqual({ simulateSeconds: [1, 3] });
    expect(result.runs).toEqual(runs);
  });
});

describe('tables', () => {
  it('align their columns', () => {
    expect(
      formatTable(
        ['name', 'value'],
        [
          ['a', '1'],
          ['long name', '22'],
        ],
      ),
    ).toBe('name       value\na              1\nlong name     22\n');
  });

  it('show three digits', () => {
    expect([1234.5, 0.012345, 5.4321, null].map(formatFigure)).toEqual(['1230', '0.0123', '5.43', '-']);
  });
});

describe('nce bench', () => {
  it('prints one document with every promised key', async () => {
    const { out, err } = await bench(['cobahh', ...SMALL_ARGUMENTS, '--json']);
    const document = JSON.parse(out);
    for (const key of PROMISED) expect(document).toHaveProperty(key);
    expect(document).toMatchObject({ name: 'cobahh', live: true, repeats: 2 });
    expect(document.runs).toHaveLength(2);
    expect(err).toBe('cobahh, 50 neurons: 1 of 2\ncobahh, 50 neurons: 2 of 2\n');
  });

  it('prints a table by default', async () => {
    const { out } = await bench(['cobahh-delay', ...SMALL_ARGUMENTS]);
    expect(out).toMatch(/^float64 reference, exponential-euler-simultaneous, dt 0.1 ms, median of 2\n/);
    expect(out).toMatch(/^cobahh-delay 50 +\d+ +1.5 /m);
  });

  it('measures sizes as far as they fit and says where they do not', async () => {
    const args = ['scaling', '--neurons', '50,60', ...SMALL_ARGUMENTS.slice(2), '--json'];
    const { out } = await bench(args, (benchmarkCase) =>
      benchmarkCase.cobahh?.neurons === 60
        ? Promise.reject(new EngineError('too large'))
        : measure(benchmarkCase),
    );
    const document = JSON.parse(out);
    expect(document.neurons).toBe(50);
    expect(document.networks).toHaveLength(1);
    expect(document.notRun).toBe('60 neurons and more were not measured: too large');
  });

  it('refuses a number of repeats that is none', async () => {
    await expect(bench(['cobahh', '--repeats', '0'])).rejects.toThrow(/--repeats/);
  });
});

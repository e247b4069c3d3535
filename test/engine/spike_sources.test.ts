import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineSnapshot, RecordedBlock } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createEnsemble } from '../../src/engine/webgpu/ensemble.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import type { CircuitFile } from '../../src/model/circuit_file.js';
import { buildNetwork } from '../../src/network/build.js';
import type { Network } from '../../src/network/network.js';
import { spikeTimeMs } from '../../src/recording/recording.js';
import { circuitOf, run, spikeStepsByNeuron, spikesOf, testDevice } from './support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const ENGINES = ['WebGPU', 'reference'] as const;
type EngineKind = (typeof ENGINES)[number];

const open = async (kind: EngineKind, network: Network, resumeFrom?: EngineSnapshot) =>
  kind === 'WebGPU'
    ? createWebGpuEngine(network, device, resumeFrom ? { resumeFrom } : {})
    : createReferenceEngine(network, resumeFrom ? { resumeFrom } : {});

async function spikesOn(kind: EngineKind, network: Network, piecesMs: readonly number[]) {
  const engine = await open(kind, network);
  const blocks: RecordedBlock[] = [];
  for (const piece of piecesMs) blocks.push(...(await run(engine, piece)));
  engine.destroy();
  return spikesOf(blocks);
}

const RECEPTORS: CircuitFile['receptors'] = {
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: 'excitatory' },
  GABA: { tau_ms: 6, reversal_mV: -75, sign: 'inhibitory' },
};
const one = { kind: 'list' as const, pairs: [[0, 0]] as [number, number][] };

describe('arrival', () => {
  // dt 0.1 ms, of which most multiples are no exact floating-point quotients.
  const times_ms = [0, 0.04, 0.1, 0.3, 0.31, 0.7, 2.3, 4.95];
  const delays_ms = [0, 0.1, 3];
  const cases = times_ms.flatMap((time) => delays_ms.map((delay) => ({ time, delay })));
  const network = buildNetwork(
    circuitOf(
      {
        name: 'arrival',
        receptors: RECEPTORS,
        populations: { target: { cell: 'pyramidal-rs', neurons: cases.length } },
        spikeSources: Object.fromEntries(cases.map(({ time }, i) => [`source${i}`, { trains_ms: [[time]] }])),
        projections: cases.map(({ delay }, i) => ({
          from: `source${i}`,
          to: 'target',
          receptor: 'AMPA',
          connector: { kind: 'list', pairs: [[0, i]] },
          weight_nS: 2,
          delay_ms: delay,
        })),
      },
      { dt_ms: 0.1 },
    ),
  );

  it.each(ENGINES)(
    '%s: a spike acts in the first step that begins at its time + delay or later',
    async (kind) => {
      const engine = await open(kind, network);
      const seen: number[] = cases.map(() => -1);
      for (let step = 0; step < 100; step++) {
        await engine.advance(1, { onBlock: () => {} });
        const [g] = (await engine.readState()).conductance_nS;
        cases.forEach((_, i) => {
          if (g[i] === 0 || seen[i] >= 0) return;
          seen[i] = step;
          expect(g[i]).toBeCloseTo(2 * Math.exp(-0.1 / 3), 4);
        });
      }
      engine.destroy();
      // In tenths of a millisecond, where the arithmetic is exact.
      const tenths = (ms: number) => Math.ceil(Math.round(ms * 100) / 10);
      expect(seen).toEqual(cases.map(({ time, delay }) => tenths(time) + tenths(delay)));
    },
  );
});

describe('against a neuron', () => {
  it.each(ENGINES)(
    '%s: the recorded spikes of a population, given as sources, do what it did',
    async (kind) => {
      const pairs = Array.from({ length: 20 }, (_, k): [number, number] => [k % 5, (3 * k) % 7]);
      const projection = {
        to: 'target',
        receptor: 'AMPA',
        connector: { kind: 'list' as const, pairs },
        weight_nS: pairs.map((_, k) => 20 + k),
        delay_ms: pairs.map((_, k) => 0.2 + 0.05 * (k % 4)),
      };
      const targets = { target: { cell: 'pyramidal-rs', neurons: 7 } };
      const whole = buildNetwork(
        circuitOf(
          {
            name: 'whole',
            receptors: RECEPTORS,
            populations: { ...targets, driver: { cell: 'pv-wang-buzsaki', neurons: 5 } },
            projections: [{ from: 'driver', ...projection }],
            stimuli: [{ kind: 'poisson', to: 'driver', receptor: 'AMPA', rate_hz: 500, weight_nS: 3 }],
          },
          { dt_ms: 0.05 },
        ),
      );
      const engine = await open(kind, whole);
      const trains = spikeStepsByNeuron(await run(engine, 300), whole.neurons);
      engine.destroy();
      const driver = trains.slice(7);
      expect(driver.flat().length).toBeGreaterThan(100);
      expect(trains.slice(0, 7).flat().length).toBeGreaterThan(20);

      const replayed = buildNetwork(
        circuitOf(
          {
            name: 'replayed',
            receptors: RECEPTORS,
            populations: targets,
            spikeSources: {
              driver: { trains_ms: driver.map((steps) => steps.map((step) => spikeTimeMs(step, 0.05))) },
            },
            projections: [{ from: 'driver', ...projection }],
          },
          { dt_ms: 0.05 },
        ),
      );
      const again = await open(kind, replayed);
      expect(spikeStepsByNeuron(await run(again, 300), replayed.neurons)).toEqual(trains.slice(0, 7));
      again.destroy();
    },
  );
});

/** Trains that look like Poisson ones: fixed numbers, so that nothing is drawn. */
const trainsOf = (sources: number, perSource: number, meanMs: number, salt: number): number[][] =>
  Array.from({ length: sources }, (_, i) => {
    let time = 0;
    return Array.from({ length: perSource }, (_, k) => {
      time += meanMs * (0.2 + 1.6 * ((Math.sin(12.9898 * (i + salt) + 78.233 * k) * 43758.5453) % 1) ** 2);
      return time;
    });
  });

/** 40 neurons driven by 50 sources, and by a few that inhibit. */
const driven = (seed: number, change: Partial<CircuitFile> = {}) =>
  buildNetwork(
    circuitOf(
      {
        name: 'driven',
        receptors: RECEPTORS,
        populations: {
          E: { cell: 'pyramidal-rs', neurons: 30 },
          PV: { cell: 'pv-wang-buzsaki', neurons: 10 },
        },
        spikeSources: {
          input: { trains_ms: [[0, 0, 5, 5], ...trainsOf(49, 60, 7, seed)] },
          brake: { trains_ms: trainsOf(4, 30, 12, 100 + seed) },
        },
        projections: [
          {
            from: 'input',
            to: 'E',
            receptor: 'AMPA',
            connector: { kind: 'fixed-in-degree', inDegree: 15 },
            weight_nS: { distribution: 'lognormal', mean: 12, sigma: 0.5 },
            delay_ms: { distribution: 'uniform', low: 0.5, high: 4 },
          },
          {
            from: 'brake',
            to: 'E',
            receptor: 'GABA',
            connector: { kind: 'fixed-probability', probability: 0.3 },
            weight_nS: 4,
            delay_ms: 1,
          },
          {
            from: 'E',
            to: 'PV',
            receptor: 'AMPA',
            connector: { kind: 'fixed-probability', probability: 0.3 },
            weight_nS: 3,
            delay_ms: 1,
          },
          {
            from: 'PV',
            to: 'E',
            receptor: 'GABA',
            connector: { kind: 'fixed-probability', probability: 0.3 },
            weight_nS: 2,
            delay_ms: 0.75,
          },
        ],
        ...change,
      },
      { dt_ms: 0.025, seed },
    ),
  );

describe('WebGPU against the reference', () => {
  it('one neuron driven by a train: every spike to one step', async () => {
    const network = buildNetwork(
      circuitOf(
        {
          name: 'one',
          receptors: RECEPTORS,
          populations: { cell: { cell: 'pyramidal-rs', neurons: 1 } },
          spikeSources: { input: { trains_ms: trainsOf(1, 200, 4, 5) } },
          projections: [
            { from: 'input', to: 'cell', receptor: 'AMPA', connector: one, weight_nS: 40, delay_ms: 1.5 },
          ],
        },
        { dt_ms: 0.025 },
      ),
    );
    const expected = (await spikesOn('reference', network, [500])).steps;
    const onGpu = (await spikesOn('WebGPU', network, [500])).steps;
    expect(expected.length).toBeGreaterThan(20);
    expect(onGpu).toHaveLength(expected.length);
    onGpu.forEach((step, k) => {
      expect(Math.abs(step - expected[k])).toBeLessThanOrEqual(1);
    });
  });

  it('a network with 54 sources: every spike of 60 ms to one step', async () => {
    const network = driven(1);
    const expected = await spikesOn('reference', network, [60]);
    const onGpu = await spikesOn('WebGPU', network, [60]);
    expect(expected.neurons.length).toBeGreaterThan(100);
    const byNeuron = ({ steps, neurons }: typeof expected) =>
      Array.from({ length: network.neurons }, (_, i) => steps.filter((_, k) => neurons[k] === i));
    expect(byNeuron(onGpu).map((steps) => steps.length)).toEqual(
      byNeuron(expected).map((steps) => steps.length),
    );
    byNeuron(onGpu).forEach((steps, i) => {
      steps.forEach((step, k) => {
        expect(Math.abs(step - byNeuron(expected)[i][k])).toBeLessThanOrEqual(1);
      });
    });
  });
});

describe('determinism', () => {
  it.each(ENGINES)('%s: the same bits again, in odd pieces and from a snapshot', async (kind) => {
    const expected = await spikesOn(kind, driven(2), [200]);
    expect(expected.neurons.length).toBeGreaterThan(300);
    expect(await spikesOn(kind, driven(2), [200])).toEqual(expected);
    expect(await spikesOn(kind, driven(2), [0.025, 33.35, 100.125, 66.5])).toEqual(expected);
    for (const stopMs of [0, 71.975]) {
      const first = await open(kind, driven(2));
      const begun = spikesOf(stopMs > 0 ? await run(first, stopMs) : []);
      const snapshot = await first.snapshot();
      first.destroy();
      const second = await open(kind, driven(2), snapshot);
      const rest = spikesOf(await run(second, 200 - stopMs));
      second.destroy();
      expect(begun.steps.concat(rest.steps)).toEqual(expected.steps);
      expect(begun.neurons.concat(rest.neurons)).toEqual(expected.neurons);
    }
  });

  it('each member of an ensemble gives exactly what it gives alone', async () => {
    const without = driven(5, { spikeSources: {}, projections: [] });
    const members = [driven(3), driven(4), without, driven(3)];
    const blocks: RecordedBlock[][] = members.map(() => []);
    const ensemble = await createEnsemble(members, device);
    await ensemble.advance(4000, { onBlock: (block, member) => blocks[member].push(block) });
    ensemble.destroy();
    for (const [i, network] of members.entries())
      expect(spikesOf(blocks[i])).toEqual(await spikesOn('WebGPU', network, [100]));
    expect(spikesOf(blocks[0]).neurons.length).toBeGreaterThan(100);
    expect(spikesOf(blocks[1])).not.toEqual(spikesOf(blocks[0]));
    expect(spikesOf(blocks[3])).toEqual(spikesOf(blocks[0]));
  });
});

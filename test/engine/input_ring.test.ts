import seedrandom from 'seedrandom';
/** Everything that can arrive in one step fits the input ring, or the network is refused: never an overflow in silence. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineSnapshot } from '../../src/engine/engine.js';
import { planEngine } from '../../src/engine/plan.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import { requantized } from '../../src/engine/webgpu/buffers/start_data.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { buildNetwork } from '../../src/network/build.js';
import { mostSpikesInAStep } from '../../src/network/source_events.js';
import { weightQuantaOf } from '../../src/network/synapse_word.js';
import { MAX_RING_SUM } from '../../src/network/synapses.js';
import { circuitOf, testDevice } from './support.js';

const DT_MS = 0.025;
const SENT_AT_MS = 2;
const TAU_MS = { AMPA: 5, GABA: 8 };

/** Two neurons; a source sends `events` times in one step through AMPA, another once through GABA. */
const struck = (events: number, weights_nS: readonly [number, number]) =>
  circuitOf(
    {
      name: 'struck',
      receptors: {
        AMPA: { tau_ms: TAU_MS.AMPA, reversal_mV: 0, sign: 'excitatory' },
        GABA: { tau_ms: TAU_MS.GABA, reversal_mV: -75, sign: 'inhibitory' },
      },
      populations: { E: { neurons: 2, cell: 'pyramidal-rs' } },
      spikeSources: {
        many: { trains_ms: [new Array(events).fill(SENT_AT_MS)] },
        one: { trains_ms: [[SENT_AT_MS]] },
      },
      projections: [
        {
          from: 'many',
          to: 'E',
          receptor: 'AMPA',
          delay_ms: 1,
          weight_nS: [...weights_nS],
          connector: { kind: 'list', pairs: [[0, 0], [0, 1]] }, // biome-ignore format: a pair of pairs
        },
        {
          from: 'one',
          to: 'E',
          receptor: 'GABA',
          delay_ms: 1,
          weight_nS: 2,
          connector: { kind: 'list', pairs: [[0, 0], [0, 1]] }, // biome-ignore format: a pair of pairs
        },
      ],
    },
    { dt_ms: DT_MS },
  );

describe.each(['reference', 'WebGPU'] as const)('%s: many inputs in one step', (kind) => {
  let device: DeviceHandle;
  beforeAll(async () => {
    device = await testDevice();
  });
  afterAll(() => device.destroy());

  // No common divisor: the quantum is the largest weight / 2^18. With 8200 events the sum would be 2^31. Weights of 1 and 2 nS
  // are one quantum and two, and 40000 events more than the 16 bits of a shared word.
  it.each([
    { events: 8000, weights_nS: [0.001, 0.00062817] as const },
    { events: 9000, weights_nS: [0.001, 0.00062817] as const },
    { events: 60_000, weights_nS: [0.001, 0.00062817] as const },
    { events: 30_000, weights_nS: [2, 1] as const },
    { events: 40_000, weights_nS: [2, 1] as const },
  ])('$events events of $weights_nS nS are all there', async ({ events, weights_nS }) => {
    const network = buildNetwork(struck(events, weights_nS));
    expect(network.synapses.largestInput).toBeLessThanOrEqual(MAX_RING_SUM);
    const engine =
      kind === 'WebGPU' ? await createWebGpuEngine(network, device) : createReferenceEngine(network);
    await engine.advance(Math.round((SENT_AT_MS + 1) / DT_MS) + 1, { onBlock: () => {} });
    const [ampa, gaba] = (await engine.readState()).conductance_nS;
    engine.destroy();
    // A weight is rounded by half a quantum at most, and to 1 part in 16,384.
    const tolerance = network.synapses.quantum_nS[0] / 2 / Math.min(...weights_nS) + 2 ** -14 + 1e-6;
    weights_nS.forEach((weight_nS, i) => {
      const sent = events * weight_nS * Math.exp(-DT_MS / TAU_MS.AMPA);
      expect(Math.abs(ampa[i] / sent - 1)).toBeLessThan(tolerance);
      expect(gaba[i]).toBeCloseTo(2 * Math.exp(-DT_MS / TAU_MS.GABA), 5);
    });
  });
});

describe('light weights', () => {
  const column = (network: ReturnType<typeof buildNetwork>) =>
    Float64Array.from({ length: network.synapses.count }, (_, k) =>
      weightQuantaOf(network.synapses.words[2 * k + 1]),
    );

  it('keep their digits beside a detonator', () => {
    const network = buildNetwork(struck(1, [5000, 0.009]));
    const [heavy, light] = column(network);
    const quantum = network.synapses.quantum_nS[0];
    expect(heavy * quantum).toBeCloseTo(5000, 0);
    expect(Math.abs((light * quantum) / 0.009 - 1)).toBeLessThan(0.01);
  });

  it('of a wide lognormal distribution are there, each to half a quantum', () => {
    const weights: number[] = [];
    const random = seedrandom.alea('weights');
    for (let k = 0; k < 20_000; k++) {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      weights.push(Math.exp(-2 + 2 * normal));
    }
    const network = buildNetwork(
      circuitOf({
        name: 'lognormal',
        receptors: { A: { tau_ms: 3, reversal_mV: 0, sign: 'excitatory' } },
        populations: { E: { cell: 'pyramidal-rs', neurons: 400 } },
        projections: [
          {
            from: 'E',
            to: 'E',
            receptor: 'A',
            connector: {
              kind: 'list',
              pairs: weights.map((_, k): [number, number] => [Math.floor(k / 50), (7 * k) % 400]),
            },
            weight_nS: weights,
            delay_ms: 1,
          },
        ],
      }),
    );
    const quantum = network.synapses.quantum_nS[0];
    const quanta = [...column(network)].map((q) => q * quantum).sort((a, b) => a - b);
    weights
      .sort((a, b) => a - b)
      .forEach((weight, k) => {
        expect(Math.abs(quanta[k] / weight - 1), `${weight} nS`).toBeLessThan(
          Math.min(0.05, quantum / 2 / weight + 2 ** -14),
        );
      });
  });

  it('are refused with their number where what else arrives leaves no room for them', () => {
    expect(() => buildNetwork(struck(6_000_000, [1, 1e-9]))).toThrow(
      /^weights below \S+ nS of the receptor AMPA are lost \(synapses: 1\) beside weights of up to 1 nS and all that can arrive in one step; give the heavy ones a receptor of their own/,
    );
  });
});

describe('input under way when synapses change', () => {
  const [from, to] = [struck(2, [2, 1]), struck(3, [2, 1])].map(buildNetwork);
  const plan = planEngine(from);
  const snapshotWith = (quanta: number): EngineSnapshot => ({
    kind: 'webgpu',
    stepsDone: 0,
    rows: new Float32Array(0),
    states: 0,
    receptors: 2,
    noiseSlots: 0,
    ring: Int32Array.from({ length: 4 }, (_, i) => (i === 1 ? quanta : 0)),
    ringSlots: 1,
    sampleSums: new Float32Array(0),
  });

  it('is kept if it fits together with what the new synapses send', () => {
    expect(to.synapses.largestInput).toBe(6);
    const snapshot = snapshotWith(MAX_RING_SUM - 6);
    expect(requantized(snapshot, plan, [from], [to])).toEqual(snapshot.ring);
  });

  it('is refused if it does not, with population, receptor, value and limit', () => {
    expect(() => requantized(snapshotWith(MAX_RING_SUM - 5), plan, [from], [to])).toThrow(
      'input under way to E[1], receptor AMPA, is 2147483642 quanta of the new weights (1 nS each), at most 2147483641 fit',
    );
  });

  it('is never refused if the synapses stay the same', () => {
    const snapshot = snapshotWith(MAX_RING_SUM);
    expect(requantized(snapshot, plan, [from], [buildNetwork(from.circuit)])).toEqual(snapshot.ring);
  });
});

describe('the spikes of a train that belong to one step', () => {
  it('are counted, times within a step with the one that ends it', () => {
    expect(mostSpikesInAStep([], 0.1)).toBe(0);
    expect(mostSpikesInAStep([1, 1.1, 1.2], 0.1)).toBe(1);
    expect(mostSpikesInAStep([0.3, 1.01, 1.05, 1.1, 1.11, 1.2], 0.1)).toBe(3);
    expect(mostSpikesInAStep([0, 0, 5], 0.1)).toBe(2);
  });
});

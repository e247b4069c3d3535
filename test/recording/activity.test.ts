import { describe, expect, it } from 'vitest';
import { POPULATION_SIGNALS } from '../../src/engine/engine.js';
import { type CircuitFile, resolveCircuit } from '../../src/model/circuit_file.js';
import { buildNetwork } from '../../src/network/build.js';
import { activityOf } from '../../src/recording/activity.js';
import type { Recording } from '../../src/recording/recording.js';

const PAIRS = { kind: 'list' as const };
const CIRCUIT: CircuitFile = {
  name: 'three-cells',
  simulation: { dt_ms: 0.1 },
  receptors: {
    AMPA: { tau_ms: 3, reversal_mV: 0, sign: 'excitatory' },
    GABA: { tau_ms: 6, reversal_mV: -75, sign: 'inhibitory' },
  },
  populations: { E: { cell: 'pyramidal-rs', neurons: 2 }, I: { cell: 'pv-wang-buzsaki', neurons: 1 } },
  projections: [
    // Twice from E[0] to E[1], and from E[1] to itself.
    {
      from: 'E',
      to: 'E',
      receptor: 'AMPA',
      connector: {
        ...PAIRS,
        pairs: [
          [0, 1],
          [0, 1],
          [1, 1],
        ],
      },
      weight_nS: 1,
      delay_ms: 1,
    },
    {
      from: 'I',
      to: 'E',
      receptor: 'GABA',
      connector: { ...PAIRS, pairs: [[0, 0]] },
      weight_nS: 1,
      delay_ms: 1,
    },
  ],
};

describe('a run as the analysis takes it', () => {
  const network = buildNetwork(resolveCircuit(CIRCUIT));
  const activity = activityOf(recording(), network, { startMs: 1, stopMs: 3 });

  it('gives each neuron its spikes, at the end of their step', () => {
    expect([...activity.spikes.offsets]).toEqual([0, 2, 2, 3]);
    expect([...activity.spikes.timesMs].map((time) => Number(time.toFixed(6)))).toEqual([0.1, 2.1, 1.1]);
    expect(activity.neurons).toBe(3);
  });

  it('names the populations and what their synapses do', () => {
    expect(activity.groups.map(({ name, neurons, sign }) => [name, [...neurons], sign])).toEqual([
      ['E', [0, 1], 'excitatory'],
      ['I', [2], 'inhibitory'],
    ]);
  });

  it('merges repeated synapses and omits autapses, but counts them', () => {
    expect(activity.synapses).toBe(4);
    expect([...(activity.graph?.rowPointers ?? [])]).toEqual([0, 1, 1, 2]);
    expect([...(activity.graph?.targets ?? [])]).toEqual([1, 0]);
  });

  it('takes the first electrode, and the input of each population', () => {
    expect(activity.lfp).toEqual({ sampleRateHz: 1000, startMs: 0, values: Float64Array.of(1, 2, 3) });
    expect([...(activity.signedLfp?.values ?? [])]).toEqual([-1, -2, -3]);
    expect([...(activity.input?.I.inhibitoryCurrent_nA.values ?? [])]).toEqual([4, 5, 6]);
  });

  it('has no LFP where none was recorded', () => {
    expect(activityOf({ ...recording(), lfp: null }, network, activity.window).lfp).toBeNull();
  });
});

function recording(): Recording {
  const sums = (...values: number[]) =>
    Object.fromEntries(
      POPULATION_SIGNALS.map((signal) => [signal, Float32Array.from(values)]),
    ) as Recording['populations'][string];
  const electrode = (sign: number) => ({
    x_um: 0,
    y_um: 0,
    z_um: 0,
    absolute_uV: Float32Array.of(sign, 2 * sign, 3 * sign),
    signed_uV: Float32Array.of(-sign, -2 * sign, -3 * sign),
  });
  return {
    dtMs: 0.1,
    stopMs: 3,
    complete: true,
    spikes: { steps: Uint32Array.of(0, 10, 20), neurons: Uint32Array.of(0, 2, 0) },
    sampleRateHz: 1000,
    populations: { E: sums(1, 2, 3), I: sums(4, 5, 6) },
    lfp: [electrode(1), electrode(10)],
    traces: [],
  };
}

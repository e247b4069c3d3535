import { expect, test } from 'vitest';
import { analyzeCircuit } from '../../src/analysis/analyze_circuit.js';
import { pointSourceProxies, pointSourceWeight } from '../../src/analysis/lfp/point_source.js';
import { pearson } from '../../src/analysis/spiketrain/correlation.js';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { activityOf } from '../../src/recording/activity.js';
import { simulate } from '../../src/run/simulate.js';

/** Farther than the column is large, so that every cell has the same weight and sums over the population suffice. */
const DISTANCE_um = 10_000;

const CIRCUIT = `name: signs
simulation: { duration_ms: 400, transient_ms: 100, dt_ms: 0.05, seed: 5 }
receptors:
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: excitatory }
  GABA: { tau_ms: 6, reversal_mV: -80, sign: inhibitory }
populations:
  E: { cell: pyramidal-rs, neurons: 30 }
  I: { cell: pv-wang-buzsaki, neurons: 10 }
projections:
  - { from: I, to: E, receptor: GABA, connector: { kind: fixed-probability, probability: 0.5 }, weight_nS: 4, delay_ms: 1 }
stimuli:
  - { kind: poisson, to: E, receptor: AMPA, rate_hz: 900, weight_nS: 6 }
  - { kind: poisson, to: I, receptor: AMPA, rate_hz: 500, weight_nS: 6 }
recording:
  lfp:
    populations: [E]
    minimumDistance_um: ${DISTANCE_um}
    electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }]
`;

test('the signed LFP of a run is the point-source proxy of its currents: sign, size and text agree', async () => {
  const { recording, network } = await simulate(resolveCircuit(CIRCUIT), { device: 'cpu' });
  const { excitatoryCurrent_nA, inhibitoryCurrent_nA } = recording.populations.E;
  const signal = (values: Float32Array) => ({
    sampleRateHz: recording.sampleRateHz,
    startMs: 0,
    values: Float64Array.from(values),
  });
  const { signed } = pointSourceProxies([
    {
      distance_um: DISTANCE_um,
      excitatory_nA: signal(excitatoryCurrent_nA),
      inhibitory_nA: signal(inhibitoryCurrent_nA),
    },
  ]);
  const recorded = recording.lfp![0].signed_uV;
  // Recorded numbers are float32: 2^-24 of the currents that are subtracted.
  const rounding = pointSourceWeight(DISTANCE_um) * Math.max(...excitatoryCurrent_nA) * 2 ** -22;
  recorded.forEach((value, k) => {
    expect(Math.abs(value - signed.signal.values[k])).toBeLessThan(rounding);
  });

  const activity = activityOf(recording, network, { startMs: 100, stopMs: 400 });
  const { results, arrays } = analyzeCircuit(activity, { segmentMs: 100 }).lfpProxies;
  const analysed = arrays.find(({ name }) => name === 'signedCurrent')!.proxy;
  const proxyInWindow = signed.signal.values.subarray(-analysed.signal.values.length);
  expect(pearson(analysed.signal.values, proxyInWindow).value).toBeGreaterThan(0.999);
  expect(analysed.method).toEqual(signed.method);
  expect(results!.signedCurrent.formula).toContain('(I_I - I_E)');
  expect(results!.signedCurrent.formula).toContain('a sink is negative');
});

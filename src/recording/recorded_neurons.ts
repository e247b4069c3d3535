import type { RecordedNeuron } from '../analysis/circuit_activity.js';
import type { SampledSignal } from '../analysis/data.js';
import { pointSourceWeight } from '../analysis/lfp/point_source.js';
import type { Network } from '../network/network.js';
import type { NeuronTrace, Recording } from './recording.js';

/**
 * Recorded neurons as the analysis takes them. The trace holds V and conductances at the end of each sample, so the
 * currents are those of that moment, I = g (V - E); |I| in the LFP is the mean over the sample, as the LFP is.
 */
export function recordedNeuronsOf({ traces, sampleRateHz }: Recording, network: Network): RecordedNeuron[] {
  const first = new Map(network.populations.map((population) => [population.name, population.first]));
  const signal = (values: Float64Array): SampledSignal => ({ sampleRateHz, startMs: 0, values });
  return traces.map((trace) => {
    const neuron = first.get(trace.population)! + trace.neuron;
    const inward = inputOf(trace, network, 'excitatory');
    const outward = inputOf(trace, network, 'inhibitory');
    const weight = lfpWeight(trace.population, neuron, network);
    return {
      neuron,
      V_mV: signal(Float64Array.from(trace.V_mV)),
      input: {
        excitatoryCurrent_nA: signal(inward.current_nA),
        inhibitoryCurrent_nA: signal(outward.current_nA),
        excitatoryConductance_nS: signal(inward.conductance_nS),
        inhibitoryConductance_nS: signal(outward.conductance_nS),
      },
      ownLfp_uV:
        weight === null
          ? null
          : signal(Float64Array.from(trace.absoluteCurrent_nA, (current) => weight * current)),
    };
  });
}

/** 1 nS over 1 mV is 1 pA. */
const nA_PER_NS_MV = 1e-3;

function inputOf(trace: NeuronTrace, { circuit }: Network, sign: 'excitatory' | 'inhibitory') {
  const samples = trace.V_mV.length;
  const current_nA = new Float64Array(samples);
  const conductance_nS = new Float64Array(samples);
  // Excitation counts inward, inhibition outward.
  const direction = sign === 'excitatory' ? -nA_PER_NS_MV : nA_PER_NS_MV;
  for (const [receptor, g] of Object.entries(trace.conductance_nS)) {
    const { sign: itsSign, reversal_mV } = circuit.receptors[receptor];
    if (itsSign !== sign) continue;
    for (let k = 0; k < samples; k++) {
      current_nA[k] += direction * g[k] * (trace.V_mV[k] - reversal_mV);
      conductance_nS[k] += g[k];
    }
  }
  return { current_nA, conductance_nS };
}

/** uV at the first electrode per nA of the neuron; null where it does not enter the LFP. */
function lfpWeight(population: string, neuron: number, { circuit, positions_um }: Network): number | null {
  const { lfp } = circuit.recording;
  if (!lfp?.populations.includes(population)) return null;
  const [{ x_um, y_um, z_um }] = lfp.electrodes;
  const [x, y, z] = positions_um.subarray(3 * neuron, 3 * neuron + 3);
  return pointSourceWeight(
    Math.hypot(x - x_um, y - y_um, z - z_um),
    lfp.conductivity_S_m,
    lfp.minimumDistance_um,
  );
}

/** Distance of each neuron from the axis of the first electrode, mm: the layer is the plane of x and y. */
export function lateralDistances_mm({ circuit, neurons, positions_um }: Network): Float64Array | null {
  const { lfp } = circuit.recording;
  if (!lfp) return null;
  const [{ x_um, y_um }] = lfp.electrodes;
  return Float64Array.from(
    { length: neurons },
    (_, i) => Math.hypot(positions_um[3 * i] - x_um, positions_um[3 * i + 1] - y_um) / 1000,
  );
}

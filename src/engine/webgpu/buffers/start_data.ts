import type { Network, SynapseTable } from '../../../network/network.js';
import { eventsBefore } from '../../../network/source_events.js';
import { delayStepsOf, receptorOf, targetOf, weightQuantaOf } from '../../../network/synapse_word.js';
import { MAX_RING_SUM } from '../../../network/synapses.js';
import { EngineError, type EngineSnapshot } from '../../engine.js';
import type { EnginePlan } from '../../plan.js';
import { MEAN_SIGNALS } from '../../signals.js';
import { rowsOf, STATES, stateRows } from '../../state_rows.js';
import type { KernelConfiguration } from '../kernels/kernel_configuration.js';
import { packRing } from '../kernels/ring_word.js';
import type { SynapseRows } from './synapse_shards.js';

/** State rows in the kernel's units (conductances as densities): at time 0, or those of a snapshot. */
export function startRows(
  networks: readonly Network[],
  plan: EnginePlan,
  config: KernelConfiguration,
  resumeFrom: EngineSnapshot | null,
): Float32Array<ArrayBuffer> {
  const data = resumeFrom ? rowsOfSnapshot(plan, config, resumeFrom) : rowsAtTimeZero(networks, plan, config);
  const { programs, ofPopulation } = config.cells;
  plan.populations.forEach(({ first, varied }, p) => {
    programs[ofPopulation[p]].varied.forEach((name, i) => {
      data.set(varied.get(name)!, (config.rows.varied + i) * config.neurons + first);
    });
  });
  return data;
}

/** Steps since the last spike for a neuron that has not fired yet. */
const LONG_AGO = 1e6;

function rowsAtTimeZero(
  networks: readonly Network[],
  plan: EnginePlan,
  config: KernelConfiguration,
): Float32Array<ArrayBuffer> {
  const { neurons, rows } = config;
  const data = new Float32Array(rows.count * neurons);
  networks.forEach(({ start }, member) => {
    const at = plan.members[member].firstNeuron;
    data.set(start.V_mV, rows.V * neurons + at);
    start.states.forEach((values, k) => {
      data.set(values, (rows.states + k) * neurons + at);
    });
    start.conductance_nS.forEach((conductance, r) => {
      data.set(conductance, (rows.g + r) * neurons + at);
    });
  });
  for (const { first, count, nS_per_mS_cm2 } of plan.populations)
    for (let r = 0; r < plan.receptors; r++)
      for (let i = first; i < first + count; i++) data[(rows.g + r) * neurons + i] /= nS_per_mS_cm2;
  plan.startNoise.forEach((noise, slot) => {
    data.set(noise, (rows.noise + slot) * neurons);
  });
  data.fill(LONG_AGO, rows.sinceSpike * neurons, (rows.sinceSpike + 1) * neurons);
  return data;
}

/** Rows of a snapshot; noise currents that it does not have start as at time 0. Throws on another kind or size. */
function rowsOfSnapshot(
  plan: EnginePlan,
  config: KernelConfiguration,
  snapshot: EngineSnapshot,
): Float32Array<ArrayBuffer> {
  const { neurons, rows } = config;
  if (snapshot.kind !== 'webgpu')
    throw new EngineError(`a ${snapshot.kind} snapshot cannot be continued by the WebGPU engine`);
  const from = stateRows(snapshot);
  if (snapshot.receptors !== config.receptors || snapshot.rows.length !== from.count * neurons)
    throw new EngineError(
      `the snapshot has ${snapshot.rows.length / from.count} neurons and ${snapshot.receptors} receptors, the network ${neurons} and ${config.receptors}`,
    );
  const data = new Float32Array(rows.count * neurons);
  plan.startNoise.forEach((noise, slot) => {
    data.set(noise, (rows.noise + slot) * neurons);
  });
  const sizes = {
    states: config.cells.states,
    receptors: config.receptors,
    noiseSlots: plan.startNoise.length,
  };
  for (const state of STATES) {
    const known = Math.min(rowsOf(state, sizes), rowsOf(state, snapshot));
    const first = from[state.name] * neurons;
    data.set(snapshot.rows.subarray(first, first + known * neurons), rows[state.name] * neurons);
  }
  return data;
}

/** The input ring at time 0: what spike sources sent before the first step; null where they sent nothing. */
export function ringAtTimeZero(
  { rowPointers, words }: SynapseRows,
  { sourceEvents }: EnginePlan,
  config: KernelConfiguration,
): Int32Array<ArrayBuffer> | null {
  const early = eventsBefore(sourceEvents, 0);
  if (early === 0) return null;
  const { ringSlots, receptors, neurons } = config;
  const ring = new Int32Array(ringSlots * receptors * neurons);
  for (const row of sourceEvents.rows.subarray(0, early))
    for (let k = rowPointers[row]; k < rowPointers[row + 1]; k++) {
      const slot = delayStepsOf(words[2 * k + 1]) % ringSlots;
      const at = (slot * receptors + receptorOf(words[2 * k])) * neurons + targetOf(words[2 * k]);
      ring[at] += weightQuantaOf(words[2 * k + 1]);
    }
  return packRing(ring, config);
}

/** The input under way, moved from the snapshot's ring to the kernel's, which is at least as long. */
export function ringFrom(snapshot: EngineSnapshot, config: KernelConfiguration): Int32Array<ArrayBuffer> {
  const slotLength = config.receptors * config.neurons;
  const ring = new Int32Array(config.ringSlots * slotLength);
  for (let ahead = 0; ahead < snapshot.ringSlots; ahead++) {
    const step = snapshot.stepsDone + ahead;
    const from = (step % snapshot.ringSlots) * slotLength;
    ring.set(snapshot.ring.subarray(from, from + slotLength), (step % config.ringSlots) * slotLength);
  }
  return packRing(ring, config);
}

/**
 * The input under way in quanta of the new weights: its value in nS is kept, to half a quantum. Throws EngineError
 * where it could overflow the ring together with what the new synapses send.
 */
export function requantized(
  { ring, receptors, ringSlots }: EngineSnapshot,
  { neurons, members }: EnginePlan,
  from: readonly Network[],
  to: readonly Network[],
): Int32Array<ArrayBuffer> {
  const moved = Int32Array.from(ring);
  members.forEach(({ firstNeuron, neurons: own }, member) => {
    if (haveSameSynapses(from[member].synapses, to[member].synapses)) return;
    for (let r = 0; r < receptors; r++) {
      const ratio = from[member].synapses.quantum_nS[r] / to[member].synapses.quantum_nS[r];
      if (!(ratio > 0)) continue;
      const most = MAX_RING_SUM - to[member].synapses.largestInput;
      for (let slot = 0; slot < ringSlots; slot++) {
        const at = (slot * receptors + r) * neurons + firstNeuron;
        for (let i = 0; i < own; i++) {
          const quanta = Math.round(ring[at + i] * ratio);
          if (quanta > most) throw tooMuchUnderWay(to[member], i, r, quanta, most);
          moved[at + i] = quanta;
        }
      }
    }
  });
  return moved;
}

function tooMuchUnderWay(
  { circuit, populations, receptors, synapses }: Network,
  neuron: number,
  receptor: number,
  quanta: number,
  most: number,
): EngineError {
  const { name, first } = populations.find((p) => neuron < p.first + p.count)!;
  return new EngineError(
    `${circuit.name}: input under way to ${name}[${neuron - first}], receptor ${receptors[receptor]}, is ${quanta} quanta of the new weights (${synapses.quantum_nS[receptor]} nS each), at most ${most} fit; change the weights in smaller steps`,
  );
}

function haveSameSynapses(a: SynapseTable, b: SynapseTable): boolean {
  const areEqual = (x: Float64Array | Uint32Array, y: Float64Array | Uint32Array) =>
    x.length === y.length && x.every((value, i) => value === y[i]);
  return (
    a === b ||
    (a.largestInput === b.largestInput &&
      areEqual(a.quantum_nS, b.quantum_nS) &&
      areEqual(a.rowPointers, b.rowPointers) &&
      areEqual(a.words, b.words))
  );
}

/** Currents of the running sample so far, as the first signals of its slot. */
export function sampleSumsFrom(
  snapshot: EngineSnapshot,
  config: KernelConfiguration,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(snapshot.sampleSums.subarray(0, MEAN_SIGNALS.length * config.neurons));
}

import type { EnginePlan } from '../../plan.js';
import {
  CHUNK,
  cellStruct,
  MEMBER,
  STIMULUS_KIND,
  stimulusCount,
  stimulusStruct,
} from '../kernels/buffer_layouts.js';
import { constantField } from '../kernels/cell_programs.js';
import { EPOCH_WORKGROUP_SIZE, type KernelConfiguration } from '../kernels/kernel_configuration.js';
import { pack } from '../kernels/wgsl_struct.js';

/** The chunks of the reduction, one after another. */
export function packChunks({ chunks }: KernelConfiguration): ArrayBuffer {
  const buffer = new ArrayBuffer(CHUNK.byteSize * chunks.length);
  const view = new DataView(buffer);
  chunks.forEach((chunk, i) => {
    pack(CHUNK, chunk, view, i * CHUNK.byteSize);
  });
  return buffer;
}

/** Packs the Parameters struct. */
export function packParameters(plan: EnginePlan, config: KernelConfiguration): ArrayBuffer {
  const { ofPopulation, constants } = config.cells;
  const thresholds = plan.stimuli.flatMap((s) => (s.kind === 'poisson' ? [...s.thresholds] : []));
  const cell = cellStruct(config);
  const stimulus = stimulusStruct(config);
  const traces = Math.max(1, config.recorded.length);
  const buffer = new ArrayBuffer(
    config.populations * cell.byteSize +
      config.members * MEMBER.byteSize +
      stimulusCount(config) * stimulus.byteSize +
      4 * (traces + Math.max(1, thresholds.length)),
  );
  const view = new DataView(buffer);
  let at = 0;

  let firstWorkgroup = 0;
  plan.populations.forEach((population, index) => {
    const byReceptor = (valueAt: (r: number) => number) =>
      Float64Array.from({ length: config.receptors }, (_, r) => (r < plan.receptors ? valueAt(r) : 0));
    const decay = byReceptor((r) => {
      const { tauMs } = population.receptors[r];
      return tauMs === null ? 0 : Math.exp(-plan.dtMs / tauMs);
    });
    const values = {
      first_neuron: population.first,
      neurons: population.count,
      first_workgroup: firstWorkgroup,
      first_stimulus: index * config.stimuliPerCell,
      spike_threshold: population.cell.spikeThreshold_mV,
      refractory_steps: population.refractorySteps,
      program: ofPopulation[index],
      network_origin: population.networkOrigin,
      quantum: byReceptor((r) => population.quantum_mS_cm2[r]),
      reversal: byReceptor((r) => population.receptors[r].reversal_mV),
      decay,
      half_decay: decay.map(Math.sqrt),
      excitatory: byReceptor((r) => (population.receptors[r].excitatory ? 1 : 0)),
      ...Object.fromEntries(Array.from(constants[index], (value, k) => [constantField(k), value])),
    };
    pack(cell, values, view, at);
    at += cell.byteSize;
    firstWorkgroup += Math.ceil(population.count / EPOCH_WORKGROUP_SIZE);
  });

  for (const { firstPopulation, populations } of plan.members) {
    pack(MEMBER, { first: firstPopulation, end: firstPopulation + populations }, view, at);
    at += MEMBER.byteSize;
  }

  const firstThreshold: number[] = [];
  plan.stimuli.reduce((first, s, i) => {
    firstThreshold[i] = first;
    return first + (s.kind === 'poisson' ? s.thresholds.length : 0);
  }, 0);
  // Unused slots never act: their stop step is 0.
  plan.populations.forEach((population, p) => {
    population.stimuli.forEach((index, i) => {
      const s = plan.stimuli[index];
      const values = {
        kind: STIMULUS_KIND[s.kind],
        start_step: s.startStep,
        // A Poisson input of rate 0 has no thresholds and never acts.
        stop_step: s.kind === 'poisson' && s.thresholds.length === 0 ? 0 : Math.min(s.stopStep, 2 ** 32 - 1),
        key: s.kind === 'current' ? 0 : s.key,
        slot: s.kind === 'poisson' ? s.receptor : s.kind === 'noise' ? s.slot : 0,
        first_threshold: firstThreshold[index],
        threshold_count: s.kind === 'poisson' ? s.thresholds.length : 0,
        thresholds: Uint32Array.from({ length: Math.max(1, config.inlineThresholds) }, (_, k) =>
          s.kind === 'poisson' ? (s.thresholds[k] ?? 0) : 0,
        ),
        amplitude:
          s.kind === 'poisson' ? s.weight_mS_cm2 : s.kind === 'noise' ? s.mean_uA_cm2 : s.amplitude_uA_cm2,
        decay: s.kind === 'noise' ? s.decay : 0,
        noise_increment: s.kind === 'noise' ? s.increment_uA_cm2 : 0,
      };
      pack(stimulus, values, view, at + (p * config.stimuliPerCell + i) * stimulus.byteSize);
    });
  });
  at += stimulusCount(config) * stimulus.byteSize;

  new Uint32Array(buffer, at, config.recorded.length).set(config.recorded);
  at += 4 * traces;
  new Uint32Array(buffer, at, thresholds.length).set(thresholds);
  return buffer;
}

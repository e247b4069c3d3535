import seedrandom from 'seedrandom';
import type { CellModel } from '../mechanism/cell_model.js';
import { type Integrator, isKinetic, type Stimulus } from '../model/circuit.js';
import { cellOfPopulation } from '../model/circuit_cells.js';
import { wholeSteps } from '../model/circuit_checks.js';
import { tracedNeurons } from '../model/traced_neurons.js';
import { STREAM, streamKey } from '../network/counter_random.js';
import { sampler } from '../network/draw.js';
import type { Network, PopulationRange, VariedConstants } from '../network/network.js';
import { mergeEvents, type SourceEvents, sourceEvents } from '../network/source_events.js';
import { EngineError } from './engine.js';
import { TRACE_VARIABLES } from './signals.js';

/** nA of one uA/cm2 through 1 um2. */
const NA_PER_UA_CM2_UM2 = 1e-5;
/** nS of one mS/cm2 over 1 um2. */
const NS_PER_MS_CM2_UM2 = 1e-2;

/**
 * Networks in the numbers that both engines compute with: densities, steps and integer thresholds. Usually of one network;
 * several side by side (an ensemble, see {@link mergePlans}) are its members.
 */
export interface EnginePlan {
  readonly neurons: number;
  /** Rows of the synapse table after the neurons' own. */
  readonly spikeSources: number;
  readonly sourceEvents: SourceEvents;
  readonly members: readonly PlannedMember[];
  readonly dtMs: number;
  readonly integrator: Integrator;
  /** Steps that can be integrated before any spike of theirs acts: the smallest delay + 1. */
  readonly epochSteps: number;
  /** Slots of the input ring: a spike acts at most `maxDelaySteps + 1` steps later. */
  readonly ringSlots: number;
  /** Most quanta of one receptor that can arrive at a neuron in one step. */
  readonly largestInput: number;
  /** Steps of one sample of the recording. */
  readonly sampleSteps: number;
  /** Receptors of each member; a member's populations all have the same. */
  readonly receptors: number;
  readonly populations: readonly PlannedPopulation[];
  readonly stimuli: readonly PlannedStimulus[];
  /** States of Ornstein-Uhlenbeck currents at time 0, uA/cm2: [stimulus slot][neuron]. */
  readonly startNoise: readonly Float64Array[];
}

/** One network of the plan. Its neurons, populations and recorded neurons are numbered contiguously. */
export interface PlannedMember {
  readonly firstNeuron: number;
  readonly neurons: number;
  readonly firstPopulation: number;
  readonly populations: number;
  readonly electrodes: readonly PlannedElectrode[];
  readonly recorded: readonly RecordedNeuron[];
}

export interface RecordedNeuron {
  /** Number in the plan. */
  readonly neuron: number;
  /** What is recorded of its cell, by key; see recordableOf. */
  readonly variables: readonly string[];
}

export interface PlannedReceptor {
  readonly name: string;
  readonly reversal_mV: number;
  readonly excitatory: boolean;
  /** Decay time constant; null where its kinetics are a mechanism, in the cells of the populations that have it. */
  readonly tauMs: number | null;
}

export interface PlannedPopulation extends PopulationRange {
  readonly cell: CellModel;
  /** First neuron of its network: random numbers are keyed by a neuron's number within its network. */
  readonly networkOrigin: number;
  readonly receptors: readonly PlannedReceptor[];
  /** mS/cm2 of one quantum, by receptor. */
  readonly quantum_mS_cm2: Float64Array;
  /** Numbers into {@link EnginePlan.stimuli}. */
  readonly stimuli: readonly number[];
  readonly refractorySteps: number;
  /** Constants of the cell that differ between its neurons. */
  readonly varied: VariedConstants;
  /** nA of 1 uA/cm2 and nS of 1 mS/cm2 of this cell. */
  readonly nA_per_uA_cm2: number;
  readonly nS_per_mS_cm2: number;
}

/** Active in steps startStep <= s < stopStep. */
export type PlannedStimulus = { readonly startStep: number; readonly stopStep: number } & (
  | { readonly kind: 'current'; readonly amplitude_uA_cm2: number }
  | {
      readonly kind: 'poisson';
      readonly key: number;
      readonly receptor: number;
      readonly weight_mS_cm2: number;
      /** A 32-bit word r means as many events as thresholds are at most r. */
      readonly thresholds: Uint32Array;
    }
  | {
      readonly kind: 'noise';
      readonly key: number;
      /** Which of the neuron's noise states. */
      readonly slot: number;
      readonly mean_uA_cm2: number;
      /** exp(-dt/tau) and sd sqrt(1 - exp(-2 dt/tau)). */
      readonly decay: number;
      readonly increment_uA_cm2: number;
    }
);

export interface PlannedElectrode {
  /** uV of 1 nA at each neuron of the member; 0 for populations that do not contribute to the LFP. */
  readonly uV_per_nA: Float32Array;
}

/** Values of a recorded neuron: those of every neuron, its conductances, and as many variables as any of them has. */
export const traceWidth = ({ members, receptors }: Pick<EnginePlan, 'members' | 'receptors'>): number =>
  TRACE_VARIABLES.length +
  receptors +
  Math.max(0, ...members.flatMap(({ recorded }) => recorded.map(({ variables }) => variables.length)));

/** Number of steps in `ms`; throws where dt does not divide it. */
function stepsIn(what: string, ms: number, dtMs: number): number {
  const steps = wholeSteps(ms, dtMs);
  if (steps === null)
    throw new EngineError(`${what} of ${ms} ms is not a whole number of steps of dt_ms ${dtMs}`);
  return steps;
}

/** Plans a network for either engine. Throws EngineError on a step that the recording cannot use. */
export function planEngine(network: Network): EnginePlan {
  const { circuit, synapses } = network;
  const { dt_ms: dtMs, seed, integrator } = circuit.simulation;
  const receptors = network.receptors.map((name): PlannedReceptor => {
    const receptor = circuit.receptors[name];
    const { reversal_mV, sign } = receptor;
    const tauMs = isKinetic(receptor) ? null : receptor.tau_ms;
    return { name, reversal_mV, excitatory: sign === 'excitatory', tauMs };
  });

  const startNoise: Float64Array[] = [];
  const noiseSlots = new Map<string, number>();
  const areaOf = (population: string) => circuit.cellTypes[circuit.populations[population].cell].area_um2;
  const stimuli = circuit.stimuli.map((stimulus, index): PlannedStimulus => {
    const [startStep, stopStep] = activeSteps(stimulus, dtMs);
    const key = streamKey(seed, STREAM.stimulus + index);
    switch (stimulus.kind) {
      case 'constant-current':
      case 'step-current':
        return { kind: 'current', startStep, stopStep, amplitude_uA_cm2: stimulus.amplitude_uA_cm2 };
      case 'poisson':
        return {
          kind: 'poisson',
          startStep,
          stopStep,
          key,
          receptor: network.receptors.indexOf(stimulus.receptor),
          weight_mS_cm2: stimulus.weight_nS / (NS_PER_MS_CM2_UM2 * areaOf(stimulus.to)),
          thresholds: poissonThresholds((stimulus.rate_hz * dtMs) / 1000),
        };
      case 'ornstein-uhlenbeck-current': {
        const { mean_uA_cm2, sd_uA_cm2, tau_ms } = stimulus;
        const slot = noiseSlots.get(stimulus.to) ?? 0;
        noiseSlots.set(stimulus.to, slot + 1);
        startNoise[slot] ??= new Float64Array(network.neurons);
        const random = seedrandom.alea(`${seed}/noise/${index}`);
        const distribution = sampler(
          { distribution: 'normal', mean: mean_uA_cm2, sd: sd_uA_cm2 },
          { next: () => random() || Number.MIN_VALUE },
        );
        const { first, count } = network.populations.find((p) => p.name === stimulus.to)!;
        for (let i = first; i < first + count; i++) startNoise[slot][i] = distribution.draw();
        const decay = Math.exp(-dtMs / tau_ms);
        const increment_uA_cm2 = sd_uA_cm2 * Math.sqrt(1 - decay * decay);
        return { kind: 'noise', startStep, stopStep, key, slot, mean_uA_cm2, decay, increment_uA_cm2 };
      }
      default:
        return stimulus satisfies never;
    }
  });

  const populations = network.populations.map((range, p): PlannedPopulation => {
    const name = circuit.populations[range.name].cell;
    const cell = cellOfPopulation(circuit, range.name);
    const nS_per_mS_cm2 = NS_PER_MS_CM2_UM2 * cell.area_um2;
    return {
      ...range,
      cell,
      networkOrigin: 0,
      receptors,
      quantum_mS_cm2: synapses.quantum_nS.map((quantum) => quantum / nS_per_mS_cm2),
      stimuli: circuit.stimuli.flatMap((stimulus, index) => (stimulus.to === range.name ? [index] : [])),
      refractorySteps: stepsIn('a refractory period', circuit.cellTypes[name].refractory_ms, dtMs),
      varied: network.varied[p],
      nA_per_uA_cm2: NA_PER_UA_CM2_UM2 * cell.area_um2,
      nS_per_mS_cm2,
    };
  });

  const sampleSteps = stepsIn('the sample period', 1000 / circuit.recording.sampleRate_hz, dtMs);
  const recorded = tracedNeurons(circuit).map(({ population, neuron, variables }) => ({
    neuron: populations.find(({ name }) => name === population)!.first + neuron,
    variables,
  }));
  return {
    neurons: network.neurons,
    spikeSources: network.spikeSources.reduce((sum, { count }) => sum + count, 0),
    sourceEvents: sourceEvents(network),
    members: [
      {
        firstNeuron: 0,
        neurons: network.neurons,
        firstPopulation: 0,
        populations: populations.length,
        electrodes: planElectrodes(network),
        recorded,
      },
    ],
    dtMs,
    integrator,
    // Without synapses, only samples of the recording end epochs.
    epochSteps: synapses.count > 0 ? synapses.minDelaySteps + 1 : sampleSteps,
    ringSlots: synapses.maxDelaySteps + 1,
    largestInput: synapses.largestInput,
    sampleSteps,
    receptors: receptors.length,
    populations,
    stimuli,
    startNoise,
  };
}

/**
 * Puts plans side by side: their neurons are numbered one network after the other. Each member gives exactly the
 * results that it would give alone. Throws EngineError where dt, integrator, sample period or number of receptors differ.
 */
export function mergePlans(plans: readonly EnginePlan[]): EnginePlan {
  const [first] = plans;
  for (const field of ['dtMs', 'integrator', 'sampleSteps', 'receptors'] as const)
    for (const plan of plans)
      if (plan[field] !== first[field])
        throw new EngineError(`members of an ensemble share ${field}: ${first[field]} and ${plan[field]}`);
  const kinetics = (plan: EnginePlan) =>
    plan.populations[0].receptors.map(({ tauMs }) => tauMs === null).join();
  for (const plan of plans)
    if (kinetics(plan) !== kinetics(first))
      throw new EngineError('members of an ensemble share which receptors have kinetics of their own');
  const members: PlannedMember[] = [];
  const populations: PlannedPopulation[] = [];
  const stimuli: PlannedStimulus[] = [];
  const noiseSlots = Math.max(...plans.map((plan) => plan.startNoise.length));
  const neurons = plans.reduce((sum, plan) => sum + plan.neurons, 0);
  const startNoise = Array.from({ length: noiseSlots }, () => new Float64Array(neurons));
  let origin = 0;
  let spikeSources = 0;
  const rowShifts: number[] = [];
  for (const plan of plans) {
    rowShifts.push(neurons + spikeSources - plan.neurons);
    spikeSources += plan.spikeSources;
    for (const member of plan.members)
      members.push({
        ...member,
        firstNeuron: origin + member.firstNeuron,
        firstPopulation: populations.length + member.firstPopulation,
        recorded: member.recorded.map((recorded) => ({ ...recorded, neuron: origin + recorded.neuron })),
      });
    for (const population of plan.populations)
      populations.push({
        ...population,
        first: origin + population.first,
        networkOrigin: origin + population.networkOrigin,
        stimuli: population.stimuli.map((index) => stimuli.length + index),
      });
    stimuli.push(...plan.stimuli);
    plan.startNoise.forEach((noise, slot) => {
      startNoise[slot].set(noise, origin);
    });
    origin += plan.neurons;
  }
  return {
    ...first,
    neurons,
    spikeSources,
    sourceEvents: mergeEvents(
      plans.map((plan) => plan.sourceEvents),
      (network, row) => row + rowShifts[network],
    ),
    members,
    epochSteps: Math.min(...plans.map((plan) => plan.epochSteps)),
    ringSlots: Math.max(...plans.map((plan) => plan.ringSlots)),
    largestInput: Math.max(...plans.map((plan) => plan.largestInput)),
    populations,
    stimuli,
    startNoise,
  };
}

function activeSteps(stimulus: Stimulus, dtMs: number): [start: number, stop: number] {
  if (stimulus.kind === 'constant-current') return [0, Number.POSITIVE_INFINITY];
  return [
    Math.round(stimulus.start_ms / dtMs),
    stimulus.stop_ms === undefined ? Number.POSITIVE_INFINITY : Math.round(stimulus.stop_ms / dtMs),
  ];
}

/**
 * Thresholds 2^32 P(count <= k) of a Poisson count with mean `mean`, until the rest of the distribution is below half
 * of 2^-32. Comparing integers gives both engines the same counts.
 */
export function poissonThresholds(mean: number): Uint32Array {
  const thresholds: number[] = [];
  let term = Math.exp(-mean);
  let cumulative = term;
  if (term === 0)
    throw new EngineError(`a Poisson input of ${mean} events per step is too fast: at most 700`);
  for (let k = 0; ; k++) {
    const threshold = Math.round(cumulative * 2 ** 32);
    if (threshold >= 2 ** 32) return Uint32Array.from(thresholds);
    thresholds.push(threshold);
    term *= mean / (k + 1);
    cumulative += term;
    if (term < 2 ** -60 && k > mean) return Uint32Array.from(thresholds);
  }
}

/** Potential of point sources in a homogeneous medium, 1 / (4 pi sigma r); 1 nA over 1 S/m and 1 um makes 1000 uV. */
function planElectrodes(network: Network): PlannedElectrode[] {
  const lfp = network.circuit.recording.lfp;
  if (!lfp) return [];
  return lfp.electrodes.map(({ x_um, y_um, z_um }) => {
    const uV_per_nA = new Float32Array(network.neurons);
    for (const { name, first, count } of network.populations) {
      if (!lfp.populations.includes(name)) continue;
      for (let i = first; i < first + count; i++) {
        const distance = Math.hypot(
          network.positions_um[3 * i] - x_um,
          network.positions_um[3 * i + 1] - y_um,
          network.positions_um[3 * i + 2] - z_um,
        );
        uV_per_nA[i] =
          1000 / (4 * Math.PI * lfp.conductivity_S_m * Math.max(distance, lfp.minimumDistance_um));
      }
    }
    return { uV_per_nA };
  });
}

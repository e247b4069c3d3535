import type { Network, StartState } from '../network/network.js';

export { POPULATION_SIGNALS, type PopulationSignal, TRACE_VARIABLES, type TraceVariable } from './signals.js';

/**
 * What both engines (WebGPU and the float64 reference) do: advance a network step by step and return what was
 * recorded, block by block, in time order.
 *
 * Step s takes the state from time s dt to (s + 1) dt: arrived synaptic input and Poisson events are added to the
 * conductances, then gates, V and conductances are integrated, then spikes are detected. A spike of step s acts in
 * step s + 1 + delay; with delay 0 that is right after the step, before the next one, as in Brian2.
 */
export interface Engine {
  readonly network: Network;
  /** Steps done since time 0. */
  readonly stepsDone: number;
  /** What computes, for the manifest: adapter name or "float64 reference". */
  readonly description: string;
  /**
   * Simulates `steps` more steps. `onBlock` gets the records in time order; after an abort the steps already under
   * way are still delivered. Rejects with SimulationFault on numerical blow-up, EngineError on overflow or a lost device, for
   * steps that are no whole number from 0 on, and while an earlier call still runs.
   */
  advance(steps: number, options: AdvanceOptions): Promise<void>;
  /** State variables now (after `stepsDone` steps). */
  readState(): Promise<NeuronStates>;
  /** Everything needed to continue from here with identical spikes; not while `advance` runs. */
  snapshot(): Promise<EngineSnapshot>;
  /** Bytes that the network occupies in the engine (GPU buffers, or arrays of the reference). */
  readonly memoryBytes: number;
  readonly setup: EngineSetup;
  /** Frees what the engine holds; may be called again. */
  destroy(): void;
}

/** Wall-clock time that making an engine took, s. */
export interface EngineSetup {
  readonly compileSeconds: number;
  /** Filling the buffers, as far as the host is concerned: transfers may end later. */
  readonly uploadSeconds: number;
}

export interface AdvanceOptions {
  readonly onBlock: (block: RecordedBlock) => void;
  readonly signal?: AbortSignal;
}

/** Records of consecutive steps; a sample covers one recording period (1 ms by default). */
export interface RecordedBlock {
  /** Steps done at the end of the block. */
  readonly stepsDone: number;
  /** Spikes sorted by (step, neuron); the spike time is (step + 1) dt. */
  readonly spikeSteps: Uint32Array;
  readonly spikeNeurons: Uint32Array;
  /** First sample of the block and their number. */
  readonly firstSample: number;
  readonly samples: number;
  /** [sample][population][signal] in the order of {@link POPULATION_SIGNALS}: sums over the population. */
  readonly populationSums: Float32Array;
  /** [sample][electrode][2]: potential from |I_E| + |I_I| and from I_I - I_E (a sink is negative), uV. */
  readonly lfp_uV: Float32Array;
  /** [sample][recorded neuron][TRACE_VARIABLES, conductances, variables of its cell], as wide as the widest of them. */
  readonly traces: Float32Array;
}

/**
 * An engine's whole state between two steps, in the engine's own precision. Only an engine of the same kind continues
 * from it to the bit.
 */
export interface EngineSnapshot {
  readonly kind: 'webgpu' | 'float64';
  readonly stepsDone: number;
  /** State rows of `neurons` values: V, the states, conductances, noise currents, injected current, refractoriness. */
  readonly rows: Float32Array | Float64Array;
  /** How many of the rows are states of cells. */
  readonly states: number;
  readonly receptors: number;
  readonly noiseSlots: number;
  /** Input under way, in quanta: [slot][receptor][neuron]; the slot of step s is s modulo ringSlots. */
  readonly ring: Int32Array;
  readonly ringSlots: number;
  /** Currents summed over the steps of the running sample: [3][neuron]. */
  readonly sampleSums: Float32Array | Float64Array;
}

/**
 * State variables of every neuron: V in mV, conductances in nS by receptor, the states of its cell (see StartState) in their
 * coherent units.
 */
export type NeuronStates = StartState;

/** The engine cannot continue: overflow of a buffer, a lost device, a network that does not fit. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';
}

/** A membrane potential became NaN, infinite or left [-1000, 1000] mV, or a state of a cell is not finite. */
export class SimulationFault extends EngineError {
  override readonly name = 'SimulationFault';
  constructor(
    readonly population: string,
    /** Number within the population. */
    readonly neuron: number,
    readonly timeMs: number,
    /** The state by its key, such as `ca.Ca_in`; null: V. */
    readonly state: string | null,
  ) {
    super(`numerical blow-up: ${describeFault(`${population}[${neuron}]`, timeMs, state)}`);
  }
}

function describeFault(neuron: string, timeMs: number, state: string | null): string {
  const by = `by ${Number(timeMs.toPrecision(12))} ms`;
  if (state === null)
    return `the membrane potential of ${neuron} is not finite or left [-1000, 1000] mV ${by}; a smaller dt_ms, weaker input or the integrator "exponential-euler" may help`;
  const dot = state.indexOf('.');
  const [label, name] = [state.slice(0, dot), state.slice(dot + 1)];
  return `${name} of ${neuron} (label ${label}) is not finite ${by}; a smaller dt_ms, weaker input or other parameters of ${label} may help`;
}

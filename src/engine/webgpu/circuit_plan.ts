import type { Network } from '../../network/network.js';
import { EngineError, type EngineSnapshot } from '../engine.js';
import { type EnginePlan, mergePlans, planEngine } from '../plan.js';
import { MAX_GPU_NEURONS } from './kernels/buffer_layouts.js';

/** Several networks side by side as one plan, and the properties that determine kernels and buffers. */
export interface CircuitPlan {
  readonly plan: EnginePlan;
  /** Synapses of all networks. */
  readonly synapses: number;
  /** Whether input arrives through the ring: from synapses, or because it is under way in a snapshot. */
  readonly hasSynapses: boolean;
  /** Bound on the quanta of one receptor that arrive at a neuron in one step, with those under way. */
  readonly largestInput: number;
}

/**
 * Plans networks for one device, at time 0 or where a snapshot was taken. Throws EngineError where they cannot run side by
 * side or have too many neurons.
 */
export function planCircuits(networks: readonly Network[], resumeFrom: EngineSnapshot | null): CircuitPlan {
  const merged = mergePlans(networks.map(planEngine));
  if (merged.neurons > MAX_GPU_NEURONS)
    throw new EngineError(
      `one device simulates at most ${MAX_GPU_NEURONS} neurons, not ${merged.neurons}; use fewer neurons`,
    );
  // Input that is still under way keeps its delay when a network with shorter delays replaces the current one.
  const ringSlots = Math.max(merged.ringSlots, resumeFrom?.ringSlots ?? 0);
  const largestUnderWay = resumeFrom?.ring.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  const synapses = networks.reduce((sum, network) => sum + network.synapses.count, 0);
  const hasSynapses = synapses > 0 || largestUnderWay > 0;
  return {
    plan: {
      ...merged,
      ringSlots,
      // An epoch reads each slot of the ring once at most.
      epochSteps: hasSynapses ? Math.min(merged.epochSteps, ringSlots) : merged.epochSteps,
    },
    synapses,
    hasSynapses,
    largestInput: merged.largestInput + largestUnderWay,
  };
}

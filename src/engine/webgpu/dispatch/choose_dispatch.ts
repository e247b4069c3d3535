import { EngineError } from '../../engine.js';
import type { EnginePlan } from '../../plan.js';
import { storageBuffersOf } from '../kernels/bindings.js';
import { kernelVariants } from '../kernels/kernel_variants.js';
import { neuronPlacement } from '../kernels/neuron_placement.js';
import type { AdapterTraits } from '../software/adapter_traits.js';
import type { Dispatch, DispatchKind } from './dispatch.js';
import { epochDispatch, epochWorkgroups } from './epoch_dispatch.js';
import { networkDispatch } from './network_dispatch.js';

/** What the choice looks at besides the plan. */
export interface DispatchQuestion {
  /** Bytes of all synapses. */
  readonly synapseBytes: number;
  /** Whether input is under way in a network that has no synapses: it is read, but there are no rows to deliver from. */
  readonly hasInputWithoutSynapses: boolean;
  /** What the caller asks for; null for what should be faster. Networks that are too large are dispatched by epochs. */
  readonly wanted: DispatchKind | null;
}

export type DispatchLimits = Pick<
  GPUSupportedLimits,
  | 'maxStorageBuffersPerShaderStage'
  | 'maxStorageBufferBindingSize'
  | 'maxBufferSize'
  | 'maxComputeWorkgroupsPerDimension'
>;

/** How a network or several are dispatched on an adapter. Rejects with EngineError where they do not fit it. */
export async function chooseDispatch(
  plan: EnginePlan,
  question: DispatchQuestion,
  traits: AdapterTraits,
  limits: DispatchLimits,
): Promise<Dispatch> {
  const variants = kernelVariants(plan);
  const byEpochs = () => {
    const [workgroups, most] = [epochWorkgroups(plan), limits.maxComputeWorkgroupsPerDimension];
    if (workgroups > most)
      throw new EngineError(
        `the network needs ${workgroups} workgroups, the adapter dispatches at most ${most}; use fewer neurons`,
      );
    return epochDispatch(plan, variants, traits.deliveryWorkgroups);
  };
  if (question.wanted === 'epochs' || !canHoldNetworks(plan, question, limits)) return byEpochs();
  const best = await traits.workgroupsPerNetwork(plan);
  if (best === null && question.wanted !== 'networks') return byEpochs();
  const placement = neuronPlacement(plan, variants, best ?? 1, traits.placement);
  return placement ? networkDispatch(plan, variants, placement) : byEpochs();
}

/** Whether simulate_network computes what there is, and the adapter binds what it needs. */
const canHoldNetworks = (
  plan: EnginePlan,
  { synapseBytes, hasInputWithoutSynapses }: DispatchQuestion,
  limits: DispatchLimits,
): boolean =>
  plan.sourceEvents.rows.length === 0 &&
  !hasInputWithoutSynapses &&
  limits.maxStorageBuffersPerShaderStage >= storageBuffersOf('simulate_network') &&
  synapseBytes <= Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);

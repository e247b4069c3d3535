import type { EnginePlan } from '../../plan.js';
import { storageBuffersOf } from '../kernels/bindings.js';
import type { CellPrograms } from '../kernels/cell_programs.js';
import { neuronPlacement } from '../kernels/neuron_placement.js';
import type { AdapterTraits } from '../software/adapter_traits.js';
import type { Dispatch, DispatchKind } from './dispatch.js';
import type { DispatchLimits } from './dispatch_grid.js';
import { epochDispatch } from './epoch_dispatch.js';
import { networkDispatch } from './network_dispatch.js';

/** What the choice depends on besides the plan. */
export interface DispatchQuestion {
  /** Bytes of all synapses. */
  readonly synapseBytes: number;
  /** Whether input is under way in a network that has no synapses: it is read, but there are no rows to deliver from. */
  readonly hasInputWithoutSynapses: boolean;
  /**
   * The caller's choice; null for the one that should be faster. Networks that are too large are dispatched by
   * epochs.
   */
  readonly wanted: DispatchKind | null;
}

/** What an adapter binds. */
export type BindingLimits = Pick<
  GPUSupportedLimits,
  'maxStorageBuffersPerShaderStage' | 'maxStorageBufferBindingSize' | 'maxBufferSize'
>;

/** How one or several networks are dispatched on an adapter. */
export async function chooseDispatch(
  plan: EnginePlan,
  cells: CellPrograms,
  question: DispatchQuestion,
  traits: AdapterTraits,
  limits: BindingLimits & DispatchLimits,
): Promise<Dispatch> {
  const byEpochs = () => epochDispatch(plan, cells, traits.deliveryWorkgroups, limits);
  if (question.wanted === 'epochs' || !canHoldNetworks(plan, question, limits)) return byEpochs();
  const best = await traits.workgroupsPerNetwork(plan);
  if (best === null && question.wanted !== 'networks') return byEpochs();
  const placement = neuronPlacement(plan, cells, best ?? 1, traits.placement);
  return placement ? networkDispatch(plan, cells, placement, limits) : byEpochs();
}

/** Whether simulate_network supports the plan, and the adapter binds what it needs. */
const canHoldNetworks = (
  plan: EnginePlan,
  { synapseBytes, hasInputWithoutSynapses }: DispatchQuestion,
  limits: BindingLimits,
): boolean =>
  plan.sourceEvents.rows.length === 0 &&
  !hasInputWithoutSynapses &&
  limits.maxStorageBuffersPerShaderStage >= storageBuffersOf('simulate_network') &&
  synapseBytes <= Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);

import type { Network } from '../../network/network.js';
import type { AdvanceOptions, Engine, EngineSnapshot, NeuronStates } from '../engine.js';
import type { WebGpuEngineOptions } from './circuit_design.js';
import { type DeviceHandle, engineDescription } from './device/device.js';
import { GpuCircuits } from './gpu_circuits.js';

/** The engine on a WebGPU device, with what a page needs besides: its buffer of potentials, and changes while it runs. */
export interface WebGpuEngine extends Engine {
  /**
   * State rows of one f32 per neuron; row 0 is V in mV. Usage STORAGE, COPY_SRC, COPY_DST; stays the same in
   * `updateParameters` unless cells get more states or fewer.
   */
  readonly stateBuffer: GPUBuffer;
  /**
   * Changes to a network with the same neurons, populations and receptors, and keeps all state: V, conductances, input under
   * way, and the states of cells by their names; those that a changed cell did not have start at their steady state. Kernels are compiled only if their text changes. Not while `advance` runs. Rejects
   * with EngineError where the networks differ in neurons or receptors.
   */
  updateParameters(network: Network): Promise<void>;
  /**
   * Adds a constant current density, uA/cm2, to one neuron (network-wide number) until it is set again. The first call
   * compiles kernels that read it; not while `advance` runs.
   */
  injectCurrent(neuron: number, current_uA_cm2: number): Promise<void>;
}

/**
 * Puts a network on a device. Rejects with EngineError where it does not fit or a kernel does not compile. The device
 * still belongs to the caller: `destroy()` frees only the network's buffers.
 */
export async function createWebGpuEngine(
  network: Network,
  handle: DeviceHandle,
  options: WebGpuEngineOptions = {},
): Promise<WebGpuEngine> {
  const circuits = await GpuCircuits.create([network], handle, options);
  return {
    description: engineDescription(handle.adapter),
    get network() {
      return circuits.networks[0];
    },
    get stepsDone() {
      return circuits.stepsDone;
    },
    get memoryBytes() {
      return circuits.memoryBytes;
    },
    get setup() {
      return circuits.setup;
    },
    get stateBuffer() {
      return circuits.stateBuffer;
    },
    advance: (steps: number, { onBlock, signal }: AdvanceOptions) => circuits.advance(steps, onBlock, signal),
    readState: (): Promise<NeuronStates> => circuits.readState(0),
    snapshot: (): Promise<EngineSnapshot> => circuits.snapshot(),
    updateParameters: (next: Network) => circuits.updateParameters([next]),
    injectCurrent: (neuron: number, current_uA_cm2: number) => circuits.injectCurrent(neuron, current_uA_cm2),
    destroy: () => circuits.destroy(),
  };
}

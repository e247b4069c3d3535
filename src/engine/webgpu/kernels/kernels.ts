import type { Integrator } from '../../../model/circuit.js';
import { SYNAPSE_WORD_WGSL } from '../../../network/synapse_word.js';
import { EngineError, POPULATION_SIGNALS } from '../../engine.js';
import type { EnginePlan } from '../../plan.js';
import { VISIBLE_TO_COMPUTE } from '../device/gpu_constants.js';
import { bufferLayoutModule } from './buffer_layouts.js';
import type { KernelConfiguration } from './kernel_configuration.js';
import { kernelVariants } from './kernel_variants.js';
import { linkShader } from './link.js';
import { ringWords, ringWordWgsl } from './ring_word.js';
import { runEpochModule, threadNeuronsModule } from './variant_modules.js';

export interface Kernels {
  /**
   * What computes steps: simulate_network for networks in workgroups, else integrate_epoch, for batches whose
   * every epoch is one whole sample or for any; compiled when first asked for.
   */
  steps(wholeSamples: boolean): Promise<GPUComputePipeline>;
  /** Null for networks in workgroups. */
  readonly deliverSpikes: GPUComputePipeline | null;
  readonly reduceChunks: GPUComputePipeline;
  readonly reduceSamples: GPUComputePipeline;
}

/** Name of a kernel: its file and its entry point. */
export type KernelName =
  | 'simulate_network'
  | 'integrate_epoch'
  | 'deliver_spikes'
  | 'reduce_chunks'
  | 'reduce_samples';

/** The WGSL of the kernels of one network; simulate_network only where neurons are placed in workgroups of networks. */
export function kernelSources(
  plan: EnginePlan,
  config: KernelConfiguration,
  integrator: Integrator,
): Record<KernelName, string> {
  const { variants } = kernelVariants(plan);
  const options = {
    generated: {
      'generated/buffer_layouts': bufferLayoutModule(plan, config, integrator),
      'generated/synapse_word': SYNAPSE_WORD_WGSL,
      'generated/ring_word': ringWordWgsl(config),
      'generated/run_epoch': runEpochModule(variants, integrator),
      'generated/thread_neurons': config.placement
        ? threadNeuronsModule(variants, config.placement, integrator)
        : '',
    },
    variants: Object.fromEntries(variants.map(({ name, kineticsModule }) => [name, kineticsModule])),
    repeats: {
      SIGNALS: POPULATION_SIGNALS.length,
      RECEPTORS: config.receptors,
      RING_WORDS: ringWords(config),
      NEURONS_PER_THREAD: config.placement?.threadNeurons.length ?? 0,
      STIMULI_PER_CELL: config.stimuliPerCell,
      INLINE_THRESHOLDS: config.inlineThresholds,
    },
  };
  return {
    simulate_network: config.placement ? linkShader('simulate_network', options) : '',
    integrate_epoch: linkShader('integrate_epoch', options),
    deliver_spikes: linkShader('deliver_spikes', options),
    reduce_chunks: linkShader('reduce_chunks', options),
    reduce_samples: linkShader('reduce_samples', options),
  };
}

/** Types of a kernel's bindings in group 0, by binding number. */
type Bindings = readonly GPUBufferBindingType[];

/** Of the kernels that compute steps: parameters, and what they change. */
const OF_STEPS: Bindings = [
  'read-only-storage',
  'storage',
  'storage',
  'storage',
  'storage',
  'storage',
  'storage',
];

const BINDINGS: Record<KernelName, Bindings> = {
  simulate_network: [...OF_STEPS, 'read-only-storage', 'read-only-storage'],
  integrate_epoch: OF_STEPS,
  deliver_spikes: [
    'read-only-storage',
    'storage',
    'uniform',
    'read-only-storage',
    'read-only-storage',
    'storage',
    'read-only-storage',
  ],
  reduce_chunks: ['uniform', 'read-only-storage', 'read-only-storage', 'read-only-storage', 'storage'],
  reduce_samples: ['uniform', 'read-only-storage', 'read-only-storage', 'storage'],
};

const layoutOf = (device: GPUDevice, label: string, bindings: Bindings) =>
  device.createBindGroupLayout({
    label,
    entries: bindings.map((type, binding) => ({
      binding,
      visibility: VISIBLE_TO_COMPUTE,
      buffer: { type },
    })),
  });

/** The layout of a kernel's bind group 0; equal layouts are interchangeable. */
export const kernelBindGroupLayout = (device: GPUDevice, name: KernelName) =>
  layoutOf(device, name, BINDINGS[name]);

/** The layout of bind group 1 of the kernels that compute steps or deliver: the constants of an epoch. */
export const epochBindGroupLayout = (device: GPUDevice) => layoutOf(device, 'epoch', ['uniform']);

const readsEpoch = (name: KernelName) => name !== 'reduce_chunks' && name !== 'reduce_samples';

/** Compiles the kernels of one network. Rejects with EngineError naming the kernel and the compiler's message. */
export async function compileKernels(
  device: GPUDevice,
  plan: EnginePlan,
  config: KernelConfiguration,
  integrator: Integrator,
): Promise<Kernels> {
  const sources = kernelSources(plan, config, integrator);
  const compile = (name: KernelName, constants?: Record<string, number>) =>
    compileKernel(device, name, sources[name], constants);
  const steps = (wholeSamples: boolean) =>
    config.placement
      ? compile('simulate_network')
      : compile('integrate_epoch', { WHOLE_SAMPLES: wholeSamples ? 1 : 0 });
  const [deliverSpikes, reduceChunks, reduceSamples] = await Promise.all([
    config.placement ? null : compile('deliver_spikes'),
    compile('reduce_chunks'),
    compile('reduce_samples'),
    steps(plan.epochSteps >= plan.sampleSteps),
  ]);
  return { steps, deliverSpikes, reduceChunks, reduceSamples };
}

/** Compiled and compiling kernels of each device, by source: a network of the same config compiles nothing. */
const pipelines = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

function compileKernel(
  device: GPUDevice,
  name: KernelName,
  code: string,
  constants: Record<string, number> = {},
): Promise<GPUComputePipeline> {
  const known = pipelines.get(device) ?? new Map<string, Promise<GPUComputePipeline>>();
  pipelines.set(device, known);
  const key = `${JSON.stringify(constants)}\n${code}`;
  let pipeline = known.get(key);
  if (!pipeline) {
    pipeline = compileSource(device, name, code, constants);
    known.set(key, pipeline);
  }
  return pipeline;
}

async function compileSource(
  device: GPUDevice,
  name: KernelName,
  code: string,
  constants: Record<string, number>,
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ label: name, code });
  try {
    return await device.createComputePipelineAsync({
      label: name,
      layout: device.createPipelineLayout({
        label: name,
        bindGroupLayouts: [
          kernelBindGroupLayout(device, name),
          ...(readsEpoch(name) ? [epochBindGroupLayout(device)] : []),
        ],
      }),
      compute: { module, entryPoint: name, constants },
    });
  } catch (error) {
    const { messages } = await module.getCompilationInfo();
    const lines = messages.map(({ lineNum, linePos, message }) => `${name}:${lineNum}:${linePos} ${message}`);
    throw new EngineError(`the kernel ${name} does not compile: ${lines.join('\n') || error}`, {
      cause: error,
    });
  }
}

import { SYNAPSE_WORD_WGSL } from '../../../network/synapse_word.js';
import { EngineError, POPULATION_SIGNALS } from '../../engine.js';
import type { EnginePlan } from '../../plan.js';
import { bindGroupLayouts } from './bind_groups.js';
import { bindingsModule, type KernelName } from './bindings.js';
import { bufferLayoutModule } from './buffer_layouts.js';
import type { KernelConfiguration } from './kernel_configuration.js';
import { type LinkOptions, linkShader } from './link.js';
import { ringWords, ringWordWgsl } from './ring_word.js';
import { signalsModule } from './signals_module.js';
import { stateModule } from './state_module.js';

/** What a way of dispatching adds to the modules of its kernels. */
export type DispatchModules = Pick<LinkOptions, 'generated' | 'repeats'>;

/** The WGSL of one kernel of a network; those of the reduction need no modules of the dispatch. */
export function kernelSource(
  kernel: KernelName,
  plan: EnginePlan,
  config: KernelConfiguration,
  ofDispatch: DispatchModules = {},
): string {
  return linkShader(kernel, {
    generated: {
      'generated/bindings': bindingsModule(kernel),
      'generated/buffer_layouts': bufferLayoutModule(plan, config),
      'generated/synapse_word': SYNAPSE_WORD_WGSL,
      'generated/ring_word': ringWordWgsl(config),
      'generated/signals': signalsModule(),
      'generated/state': stateModule(),
      ...ofDispatch.generated,
    },
    templates: {
      'generated/cell': Object.fromEntries(config.cells.programs.map(({ name, text }) => [name, text])),
      'generated/receiving': Object.fromEntries(
        config.cells.programs.map(({ name, receiving }) => [name, receiving]),
      ),
    },
    repeats: {
      SIGNALS: POPULATION_SIGNALS.length,
      RECEPTORS: config.receptors,
      VARIED: config.cells.varied,
      RING_WORDS: ringWords(config),
      STIMULI_PER_CELL: config.stimuliPerCell,
      INLINE_THRESHOLDS: config.inlineThresholds,
      ...ofDispatch.repeats,
    },
  });
}

/**
 * Compiles a kernel, or gives the pipeline that was compiled before. Rejects with EngineError naming the kernel and the
 * compiler's message.
 */
export type CompileKernel = (
  kernel: KernelName,
  constants?: Record<string, number>,
) => Promise<GPUComputePipeline>;

/** What compiles the kernels of a network, whose WGSL `sources` holds, on a device. */
export const kernelCompiler =
  (device: GPUDevice, sources: ReadonlyMap<KernelName, string>): CompileKernel =>
  (kernel, constants = {}) =>
    compileKernel(device, kernel, sources.get(kernel)!, constants);

/**
 * Compiled and compiling kernels of each device, by source: a network with the same configuration compiles nothing.
 */
const pipelines = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();

function compileKernel(
  device: GPUDevice,
  name: KernelName,
  code: string,
  constants: Record<string, number>,
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
        bindGroupLayouts: bindGroupLayouts(device, name),
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

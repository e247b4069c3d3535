import type { Integrator } from '../../model/circuit.js';
import { hasInstantaneousM } from '../../model/kinetics.js';
import { SYNAPSE_WORD_WGSL } from '../../network/synapse_word.js';
import { EngineError } from '../engine.js';
import type { EnginePlan, PlannedPopulation } from '../plan.js';
import { type KernelShape, layoutModule } from './layouts.js';
import { linkShader } from './link.js';

const INTEGRATOR_MODULE: Record<Integrator, string> = {
  'exponential-euler': 'membrane/exponential_euler',
  'exponential-euler-simultaneous': 'membrane/exponential_euler_simultaneous',
  rk4: 'membrane/rk4',
};

/** Kinetics with or without the M current: the neuron kernel is instantiated once for each in the circuit. */
export interface KernelVariant {
  readonly name: string;
  readonly kineticsModule: string;
  readonly hasMCurrent: boolean;
  readonly instantaneousM: boolean;
}

function variantOf({ cell }: PlannedPopulation): KernelVariant {
  const kineticsModule = cell.kinetics.replaceAll('-', '_');
  const hasMCurrent = cell.gM_mS_cm2 > 0;
  return {
    name: hasMCurrent ? `${kineticsModule}_with_m_current` : kineticsModule,
    kineticsModule,
    hasMCurrent,
    instantaneousM: hasInstantaneousM(cell.kinetics),
  };
}

/** The circuit's variants, and the number of each population's. */
export function kernelVariants(plan: EnginePlan): { variants: KernelVariant[]; ofPopulation: number[] } {
  const variants: KernelVariant[] = [];
  const ofPopulation = plan.populations.map((population) => {
    const variant = variantOf(population);
    const known = variants.findIndex(({ name }) => name === variant.name);
    return known >= 0 ? known : variants.push(variant) - 1;
  });
  return { variants, ofPopulation };
}

/** The module generated/run_epoch: one instance of the epoch loop for every variant, and the choice between them. */
function runEpochModule(variants: readonly KernelVariant[], integrator: Integrator): string {
  const instances = variants.map(
    ({ name, kineticsModule, hasMCurrent, instantaneousM }) => `
const ${name}_HAS_M_CURRENT = ${hasMCurrent};
const ${name}_INSTANT_M = ${instantaneousM};
#import kinetics/${kineticsModule}
#import ${INTEGRATOR_MODULE[integrator]} for ${name}
#import neuron/epoch_loop for ${name}
`,
  );
  const cases = variants.map(({ name }, i) => `    case ${i}u: { ${name}_run_epoch(neuron, cell); }\n`);
  return `${instances.join('')}
fn run_epoch(neuron: u32, cell: Cell) {
  switch cell.variant {
${cases.join('')}    default: {}
  }
}
`;
}

export interface Kernels {
  /** The neuron kernel, for batches whose every epoch is one whole sample or for any; compiled when first asked for. */
  integrateEpoch(wholeSamples: boolean): Promise<GPUComputePipeline>;
  readonly deliverSpikes: GPUComputePipeline;
  readonly reduceChunks: GPUComputePipeline;
  readonly reduceSamples: GPUComputePipeline;
}

/** Name of a kernel: its file and its entry point. */
export type KernelName = 'integrate_epoch' | 'deliver_spikes' | 'reduce_chunks' | 'reduce_samples';

/** The WGSL of every kernel of one network. */
export function kernelSources(
  plan: EnginePlan,
  shape: KernelShape,
  integrator: Integrator,
): Record<KernelName, string> {
  const { variants } = kernelVariants(plan);
  const options = {
    generated: {
      'generated/layout': layoutModule(plan, shape, integrator),
      'generated/synapse_word': SYNAPSE_WORD_WGSL,
      'generated/run_epoch': runEpochModule(variants, integrator),
    },
    variants: Object.fromEntries(variants.map(({ name, kineticsModule }) => [name, kineticsModule])),
    repeats: {
      RECEPTORS: shape.receptors,
      STIMULI_PER_CELL: shape.stimuliPerCell,
      INLINE_THRESHOLDS: shape.inlineThresholds,
    },
  };
  return {
    integrate_epoch: linkShader('integrate_epoch', options),
    deliver_spikes: linkShader('deliver_spikes', options),
    reduce_chunks: linkShader('reduce_chunks', options),
    reduce_samples: linkShader('reduce_samples', options),
  };
}

/** Binding types of a kernel, by binding number. */
type Bindings = readonly (GPUBufferBindingType | 'dynamic-uniform')[];

const BINDINGS: Record<KernelName, Bindings> = {
  integrate_epoch: [
    'dynamic-uniform',
    'read-only-storage',
    'storage',
    'storage',
    'storage',
    'storage',
    'storage',
    'storage',
  ],
  deliver_spikes: [
    'dynamic-uniform',
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

/** The bind group layout of a kernel; equal layouts are interchangeable. */
export function kernelLayout(device: GPUDevice, name: KernelName): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    label: name,
    entries: BINDINGS[name].map((type, binding) => ({
      binding,
      visibility: GPUShaderStageFlags.COMPUTE,
      buffer: type === 'dynamic-uniform' ? { type: 'uniform', hasDynamicOffset: true } : { type },
    })),
  });
}

/** Compiles the kernels of one network. Rejects with EngineError naming the kernel and the compiler's message. */
export async function compileKernels(
  device: GPUDevice,
  plan: EnginePlan,
  shape: KernelShape,
  integrator: Integrator,
): Promise<Kernels> {
  const sources = kernelSources(plan, shape, integrator);
  const compile = (name: KernelName, constants?: Record<string, number>) =>
    compileKernel(device, name, sources[name], constants);
  const integrateEpoch = (wholeSamples: boolean) =>
    compile('integrate_epoch', { WHOLE_SAMPLES: wholeSamples ? 1 : 0 });
  const [deliverSpikes, reduceChunks, reduceSamples] = await Promise.all([
    compile('deliver_spikes'),
    compile('reduce_chunks'),
    compile('reduce_samples'),
    integrateEpoch(plan.epochSteps >= plan.sampleSteps),
  ]);
  return { integrateEpoch, deliverSpikes, reduceChunks, reduceSamples };
}

/** Compiled and compiling kernels of each device, by source: a network of the same shape compiles nothing. */
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
      layout: device.createPipelineLayout({ label: name, bindGroupLayouts: [kernelLayout(device, name)] }),
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

/** Values of the WebGPU constant GPUShaderStage, which Node has no global for. */
const GPUShaderStageFlags = { COMPUTE: 0x4 } as const;

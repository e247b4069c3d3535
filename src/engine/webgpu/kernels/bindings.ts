/** What every kernel binds. Bind group layouts, bind groups and the WGSL declarations are all made from this table. */

interface Binding {
  readonly access: 'uniform' | 'read-only-storage' | 'storage';
  /** WGSL type. */
  readonly type: string;
}

const uniform = (type: string): Binding => ({ access: 'uniform', type });
const read = (type: string): Binding => ({ access: 'read-only-storage', type });
const write = (type: string): Binding => ({ access: 'storage', type });

/** What computing the steps of neurons reads and changes. */
const OF_STEPS = {
  parameters: read('Parameters'),
  state: write('array<f32>'),
  inputRing: write('array<i32>'),
  spikes: write('array<vec2u>'),
  counters: write('Counters'),
  sampleSums: write('array<f32>'),
  traces: write('array<f32>'),
};

/**
 * By kernel (its file and its entry point), group 0 in the order of the binding numbers. The names are those of the
 * buffers; in WGSL they are in snake case.
 */
export const BINDINGS = {
  integrate_epoch: OF_STEPS,
  deliver_spikes: {
    spikes: read('array<vec2u>'),
    counters: write('Counters'),
    shard: uniform('Shard'),
    rowPointers: read('array<u32>'),
    synapses: read('array<vec2u>'),
    inputRing: write('array<atomic<i32>>'),
    sourceEvents: read('array<vec2u>'),
  },
  simulate_network: {
    ...OF_STEPS,
    inputRing: write('array<atomic<i32>>'),
    rowPointers: read('array<u32>'),
    synapses: read('array<vec2u>'),
  },
  reduce_chunks: {
    reduction: uniform('Reduction'),
    sampleSums: read('array<f32>'),
    chunks: read('array<Chunk>'),
    electrodeWeights: read('array<f32>'),
    partialSums: write('array<f32>'),
  },
  reduce_samples: {
    reduction: uniform('Reduction'),
    partialSums: read('array<f32>'),
    chunkRanges: read('array<vec2u>'),
    reduced: write('array<f32>'),
  },
  probe_workgroup_barrier: { counters: write('Counters') },
} as const satisfies Record<string, Record<string, Binding>>;

export type KernelName = keyof typeof BINDINGS;
export const KERNEL_NAMES = Object.keys(BINDINGS) as KernelName[];

/** The buffers that a kernel binds. */
export type BuffersOf<K extends KernelName> = Readonly<Record<keyof (typeof BINDINGS)[K], GPUBuffer>>;

/** Group 1 of the kernels that compute steps or deliver, and what each calls it: the constants of an epoch. */
const EPOCH_BINDING = uniform('Epoch');
const EPOCH_VARIABLE: Partial<Record<KernelName, string>> = {
  integrate_epoch: 'epoch',
  deliver_spikes: 'epoch',
  simulate_network: 'batch',
};

/** The bindings of a kernel by name, in the order of their numbers. */
const bindingsOf = (kernel: KernelName): [name: string, Binding][] => Object.entries(BINDINGS[kernel]);

/** The access of each binding of a kernel, by group and number. */
export const bindingAccess = (kernel: KernelName): Binding['access'][][] => [
  bindingsOf(kernel).map(([, { access }]) => access),
  ...(EPOCH_VARIABLE[kernel] ? [[EPOCH_BINDING.access]] : []),
];

/** Storage buffers that a kernel binds. */
export const storageBuffersOf = (kernel: KernelName): number =>
  bindingsOf(kernel).filter(([, { access }]) => access !== 'uniform').length;

/** The buffers of a kernel in the order of its binding numbers. */
export const inBindingOrder = <K extends KernelName>(kernel: K, buffers: BuffersOf<K>): GPUBuffer[] =>
  bindingsOf(kernel).map(([name]) => buffers[name as keyof BuffersOf<K>]);

const ADDRESS_SPACE: Record<Binding['access'], string> = {
  uniform: 'uniform',
  'read-only-storage': 'storage, read',
  storage: 'storage, read_write',
};

const declare = (group: number, number: number, name: string, { access, type }: Binding): string =>
  `@group(${group}) @binding(${number}) var<${ADDRESS_SPACE[access]}> ${name}: ${type};\n`;

/** The module generated/bindings of a kernel. */
export function bindingsModule(kernel: KernelName): string {
  const epoch = EPOCH_VARIABLE[kernel];
  const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return [
    ...bindingsOf(kernel).map(([name, binding], number) => declare(0, number, snakeCase(name), binding)),
    ...(epoch ? [declare(1, 0, epoch, EPOCH_BINDING)] : []),
  ].join('');
}

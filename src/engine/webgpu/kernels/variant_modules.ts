import type { Integrator } from '../../../model/circuit.js';
import type { KernelVariant } from './kernel_variants.js';
import type { NeuronPlacement } from './neuron_placement.js';
import { PATIENT_TRIES, workgroupBarrierModule } from './workgroup_barrier.js';

const INTEGRATOR_MODULE: Record<Integrator, string> = {
  'exponential-euler': 'membrane/exponential_euler',
  'exponential-euler-simultaneous': 'membrane/exponential_euler_simultaneous',
  rk4: 'membrane/rk4',
};

const instance = (
  { name, kineticsModule, hasMCurrent, instantaneousM }: KernelVariant,
  integrator: Integrator,
  module: string,
) => `
const ${name}_HAS_M_CURRENT = ${hasMCurrent};
const ${name}_INSTANT_M = ${instantaneousM};
#import kinetics/${kineticsModule}
#import ${INTEGRATOR_MODULE[integrator]} for ${name}
#import ${module} for ${name}
`;

/** The module generated/run_epoch: one instance of the epoch loop for every variant, and the choice between them. */
export function runEpochModule(variants: readonly KernelVariant[], integrator: Integrator): string {
  const cases = variants.map(({ name }, i) => `    case ${i}u: { ${name}_run_epoch(neuron, cell); }\n`);
  return `${variants.map((variant) => instance(variant, integrator, 'neuron/epoch_loop')).join('')}
fn run_epoch(neuron: u32, cell: Cell) {
  switch cell.variant {
${cases.join('')}    default: {}
  }
}
`;
}

/** The module generated/thread_neurons: one instance of the step for every variant, and that of each neuron of a thread by its number. */
export function threadNeuronsModule(
  variants: readonly KernelVariant[],
  { threadNeurons, workgroups, workgroupSize, deliveryLanes }: NeuronPlacement,
  integrator: Integrator,
): string {
  const perNeuron = threadNeurons.map(
    ({ variant, first }, r) => `
const CELL_KIND_OF_NEURON_${r} = ${variant}u;
const FIRST_OF_NEURON_${r} = ${first}u;
fn step_of_neuron_${r}(n: ptr<function, Neuron>, neuron: u32, step: u32, arrived: Arrived, cell: Cell, stimuli: Stimuli) -> bool {
  return ${variants[variant].name}_step(n, neuron, step, arrived, cell, stimuli);
}
`,
  );
  return `${variants.map((variant) => instance(variant, integrator, 'neuron/step')).join('')}
${workgroupBarrierModule(workgroups, PATIENT_TRIES)}const NETWORK_WORKGROUP_SIZE = ${workgroupSize}u;
const DELIVERY_LANES = ${deliveryLanes}u;
const NEURONS_PER_THREAD = ${threadNeurons.length}u;
const CHUNK_STEPS = ${Math.floor(32 / threadNeurons.length)}u;
${perNeuron.join('')}`;
}

import type { CellProgram } from './cell_programs.js';
import type { NeuronPlacement } from './neuron_placement.js';
import { PATIENT_TRIES, workgroupBarrierModule } from './workgroup_barrier.js';

/** The module generated/run_epoch: one instance of the epoch loop for every program, and the choice between them. */
export function runEpochModule(programs: readonly CellProgram[]): string {
  const cases = programs.map(({ name }, i) => `    case ${i}u: { ${name}_run_epoch(neuron, cell); }\n`);
  return `${programs.map(({ name }) => `#import neuron/epoch_loop for ${name}\n`).join('')}
fn run_epoch(neuron: u32, cell: Cell) {
  switch cell.program {
${cases.join('')}    default: {}
  }
}
`;
}

/** The module generated/thread_neurons: one instance of the step for every program, and that of each neuron of a thread by its number. */
export function threadNeuronsModule(
  programs: readonly CellProgram[],
  { threadNeurons, workgroups, workgroupSize, deliveryLanes }: NeuronPlacement,
): string {
  const perNeuron = threadNeurons.map(({ program, first }, r) => {
    const { name } = programs[program];
    return `
const PROGRAM_OF_NEURON_${r} = ${program}u;
const FIRST_OF_NEURON_${r} = ${first}u;
fn load_state_of_neuron_${r}(neuron: u32) -> ${name}_State { return ${name}_load(neuron); }
fn store_state_of_neuron_${r}(neuron: u32, s: ${name}_State) { ${name}_store(neuron, s); }
fn is_blown_up_${r}(s: ${name}_State) -> bool { return ${name}_is_blown_up(s); }
fn at_end_of_neuron_${r}(n: Neuron, s: ${name}_State, cell: Cell) -> Neuron { return ${name}_at_end(n, s, cell); }
fn store_variables_of_neuron_${r}(to: u32, s: ${name}_State, n: Neuron, cell: Cell) { ${name}_store_variables(to, s, n, cell); }
fn step_of_neuron_${r}(
  n: ptr<function, Neuron>, s: ptr<function, ${name}_State>, neuron: u32, step: u32, arrived: Arrived, cell: Cell, stimuli: Stimuli,
) -> bool {
  return ${name}_step(n, s, neuron, step, arrived, cell, stimuli);
}
`;
  });
  return `${programs.map(({ name }) => `#import neuron/step for ${name}\n`).join('')}
${workgroupBarrierModule(workgroups, PATIENT_TRIES)}const NETWORK_WORKGROUP_SIZE = ${workgroupSize}u;
const DELIVERY_LANES = ${deliveryLanes}u;
const NEURONS_PER_THREAD = ${threadNeurons.length}u;
const CHUNK_STEPS = ${Math.floor(32 / threadNeurons.length)}u;
${perNeuron.join('')}`;
}

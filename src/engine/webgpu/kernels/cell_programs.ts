import {
  CAPACITANCE,
  type CellModel,
  constantOf,
  stateKeys,
  withConstants,
} from '../../../mechanism/cell_model.js';
import type { HoistedValue } from '../../../mechanism/cell_text.js';
import { receptorWgsl } from '../../../mechanism/receptor_wgsl.js';
import { slowStates } from '../../../mechanism/slow_states.js';
import { type StepWgsl, stepWgsl } from '../../../mechanism/step_wgsl.js';
import { traceWgsl } from '../../../mechanism/trace_wgsl.js';
import type { EnginePlan, PlannedPopulation } from '../../plan.js';

/**
 * The code of the cells in a plan. Populations whose cells have the same equations share it: every value that has a name is a
 * field of the population's Cell, only the numbers that formulas are written with are numbers in the code. So a changed
 * parameter compiles nothing, and a network has the same code alone and beside others.
 */
export interface CellProgram {
  /** Begins the names of its struct and functions. */
  readonly name: string;
  /** A template: `VARIANT_State`, `VARIANT_advance`, and what loads, stores and records a state. */
  readonly text: string;
  /** A template of statements: what arrives goes into the states of the receptors `g_<number>` whose kinetics are mechanisms. */
  readonly receiving: string;
  /** What is recorded of its neurons, by slot of their traces. */
  readonly variables: readonly string[];
  /** The constants of its cells that differ between neurons, in the order of their rows. */
  readonly varied: readonly string[];
}

/** The programs of a plan, and the number of each population's. */
export interface CellPrograms {
  readonly programs: readonly CellProgram[];
  readonly ofPopulation: readonly number[];
  /** Values of the fields `constant_<k>` of each population's Cell, all as many as the program that has most. */
  readonly constants: readonly Float64Array[];
  /** Rows of states beside V, of the program that has most. */
  readonly states: number;
  /** Rows of constants that differ between neurons, of the program that has most. */
  readonly varied: number;
}

/** Names of the fields of Cell. */
export const constantField = (index: number): string => `constant_${index}`;

/** What linkShader puts a program's name in the place of. */
const NAME = 'VARIANT';

/** The code of a program, and the constants of its first fields: several where they are one variable. */
interface Equations {
  readonly step: StepWgsl;
  readonly hoisted: readonly HoistedValue[];
  readonly fields: readonly (readonly string[])[];
  readonly program: CellProgram;
}

export function cellPrograms(plan: EnginePlan): CellPrograms {
  const compensated = compensatedStates(plan);
  const populationsOf = new Map<string, number[]>();
  plan.populations.forEach((population, p) => {
    const key = JSON.stringify([equationsOf(population), [...compensated[p]], receptorNumbers(population)]);
    populationsOf.set(key, [...(populationsOf.get(key) ?? []), p]);
  });
  const equations = [...populationsOf.values()].map((populations, number) =>
    write(plan, populations, compensated[populations[0]], number),
  );
  const ofPopulation = plan.populations.map((_, p) =>
    [...populationsOf.values()].findIndex((populations) => populations.includes(p)),
  );
  const count = Math.max(1, ...equations.map(({ hoisted, fields }) => fields.length + hoisted.length));
  return {
    programs: equations.map(({ program }) => program),
    ofPopulation,
    constants: plan.populations.map(({ cell }, p) => {
      const { hoisted, fields } = equations[ofPopulation[p]];
      const named = new Map([...cell.constants, [CAPACITANCE, cell.C_uF_cm2]]);
      const values = new Float64Array(count);
      values.set([
        ...fields.map(([name]) => constantOf(cell, name)),
        ...hoisted.map(({ value }) => value(named)),
      ]);
      return values;
    }),
    states: Math.max(...equations.map(({ step }) => step.stateFields.length - 1)),
    varied: Math.max(...equations.map(({ program }) => program.varied.length)),
  };
}

/**
 * By population, the states that are slow in any population of its network whose cells have the same equations, so that these
 * share their code.
 */
function compensatedStates({ members, populations, dtMs }: EnginePlan): ReadonlySet<string>[] {
  return members.flatMap(({ firstPopulation, populations: count }) => {
    const own = populations.slice(firstPopulation, firstPopulation + count);
    const slow = new Map<string, Set<string>>();
    const keys = own.map((population) => {
      const key = equationsOf(population);
      const known = slow.get(key) ?? new Set();
      for (const cell of extremesOf(population)) for (const state of slowStates(cell, dtMs)) known.add(state);
      slow.set(key, known);
      return key;
    });
    return keys.map((key) => slow.get(key)!);
  });
}

/** A population's cell, and those with the least and the largest value of each constant that differs between its neurons. */
const extremesOf = ({ cell, varied }: PlannedPopulation): CellModel[] => [
  cell,
  ...[...varied].flatMap(([name, values]) =>
    [Math.min, Math.max].map((of) =>
      withConstants(cell, new Map([[name, values.reduce((a, b) => of(a, b))]])),
    ),
  ),
];

const variedOf = ({ varied }: Pick<PlannedPopulation, 'varied'>): string[] => [...varied.keys()].sort();

const isOfNature = (name: string): boolean => name === 'F' || name === 'R';

/**
 * The constants of a cell by field. Parameters of one name in several mechanisms, such as VT of sodium and potassium, are one
 * variable where they have one value, so that what they have in common is computed once.
 */
function fieldsOf({ cell, varied }: Pick<PlannedPopulation, 'cell' | 'varied'>): string[][] {
  const fields = new Map<string, string[]>();
  for (const name of [...cell.constants.keys(), CAPACITANCE]) {
    if (isOfNature(name) || varied.has(name)) continue;
    const own = name.slice(name.lastIndexOf('.') + 1);
    const key = own === 'g' || own === 'E' ? name : `${own} ${constantOf(cell, name)}`;
    fields.set(key, [...(fields.get(key) ?? []), name]);
  }
  return [...fields.values()];
}

/** What populations of the same code have in common: everything but the names and values in their cells and where these were written. */
function equationsOf(population: PlannedPopulation): string {
  const { formulas, groups, currents } = population.cell;
  return JSON.stringify(
    [[...formulas], groups, currents, fieldsOf(population), variedOf(population)],
    (key, value) => (key === 'place' ? undefined : value),
  );
}

/** The numbers of a cell's receptors among those of its network. */
const receptorNumbers = ({ cell, receptors }: PlannedPopulation): number[] =>
  cell.receptors.map(({ label }) => receptors.findIndex(({ name }) => name === label));

/**
 * What is recorded of any neuron of the populations; where any neuron is, also all states, so that recording another one compiles
 * nothing.
 */
function variablesOf({ members, populations }: EnginePlan, numbers: readonly number[]): string[] {
  const isOwn = (neuron: number) =>
    numbers.some(
      (p) => neuron >= populations[p].first && neuron < populations[p].first + populations[p].count,
    );
  const recorded = members.flatMap((member) => member.recorded);
  const states = recorded.length > 0 ? stateKeys(populations[numbers[0]].cell) : [];
  return [
    ...new Set([...states, ...recorded.flatMap(({ neuron, variables }) => (isOwn(neuron) ? variables : []))]),
  ];
}

function write(
  plan: EnginePlan,
  populations: readonly number[],
  compensated: ReadonlySet<string>,
  number: number,
): Equations {
  const population = plan.populations[populations[0]];
  const { cell } = population;
  const numbers = receptorNumbers(population);
  const fields = fieldsOf(population);
  const varied = variedOf(population);
  const texts = new Map([
    ...fields.flatMap((names, k) => names.map((name) => [name, `cell.${constantField(k)}`] as const)),
    ...varied.map((name, i) => [name, `vary.value_${i}`] as const),
  ]);
  const C = texts.get(CAPACITANCE)!;
  texts.delete(CAPACITANCE);
  const options = {
    name: NAME,
    dtMs: plan.dtMs,
    integrator: plan.integrator,
    fields: texts,
    C,
    vary: varied.length,
    compensated,
    hoistedField: (k: number) => `cell.${constantField(fields.length + k)}`,
  };
  const step = stepWgsl(cell, options);
  const receptors = receptorWgsl(
    cell,
    options,
    (k) => `cell.${constantField(fields.length + step.hoisted.length + k)}`,
  );
  const variables = variablesOf(plan, populations);
  const name = cell.name.replace(/[^A-Za-z0-9]+/g, '_');
  const text = [
    step.text,
    nextState(varied.length),
    loadAndStore(step),
    receptors.text,
    atEnd(numbers, varied.length),
    traceWgsl(cell, variables, options),
    storeVariables(variables.length, varied.length),
  ].join('\n');
  return {
    step,
    hoisted: [...step.hoisted, ...receptors.hoisted],
    fields,
    program: {
      name: `cell_${number}_${name}`,
      text,
      receiving: receiving(numbers, varied.length),
      variables,
      varied,
    },
  };
}

/** The last argument of the functions of a cell: what differs between neurons, which are in registers with the rest of a Neuron. */
const varyArgument = (count: number): string =>
  count === 0 ? '' : `, ${NAME}_Vary(${Array.from({ length: count }, (_, i) => `n.varied_${i}`).join(', ')})`;

const nextState = (varied: number): string => `
fn ${NAME}_next(
  s: ${NAME}_State, n: Neuron, cell: Cell, start: SynapticInput, half: SynapticInput, full: SynapticInput, I: f32,
) -> ${NAME}_State {
  return ${NAME}_advance(s, cell, start, half, full, I${varyArgument(varied)});
}
`;

/** Statements within a step: arrived densities go into states, and the conductances at its start take their places. */
function receiving(numbers: readonly number[], varied: number): string {
  const vary = varyArgument(varied).replaceAll('n.', '(*n).');
  return numbers
    .map(
      (r, k) =>
        `  *s = ${NAME}_arrive_${k}(*s, cell, g_${r}${vary});\n  g_${r} = ${NAME}_density_${k}(*s, cell${vary});\n`,
    )
    .join('');
}

/** A neuron with the conductances that follow from its states, for the end of a sample. */
const atEnd = (numbers: readonly number[], varied: number): string => `
fn ${NAME}_at_end(n: Neuron, s: ${NAME}_State, cell: Cell) -> Neuron {
  var ended = n;
${numbers.map((r, k) => `  ended.g_${r} = ${NAME}_density_${k}(s, cell${varyArgument(varied)});\n`).join('')}  return ended;
}
`;

function loadAndStore({ stateMembers: members }: StepWgsl): string {
  const place = (k: number) =>
    k === 0 ? 'state[ROW_V * NEURONS + neuron]' : `state[(ROW_STATES + ${k - 1}u) * NEURONS + neuron]`;
  const isInfinite = (value: string) => `((bitcast<u32>(${value}) & 0x7f800000u) == 0x7f800000u)`;
  return `
fn ${NAME}_load(neuron: u32) -> ${NAME}_State {
  return ${NAME}_State(${members.map((_, k) => place(k)).join(', ')});
}

fn ${NAME}_store(neuron: u32, s: ${NAME}_State) {
${members.map((member, k) => `  ${place(k)} = s.${member};\n`).join('')}}

// Whether V left its range or a state is not finite.
fn ${NAME}_is_blown_up(s: ${NAME}_State) -> bool {
  return ${['is_blown_up(s.V)', ...members.slice(1).map((member) => isInfinite(`s.${member}`))].join(' || ')};
}
`;
}

/** Stores what is recorded of a cell at the end of a sample. */
const storeVariables = (count: number, varied: number): string => `
fn ${NAME}_store_variables(to: u32, s: ${NAME}_State, n: Neuron, cell: Cell) {
${Array.from({ length: count }, (_, k) => `  traces[to + ${k}u] = ${NAME}_trace_${k}(s, cell${varyArgument(varied)});\n`).join('')}}
`;

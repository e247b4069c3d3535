import { STATES, type StateName, type StateRows } from '../../state_rows.js';

const constantOf = (name: StateName): string =>
  `ROW_${name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase()}`;

/** First rows of the state buffer, as constants of every kernel. */
export const rowConstants = (rows: StateRows): Record<string, number> =>
  Object.fromEntries(STATES.map(({ name }) => [constantOf(name), rows[name]]));

/** How often fields with several rows are written out, by the name that linkShader knows. */
const REPEATS: Partial<Record<(typeof STATES)[number]['rows'], string>> = {
  'each-receptor': 'RECEPTORS',
  'each-varied': 'VARIED',
};

/** One line for each state that is a field of Neuron. */
function eachState(line: (field: string, place: string, isConstant: boolean) => string | null): string {
  return STATES.map(({ name, rows, field, onlyIf, isConstant = false }) => {
    const repeats = REPEATS[rows];
    const row = repeats ? `(${constantOf(name)} + @)` : constantOf(name);
    const text = field ? line(field, `state[${row} * NEURONS + neuron]`, isConstant) : null;
    if (text === null) return '';
    const guarded = onlyIf ? `  if (${onlyIf}) { ${text} }\n` : `  ${text}\n`;
    return repeats ? `  #for ${repeats}\n${guarded}  #end\n` : guarded;
  }).join('');
}

/**
 * The module generated/state: a neuron from the state buffer into registers and back, all but V and the states of its cell.
 * Needs Neuron and the binding state.
 */
export const stateModule = (): string => `fn load_neuron(neuron: u32) -> Neuron {
  var loaded = Neuron();
${eachState((field, place) => `loaded.${field} = ${place};`)}  return loaded;
}

fn store_neuron(neuron: u32, stored: Neuron) {
${eachState((field, place, isConstant) => (isConstant ? null : `${place} = stored.${field};`))}}
`;

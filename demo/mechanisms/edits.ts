import type { Circuit } from '../../src/index.js';
import { parseMechanismFile } from '../../src/mechanism/mechanism_file.js';
import type { MechanismData } from '../../src/mechanism/mechanism_schema.js';
import { CircuitError } from '../../src/text/circuit_error.js';

/** What was changed in the mechanisms of a circuit on the page. */
export interface MechanismEdits {
  /** Mechanisms of which more than numbers changed: their texts (YAML), by name. They stand for all membranes that have them. */
  readonly mechanisms: Readonly<Record<string, string>>;
  /** Parameters of single membranes, by {@link parameterKey}. */
  readonly parameters: Readonly<Record<string, number>>;
}

export const NO_EDITS: MechanismEdits = { mechanisms: {}, parameters: {} };

/** A mechanism in the membrane of a cell type. */
export interface MechanismUse {
  readonly cell: string;
  readonly label: string;
  /** Name of the mechanism. */
  readonly mechanism: string;
}

/** The mechanisms in the membranes of the cell types that have neurons. */
export function usesOf({ populations, cellTypes }: Circuit): MechanismUse[] {
  const cells = [...new Set(Object.values(populations).map(({ cell }) => cell))];
  return cells.flatMap((cell) =>
    Object.entries(cellTypes[cell].membrane).map(([label, { mechanism }]) => ({ cell, label, mechanism })),
  );
}

/** CELL.LABEL.KEY; labels and keys have no dots. */
export const parameterKey = ({ cell, label }: MechanismUse, key: string): string => `${cell}.${label}.${key}`;

/** The parts of a {@link parameterKey} of a circuit; null if it has no such membrane. */
function partsOfKey({ cellTypes }: Circuit, parameter: string) {
  const match = /^(.+)\.([^.]+)\.([^.]+)$/.exec(parameter);
  if (!match) return null;
  const [, cell, label, key] = match;
  const isThere = Object.hasOwn(cellTypes, cell) && Object.hasOwn(cellTypes[cell].membrane, label);
  return isThere && key !== 'mechanism' && key !== '__proto__' ? { cell, label, key } : null;
}

/** Whether a circuit has the membrane that a {@link parameterKey} names. */
export const isParameterOf = (circuit: Circuit, parameter: string): boolean =>
  partsOfKey(circuit, parameter) !== null;

/** Texts that were read, and what they say: a page has few, and asks for them at every change. */
const read = new Map<string, MechanismData>();
const MOST_READ = 100;

/** Remembers what a text that was read elsewhere says. */
export function remember(text: string, data: MechanismData): void {
  if (read.size >= MOST_READ) read.clear();
  read.set(text, data);
}

/** The mechanism of a text that has it alone. Throws CircuitError, with line and column. */
export function mechanismOfText(name: string, text: string): MechanismData {
  const known = read.get(text);
  if (known) return known;
  const { mechanisms } = parseMechanismFile(text, name).data;
  requireAlone(name, Object.keys(mechanisms));
  remember(text, mechanisms[name]);
  return mechanisms[name];
}

/** Throws CircuitError unless the names of a text are `name` alone. */
export function requireAlone(name: string, names: readonly string[]): void {
  if (names.length === 1 && names[0] === name) return;
  const message = `expected the mechanism "${name}" alone, under its own name; got ${names.join(', ') || 'none'}`;
  throw new CircuitError([{ path: 'mechanisms', source: name, line: 1, column: 1, message }]);
}

/**
 * A circuit with the edits in it, still to be checked: mechanisms of its own under the names of those of the library, and values
 * in its cell types. Throws CircuitError where a text cannot be read.
 */
export function withEdits(circuit: Circuit, { mechanisms, parameters }: MechanismEdits): Circuit {
  const own: Record<string, MechanismData> = { ...circuit.mechanisms };
  for (const [name, text] of Object.entries(mechanisms)) own[name] = mechanismOfText(name, text);
  const cellTypes = structuredClone(circuit.cellTypes);
  for (const { membrane } of Object.values(cellTypes))
    for (const entry of Object.values(membrane))
      if (Object.hasOwn(mechanisms, entry.mechanism)) keepKnown(entry, own[entry.mechanism]);
  for (const [parameter, value] of Object.entries(parameters)) {
    const parts = partsOfKey(circuit, parameter);
    if (parts) cellTypes[parts.cell].membrane[parts.label][parts.key] = value;
  }
  return { ...circuit, mechanisms: own, cellTypes };
}

/** Values of a membrane that belong to none of its mechanism's parameters. */
const OF_MEMBRANE = ['mechanism', 'g_mS_cm2', 'E_mV'];

/** Takes values of parameters that a changed mechanism no longer has out of a membrane. */
export function keepKnown(entry: Record<string, unknown>, { parameters }: MechanismData): void {
  for (const key of Object.keys(entry))
    if (!OF_MEMBRANE.includes(key) && !Object.hasOwn(parameters, key)) delete entry[key];
}

/** The edits after the text of a mechanism was changed as it is in one membrane, to `text` that says `data`. */
export function afterEdit(
  circuit: Circuit,
  edits: MechanismEdits,
  use: MechanismUse,
  before: MechanismData,
  text: string,
  data: MechanismData,
): MechanismEdits {
  const isForm = !hasSameForm(before, data);
  if (isForm) remember(text, data);
  const mechanisms = isForm ? { ...edits.mechanisms, [use.mechanism]: text } : edits.mechanisms;
  const parameters = { ...edits.parameters };
  const defaults = Object.hasOwn(mechanisms, use.mechanism)
    ? mechanismOfText(use.mechanism, mechanisms[use.mechanism]).parameters
    : before.parameters;
  const entry = circuit.cellTypes[use.cell].membrane[use.label];
  for (const key of Object.keys(data.parameters)) delete parameters[parameterKey(use, key)];
  const gone = Object.keys(before.parameters).filter((key) => !Object.hasOwn(data.parameters, key));
  for (const other of usesOf(circuit).filter(({ mechanism }) => mechanism === use.mechanism))
    for (const key of gone) delete parameters[parameterKey(other, key)];
  for (const [key, value] of Object.entries(data.parameters))
    if (value !== (entry[key] ?? defaults[key])) parameters[parameterKey(use, key)] = value;
  return { mechanisms, parameters };
}

/** Whether mechanisms differ at most in the numbers of their parameters. */
export function hasSameForm(a: MechanismData, b: MechanismData): boolean {
  const form = ({ parameters, reference: _, ...rest }: MechanismData) =>
    JSON.stringify([Object.keys(parameters).sort(), sorted(rest)]);
  return form(a) === form(b);
}

/**
 * The labels of a cell whose parameter of the same name is one number with this one before a change or after it: the kernels
 * have one variable for both, so that what is written with it is computed once, and are compiled when it becomes two.
 */
export function sharedWith(
  { cellTypes }: Circuit,
  use: MechanismUse,
  before: MechanismData,
  after: MechanismData,
): string[] {
  const changed = Object.keys(before.parameters).filter(
    (key) => before.parameters[key] !== after.parameters[key],
  );
  return Object.entries(cellTypes[use.cell].membrane).flatMap(([label, entry]) =>
    label !== use.label &&
    changed.some((key) => [before.parameters[key], after.parameters[key]].includes(entry[key] as number))
      ? [label]
      : [],
  );
}

const sorted = (value: object) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));

/** The edits without those of a mechanism, in whatever membrane. */
export function withoutEdits(circuit: Circuit, edits: MechanismEdits, mechanism: string): MechanismEdits {
  const { [mechanism]: _, ...mechanisms } = edits.mechanisms;
  const ofMechanism = usesOf(circuit).filter((use) => use.mechanism === mechanism);
  const parameters = Object.fromEntries(
    Object.entries(edits.parameters).filter(
      ([key]) => !ofMechanism.some((use) => key.startsWith(parameterKey(use, ''))),
    ),
  );
  return { mechanisms, parameters };
}

/** Whether anything of a mechanism is changed in a membrane. */
export const isEdited = ({ mechanisms, parameters }: MechanismEdits, use: MechanismUse): boolean =>
  Object.hasOwn(mechanisms, use.mechanism) ||
  Object.keys(parameters).some((key) => key.startsWith(parameterKey(use, '')));

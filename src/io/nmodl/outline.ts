import type { Expression, Place } from '../../language/expression.js';
import { plus } from '../../mechanism/formulas.js';
import { arrayOf, elementName } from './execute.js';
import { type FileScheme, kineticsOf } from './kinetics.js';
import { type ModMeaning, namesThrough, Writer } from './meaning.js';
import type { ModText } from './mod_text.js';
import { ionName } from './names.js';
import { type FileStateForm, formOfDerivative, formOfUpdate } from './state_forms.js';
import type { Ion, ModFile, Named } from './syntax.js';

export interface OutlineState {
  readonly form: FileStateForm;
  readonly place: Place;
}

/** A mechanism in the words of its file: its kind, its states and its current, with the file's names. */
export interface Outline {
  readonly kind: 'channel' | 'pool';
  /** As mechanisms call it. */
  readonly ion: string;
  readonly current: { readonly formula: Expression; readonly place: Place } | null;
  /** Of a pool: the variable of the file that is the concentration inside. */
  readonly concentration: string | null;
  readonly states: Map<string, OutlineState>;
  readonly scheme: FileScheme | null;
}

export function outlineOf(file: ModFile, source: ModText, meaning: ModMeaning): Outline {
  const namesNeeded = namesThrough(meaning.pass.definitions);
  const kinetics = kineticsOf(meaning.pass, source, namesNeeded, meaning.initial);
  const states = new Map<string, OutlineState>(kinetics.states);
  for (const [state, { formula, place }] of meaning.pass.derivatives)
    states.set(state, {
      form: formOfDerivative(formula, state, (part, variable) => namesNeeded(part).has(variable)),
      place,
    });
  addUpdates(meaning, source, namesNeeded, states);
  requireStates(file, source, states);
  const written = writtenBy(file, source);
  if (written.kind === 'channel')
    return {
      ...written,
      current: currentOf(written.currents, meaning, source),
      states,
      scheme: kinetics.scheme,
    };
  const { concentration } = written;
  const formula = meaning.pass.globals.get(concentration.name);
  if (!states.has(concentration.name)) {
    if (!formula) return source.fail(concentration.place, `${concentration.name} is written but never set`);
    states.set(concentration.name, { form: { kind: 'is', is: formula }, place: concentration.place });
  }
  return { ...written, concentration: concentration.name, current: null, states, scheme: kinetics.scheme };
}

/** States that a PROCEDURE advances by itself, or that follow at once. */
function addUpdates(
  meaning: ModMeaning,
  source: ModText,
  namesNeeded: (formula: Expression) => ReadonlySet<string>,
  states: Map<string, OutlineState>,
): void {
  const { definitions, updates } = meaning.pass;
  const writer = new Writer(definitions);
  const dependsOn = (part: Expression, variable: string) => namesNeeded(part).has(variable);
  for (const [state, { formula, place }] of updates) {
    if (states.has(state))
      source.fail(place, `the state "${state}" is both solved and set; only one of them can be taken over`);
    const resolve = (part: Expression) =>
      writer.inFull(
        part,
        (definition) => dependsOn(definition.formula, 'dt') || dependsOn(definition.formula, state),
      );
    const form = formOfUpdate(formula, state, dependsOn, resolve);
    if (!form)
      source.fail(
        place,
        `this way to advance "${state}" is not known; write ${state}' = ... in a DERIVATIVE block`,
      );
    if (form.kind !== 'is') source.note(place, `${state} is advanced by its equation, not by this statement`);
    states.set(state, { form, place });
  }
}

/** Every state that formulas could read must have an equation. */
function requireStates(file: ModFile, source: ModText, states: ReadonlyMap<string, OutlineState>): void {
  for (const [state, { form }] of states)
    if (!file.states.has(arrayOf(state)) && form.kind !== 'is')
      source.fail(states.get(state)!.place, `"${state}" has an equation but is no STATE; declare it there`);
}

type Written =
  | {
      readonly kind: 'channel';
      readonly ion: string;
      readonly currents: readonly (Named & { readonly isInward: boolean })[];
      readonly concentration: null;
    }
  | { readonly kind: 'pool'; readonly ion: string; readonly concentration: Named };

/** What the mechanism computes for the cell: a current of one ion, or the concentration of one inside. */
function writtenBy(file: ModFile, source: ModText): Written {
  const ionCurrents = file.ions.flatMap((ion) =>
    ion.writes.filter((write) => isCurrent(write, ion)).map((write) => ({ ion: ionName(ion.name), write })),
  );
  const concentrations = file.ions.flatMap((ion) =>
    ion.writes.filter((write) => !isCurrent(write, ion)).map((write) => ({ ion, write })),
  );
  const own = [
    ...ionCurrents.map(({ ion, write }) => ({ ...write, ion, isInward: false })),
    ...file.nonspecific.map((current) => ({ ...current, ion: 'nonspecific', isInward: false })),
    ...file.electrode.map((current) => ({ ...current, ion: 'nonspecific', isInward: true })),
  ];
  const [first, ...more] = concentrations;
  if (own.length > 0) {
    if (first)
      source.fail(
        first.write.place,
        `the file writes a current and a concentration (${first.write.name}); split it into a channel and a pool`,
      );
    const other = own.find(({ ion }) => ion !== own[0].ion);
    if (other)
      source.fail(
        other.place,
        `the file writes currents of several ions (${own.map(({ name: current }) => current).join(', ')}); split it into one file for each`,
      );
    return { kind: 'channel', ion: own[0].ion, currents: own, concentration: null };
  }
  if (!first)
    return source.fail(
      file.suffix!.place,
      'the file writes no current and no concentration, so nothing of it reaches the cell',
    );
  if (more.length > 0)
    source.fail(
      more[0].write.place,
      `the file writes several concentrations; split it into one file for each`,
    );
  if (first.write.name !== `${first.ion.name}i`)
    source.fail(first.write.place, `only the concentration inside (${first.ion.name}i) can be computed`);
  return { kind: 'pool', ion: ionName(first.ion.name), concentration: first.write };
}

const isCurrent = (write: Named, ion: Ion): boolean => write.name === `i${ion.name}`;

/** The sum of the file's currents, outward positive. */
function currentOf(
  currents: readonly (Named & { readonly isInward: boolean })[],
  { pass }: ModMeaning,
  source: ModText,
): { readonly formula: Expression; readonly place: Place } {
  const parts = currents.map(({ name: current, place, isInward }) => {
    const formula = pass.globals.get(current);
    if (!formula) return source.fail(place, `the current ${current} is never set in BREAKPOINT`);
    return isInward ? ({ kind: 'negative', of: formula, place } as const) : formula;
  });
  return { formula: parts.reduce(plus), place: currents[0].place };
}

/** The names of a file's states, with every element of an array. */
export function stateNames(file: ModFile): string[] {
  return [...file.states].flatMap(([state, { size }]) =>
    size === null ? [state] : Array.from({ length: size }, (_, i) => elementName(state, i)),
  );
}

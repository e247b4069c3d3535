import { type Expression, namesIn, type Place } from '../../language/expression.js';
import { plus } from '../../mechanism/formulas.js';
import { constantValue } from './formula_tools.js';
import { type FileScheme, kineticsOf } from './kinetics.js';
import { type ModMeaning, namesThrough, Writer } from './meaning.js';
import type { ModText } from './mod_text.js';
import { ionName } from './names.js';
import { arrayOf, type Pass, type Placed } from './pass.js';
import { type FileStateForm, formOfDerivative, formOfUpdate } from './state_forms.js';
import type { Ion, ModFile, Named } from './syntax.js';

export interface OutlineState {
  readonly form: FileStateForm;
  readonly place: Place;
}

/** A mechanism in the words of its file: its states and its currents, with the file's names. */
export interface Outline {
  /** Current densities by ion, as mechanisms call ions; none of a pool. */
  readonly currents: ReadonlyMap<string, Placed>;
  /** Of a pool: the variable of the file that is the concentration inside. */
  readonly concentration: { readonly ion: string; readonly variable: string } | null;
  readonly states: Map<string, OutlineState>;
  readonly scheme: FileScheme | null;
}

export function outlineOf(file: ModFile, source: ModText, meaning: ModMeaning): Outline {
  const namesNeeded = namesThrough(meaning.pass.definitions);
  const { needed } = meaning;
  for (const { states: spatial, message, place } of meaning.pass.spatial)
    if (spatial.some((state) => needed.has(arrayOf(state)) || needed.has(state))) source.fail(place, message);
  const kinetics = kineticsOf(onlyNeeded(meaning.pass, needed), source, namesNeeded, meaning.initial);
  const states = new Map<string, OutlineState>(kinetics.states);
  for (const [state, { formula, place }] of meaning.pass.derivatives) {
    if (!needed.has(state)) source.note(place, `the state ${state} has no effect and is left out`);
    else
      states.set(state, {
        form: formOfDerivative(formula, state, (part, variable) => namesNeeded(part).has(variable)),
        place,
      });
  }
  addUpdates(meaning, source, namesNeeded, states);
  requireStates(file, source, states);
  noteStarts(file, meaning, source, states);
  const written = writtenBy(file, source);
  if (written.kind === 'channel')
    return {
      currents: currentsOf(written.currents, meaning, source),
      concentration: null,
      states,
      scheme: kinetics.scheme,
    };
  const { concentration, ion } = written;
  const formula = meaning.pass.globals.get(concentration.name);
  if (!states.has(concentration.name)) {
    if (!formula) return source.fail(concentration.place, `${concentration.name} is written but never set`);
    states.set(concentration.name, { form: { kind: 'is', is: formula }, place: concentration.place });
  }
  return {
    currents: new Map(),
    concentration: { ion, variable: concentration.name },
    states,
    scheme: kinetics.scheme,
  };
}

/** A pass without the reactions of states that have no effect. */
function onlyNeeded(pass: Pass, needed: ReadonlySet<string>): Pass {
  return {
    ...pass,
    reactions: pass.reactions.filter(({ left, right }) =>
      [...left, ...right].some(({ state }) => needed.has(state)),
    ),
    fluxes: pass.fluxes.filter(({ state }) => needed.has(state)),
    conserved: pass.conserved.filter(({ sum }) => [...namesIn(sum)].some((state) => needed.has(state))),
  };
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
    if (!meaning.needed.has(state)) {
      source.note(place, `the state ${state} has no effect and is left out`);
      continue;
    }
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

interface WrittenCurrent extends Named {
  readonly ion: string;
  readonly isInward: boolean;
}
const isWritten = (variable: string, file: ModFile): boolean =>
  file.ions.some(({ writes }) => writes.some((write) => write.name === variable));

/** States that NEURON starts at a number, which need not be their steady state. */
function noteStarts(
  file: ModFile,
  { initial }: ModMeaning,
  source: ModText,
  states: ReadonlyMap<string, OutlineState>,
): void {
  for (const [state, { form, place }] of states) {
    // A concentration starts at that of its ion.
    const isGate = file.states.has(arrayOf(state)) && !isWritten(state, file);
    if (!isGate || (form.kind !== 'relaxing' && form.kind !== 'rates')) continue;
    const value = initial.has(state) ? constantValue(initial.get(state)!) : 0;
    if (value !== null)
      source.note(place, `${state} starts at ${value} in NEURON; here states start at their steady state`);
  }
}

type Written =
  | { readonly kind: 'channel'; readonly currents: readonly WrittenCurrent[] }
  | { readonly kind: 'pool'; readonly ion: string; readonly concentration: Named };

/** What the mechanism computes for the cell: currents, or the concentration of one ion inside. */
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
    return { kind: 'channel', currents: own };
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

/** The file's currents, outward positive; those of one ion are added up. */
function currentsOf(
  currents: readonly WrittenCurrent[],
  { pass, definitionOf }: ModMeaning,
  source: ModText,
): Map<string, Placed> {
  const sums = new Map<string, Placed>();
  for (const { name: current, place: declared, ion, isInward } of currents) {
    const value = pass.globals.get(current);
    if (!value) source.fail(declared, `the current ${current} is never set in BREAKPOINT`);
    const definition = value?.kind === 'name' ? definitionOf(value.name) : undefined;
    const place = definition?.place ?? declared;
    const formula: Expression = isInward ? { kind: 'negative', of: value!, place } : value!;
    const sum = sums.get(ion);
    sums.set(ion, sum ? { ...sum, formula: plus(sum.formula, formula) } : { formula, place });
  }
  return sums;
}

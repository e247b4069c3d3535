import { type Expression, type Place, partsOf, renamed } from '../../language/expression.js';
import { parseUnit, type Quantity, times } from '../../language/units.js';
import type { MechanismData, StateData } from '../../mechanism/mechanism_schema.js';
import { agreedFormulas, type RawFormula } from './agree_units.js';
import { withoutGuards } from './guards.js';
import { Leaves } from './leaves.js';
import { type ModMeaning, namesThrough, Writer } from './meaning.js';
import type { ModText } from './mod_text.js';
import { keyOf } from './names.js';
import type { Outline } from './outline.js';
import type { ModFile } from './syntax.js';
import { formulasOf, partsOfForm, type TidyOutline, tidied } from './tidy.js';

/** A mechanism with the places in the file that its parts come from. */
export interface TakenOver {
  readonly data: MechanismData;
  readonly placeOf: (path: readonly (string | number)[]) => Place;
  /** The state of the file that a key of the mechanism's states stands for. */
  readonly stateOf: (key: string) => string | undefined;
}

type Path = readonly (string | number)[];
type Slot = RawFormula & { readonly path: Path };

const unit = (text: string): Quantity => parseUnit(text)!;
const MS = unit('ms');
const PER_MS = unit('1/ms');
const MA_CM2 = unit('mA/cm2');
const PLAIN_NUMBER = /^\d+\.?\d*(e[-+]?\d+)?$/i;

/** Writes what a file computes as a mechanism. */
export function takeOver(
  file: ModFile,
  source: ModText,
  meaning: ModMeaning,
  whole: Outline,
  { about, keepsGuards }: { readonly about: string; readonly keepsGuards: boolean },
): TakenOver {
  const tidy = tidied(whole, meaning, (formula) =>
    keepsGuards
      ? formula
      : withoutGuards(formula, (place) =>
          source.note(
            place,
            'a value beside a division by zero, or a cut-off, is left out: quotients take their limit there',
          ),
        ),
  );
  const { outline, definitions } = tidy;
  const { concentration } = outline;
  const ions = [...outline.currents.keys()];
  const leaves = new Leaves(file, source, meaning, outline);
  const starts = startsOf(tidy, meaning, file);
  leaves.add(readNames(tidy, [...starts.values()], meaning));
  const names = new Map(definitions.map(({ key, variable }) => [key, leaves.names.give(variable)]));
  const nameOf = (key: string) => names.get(key) ?? leaves.get(key)?.name ?? key;
  const here = (formula: Expression) => renamed(formula, nameOf);

  const slots: Slot[] = definitions.map(({ key, formula, place }) => {
    const name = names.get(key)!;
    return { name, formula: here(formula), place, unit: null, path: ['let', name] };
  });
  const add = (path: Path, formula: Expression, place: Place, of: Quantity): number =>
    slots.push({ name: null, formula: here(formula), place, unit: of, path });
  const stateKeys = new Map<string, string>();
  for (const [state, { form, place }] of outline.states) {
    const leaf = leaves.get(state)!;
    const isPool = state === concentration?.variable;
    const key = isPool ? leaf.name : keyOf(leaf.name, leaf.unit);
    stateKeys.set(state, key);
    const units: Readonly<Record<string, Quantity>> = {
      ...{
        inf: leaf.unit,
        tau: MS,
        alpha: PER_MS,
        beta: PER_MS,
        is: leaf.unit,
        rate: times(leaf.unit, PER_MS),
      },
    };
    for (const [part, formula] of Object.entries(partsOfForm(form)))
      add(['states', key, part], formula, place, units[part]);
    const start = starts.get(state);
    if (start) add(['states', key, 'start'], start, place, leaf.unit);
  }
  outline.scheme?.reactions.forEach(({ forward, backward, place }, i) => {
    add(['scheme', 'reactions', i, 'forward'], forward, place, PER_MS);
    if (backward) add(['scheme', 'reactions', i, 'backward'], backward, place, PER_MS);
  });
  for (const [ion, { formula, place }] of outline.currents) add(['currents', ion], formula, place, MA_CM2);

  const agreed = agreedFormulas(slots, leaves.all());
  const texts = new Map(slots.map(({ path }, i) => [path.join('.'), agreed[i].text]));
  for (const [i, { place }] of slots.entries()) {
    const { disagreement } = agreed[i];
    if (disagreement !== null) source.note(place, `units are left out here: ${disagreement}`);
  }
  const text = (...path: Path) => texts.get(path.join('.'));
  const formulaAt = (...path: Path) => {
    const written = text(...path);
    return written !== undefined && PLAIN_NUMBER.test(written) ? Number(written) : written;
  };
  const stateData = (key: string, state: string): StateData => {
    const parts = [...Object.keys(partsOfForm(outline.states.get(state)!.form)), 'start'];
    return Object.fromEntries(
      parts.flatMap((part) => {
        const formula = formulaAt('states', key, part);
        return formula === undefined ? [] : [[part, formula]];
      }),
    );
  };
  const data: MechanismData = {
    ...(about !== '' && { about }),
    ...(concentration && { pool: concentration.ion }),
    ...(ions.length === 1 && { channel: ions[0] }),
    parameters: leaves.parameters,
    let: Object.fromEntries([...names.values()].map((name) => [name, formulaAt('let', name)!])),
    states: Object.fromEntries([...stateKeys].map(([state, key]) => [key, stateData(key, state)])),
    ...(outline.scheme && {
      scheme: {
        states: outline.scheme.states.map(nameOf),
        reactions: outline.scheme.reactions.map(({ left, right, backward }, i) => {
          const [from, to] = [nameOf(left[0].state), nameOf(right[0].state)];
          const forward = text('scheme', 'reactions', i, 'forward');
          return backward
            ? `${from} <-> ${to} : ${forward}, ${text('scheme', 'reactions', i, 'backward')}`
            : `${from} -> ${to} : ${forward}`;
        }),
      },
    }),
    ...(ions.length === 1 && { current: text('currents', ions[0])! }),
    ...(ions.length > 1 && {
      currents: Object.fromEntries(ions.map((ion) => [ion, text('currents', ion)!])),
    }),
    reference: [],
  };
  const places = new Map(slots.map(({ path, place }) => [path.join('.'), place]));
  return {
    data,
    placeOf: (path) => placeOf(places, path) ?? file.suffix!.place,
    stateOf: (key) => [...stateKeys].find(([, other]) => other === key)?.[0],
  };
}

/** The place of the part of a mechanism that a path leads to or into. */
function placeOf(places: ReadonlyMap<string, Place>, path: Path): Place | undefined {
  const wanted = path[0] === 'current' ? 'currents' : path.join('.');
  const [, place] = [...places].find(([key]) => key === wanted || key.startsWith(`${wanted}.`)) ?? [];
  return place ?? (path.length > 1 ? placeOf(places, path.slice(0, -1)) : undefined);
}

/** Variables that formulas read, and where. */
function readNames(
  { outline, definitions }: TidyOutline,
  starts: readonly Expression[],
  meaning: ModMeaning,
): Map<string, Place> {
  const read = new Map<string, Place>();
  const visit = (formula: Expression, around: Place): void => {
    if (formula.kind === 'name') {
      const isNew = !meaning.definitionOf(formula.name) && !read.has(formula.name);
      if (isNew) read.set(formula.name, formula.place.text === '' ? around : formula.place);
    } else for (const part of partsOf(formula)) visit(part, around);
  };
  for (const { formula, place } of definitions) visit(formula, place);
  for (const formula of [...formulasOf(outline), ...starts]) visit(formula, formula.place);
  return read;
}

/** Where the search for the steady state of states that are given by a rate begins: what INITIAL sets. */
function startsOf({ outline }: TidyOutline, meaning: ModMeaning, file: ModFile): Map<string, Expression> {
  const { definitions } = meaning.pass;
  const namesNeeded = namesThrough(definitions);
  const writer = new Writer(definitions);
  const starts = new Map<string, Expression>();
  for (const [state, { form }] of outline.states) {
    const formula = meaning.initial.get(state);
    if (form.kind !== 'rate' || !formula) continue;
    const isKnown = [...namesNeeded(formula)].every((key) => file.parameters.has(key) || key === 'v');
    if (isKnown) starts.set(state, writer.inFull(formula));
  }
  return starts;
}

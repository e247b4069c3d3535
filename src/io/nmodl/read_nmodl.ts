import type { Expression, Place } from '../../language/expression.js';
import { ExpressionTooLarge } from '../../language/expression_too_large.js';
import { LanguageError } from '../../language/language_error.js';
import { checkMechanism } from '../../mechanism/check_mechanism.js';
import { minus, number, over, times, name as variable } from '../../mechanism/formulas.js';
import type { MechanismData } from '../../mechanism/mechanism_schema.js';
import { scanMechanism } from '../../mechanism/scan.js';
import type { CircuitProblem } from '../../text/circuit_problems.js';
import { printable } from '../../text/printable.js';
import type { ImportNote } from '../import_note.js';
import { meaningOf } from './meaning.js';
import type { ModText } from './mod_text.js';
import { type Outline, outlineOf } from './outline.js';
import { type IncludedFiles, parseMod } from './parse.js';
import type { FileStateForm } from './state_forms.js';
import { type TakenOver, takeOver } from './takeover.js';

export interface ImportedMechanism {
  /** The SUFFIX. */
  readonly name: string;
  readonly mechanism: MechanismData;
  /** What was left out or assumed. */
  readonly notes: readonly ImportNote[];
}

/**
 * A density mechanism of NMODL (SUFFIX) as a mechanism. `includes` holds the texts of files that it includes, by name.
 * Throws CircuitError with line and column where it cannot be taken over.
 */
export function readNmodl(
  text: string,
  source: string | null,
  includes: IncludedFiles = new Map(),
): ImportedMechanism {
  const { file, source: mod, title, opening } = parseMod(text, source, includes);
  const { suffix } = file;
  if (!suffix)
    return mod.fail(
      { text, start: 0, end: 0 },
      'no SUFFIX in a NEURON block: is this a density mechanism of NMODL?',
    );
  const meaning = meaningOf(file, mod);
  const outline = outlineOf(file, mod, meaning);
  const about = aboutOf(title, opening);
  const take = (form: Outline, keepsGuards: boolean) =>
    understood(mod, suffix.place, () => takeOver(file, mod, meaning, form, { about, keepsGuards }));
  const mechanism =
    mod.tentatively(() => sound(suffix.name, outline, mod, (form) => take(form, false)).data) ??
    refusedOr(
      sound(suffix.name, outline, mod, (form) => take(form, true)),
      mod,
    );
  return { name: suffix.name, mechanism, notes: sorted(mod.notes) };
}
const MOST_TRIES = 60;

interface Sound {
  /** Null where problems are left. */
  readonly data: MechanismData | null;
  readonly problem: { readonly place: Place; readonly message: string } | null;
}

/** The mechanism with the states that have problems written by their rates. */
function sound(name: string, whole: Outline, mod: ModText, take: (outline: Outline) => TakenOver): Sound {
  let outline = whole;
  for (let tries = 0; ; tries++) {
    const taken = take(outline);
    const problems = problemsOf(name, taken.data);
    if (problems.length === 0) return { data: taken.data, problem: null };
    const eased = tries < MOST_TRIES ? asRates(outline, problems, taken, mod) : null;
    if (!eased) {
      const [{ path, message }] = problems;
      return { data: null, problem: { place: taken.placeOf(path), message } };
    }
    outline = eased;
  }
}

function refusedOr({ data, problem }: Sound, mod: ModText): MechanismData {
  return data ?? mod.fail(problem!.place, problem!.message);
}

/** The names of the files that a text of NMODL includes. */
export const includesOfNmodl = (text: string): string[] =>
  [...text.matchAll(/^[ \t]*INCLUDE[ \t]+"(?:[^"\n]*[\\/])?([^"\n\\/]+)"/gm)].map(([, name]) => name);

/** What the file is, in one line: its title, or the first line of the comments above it. */
function aboutOf(title: string, opening: string): string {
  const lines = [title, ...opening.split('\n')].map((line) =>
    printable(line)
      .replace(/[^\S ]|\\u[0-9a-f]{4}/g, ' ')
      .replace(/^[\s:*-]+|[\s*-]+$/g, '')
      .trim(),
  );
  return (lines.find((line) => /[A-Za-z]{3}/.test(line)) ?? '').slice(0, LONGEST_ABOUT);
}
const LONGEST_ABOUT = 200;

function problemsOf(name: string, data: MechanismData): readonly CircuitProblem[] {
  const { mechanism, problems } = checkMechanism(name, data);
  return mechanism ? scanMechanism(mechanism) : problems;
}

/** Formulas that are too large to be looked at, or whose units cannot be brought in order, are refused with the file. */
function understood<T>(mod: ModText, place: Place, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof LanguageError) return mod.fail(place, error.problem);
    if (error instanceof ExpressionTooLarge || error instanceof RangeError)
      return mod.fail(place, error.message);
    throw error;
  }
}

/**
 * The outline with the states that have problems as plain rates: NEURON takes time constants below 0 and gates beyond 1 at
 * voltages that no cell reaches. Null where that cannot help.
 */
function asRates(
  outline: Outline,
  problems: readonly CircuitProblem[],
  taken: TakenOver,
  mod: ModText,
): Outline | null {
  const states = new Map(outline.states);
  let isChanged = false;
  for (const { path, message } of problems) {
    const state = path[0] === 'states' ? taken.stateOf(String(path[1])) : undefined;
    const old = state === undefined ? undefined : states.get(state);
    if (state === undefined || !old) continue;
    const rate = rateOf(state, old.form);
    if (!rate) continue;
    states.set(state, { ...old, form: { kind: 'rate', rate } });
    mod.note(old.place, `${state} is written by its rate: ${message}`);
    isChanged = true;
  }
  return isChanged ? { ...outline, states } : null;
}

function rateOf(state: string, form: FileStateForm): Expression | null {
  const x = variable(state);
  if (form.kind === 'relaxing') return over(minus(form.inf, x), form.tau);
  if (form.kind === 'rates') return minus(times(form.alpha, minus(number(1), x)), times(form.beta, x));
  return null;
}

const sorted = (notes: readonly ImportNote[]): ImportNote[] =>
  [...notes].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));

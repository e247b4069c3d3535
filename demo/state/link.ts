import { type Circuit, CircuitError } from '../../src/index.js';
import { isParameterOf, type MechanismEdits, usesOf, withEdits } from '../mechanisms/edits.js';
import { basisOf, INJECTION_LIMIT_uA_cm2, initialState, isPreset, type PageState } from './page_state.js';

/** Raised whenever the meaning of a key changes. */
const LINK_SCHEMA = '1';
export const LONGEST_LINK = 16_384;

/** An invalid link; the message gives the reason. */
export class LinkError extends Error {
  override readonly name = 'LinkError';
}

/**
 * The state as the part of an address after "#": differences from the preset, edited mechanisms, seed and schema version. Of a preset only:
 * an address cannot hold a circuit that was opened from a file.
 */
export function linkOf(state: PageState): string {
  const { seed, settings, picked, injected_uA_cm2, edits } = state;
  const initial = initialState(state.preset);
  const link = new URLSearchParams({ v: LINK_SCHEMA, preset: state.preset });
  if (seed !== initial.seed) link.set('seed', String(seed));
  if (picked !== initial.picked) link.set('neuron', String(picked));
  if (injected_uA_cm2 !== 0) link.set('inject', String(injected_uA_cm2));
  for (const { id } of basisOf(state.preset).experiments)
    if (Object.hasOwn(settings, id)) link.set(`x.${id}`, String(settings[id]));
  for (const [name, text] of Object.entries(edits.mechanisms)) link.set(`m.${name}`, text);
  for (const [key, value] of Object.entries(edits.parameters)) link.set(`p.${key}`, String(value));
  return link.toString();
}

/**
 * The state of a link; null for an empty one. A link is external input: every key has to be known and every number in
 * its range, else LinkError, and none of it is applied.
 */
export function parseLink(hash: string): PageState | null {
  const text = hash.replace(/^#/, '');
  if (text === '') return null;
  if (text.length > LONGEST_LINK)
    throw new LinkError(`the link has ${text.length} characters, at most ${LONGEST_LINK} are allowed`);
  const link = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(text)) {
    if (link.has(key)) throw new LinkError(`the link contains "${shown(key)}" twice`);
    link.set(key, value);
  }
  const take = (key: string) => {
    const value = link.get(key);
    link.delete(key);
    return value;
  };
  const version = take('v');
  if (version !== LINK_SCHEMA)
    throw new LinkError(
      `the link has version ${shown(version ?? 'none')}, but this page reads version ${LINK_SCHEMA}`,
    );
  const preset = take('preset') ?? '';
  if (!isPreset(preset)) throw new LinkError(`there is no preset "${shown(preset)}"`);
  const initial = initialState(preset);
  const { circuit, experiments, neurons } = basisOf(preset);
  const number = (key: string, otherwise: number, low: number, high: number, whole: boolean) => {
    const value = take(key);
    return value === undefined ? otherwise : parseNumber(key, value, low, high, whole);
  };
  const seed = number('seed', initial.seed, 0, 2 ** 32 - 1, true);
  const picked = number('neuron', initial.picked, 0, neurons - 1, true);
  const injected_uA_cm2 = number('inject', 0, -INJECTION_LIMIT_uA_cm2, INJECTION_LIMIT_uA_cm2, false);
  const settings: Record<string, number> = {};
  for (const { id, low, high } of experiments) {
    const value = take(`x.${id}`);
    if (value !== undefined) settings[id] = parseNumber(id, value, low, high, false);
  }
  const edits = takeEdits(circuit, link);
  const [unknown] = link.keys();
  if (unknown !== undefined) throw new LinkError(`the link has the unknown key "${shown(unknown)}"`);
  return { preset, seed, settings, picked, injected_uA_cm2, edits };
}

/** Takes the edited mechanisms of a circuit out of a link. */
function takeEdits(circuit: Circuit, link: Map<string, string>): MechanismEdits {
  const names = new Set(usesOf(circuit).map(({ mechanism }) => mechanism));
  const mechanisms: Record<string, string> = {};
  const parameters: Record<string, number> = {};
  for (const [key, value] of [...link]) {
    const name = key.slice(2);
    if (key.startsWith('m.') && names.has(name)) mechanisms[name] = value;
    else if (key.startsWith('p.') && isParameterOf(circuit, name))
      parameters[name] = parseNumber(name, value, -Number.MAX_VALUE, Number.MAX_VALUE, false);
    else continue;
    link.delete(key);
  }
  try {
    withEdits(circuit, { mechanisms, parameters });
  } catch (error) {
    if (!(error instanceof CircuitError)) throw error;
    throw new LinkError(`a mechanism of the link is wrong: ${error.message}`);
  }
  return { mechanisms, parameters };
}

function parseNumber(key: string, text: string, low: number, high: number, whole: boolean): number {
  const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text);
  const value = Number(text);
  if (!isNumber || !(value >= low && value <= high) || (whole && !Number.isInteger(value)))
    throw new LinkError(
      `${key} is "${shown(text)}"; allowed: a ${whole ? 'whole ' : ''}number from ${low} to ${high}`,
    );
  return value;
}

/** External text cut to a length that a message can show. */
const shown = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { CircuitError, type CircuitPath } from './circuit_error.js';

export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** A YAML or JSON text as plain data, with the place of every value. */
export interface CircuitText {
  readonly data: unknown;
  /** Place of the value at `path`, of its key where `key` is set, or of the nearest container that exists. */
  position(path: CircuitPath, of: 'key' | 'value'): TextPosition;
}

/** Deepest nesting that is read. Circuits have 6 levels; a million of them exhaust the memory of the parser. */
const MOST_LEVELS = 100;
/** Sequences and mappings that begin one in another on one line: `- - - `. */
const NESTED_ON_LINE = new RegExp(`(?:[-?:][ \\t]+){${MOST_LEVELS}}`);

/**
 * The place where a text is nested too deeply; null if it is not. Brackets within quotes count too: few have a
 * hundred unclosed.
 */
function placeTooDeep(text: string): TextPosition | null {
  let offset = text.search(NESTED_ON_LINE);
  let level = 0;
  for (let i = 0; i < text.length && offset < 0; i++) {
    const character = text[i];
    if (character === '[' || character === '{') level++;
    else if (character === ']' || character === '}') level = Math.max(0, level - 1);
    if (level > MOST_LEVELS) offset = i;
  }
  if (offset < 0) return null;
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: before[before.length - 1].length + 1 };
}

/** Throws CircuitError where a text nests too deep to be parsed and walked through. */
export function requireShallow(text: string, source: string | null): void {
  const place = placeTooDeep(text);
  if (!place) return;
  const message = `syntax: nested more than ${MOST_LEVELS} levels deep`;
  throw new CircuitError([{ path: '', source, ...place, message }]);
}

/** Number of syntax errors that are reported: the first cause the others. */
const MOST_PROBLEMS = 20;

/** How much larger than its text a document may become: aliases repeat parts of it. */
const MOST_REPETITION = 10;

const TOO_MANY_ALIASES = 'its aliases repeat too much; write the values out';

/**
 * The data of a YAML text, a tree. Throws Error where the text is none: the parser runs out of stack where it is
 * nested deeply, an anchor may contain itself, and aliases may expand to far more than the text.
 */
export function treeOf(text: string, parseText: (text: string) => unknown): unknown {
  try {
    const data = parseText(text);
    requireTree(data, MOST_REPETITION * text.length + 1000);
    return data;
  } catch (error) {
    if (error instanceof RangeError) throw new Error('it is nested too deeply', { cause: error });
    if ((error as Error).message.startsWith('Excessive alias'))
      throw new Error(TOO_MANY_ALIASES, { cause: error });
    throw error;
  }
}

/** Throws Error where a value contains itself, or the whole has more than `most` characters and values. */
function requireTree(data: unknown, most: number): void {
  const within = new Set<unknown>();
  let size = 0;
  const visit = (value: unknown): void => {
    size += typeof value === 'string' ? value.length + 1 : 1;
    if (size > most) throw new Error(TOO_MANY_ALIASES);
    if (typeof value !== 'object' || value === null) return;
    if (within.has(value)) throw new Error('an anchor contains itself');
    within.add(value);
    for (const part of Object.values(value)) visit(part);
    within.delete(value);
  };
  visit(data);
}

/**
 * Parses YAML 1.2 or JSON; throws CircuitError with the syntax errors. In errors `source` names the text, and `expected`
 * what it should hold.
 */
export function parseCircuitText(
  text: string,
  source: string | null,
  expected = 'a circuit: keys such as name, populations, projections',
): CircuitText {
  requireShallow(text, source);
  const lines = new LineCounter();
  const place = (offset: number): TextPosition => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const fail = (message: string, offset: number): never => {
    throw new CircuitError([{ path: '', source, ...place(offset), message }]);
  };
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  } catch {
    return fail('syntax: it is nested too deeply', 0);
  }
  const problems = [...document.errors, ...document.warnings].slice(0, MOST_PROBLEMS);
  if (problems.length > 0)
    throw new CircuitError(
      problems.map((p) => ({ path: '', source, ...place(p.pos[0]), message: `syntax: ${p.message}` })),
    );
  if (!isMap(document.contents)) return fail(`expected ${expected}`, 0);
  let data: unknown;
  try {
    data = treeOf(text, () => document.toJS());
  } catch (error) {
    return fail(`syntax: ${(error as Error).message}`, 0);
  }

  const start = (node: Node | null | undefined): number | undefined => node?.range?.[0];
  const position = (path: CircuitPath, of: 'key' | 'value'): TextPosition => {
    let node: unknown = document.contents;
    let offset = 0;
    for (const [depth, segment] of path.entries()) {
      if (isMap(node)) {
        const pair = node.items.find(
          (item) => isScalar(item.key) && String(item.key.value) === String(segment),
        );
        if (!pair) break;
        const { key, value } = pair as Pair<Node, Node | null>;
        const last = depth === path.length - 1;
        offset = start(last && of === 'value' && (isScalar(value) || isSeq(value)) ? value : key) ?? offset;
        node = value;
      } else if (isSeq(node)) {
        const item = node.items[Number(segment)] as Node | undefined;
        if (!item) break;
        offset = start(item) ?? offset;
        node = item;
      } else break;
    }
    return place(offset);
  };
  return { data, position };
}

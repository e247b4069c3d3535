import { parse } from 'yaml';
import { LIBRARY_CELLS } from '../mechanism/library.js';
import { CircuitError, type CircuitPath } from '../text/circuit_error.js';
import { treeOf } from '../text/circuit_text.js';

/** One value of a circuit, set from outside its file. */
export interface CircuitOverride {
  /** Dotted path, `populations.E.neurons`; `projections.0.delay_ms` for the entries of a list. */
  readonly path: string;
  readonly value: unknown;
  /** What set it, for errors: `--set populations.E.neurons=-3`. */
  readonly source: string;
}

/** An override that was applied to the data. */
export interface AppliedOverride {
  /** The value, or the outermost container that had to be made for it. */
  readonly path: CircuitPath;
  readonly source: string;
}

/** Parses `path=value`, the value being YAML: a number, text, or `{ distribution: uniform, low: 1, high: 2 }`. */
export function parseOverride(assignment: string): CircuitOverride {
  const source = `--set ${assignment}`;
  const fail = (message: string): never => {
    throw new CircuitError([{ path: '', source, line: null, column: null, message }]);
  };
  const equals = assignment.indexOf('=');
  if (equals < 1) return fail('expected path=value, such as simulation.seed=7');
  const [path, text] = [assignment.slice(0, equals).trim(), assignment.slice(equals + 1)];
  try {
    return { path, value: treeOf(text, parse), source };
  } catch (error) {
    return fail(`the value is not YAML: ${(error as Error).message}`);
  }
}

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/**
 * Sets the values in `data`, plain JSON data that is changed. Containers that do not exist yet are made; a cell type
 * of the library that the circuit does not spell out is made from the library's values. Throws CircuitError for an
 * entry that a list does not have.
 */
export function applyOverrides(data: unknown, overrides: readonly CircuitOverride[]): AppliedOverride[] {
  return overrides.map((override) => {
    const fail = (message: string): never => {
      const { path, source } = override;
      throw new CircuitError([{ path, source, line: null, column: null, message }]);
    };
    const path: (string | number)[] = [];
    let rest = override.path.split('.');
    let container: unknown = data;
    let made: CircuitPath | null = null;
    while (rest.length > 0) {
      if (!isContainer(container))
        return fail(`${path.join('.')} is the value ${JSON.stringify(container)}, it has no parts`);
      const length = lengthOfKey(container, rest, hasPathsForKeys(path) ? rest.length : 1);
      const key = rest.slice(0, length).join('.');
      rest = rest.slice(length);
      if (key === '__proto__') return fail('"__proto__" is not a key');
      if (Array.isArray(container) && !(/^\d+$/.test(key) && Number(key) < container.length))
        return fail(
          container.length === 0
            ? `${path.join('.')} is an empty list`
            : `expected an entry of ${path.join('.')}, from 0 to ${container.length - 1}; got ${JSON.stringify(key)}`,
        );
      if (rest.length === 0) container[key] = override.value;
      else if (container[key] === undefined) {
        if (/^\d+$/.test(rest[0])) return fail(`${[...path, key].join('.')} is an empty list`);
        made ??= [...path, key];
        const isLibraryCell = path.join('.') === 'cellTypes' && LIBRARY_CELLS.includes(key);
        container[key] = isLibraryCell ? { base: key } : {};
      }
      path.push(Array.isArray(container) ? Number(key) : key);
      container = container[key];
    }
    return { path: made ?? path, source: override.source };
  });
}

/** The value at an override's path, `populations.E.neurons`; undefined if there is none. */
export function valueAtPath(data: unknown, path: string): unknown {
  let value = data;
  for (let rest = path.split('.'); rest.length > 0; ) {
    if (!isContainer(value)) return undefined;
    const length = lengthOfKey(value, rest);
    const key = rest.slice(0, length).join('.');
    if (!Object.hasOwn(value, key)) return undefined;
    value = value[key];
    rest = rest.slice(length);
  }
  return value;
}

/** Whether what is at a path has paths within a cell for keys: `populations.E.vary`. */
const hasPathsForKeys = ([section, , part, ...rest]: CircuitPath): boolean =>
  section === 'populations' && part === 'vary' && rest.length === 0;

/**
 * Number of dotted segments of the next key: names may contain dots, so the longest existing one is chosen; else it has
 * `ofNew`.
 */
function lengthOfKey(container: Record<string, unknown>, segments: readonly string[], ofNew = 1): number {
  for (let length = segments.length; length > 1; length--)
    if (Object.hasOwn(container, segments.slice(0, length).join('.'))) return length;
  return ofNew;
}

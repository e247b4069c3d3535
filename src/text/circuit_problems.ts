import type * as z from 'zod';
import type { CircuitPath } from './circuit_error.js';
import { closest, didYouMean } from './suggestion.js';

/** A problem at a path; `of` says whether its key or (by default) its value is at fault. */
export interface CircuitProblem {
  readonly path: CircuitPath;
  readonly message: string;
  readonly of?: 'key' | 'value';
  /** Where the value is a formula: the part of it that is at fault. */
  readonly at?: FormulaPart;
}

/** A part of a formula, from the character `start` of its text on, and how it is marked. */
export interface FormulaPart {
  readonly text: string;
  readonly start: number;
  readonly marked: readonly [line: string, carets: string];
}

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.BaseSchema;

const got = (value: unknown): string =>
  value === undefined ? 'the value is missing' : `got ${JSON.stringify(value)}`;

const TYPE_NAMES: Partial<Record<string, string>> = {
  object: 'keys with values',
  record: 'keys with values',
  array: 'a list',
  tuple: 'a list',
  string: 'text',
  boolean: 'true or false',
};

/** Messages for issues whose schema has no message of its own (zod's error map). */
export function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPE_NAMES[issue.expected] ?? issue.expected}; ${got(input)}`;
    case 'invalid_value': {
      const choice = issue.values.map(String);
      return `expected ${choice.join(' or ')}; ${got(input)}${suggest(input, choice)}`;
    }
    case 'invalid_union': {
      if (typeof issue.discriminator !== 'string') return undefined;
      const value = (input as Record<string, unknown>)[issue.discriminator];
      const choice = ((issue.options ?? []) as string[]).map(String);
      return `expected ${choice.join(', ')}; ${got(value)}${suggest(value, choice)}`;
    }
    case 'too_small':
      return `expected at least ${issue.minimum} entries; got ${(input as unknown[]).length}`;
    case 'too_big':
      return `expected at most ${issue.maximum} entries; got ${(input as unknown[]).length}`;
    default:
      return undefined;
  }
}

function suggest(value: unknown, choice: readonly string[]): string {
  const best = typeof value === 'string' ? closest(value, choice) : null;
  return best === null ? '' : `; did you mean "${best}"?`;
}

/** zod's issues as problems: unions narrowed to the alternative that was meant, unknown keys with a suggestion. */
export function describeProblems(
  issues: readonly Issue[],
  data: unknown,
  schema: JsonSchema,
): CircuitProblem[] {
  const meant = issues.flatMap((issue) => narrowUnion(issue, [], data));
  const misspelt = new Set<string>();
  const unknownKeys = meant.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [];
    const allowed = keysAt(schema, issue.path as CircuitPath, data);
    const written = valueAt(data, issue.path as CircuitPath) as object;
    const free = allowed.filter((key) => !Object.hasOwn(written, key));
    return issue.keys.map((key): CircuitProblem => {
      const suggestion = closest(key, free);
      if (suggestion !== null) misspelt.add([...issue.path, suggestion].join('.'));
      const path = [...(issue.path as CircuitPath), key];
      return {
        path,
        of: 'key',
        message: `unknown key "${key}"${didYouMean(key, suggestion === null ? allowed : free)}`,
      };
    });
  });
  const others = meant
    .filter((issue) => issue.code !== 'unrecognized_keys')
    .filter(
      (issue) =>
        valueAt(data, issue.path as CircuitPath) !== undefined || !misspelt.has(issue.path.join('.')),
    )
    .map((issue): CircuitProblem => {
      const path = issue.path as CircuitPath;
      if (issue.code !== 'invalid_key') return { path, message: issue.message };
      return { path, of: 'key', message: issue.issues.map((inner) => inner.message).join('; ') };
    });
  return [...unknownKeys, ...others];
}

/**
 * For a value that no alternative of a union accepts: an object is compared with the alternatives for objects,
 * anything else gets the union's own message or that of its first alternative.
 */
function narrowUnion(issue: Issue, parent: CircuitPath, data: unknown): Issue[] {
  const path = [...parent, ...(issue.path as CircuitPath)];
  const whole = { ...issue, path } as Issue;
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [whole];
  const value = valueAt(data, path);
  const isRefused = (inner: Issue) =>
    inner.path.length === 0 && inner.code !== 'unrecognized_keys' && inner.code !== 'custom';
  const isNested = (inner: Issue) => inner.code === 'invalid_union' && inner.errors.length > 0;
  if (typeof value !== 'object' || value === null) {
    const words = issue.message === 'Invalid input' ? issue.errors[0][0].message : issue.message;
    return [{ ...whole, message: words } as Issue];
  }
  const forObjects = issue.errors.find((inner) => !inner.some((i) => isRefused(i) && !isNested(i)));
  return forObjects ? forObjects.flatMap((inner) => narrowUnion(inner, path, data)) : [whole];
}

function valueAt(data: unknown, path: CircuitPath): unknown {
  return path.reduce<unknown>(
    (value, segment) => (value as Record<string, unknown> | undefined)?.[segment],
    data,
  );
}

/** The keys that the schema knows at a path; where it branches on a key such as `kind`, those of the written branch. */
function keysAt(schema: JsonSchema, path: CircuitPath, data: unknown): string[] {
  let nodes = alternatives(schema, data);
  path.forEach((segment, depth) => {
    const value = valueAt(data, path.slice(0, depth + 1));
    nodes = nodes.flatMap((node) => partsAt(node, segment).flatMap((part) => alternatives(part, value)));
  });
  return [...new Set(nodes.flatMap((node) => Object.keys(node.properties ?? {})))];
}

function partsAt(node: JsonSchema, segment: string | number): JsonSchema[] {
  const parts = [node.properties?.[segment] ?? node.additionalProperties ?? node.items];
  return parts.flat().filter((part) => typeof part === 'object') as JsonSchema[];
}

function alternatives(node: JsonSchema, value: unknown): JsonSchema[] {
  const branches = [...(node.anyOf ?? []), ...(node.oneOf ?? [])] as JsonSchema[];
  if (branches.length === 0) return [node];
  const isWritten = (branch: JsonSchema) =>
    Object.entries(branch.properties ?? {}).every(
      ([key, part]) =>
        typeof part !== 'object' || part.const === undefined || part.const === valueAt(value, [key]),
    );
  const written = branches.filter(isWritten);
  return (written.length > 0 ? written : branches).flatMap((branch) => alternatives(branch, value));
}

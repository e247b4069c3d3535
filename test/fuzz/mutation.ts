import fc from 'fast-check';

/** Damage to valid data, in all the ways in which files get damaged or are made up. */

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (share: number, length: number): number => Math.floor(share * length);

/** Mostly one: of several, the first that is noticed hides the others. */
const fewEdits = <T>(edit: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.tuple(edit) },
    { weight: 1, arbitrary: fc.array(edit, { minLength: 2, maxLength: 6 }) },
  );

const byteEdit = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('flip' as const), place, bit: fc.nat(7) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      place,
      byte: fc.constantFrom(0, 1, 127, 128, 255),
      length: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('copy' as const),
      place,
      to: place,
      length: fc.integer({ min: 1, max: 512 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('remove' as const),
      place,
      length: fc.integer({ min: 1, max: 64 }),
    }),
  },
);

/** The bytes with bits flipped, bytes set, pieces copied elsewhere, removed, or the end cut off. */
export const damagedBytes = (valid: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fewEdits(byteEdit).map((edits) => {
    let bytes = Uint8Array.from(valid);
    for (const edit of edits) {
      const index = at(edit.place, bytes.length);
      if (index >= bytes.length) continue;
      if (edit.kind === 'flip') bytes[index] ^= 1 << edit.bit;
      else if (edit.kind === 'set') bytes.fill(edit.byte, index, index + edit.length);
      else if (edit.kind === 'copy') bytes.copyWithin(at(edit.to, bytes.length), index, index + edit.length);
      else if (edit.kind === 'cut') bytes = bytes.slice(0, index);
      else bytes = Uint8Array.from([...bytes.subarray(0, index), ...bytes.subarray(index + edit.length)]);
    }
    return bytes;
  });

/** What texts contain that break parsers. */
const HOSTILE = [
  ...['0', '-1', '1e999', '-1e-999', 'NaN', '.inf', '4294967296', '1e21', '9'.repeat(40), '0x10', '1_000'],
  ...[
    '',
    'null',
    '~',
    'true',
    '[]',
    '{}',
    '[[]]',
    '{a: 1}',
    '""',
    "''",
    '"',
    "'",
    '"\u0000"',
    '\u0000',
    '\ufeff',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    '__proto__: {x: 1}',
    'length',
    '../../x',
    '/etc/passwd',
    '$NETWORK_DIR',
  ],
  ...[
    '&a ',
    '*a',
    '&a [*a]',
    '<<: *a',
    '!!js/function x',
    '!!binary AA==',
    '!!timestamp 2001-01-01',
    '? ',
    '%YAML 9',
  ],
  ...[',', ',,,', ';', '\t', '\r', '\r\n', '\n', '\n\n', ' ', ':', '- ', '---\n', '...\n', '|', '>', '#'],
  ...['[', ']', '{', '}', '[{', '['.repeat(5000), '{a: '.repeat(3000), '- '.repeat(3000), 'x'.repeat(20_000)],
  ...['\ud800', '💥', 'é', '%', '%zz', '&', '=', '&v=1'],
];
const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 12 }), fc.double().map(String));

const textEdit = fc.record({
  kind: fc.constantFrom('insert', 'replace', 'number', 'word', 'line', 'repeat', 'cut'),
  place,
  to: place,
  text: hostile,
  length: fc.integer({ min: 1, max: 40 }),
});

/** The text with pieces removed, repeated, moved, or replaced by what breaks parsers. */
export const damagedText = (...valid: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...valid), fewEdits(textEdit)).map(([text, edits]) => edits.reduce(edited, text));

function edited(text: string, edit: typeof textEdit extends fc.Arbitrary<infer E> ? E : never): string {
  const index = at(edit.place, text.length + 1);
  switch (edit.kind) {
    case 'insert':
      return text.slice(0, index) + edit.text + text.slice(index);
    case 'replace':
      return text.slice(0, index) + edit.text + text.slice(index + edit.length);
    case 'number':
      return replacedAt(text, /-?\d+(\.\d+)?(e[+-]?\d+)?/gi, edit.place, edit.text);
    case 'word':
      return replacedAt(text, /[A-Za-z_]+/g, edit.place, edit.text);
    case 'line': {
      const lines = text.split('\n');
      const [line] = lines.splice(at(edit.place, lines.length), 1);
      lines.splice(at(edit.to, lines.length + 1), 0, line);
      return lines.join('\n');
    }
    case 'repeat':
      return (
        text.slice(0, index) +
        text.slice(index, index + edit.length).repeat(3) +
        text.slice(index + edit.length)
      );
    default:
      return text.slice(0, index);
  }
}

/** One of the matches, chosen by its share of all, replaced. */
function replacedAt(text: string, pattern: RegExp, share: number, by: string): string {
  const matches = [...text.matchAll(pattern)];
  if (matches.length === 0) return text;
  const { 0: match, index } = matches[at(share, matches.length)];
  return text.slice(0, index) + by + text.slice(index + match.length);
}

/** Any JSON value, often a small one. */
export const anyJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, 0, -1, 0.5, 1e300, '', 'x', '../x', true, [], {}, [[]], [null], { x: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const jsonEdit = fc.record({
  kind: fc.constantFrom('set', 'remove', 'add', 'copy'),
  place,
  from: place,
  key: fc.constantFrom('x', '__proto__', 'constructor', '../x', '', 'length', '0'),
  value: anyJson,
});

/** A JSON document with values replaced by anything, removed, added, or copied to other places. */
export const damagedJson = (valid: unknown): fc.Arbitrary<unknown> =>
  fewEdits(jsonEdit).map((edits) => {
    const root = { document: structuredClone(valid) };
    for (const { kind, place: share, from, key, ...edit } of edits) {
      const value = structuredClone(edit.value);
      const places = placesIn(root);
      if (places.length === 0) break;
      const [container, name] = places[at(share, places.length)];
      const [source, sourceName] = places[at(from, places.length)];
      const old = Reflect.get(container, name);
      if (kind === 'set') define(container, name, value);
      else if (kind === 'copy') define(container, name, structuredClone(Reflect.get(source, sourceName)));
      else if (kind === 'remove') Reflect.deleteProperty(container, name);
      else if (Array.isArray(old)) old.push(value);
      else if (typeof old === 'object' && old !== null) define(old, key, value);
    }
    return root.document;
  });

/** The same as text. */
export const jsonText = (valid: unknown): fc.Arbitrary<string> =>
  damagedJson(valid).map((damaged) => JSON.stringify(damaged) ?? '');

/** As JSON.parse does: "__proto__" is a key like any other. */
const define = (container: object, name: string, value: unknown) =>
  Object.defineProperty(container, name, { value, enumerable: true, writable: true, configurable: true });

function placesIn(container: object): [object, string][] {
  return Object.entries(container).flatMap(([name, value]): [object, string][] => [
    [container, name],
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ]);
}

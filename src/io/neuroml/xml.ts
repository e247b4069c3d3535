import { escapeXml } from '../../model/xml_text.js';

/** The part of XML that NeuroML needs: elements with attributes, and their children or nothing. */

type Attributes = Readonly<Record<string, string | number>>;

const attributesOf = (attributes: Attributes): string =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');

/** An element without children. */
export function* leaf(name: string, attributes: Attributes = {}): Iterable<string> {
  yield `<${name}${attributesOf(attributes)}/>`;
}

/** An element around other elements, indented. */
export function* element(
  name: string,
  attributes: Attributes,
  ...children: readonly Iterable<string>[]
): Iterable<string> {
  yield `<${name}${attributesOf(attributes)}>`;
  for (const child of children) for (const line of child) yield `  ${line}`;
  yield `</${name}>`;
}

/** An element around a text. */
export function* textElement(name: string, text: string): Iterable<string> {
  yield `<${name}>${escapeXml(text)}</${name}>`;
}

/** All elements of a list. */
export function* each<T>(
  items: Iterable<T>,
  write: (item: T, index: number) => Iterable<string>,
): Iterable<string> {
  let index = 0;
  for (const item of items) yield* write(item, index++);
}

const SCHEMA = 'http://www.neuroml.org/schema/neuroml2';

/** The root of a NeuroML 2 document. */
export const neuroMl = (id: string, ...children: readonly Iterable<string>[]): Iterable<string> =>
  element(
    'neuroml',
    {
      xmlns: SCHEMA,
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation': `${SCHEMA} https://raw.github.com/NeuroML/NeuroML2/development/Schemas/NeuroML2/NeuroML_v2.3.xsd`,
      id,
    },
    ...children,
  );

/** Ids that NeuroML allows (letters, digits and `_`), all different. */
export function neuroMlIds(names: Iterable<string>): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of names) {
    const plain = name.replace(/[^A-Za-z0-9_]/g, '_');
    let id = plain;
    for (let k = 2; taken.has(id); k++) id = `${plain}_${k}`;
    taken.add(id);
    ids.set(name, id);
  }
  return ids;
}

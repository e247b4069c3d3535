import { describeDimension, dimensionOf, sameDimension } from '../../language/units.js';
import { CircuitError } from '../../text/circuit_error.js';
import { type LemsQuantity, parseQuantity } from './lems_quantity.js';
import type { XmlAttribute, XmlElement } from './xml_reader.js';

/** What readers of NeuroML ask of an element; all throw CircuitError with the place of what is wrong. */

export function refuse({ file, offset }: XmlElement, message: string): never {
  throw new CircuitError([file.issue(offset, message)]);
}

export const optional = (element: XmlElement, name: string): string | null =>
  element.attributes.get(name)?.value.trim() ?? null;

export function attributeOf(element: XmlElement, name: string): XmlAttribute {
  return element.attributes.get(name) ?? refuse(element, `<${element.name}> needs the attribute ${name}`);
}

export const required = (element: XmlElement, name: string): string =>
  attributeOf(element, name).value.trim();

/** A quantity with any unit. */
export function quantityOf(element: XmlElement, name: string): LemsQuantity {
  const { value, offset } = attributeOf(element, name);
  const quantity = parseQuantity(value);
  if (quantity) return quantity;
  throw new CircuitError([
    element.file.issue(offset, `expected a number with a unit of NeuroML; got ${JSON.stringify(value)}`),
  ]);
}

/** A quantity in a unit of the coherent system, such as mV. */
export function numberOf(element: XmlElement, name: string, unit: string): number {
  const { value, unit: own } = quantityOf(element, name);
  if (sameDimension(own.dimension, dimensionOf(unit))) return value;
  const { value: text, offset } = attributeOf(element, name);
  throw new CircuitError([
    element.file.issue(
      offset,
      `${name} is in ${describeDimension(dimensionOf(unit))}; got ${JSON.stringify(text)}`,
    ),
  ]);
}

export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name);

/** The only child of a name; null where there is none. */
export function childOf(element: XmlElement, name: string): XmlElement | null {
  const [first, second] = childrenOf(element, name);
  if (second) refuse(second, `<${element.name}> has a second <${name}>; expected one`);
  return first ?? null;
}

export const requiredChild = (element: XmlElement, name: string): XmlElement =>
  childOf(element, name) ?? refuse(element, `<${element.name}> needs a <${name}>`);

/** Descriptions for people and other programs. */
const REMARKS: ReadonlySet<string> = new Set(['notes', 'annotation', 'property']);

/** Refuses children that are neither expected nor remarks: what they mean would be lost. */
export function requireKnownChildren(element: XmlElement, expected: Iterable<string>): void {
  const known = new Set(expected);
  for (const child of element.children)
    if (!known.has(child.name) && !REMARKS.has(child.name))
      refuse(
        child,
        `<${child.name}> in <${element.name}> is not read; a cell or channel with it cannot be imported`,
      );
}

/** The notes of an element in one line, cut to what a description holds. */
export function aboutOf(element: XmlElement): string | undefined {
  const text = childrenOf(element, 'notes')
    .map((notes) => notes.text)
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return undefined;
  return text.length > LONGEST_ABOUT ? `${text.slice(0, LONGEST_ABOUT)}…` : text;
}

const LONGEST_ABOUT = 200;

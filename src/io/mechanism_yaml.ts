import { Document, isMap, isScalar, visit } from 'yaml';
import type { CellData } from '../mechanism/cell_schema.js';
import type { MechanismData } from '../mechanism/mechanism_schema.js';

/** Keys of a mechanism that are left out where they are empty. */
const MAY_BE_EMPTY: readonly string[] = ['parameters', 'let', 'states', 'reference'];
/** Characters up to which a map is written on one line. */
const LINE = 100;

/** The YAML of a mechanism file: formulas as text, short maps on one line. parseMechanismFile reads it back. */
export function mechanismYaml(
  mechanisms: Readonly<Record<string, MechanismData>>,
  cellTypes: Readonly<Record<string, CellData>> = {},
): string {
  const filled = (data: MechanismData) =>
    Object.fromEntries(
      Object.entries(data).filter(([key, value]) => !(MAY_BE_EMPTY.includes(key) && isEmpty(value))),
    );
  const entries = Object.entries(mechanisms).map(([name, data]) => [name, filled(data)]);
  const document = new Document({
    ...(entries.length > 0 && { mechanisms: Object.fromEntries(entries) }),
    ...(!isEmpty(cellTypes) && { cellTypes }),
  });
  visit(document, {
    Map(_, map) {
      const isShort = map.items.every(({ value }) => isScalar(value));
      const width = map.items.reduce((sum, { key, value }) => sum + `${key}: ${value}, `.length, 0);
      if (isShort && width <= LINE) map.flow = true;
    },
    // Names of states, but not reactions.
    Seq(_, list) {
      list.flow = list.items.every((item) => isScalar(item) && /^\w+$/.test(String(item.value)));
    },
  });
  for (const section of ['mechanisms', 'cellTypes']) {
    const all = document.get(section);
    if (isMap(all)) for (const { value } of all.items) if (isMap(value)) value.flow = false;
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

const isEmpty = (value: unknown): boolean => Object.keys(value as object).length === 0;

// Writes the reference of docs/circuits.md, one table for each part of a circuit file, from the JSON Schema of the built
// package. With --check it only reports whether the page is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceGenerated } from './generated_section.mjs';

const page = fileURLToPath(new URL('../docs/circuits.md', import.meta.url));

/** The tables as Markdown; `schema` is what circuitJsonSchema() gives. */
export function circuitReference(schema) {
  const sections = [];
  describeObject('', schema, sections);
  return sections.map(({ title, rows }) => `### ${title}\n\n${table(rows)}`).join('\n\n');
}

/** Adds the table of an object, then those of the objects in it. */
function describeObject(path, schema, sections) {
  const inner = [];
  const rows = Object.entries(schema.properties).map(([key, value]) => {
    const place = path === '' ? key : `${path}.${key}`;
    collectObjects(place, value, inner);
    return rowOf(key, value, schema.required?.includes(key) ?? false);
  });
  sections.push({ title: path === '' ? 'The file' : `\`${path}\``, rows });
  for (const [place, object] of inner) describeObject(place, object, sections);
}

/** Finds objects with keys of their own below a value: in lists, maps by name, and alternatives. */
function collectObjects(place, value, found) {
  if (isDistribution(value)) return;
  if (value.properties) {
    const { kind, shape } = value.properties;
    const choice = kind?.const ?? shape?.const;
    found.push([choice ? `${place} (${choice})` : place, value]);
  } else if (value.items && !Array.isArray(value.items)) collectObjects(`${place}[]`, value.items, found);
  else if (value.additionalProperties) collectObjects(`${place}.NAME`, value.additionalProperties, found);
  else
    for (const [i, alternative] of (value.anyOf ?? value.oneOf ?? []).entries()) {
      const isDerived = alternative.properties?.base !== undefined;
      if (isDerived && i > 0)
        collectObjects(
          `${place} (with base)`,
          { ...alternative, properties: { base: alternative.properties.base } },
          found,
        );
      else collectObjects(i > 0 ? otherForm(place, alternative) : place, alternative, found);
    }
}

/** The place of an alternative, named by its first key where no `kind` or `shape` tells it from the others. */
function otherForm(place, { properties = {} }) {
  const [first] = Object.keys(properties);
  return first === undefined || properties.kind || properties.shape ? place : `${place} (with ${first})`;
}

const UNIT = / \[([^\]]+)\]$/;

function rowOf(key, value, isRequired) {
  const description = descriptionOf(value);
  const unit = UNIT.exec(description)?.[1] ?? '';
  return {
    key: `\`${key}\``,
    value: kindOf(value),
    unit: unit === '1' ? '' : unit,
    range: rangeOf(value),
    default: isRequired
      ? '**required**'
      : value.default === undefined
        ? ''
        : `\`${JSON.stringify(value.default)}\``,
    meaning: description.replace(UNIT, ''),
  };
}

function descriptionOf(value) {
  if (isDistribution(value)) return distributionNumber(value).description;
  return value.description ?? '';
}

function kindOf(value) {
  if (isDistribution(value))
    return value.anyOf[0].const
      ? `\`"${value.anyOf[0].const}"\`, number or distribution`
      : 'number or distribution';
  if (value.const !== undefined) return `\`${value.const}\``;
  if (value.enum) return value.enum.map((choice) => `\`${choice}\``).join(', ');
  if (value.items) return Array.isArray(value.items) ? 'list' : `list of ${kindOf(value.items)}`;
  if (value.prefixItems) return `[${value.prefixItems.map(kindOf).join(', ')}]`;
  if (value.properties) return 'keys';
  if (value.additionalProperties) return `${kindOf(value.additionalProperties)} by name`;
  if (value.anyOf ?? value.oneOf) return [...new Set((value.anyOf ?? value.oneOf).map(kindOf))].join(' or ');
  if (value.pattern) return 'name';
  return { string: 'text', boolean: 'true or false', integer: 'whole number' }[value.type] ?? value.type;
}

function rangeOf(value) {
  const number = isDistribution(value) ? distributionNumber(value) : value;
  const parts = [];
  if (number.minimum !== undefined) parts.push(`≥ ${number.minimum}`);
  if (number.exclusiveMinimum !== undefined) parts.push(`> ${number.exclusiveMinimum}`);
  if (number.maximum !== undefined) parts.push(`≤ ${number.maximum}`);
  if (number.exclusiveMaximum !== undefined) parts.push(`< ${number.exclusiveMaximum}`);
  if (number.minItems !== undefined) parts.push(`at least ${number.minItems}`);
  if (number.maxItems !== undefined) parts.push(`at most ${number.maxItems}`);
  if (number.maxLength !== undefined) parts.push(`at most ${number.maxLength} characters`);
  return parts.join(', ');
}

/** A number that may also be a random distribution: a union of a number and objects with the key "distribution". */
function isDistribution(value) {
  return (value.anyOf ?? []).some(
    (part) =>
      isDistribution(part) ||
      (part.oneOf ?? []).some((distribution) => distribution.properties?.distribution !== undefined),
  );
}

function distributionNumber(value) {
  return value.anyOf
    .map((part) => (part.type === 'number' ? part : isDistribution(part) ? distributionNumber(part) : null))
    .find(Boolean);
}

function table(rows) {
  const columns = ['key', 'value', 'unit', 'range', 'default', 'meaning'];
  const line = (cells) => `| ${cells.join(' | ')} |`.replaceAll('|  |', '| |');
  return [
    line(columns),
    `|${'---|'.repeat(columns.length)}`,
    ...rows.map((row) => line(columns.map((c) => row[c]))),
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { circuitJsonSchema } = await import('../dist/index.js');
  const current = readFileSync(page, 'utf8');
  const updated = replaceGenerated(current, circuitReference(circuitJsonSchema()));
  if (process.argv.includes('--check')) {
    if (updated !== current) {
      console.error('docs/circuits.md does not match the schema: run node tools/circuit_reference.mjs');
      process.exitCode = 1;
    }
  } else writeFileSync(page, updated);
}

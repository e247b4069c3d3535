// Writes docs/api.md's reference: what src/index.ts, src/node.ts and src/scene/index.ts export, with the declarations and docstrings of the
// sources. With --check it only reports whether the page is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { replaceGenerated } from './generated_section.mjs';

const root = new URL('..', import.meta.url);
const page = fileURLToPath(new URL('docs/api.md', root));
const textOf = (path) => readFileSync(new URL(path, root), 'utf8');

/** The reference as Markdown. Throws where an export has no declaration that can be found. */
export function apiReference() {
  const parts = [
    ['src/index.ts', 'neural-circuit-engine', 'in the browser and in Node'],
    ['src/node.ts', 'neural-circuit-engine/node', 'in Node, all of the above and'],
    ['src/scene/index.ts', 'neural-circuit-engine/scene', 'the network in 3D, with three.js'],
  ];
  return parts.map(([path, name, where]) => `## \`${name}\`: ${where}\n\n${exportsOf(path)}`).join('\n\n');
}

function exportsOf(entry) {
  const functions = [];
  const others = [];
  for (const [, names, source] of textOf(entry).matchAll(/export (?:type )?\{([^}]*)\} from '(\..*)\.js'/g))
    for (const name of names.split(',').map((item) => item.trim().replace(/^type /, '')))
      if (name !== '') {
        const declaration = declarationOf(name, sibling(entry, source));
        (declaration.kind === 'function' ? functions : others).push(declaration);
      }
  const lists = [functions.map(functionText).join('\n\n'), tableOf(others)];
  return lists.filter((text) => text !== '').join('\n\n');
}

/** Path of the module that another imports as `./name` or `../name`. */
const sibling = (path, name) => new URL(`${name}.ts`, new URL(path, 'file:///')).pathname.slice(1);

/** Kind, docstring and signature of an exported name; follows re-exports. */
function declarationOf(name, path) {
  const source = textOf(path);
  const start = new RegExp(
    `^export (?:abstract )?(async function|function|const|class|interface|type) ${name}\\b`,
    'm',
  ).exec(source);
  if (!start) {
    const forwarded = [...source.matchAll(/export (?:type )?\{([^}]*)\}(?: from '(.*)\.js')?/g)].find(
      ([, names]) => new RegExp(`\\b${name}\\b`).test(names),
    );
    const origin =
      forwarded?.[2] ?? new RegExp(`import [^;]*\\b${name}\\b[^;]* from '(.*)\\.js'`).exec(source)?.[1];
    if (!forwarded || !origin) throw new Error(`${path} does not declare ${name}`);
    return declarationOf(name, sibling(path, origin));
  }
  const declaration = source.slice(start.index);
  const isArrow = start[1] === 'const' && /^export const \w+ = (?:async )?\(/.test(declaration);
  const isFunction = isArrow || start[1].endsWith('function');
  return {
    name,
    path,
    kind: isFunction ? 'function' : start[1],
    doc: docBefore(source, start.index),
    signature: isFunction ? signatureOf(declaration) : '',
  };
}

/** The docstring that ends right before `index`, as one paragraph each. */
function docBefore(source, index) {
  const before = source.slice(0, index).trimEnd();
  if (!before.endsWith('*/')) return '';
  const comment = before.slice(before.lastIndexOf('/**') + 3, -2);
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim()
    .replaceAll(/\{@link ([^}\s]+)\}/g, '`$1`');
}

/** Up to the body: the first line end outside of parentheses that opens a block, or the arrow. */
function signatureOf(declaration) {
  let depth = 0;
  for (let i = 0; i < declaration.length; i++) {
    const character = declaration[i];
    if ('([<'.includes(character)) depth++;
    else if (character === '>' && declaration[i - 1] === '=') {
      if (depth === 0) return tidy(declaration.slice(0, i - 1));
    } else if (')]>'.includes(character)) depth--;
    else if (depth === 0 && character === '{' && declaration[i + 1] === '\n')
      return tidy(declaration.slice(0, i));
  }
  throw new Error(`no body follows ${declaration.slice(0, 80)}`);
}

const tidy = (signature) =>
  signature.replace(/^export (?:const (\w+) = )?/, (_, name) => (name ? `function ${name}` : '')).trim();

const functionText = ({ name, signature, doc, path }) =>
  `### ${name}\n\n\`\`\`ts\n${signature}\n\`\`\`\n\n${doc === '' ? '' : `${doc}\n\n`}[${path}](../${path})`;

function tableOf(declarations) {
  if (declarations.length === 0) return '';
  const rows = declarations.map(({ name, kind, doc, path }) => {
    const text = doc.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
    return `| [\`${name}\`](../${path}) | ${kind === 'const' ? 'constant' : kind} | ${text} |`;
  });
  return ['### Types, classes and constants', '', '| name | kind | |', '|---|---|---|', ...rows].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const current = readFileSync(page, 'utf8');
  const updated = replaceGenerated(current, apiReference());
  if (process.argv.includes('--check')) {
    if (updated !== current) {
      console.error('docs/api.md does not match the sources: run node tools/api_reference.mjs');
      process.exitCode = 1;
    }
  } else writeFileSync(page, updated);
}

/** How the source is built up: no import circles, folders in layers, and a public API that a browser can load. */
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Import, importsOf } from './runner/imports.js';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Each folder of src imports itself and folders before it. Analysis imports no other folder at all. */
const LAYERS = [
  'text',
  'language',
  'mechanism',
  'model',
  'network',
  'engine',
  'analysis',
  'recording',
  'report',
  'scene',
  'io',
  'run',
  'sweep',
  'bench',
  'cli',
];

/** Each room of engine/webgpu imports itself and rooms before it; the files beside the rooms import all but `node`. */
const ROOMS = ['device', 'kernels', 'software', 'buffers', 'batches', 'dispatch', '', 'node'];

type Graph = ReadonlyMap<string, readonly Import[]>;

function sourceGraph(): Graph {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ts$/.test(name));
  return new Map(
    files.map((file) => [
      file.replaceAll(sep, '/'),
      importsOf(file, readFileSync(join(SRC, file), 'utf8')).map(({ target, isTypeOnly }) => ({
        target: target.replaceAll(sep, '/'),
        isTypeOnly,
      })),
    ]),
  );
}

/** One circle for each import that closes one, as the files along it; a depth-first walk finds all that there are. */
function circles(graph: Graph): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string) => {
    const start = path.indexOf(file);
    if (start >= 0) {
      found.push([...path.slice(start), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const { target } of graph.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return found;
}

/** Imports that go up: from a place of `order` to a later one. */
function upwardImports(graph: Graph, order: readonly string[], placeOf: (file: string) => string | null) {
  const wrong: string[] = [];
  for (const [file, imports] of graph)
    for (const { target } of imports) {
      const [from, to] = [placeOf(file), placeOf(target)];
      if (from === null || to === null || !graph.has(target)) continue;
      if (order.indexOf(from) < order.indexOf(to)) wrong.push(`${file} imports ${target}`);
    }
  return wrong;
}

/** The files that loading `entry` loads, in the order in which they are found, and the packages with who imports them. */
function loadedFrom(graph: Graph, entry: string): { files: Set<string>; packages: Map<string, string> } {
  const files = new Set([entry]);
  const packages = new Map<string, string>();
  for (const file of files)
    for (const { target, isTypeOnly } of graph.get(file) ?? []) {
      if (isTypeOnly) continue;
      if (graph.has(target)) files.add(target);
      else packages.set(target, file);
    }
  return { files, packages };
}

const layerOf = (file: string) => (file.includes('/') ? file.split('/')[0] : null);
const roomOf = (file: string) => {
  const parts = /^engine\/webgpu\/(?:([^/]+)\/)?[^/]+$/.exec(file);
  return parts ? (parts[1] ?? '') : null;
};

const graph = sourceGraph();

describe('the source', () => {
  it('has no file whose imports lead back to it, also where only types are imported', () => {
    expect(circles(graph)).toEqual([]);
  });

  it('imports only files that exist', () => {
    const missing = [...graph].flatMap(([file, imports]) =>
      imports
        .filter(({ target }) => target.endsWith('.ts') && !graph.has(target) && !target.endsWith('.d.ts'))
        .map(({ target }) => `${file} imports ${target}`),
    );
    expect(missing).toEqual([]);
  });

  it('is in layers that import one way', () => {
    const folders = new Set([...graph.keys()].map(layerOf).filter((layer) => layer !== null));
    expect([...folders].sort()).toEqual([...LAYERS].sort());
    expect(upwardImports(graph, LAYERS, layerOf)).toEqual([]);
  });

  it('keeps the analysis free of everything else, and file formats free of pictures', () => {
    const leaving = (layer: string, allowed: (to: string) => boolean) =>
      [...graph].flatMap(([file, imports]) =>
        layerOf(file) !== layer
          ? []
          : imports
              .filter(({ target }) => graph.has(target) && !allowed(layerOf(target) ?? ''))
              .map(({ target }) => `${file} imports ${target}`),
      );
    expect(leaving('analysis', (to) => to === 'analysis')).toEqual([]);
    expect(leaving('io', (to) => to !== 'report' && to !== 'scene')).toEqual([]);
  });

  it('has rooms in engine/webgpu that import one way', () => {
    const rooms = new Set([...graph.keys()].map(roomOf).filter((room) => room !== null));
    expect([...rooms].sort()).toEqual([...ROOMS].sort());
    expect(upwardImports(graph, ROOMS, roomOf)).toEqual([]);
  });

  it('asks in one file what kind an adapter is, behind one door', () => {
    const asking = [...graph.keys()].filter((file) =>
      /[.?]isSoftware\b/.test(readFileSync(join(SRC, file), 'utf8')),
    );
    expect(asking).toEqual(['engine/webgpu/software/adapter_traits.ts']);
    const entered = [...graph].flatMap(([file, imports]) =>
      roomOf(file) === 'software'
        ? []
        : imports.filter(({ target }) => roomOf(target) === 'software').map(({ target }) => target),
    );
    expect([...new Set(entered)]).toEqual(['engine/webgpu/software/adapter_traits.ts']);
  });

  it.each(['index.ts', 'scene/index.ts', 'io/import_file.ts', 'io/neuroml/write_cell.ts'])(
    'needs nothing of Node for %s',
    (entry) => {
      const { files, packages } = loadedFrom(graph, entry);
      expect(files.size).toBeGreaterThan(10);
      const ofNode = [...packages].filter(
        ([name]) => isBuiltin(name) || ['webgpu', 'h5wasm/node'].includes(name),
      );
      expect(ofNode).toEqual([]);
      expect([...files].filter((file) => file.startsWith('engine/webgpu/node/'))).toEqual([]);
    },
  );
});

describe('the checks themselves', () => {
  const small = (files: Record<string, string>): Graph =>
    new Map(Object.entries(files).map(([file, text]) => [file, importsOf(file, text)]));

  it('name a circle, also one of types', () => {
    const circle = small({
      'a.ts': "import { b } from './b.js';",
      'b.ts': "import {\n  type c,\n} from './c.js';",
      'c.ts': "export * from './a.js';",
      'd.ts': "import type { a } from './a.js';",
    });
    expect(circles(circle)).toEqual(['a.ts -> b.ts -> c.ts -> a.ts']);
  });

  it('distinguish types from values, and find imports at run time', () => {
    const text =
      "import type A from './a.js';\nimport { type B, c } from './b.js';\nimport { type D } from './d.js';\n";
    expect(importsOf('x/y.ts', `${text}const e = await import('./e.js');`)).toEqual([
      { target: 'x/a.ts', isTypeOnly: true },
      { target: 'x/b.ts', isTypeOnly: false },
      { target: 'x/d.ts', isTypeOnly: true },
      { target: 'x/e.ts', isTypeOnly: false },
    ]);
  });

  it('notice an import that goes up, and Node behind several files', () => {
    const up = small({
      'model/a.ts': "import { b } from '../network/b.js';",
      'network/b.ts': "import { readFile } from 'node:fs/promises';",
    });
    expect(upwardImports(up, LAYERS, layerOf)).toEqual(['model/a.ts imports network/b.ts']);
    expect([...loadedFrom(up, 'model/a.ts').packages.keys()]).toEqual(['node:fs/promises']);
  });
});

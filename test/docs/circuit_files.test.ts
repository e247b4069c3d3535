import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { circuitJsonSchema, resolveCircuit } from '../../src/model/circuit_file.js';
import { PRESETS } from '../../src/model/presets.js';
import { planSweep } from '../../src/sweep/plan.js';
import { readSweepFile } from '../../src/sweep/sweep_file.js';

const repository = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(new URL(path, repository), 'utf8');
const examples = readdirSync(new URL('examples', repository)).map((file) => `examples/${file}`);
const sweeps = examples.filter((path) => /^sampling:/m.test(textOf(path)));
const circuits = examples.filter((path) => !sweeps.includes(path));

interface ReferenceTool {
  circuitReference(schema: object): string;
}

test('the reference in docs/circuits.md is that of the schema', async () => {
  const tool: ReferenceTool = await import(new URL('tools/circuit_reference.mjs', repository).href);
  const reference = tool.circuitReference(circuitJsonSchema());
  expect(reference).toContain('| `C_uF_cm2` | number | uF/cm2 | > 0, ≤ 100 | **required** |');
  expect(textOf('docs/circuits.md')).toContain(`\n\n${reference}\n\n`);
});

describe('examples', () => {
  test('there are circuits and a sweep', () => {
    expect(circuits.length).toBeGreaterThanOrEqual(2);
    expect(sweeps.length).toBeGreaterThanOrEqual(1);
  });

  test.each(circuits)('%s is valid', (path) => {
    expect(resolveCircuit(textOf(path), { source: path }).name).toBe(/([^/]+)\.yaml$/.exec(path)?.[1]);
  });

  test.each(sweeps)('%s plans', async (path) => {
    const sweep = await readSweepFile(fileURLToPath(new URL(path, repository)));
    const { circuit } = sweep.sweep;
    const input = PRESETS[circuit] ?? textOf(`examples/${circuit}`);
    expect(planSweep(sweep, resolveCircuit(input)).points.length).toBeGreaterThan(1);
  });
});

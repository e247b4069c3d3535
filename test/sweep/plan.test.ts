import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { configurationOf, planSweep } from '../../src/sweep/plan.js';
import { readPlan } from '../../src/sweep/plan_file.js';
import { parseSweep } from '../../src/sweep/sweep_file.js';
import { runCli } from '../cli/run_cli.js';
import { DRIVE_AND_INHIBITION, sweepFolder, TINY_CIRCUIT } from './tiny_sweep.js';

const circuit = () => resolveCircuit(TINY_CIRCUIT, { source: 'tiny.yaml' });
const plan = (sweep: string) => planSweep(parseSweep(sweep, 'sweep.yaml'), circuit());
const grid = (parameters: string, rest = '') =>
  `name: s\ncircuit: tiny.yaml\nsampling:\n  kind: grid\n  parameters:\n${parameters}\n${rest}`;

describe('plans', () => {
  test('points are the grid times the seeds, each with what it sets', () => {
    const { points, parameters } = plan(`${DRIVE_AND_INHIBITION}seeds: 1..4\n`);
    expect(parameters).toEqual(['drive', 'inhibition']);
    expect(points).toHaveLength(36);
    expect(points.map(({ index }) => index)).toEqual(points.map((_, i) => i));
    expect(points[5]).toMatchObject({
      values: { drive: 400, inhibition: 1 },
      seed: 2,
      set: { 'stimuli.0.rate_hz': 400, 'projections.1.weight_nS': 2, 'simulation.seed': 2 },
    });
    expect(new Set(points.map(({ hash }) => hash)).size).toBe(36);
  });

  test('the same sweep gives the same plan; another circuit, seed or analysis gives other addresses', () => {
    const first = plan(DRIVE_AND_INHIBITION);
    expect(plan(DRIVE_AND_INHIBITION)).toEqual(first);
    for (const other of [
      `${DRIVE_AND_INHIBITION}seeds: [9]\n`,
      DRIVE_AND_INHIBITION.replace('segment_ms: 40', 'segment_ms: 20'),
    ])
      expect(plan(other).points[0].hash).not.toBe(first.points[0].hash);
  });

  test('points with the same configuration share an address', () => {
    const { points } = plan(grid('    n: { path: populations.PV.neurons, values: [4, 5, 4] }'));
    expect(points[0].hash).toBe(points[2].hash);
    expect(points[0].hash).not.toBe(points[1].hash);
  });

  test('factors multiply the values of the circuit, at several paths and with a fixed base', () => {
    const paths = '[projections.0.weight_nS.mean, projections.1.weight_nS, stimuli.0.rate_hz]';
    const { points } = plan(grid(`    g: { path: ${paths}, factors: [0.5, 3] }`));
    expect(points[1].set).toEqual({
      'projections.0.weight_nS.mean': 6,
      'projections.1.weight_nS': 6,
      'stimuli.0.rate_hz': 2700,
    });
    const { circuit: made } = configurationOf(
      plan(grid(`    g: { path: ${paths}, factors: [3] }`)),
      points[1],
    );
    expect(made.projections[0].weight_nS).toEqual({ distribution: 'lognormal', mean: 6, sigma: 0.5 });
  });

  test('a plan file that was edited is refused', async () => {
    const { folder, file } = await sweepFolder();
    const out = join(folder, 'plan.json');
    const { code, err, out: said } = await runCli(['sweep', 'plan', file, '--out', out]);
    expect([code, err]).toEqual([0, '']);
    expect(said).toContain('9 points over drive, inhibition');
    const read = await readPlan(out);
    expect(read).toEqual(plan(DRIVE_AND_INHIBITION));
    const edited = (await readFile(out, 'utf8')).replace(
      '"stimuli.0.rate_hz": 400',
      '"stimuli.0.rate_hz": 401',
    );
    await writeFile(out, edited);
    const ran = await runCli(['sweep', 'run', out, '--device', 'cpu', '--out', join(folder, 'results')]);
    expect([ran.code, ran.err]).toEqual([
      2,
      expect.stringContaining('point 0 of the plan no longer gives the planned configuration'),
    ]);
    await writeFile(out, '{"schema": "nce-sweep-plan/1"}');
    expect((await runCli(['sweep', 'run', out])).err).toContain('is not the plan of a sweep: name');
  });
});

describe('errors name file, line and column', () => {
  test.each<[string, string, string]>([
    ['a misspelt key', grid('    a: { paht: simulation.dt_ms, values: [0.1] }'), 'sweep.yaml:6:10'],
    [
      'an unknown kind',
      grid('    a: { path: x, values: [1] }').replace('grid', 'grids'),
      'did you mean "grid"',
    ],
    [
      'values and factors',
      grid('    a: { path: x, values: [1], factors: [2] }'),
      'either "values" or "factors"',
    ],
    ['no number to multiply', grid('    a: { path: populations.E.cell, factors: [2] }'), 'is "pyramidal-rs"'],
    [
      'a negative logarithm',
      grid('    a: { path: x, values: { from: -1, to: 1, count: 3, scale: log } }'),
      'above 0',
    ],
    ['a table column', grid('    seed: { path: simulation.seed, values: [1] }'), 'a column of the table'],
    [
      'wrong seeds',
      grid('    a: { path: simulation.dt_ms, values: [0.05] }', 'seeds: 4..1'),
      'sweep.yaml:7:8',
    ],
    [
      'an impossible value',
      grid('    a: { path: populations.E.neurons, values: [8, -3] }'),
      'sweep.yaml:6:5 a = -3',
    ],
    ['an unknown path', grid('    a: { path: populations.E.nurons, values: [8] }'), 'did you mean "neurons"'],
    [
      'too many points',
      grid('    a: { path: x, values: { from: 0, to: 1, count: 100000 } }', 'seeds: 1..3'),
      'at most 200000',
    ],
    [
      'all transient',
      grid('    a: { path: simulation.duration_ms, values: [10] }'),
      'at the point a = 10:\nsimulation.transient_ms',
    ],
    ['no sweep at all', '- 1', 'expected a sweep'],
    ['broken YAML', 'name: [', 'sweep.yaml:1:'],
  ])('%s', (_, text, message) => {
    expect(() => plan(text)).toThrow(message);
  });

  test('the command line ends with 2 and the lines', async () => {
    const { folder, file } = await sweepFolder(DRIVE_AND_INHIBITION.replace('kind: grid', 'kind: gird'));
    const { code, err } = await runCli(['sweep', 'plan', file, '--out', join(folder, 'plan.json')]);
    expect(code).toBe(2);
    expect(err).toMatch(/sweep\.yaml:4:9 sampling\.kind: expected grid, list, random, latin-hypercube/);
  });
});

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { InputError } from '../../../src/io/input_error.js';
import { resolveCircuit } from '../../../src/model/circuit_file.js';
import { phaseDiagram } from '../../../src/sweep/phase_diagram.js';
import { configurationOf, planSweep } from '../../../src/sweep/plan.js';
import { readPlan } from '../../../src/sweep/plan_file.js';
import { sweepStatus } from '../../../src/sweep/status.js';
import { parseSweep } from '../../../src/sweep/sweep_file.js';
import { SweepFolder } from '../../../src/sweep/sweep_folder.js';
import { sweepTable } from '../../../src/sweep/table.js';
import { DRIVE_AND_INHIBITION, TINY_CIRCUIT } from '../../sweep/tiny_sweep.js';
import { damagedText, jsonText } from '../mutation.js';
import type { FuzzedReader } from '../reader.js';

const HYPERCUBE = `name: many
circuit: tiny.yaml
set: { simulation.duration_ms: 60 }
sampling:
  kind: latin-hypercube
  points: 5
  seed: 3
  parameters:
    drive: { path: [stimuli.0.rate_hz], values: { from: 400, to: 1600, scale: log } }
    cells: { path: populations.E.neurons, values: { from: 10, to: 20, integer: true } }
seeds: 1..3,9
`;
const circuit = resolveCircuit(TINY_CIRCUIT);
const refusals = [InputError];
const limitSeconds = 20;

/** Sweep files, plans, and the results in a sweep's folder. */
export function sweepReaders(folder: string): FuzzedReader[] {
  const plan = planSweep(parseSweep(DRIVE_AND_INHIBITION, 'sweep.yaml'), circuit);
  const path = join(folder, 'damaged-plan.json');
  const sweep = join(folder, 'sweep');
  for (const part of ['results', 'failures']) mkdirSync(join(sweep, part), { recursive: true });
  writeFileSync(join(sweep, 'plan.json'), JSON.stringify(plan));
  const place = (part: string) => join(sweep, part, `${plan.points[0].hash}.json`);
  const documents = (part: string, valid: object) =>
    fc.oneof(jsonText(valid), damagedText(JSON.stringify(valid))).map((text) => [part, text] as const);
  return [
    {
      name: 'sweep.yaml',
      input: damagedText(DRIVE_AND_INHIBITION, HYPERCUBE),
      read: (text: string) => {
        const read = parseSweep(text, 'sweep.yaml');
        // A plan of 200,000 points is valid, and takes its time.
        const { sampling, seeds } = read.sweep;
        const isSmall = !/count|points/.test(
          JSON.stringify(sampling).replace(/"(count|points)":\d{1,2}\b/g, ''),
        );
        if (isSmall && (seeds?.length ?? 0) < 100) planSweep(read, circuit);
      },
      refusals,
      limitSeconds,
    } satisfies FuzzedReader<string>,
    {
      name: 'plan.json',
      input: fc.oneof(jsonText(plan), damagedText(JSON.stringify(plan))),
      read: async (text: string) => {
        writeFileSync(path, text);
        const read = await readPlan(path);
        configurationOf(read, read.points[0]);
      },
      refusals,
      limitSeconds,
    } satisfies FuzzedReader<string>,
    {
      name: 'results of a sweep',
      input: fc.oneof(documents('results', RESULT), documents('failures', FAILURE)),
      read: async ([part, text]: readonly [string, string]) => {
        for (const other of ['results', 'failures']) rmSync(place(other), { force: true });
        writeFileSync(place(part), text);
        const opened = await SweepFolder.open(sweep);
        await sweepStatus(opened);
        await sweepTable(opened);
        await phaseDiagram(opened);
      },
      refusals,
      limitSeconds,
    } satisfies FuzzedReader<readonly [string, string]>,
  ];
}

const RESULT = {
  schema: 'nce-sweep-result/1',
  hash: '',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: '2026-01-01T00:00:01.000Z',
  versions: { nce: '0.1.0', node: '20.19.0', webgpu: '0.6.2', platform: 'linux-x64' },
  engine: 'float64 reference',
  spikes: 12,
  results: {
    schema: 'nce-results/1',
    window: { startMs: 0, stopMs: 50 },
    firing: { meanRateHz: 3 },
    oscillation: { peakHz: 40, peakBand: 'gamma' },
    balance: { eiRatio: null },
  },
};
const FAILURE = {
  schema: 'nce-sweep-failure/1',
  hash: '',
  failedAt: '2026-01-01T00:00:00.000Z',
  message: 'the network blew up',
  isPermanent: true,
};

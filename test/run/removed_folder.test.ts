import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { UnfinishedRun } from '../../src/io/run_folder/unfinished_run.js';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { resumeRun } from '../../src/run/checkpointed_run.js';
import { runIntoFolder } from '../../src/run/folder_run.js';
import { prepare } from '../../src/run/simulate.js';
import { temporaryFolder } from '../temporary_folder.js';
import { hiddenFolder, outputsOf, SMALL_CIRCUIT } from './small_circuit.js';

/** Folders that are removed, or made, by someone else while a run is under way. */

const DURATION_MS = 100;
const CIRCUIT = resolveCircuit(
  SMALL_CIRCUIT.replace(
    'duration_ms: 1200, transient_ms: 100',
    `duration_ms: ${DURATION_MS}, transient_ms: 20`,
  ),
);

/** Runs into `out` and calls `interfere` once, while the simulation is under way. */
async function runInto(out: string, checkpointEveryMs: number | null, interfere: () => void) {
  const prepared = await prepare(CIRCUIT, 'cpu');
  let isDone = false;
  try {
    const unfinished = await UnfinishedRun.create(out, { force: false });
    const options = { csv: false, segmentMs: 40, force: false, checkpointEveryMs };
    return await runIntoFolder(prepared, unfinished, options, {
      onProgress: () => {
        if (!isDone) interfere();
        isDone = true;
      },
    });
  } finally {
    prepared.close();
    expect(isDone).toBe(true);
  }
}

const place = async () => join(await temporaryFolder(), 'results', 'run');

test('the hidden folder of a run without checkpoints is removed: the run is finished all the same', async () => {
  const [out, whole] = [await place(), await place()];
  await runInto(out, null, () => rmSync(hiddenFolder(out), { recursive: true }));
  await runInto(whole, null, () => {});
  expect(await outputsOf(out)).toEqual(await outputsOf(whole));
  expect(readdirSync(dirname(out))).toEqual(['run']);
});

test('the folders of a run with checkpoints are removed: it ends with what cannot be written', async () => {
  const out = await place();
  const run = runInto(out, DURATION_MS / 4, () => rmSync(dirname(out), { recursive: true }));
  await expect(run).rejects.toThrow(/^cannot write [^\n]+: there is no such file or folder$/);
  expect(existsSync(out)).toBe(false);
});

test('the place of the results is taken meanwhile: nothing there is touched, and the run can be resumed', async () => {
  const [out, whole] = [await place(), await place()];
  const taken = join(out, 'thesis.tex');
  const run = runInto(out, null, () => {
    mkdirSync(out);
    writeFileSync(taken, 'ten years of work');
  });
  await expect(run).rejects.toThrow(/the output folder .* exists; .*\n.*nce run --resume/);
  expect(readFileSync(taken, 'utf8')).toBe('ten years of work');
  rmSync(out, { recursive: true });
  await resumeRun(out);
  await runInto(whole, null, () => {});
  expect(await outputsOf(out)).toEqual(await outputsOf(whole));
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readRun } from '../../src/io/run_folder/recording_files.js';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { saveRun } from '../../src/run/save_run.js';
import { simulate } from '../../src/run/simulate.js';
import { temporaryFolder } from '../temporary_folder.js';

const simulation = await simulate(
  resolveCircuit({
    name: 'cell',
    simulation: { duration_ms: 100, transient_ms: 0 },
    populations: { A: { cell: 'hodgkin-huxley-1952', neurons: 1 } },
    stimuli: [{ kind: 'constant-current', to: 'A', amplitude_uA_cm2: 10 }],
  }),
  { device: 'cpu' },
);

test('the recording is kept if its analysis fails, and the manifest says why', async () => {
  const folder = join(await temporaryFolder(), 'run');
  const { manifest, analysis, analysisFailure } = await saveRun(folder, simulation, { segmentMs: -1 });
  expect(analysis).toBeNull();
  expect(analysisFailure?.message).toContain('segmentMs is -1');
  expect(manifest).toMatchObject({ status: 'complete', analysisFailure: analysisFailure?.message });
  expect((await readRun(folder)).recording.spikes).toEqual(simulation.recording.spikes);
});

test('nothing remains if a run cannot be written', async () => {
  const folder = await temporaryFolder();
  const unfinished = { ...simulation, recording: { ...simulation.recording, populations: null as never } };
  await expect(saveRun(join(folder, 'run'), unfinished)).rejects.toThrow();
  expect(await readdir(folder)).toEqual([]);
});

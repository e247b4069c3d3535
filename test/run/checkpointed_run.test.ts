import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunUnfinished, resolveCircuit, resumeRun, runWithCheckpoints } from '../../src/node.js';
import { temporaryFolder } from '../temporary_folder.js';
import { outputsOf, SMALL_CIRCUIT } from './small_circuit.js';

test('a run of the library is stopped, resumed and equals the uninterrupted one', async () => {
  const folder = await temporaryFolder();
  const circuit = resolveCircuit(SMALL_CIRCUIT);
  const [whole, out] = [join(folder, 'whole'), join(folder, 'run')];
  const { manifest } = await runWithCheckpoints(circuit, whole, { device: 'cpu' });
  expect(manifest).toMatchObject({ status: 'complete', simulatedMs: 1200, restarts: [] });
  const stop = new AbortController();
  const stopped = runWithCheckpoints(circuit, out, {
    device: 'cpu',
    checkpointEveryMs: 100,
    signal: stop.signal,
    onProgress: (simulatedMs) => simulatedMs >= 300 && stop.abort(),
  });
  await expect(stopped).rejects.toThrow(RunUnfinished);
  await expect(runWithCheckpoints(circuit, out, { device: 'cpu' })).rejects.toThrow(
    /unfinished run .* exists/,
  );
  const resumed = await resumeRun(out);
  expect(resumed.manifest.restarts).toMatchObject([{ reason: 'resumed from a checkpoint' }]);
  expect(await outputsOf(out)).toEqual(await outputsOf(whole));
  expect((await readdir(folder)).sort()).toEqual(['run', 'whole']);
  await expect(resumeRun(out)).rejects.toThrow(/is finished: there is nothing to resume/);
});

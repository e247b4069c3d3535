import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RecordingLog } from '../../../src/io/run_folder/recording_log.js';
import { temporaryFolder } from '../../temporary_folder.js';

test('a block that claims more values than the log has is refused before memory is taken for them', async () => {
  const path = join(await temporaryFolder(), 'recordings.bin');
  const bytes = Buffer.from(Uint32Array.of(10, 0, 1, 2 ** 32 - 1, 0, 0, 0, 0, 7).buffer);
  await writeFile(path, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const log = await RecordingLog.reopen(path, { bytes: bytes.length, sha256 });
  expect(() => [...log]).toThrow(/recordings\.bin is damaged: a block claims 4294967295 more values/);
  log.close();
});

import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** Writes a document, a piece at a time. */
export async function writeXml(path: string, root: Iterable<string>): Promise<void> {
  function* pieces(): Iterable<string> {
    const linesAtOnce = 1000;
    let piece = '<?xml version="1.0" encoding="UTF-8"?>\n';
    let lines = 0;
    for (const line of root) {
      piece += `${line}\n`;
      if (++lines % linesAtOnce !== 0) continue;
      yield piece;
      piece = '';
    }
    yield piece;
  }
  await pipeline(pieces(), createWriteStream(path));
}

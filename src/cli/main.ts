#!/usr/bin/env node
import { Hangup } from '../run/folder_run.js';
import { main } from './program.js';

const interrupt = new AbortController();
for (const request of ['SIGINT', 'SIGTERM'])
  process.on(request, () => {
    // The first ends the run with the results so far; the second does not wait.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
// A closed terminal asks once, and again for each process that it ends.
process.on('SIGHUP', () => interrupt.abort(new Hangup()));
// Whoever read notes or data may have gone (nce fi ... | head, a closed terminal): what is being computed is still kept.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY ?? false,
  signal: interrupt.signal,
});

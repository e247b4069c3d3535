#!/usr/bin/env node
import { main } from './program.js';

const interrupt = new AbortController();
for (const request of ['SIGINT', 'SIGTERM'])
  process.on(request, () => {
    // The first asks to end with what was computed so far, the second does not wait.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
// The reader of a pipe may have had enough (nce fi ... | head).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY ?? false,
  signal: interrupt.signal,
});

import { main } from '../../src/cli/program.js';

export interface CliOutcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process. */
export async function runCli(
  argv: readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<CliOutcome> {
  let out = '';
  let err = '';
  const code = await main(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isTerminal: false,
    signal,
  });
  return { code, out, err };
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltCli, Outcome } from './built_cli.js';
import { hiddenFolder } from './small_circuit.js';

export interface KillPlan {
  readonly cli: BuiltCli;
  /** Arguments that start the run, with checkpoints. */
  readonly start: readonly string[];
  /** Its folder. */
  readonly out: string;
  readonly kills: number;
  /** A process lives at most so long before it is killed, ms of wall-clock time. */
  readonly longestMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/**
 * Starts a run, kills its process after a random time, resumes it, and so on, until it is finished or `kills` processes
 * were killed and the last is left alone. Resolves with the number of kills. Throws where a process ends in another way.
 */
export async function runThroughKills(plan: KillPlan): Promise<number> {
  const { cli, start, out, kills, random } = plan;
  const hasCheckpoint = () => existsSync(join(hiddenFolder(out), 'checkpoint.bin'));
  const isFinished = () => existsSync(join(out, 'manifest.json'));
  let killed = 0;
  while (!isFinished()) {
    const argv = hasCheckpoint() ? ['run', '--resume', out, '--quiet'] : start;
    const { process: child, outcome } = cli.start(argv);
    const isLast = killed === kills;
    const timer = isLast ? null : setTimeout(() => child.kill('SIGKILL'), random() * plan.longestMs);
    const ended = await outcome;
    if (timer) clearTimeout(timer);
    if (ended.signal === 'SIGKILL') killed++;
    else if (ended.code !== 0) throw new Error(describe(argv, ended));
  }
  return killed;
}

const describe = (argv: readonly string[], { code, signal, err }: Outcome): string =>
  `nce ${argv.join(' ')} ended with ${signal ?? code}: ${err}`;

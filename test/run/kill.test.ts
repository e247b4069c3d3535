import { existsSync } from 'node:fs';
import seedrandom from 'seedrandom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltCli, buildCli } from './built_cli.js';
import { runThroughKills } from './run_through_kills.js';
import { outputsOf, smallCircuitFile } from './small_circuit.js';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

const runOf = (file: string, device: string): string[] =>
  `run ${file} --device ${device} --duration 600ms --quiet`.split(' ');

interface Whole {
  readonly outputs: Record<string, string>;
  /** Wall-clock time of the process. */
  readonly tookMs: number;
}
const known = new Map<string, Promise<Whole>>();

/** The run that nothing interrupts. */
function uninterrupted(device: string): Promise<Whole> {
  const compute = async () => {
    const { file, out } = await smallCircuitFile();
    const begin = performance.now();
    const { code, err } = await cli.start([...runOf(file, device), '--out', out]).outcome;
    expect(code, err).toBe(0);
    return { outputs: await outputsOf(out), tookMs: performance.now() - begin };
  };
  const whole = known.get(device) ?? compute();
  known.set(device, whole);
  return whole;
}

describe('a run killed with SIGKILL at random moments and resumed', () => {
  test.each([
    ['cpu', 3],
    ['software', 2],
  ])('on %s, %d times, equals the uninterrupted one in every file', async (device, kills) => {
    const { outputs, tookMs } = await uninterrupted(device);
    const { file, out } = await smallCircuitFile();
    await runThroughKills({
      cli,
      start: [...runOf(file, device), '--out', out, '--checkpoint-every', '20ms'],
      out,
      kills,
      longestMs: tookMs,
      random: seedrandom(device),
    });
    expect(await outputsOf(out)).toEqual(outputs);
  });
});

// The limit stands for a full disk: a write beyond it fails in the same way, without a disk to fill.
test.each([
  ['the recordings', 60],
  ['the files of the run', 200],
])(
  'a run that cannot write %s ends with the reason, and is resumed to the same files',
  async (_, kibibytes) => {
    const { outputs } = await uninterrupted('cpu');
    const { file, out } = await smallCircuitFile();
    const limited = [...runOf(file, 'cpu'), '--out', out, '--checkpoint-every', '100ms'];
    const { code, err } = await cli.start(limited, { largestFileKiB: kibibytes }).outcome;
    expect(err).toMatch(
      /cannot write .*: the file would exceed the size allowed here\nthe run up to \d+ ms is kept/,
    );
    expect(code).toBe(1);
    expect(existsSync(out)).toBe(false);
    const resumed = await cli.start(['run', '--resume', out, '--quiet']).outcome;
    expect(resumed.code, resumed.err).toBe(0);
    expect(await outputsOf(out)).toEqual(outputs);
  },
);

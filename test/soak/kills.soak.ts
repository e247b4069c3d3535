import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import seedrandom from 'seedrandom';
import { expect, test } from 'vitest';
import { buildCli } from '../run/built_cli.js';
import { runThroughKills } from '../run/run_through_kills.js';
import { outputsOf, SMALL_CIRCUIT } from '../run/small_circuit.js';
import { temporaryFolder } from '../temporary_folder.js';

/** Runs, each killed once; environment variable SOAK_RUNS. */
const RUNS = Number(process.env.SOAK_RUNS ?? 200);
const DEVICE = process.env.SOAK_DEVICE ?? 'cpu';
const DURATION = process.env.SOAK_DURATION ?? '600ms';

test(`${RUNS} runs killed with SIGKILL at a random moment each and resumed equal the uninterrupted one`, async () => {
  const cli = await buildCli();
  const folder = await temporaryFolder();
  const file = join(folder, 'small.yaml');
  await writeFile(file, SMALL_CIRCUIT);
  const run = `run ${file} --device ${DEVICE} --duration ${DURATION} --quiet`.split(' ');
  try {
    const whole = join(folder, 'whole');
    const begin = performance.now();
    const { code, err } = await cli.start([...run, '--out', whole]).outcome;
    expect(code, err).toBe(0);
    const tookMs = performance.now() - begin;
    const outputs = await outputsOf(whole);
    const random = seedrandom('soak');
    let [equal, kills, resumed] = [0, 0, 0];
    for (let k = 0; k < RUNS; k++) {
      const place = join(folder, `run-${k}`);
      await mkdir(place);
      const out = join(place, 'run');
      const start = [...run, '--out', out, '--checkpoint-every', '20ms'];
      kills += await runThroughKills({ cli, start, out, kills: 1, longestMs: tookMs, random });
      expect(await outputsOf(out), `run ${k}`).toEqual(outputs);
      equal++;
      const { restarts } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
      resumed += restarts.length;
      await rm(place, { recursive: true });
      if (equal % 10 === 0)
        console.log(`${equal} runs equal; ${kills} kills, ${resumed} of them after the first checkpoint`);
    }
  } finally {
    cli.remove();
  }
});

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import seedrandom from 'seedrandom';
import { expect, test } from 'vitest';
import { buildCli } from '../run/built_cli.js';
import { runThroughKills } from '../run/run_through_kills.js';
import { outputsOf, SMALL_CIRCUIT } from '../run/small_circuit.js';
import { temporaryFolder } from '../temporary_folder.js';

/** Kills in all, and how many one run suffers; runs that finish before their kill come on top. From the environment. */
const KILLS = Number(process.env.SOAK_KILLS ?? 200);
const KILLS_PER_RUN = Number(process.env.SOAK_KILLS_PER_RUN ?? 1);
const DEVICE = process.env.SOAK_DEVICE ?? 'cpu';
const DURATION = process.env.SOAK_DURATION ?? '1200ms';

test(`runs killed with SIGKILL at ${KILLS} random moments and resumed equal the uninterrupted one`, async () => {
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
    let tookMs = performance.now() - begin;
    const outputs = await outputsOf(whole);
    const random = seedrandom('soak');
    let [equal, kills, resumed] = [0, 0, 0];
    while (kills < KILLS) {
      const place = join(folder, `run-${equal}`);
      await mkdir(place);
      const out = join(place, 'run');
      const start = [...run, '--out', out, '--checkpoint-every', '20ms'];
      const begun = performance.now();
      const killed = await runThroughKills({
        cli,
        start,
        out,
        kills: KILLS_PER_RUN,
        longestMs: tookMs,
        random,
      });
      // How fast the machine is changes while it has other work.
      if (killed === 0) tookMs = performance.now() - begun;
      kills += killed;
      expect(await outputsOf(out), `run ${equal}`).toEqual(outputs);
      equal++;
      const { restarts } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
      resumed += restarts.length;
      await rm(place, { recursive: true });
      console.log(`${equal} runs equal; ${kills} kills, ${resumed} of them after the first checkpoint`);
    }
  } finally {
    cli.remove();
  }
});

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileCli } from '../run/built_cli.js';
import { hiddenFolder } from '../run/small_circuit.js';
import { temporaryFolder } from '../temporary_folder.js';

/** Preset or file, simulated time and device from the environment. Below some minutes the collector's noise prevails. */
const CIRCUIT = process.env.SOAK_CIRCUIT ?? 'cortical-gamma';
const DURATION = process.env.SOAK_DURATION ?? '3600s';
const DEVICE = process.env.SOAK_DEVICE ?? 'auto';

/** Resident memory of a process in MiB (Linux); null once it is gone. */
function residentMiB(pid: number): number | null {
  try {
    const [, kB] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kB === undefined ? null : Number(kB) / 1024;
  } catch {
    return null;
  }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

test(`${CIRCUIT} simulates ${DURATION} in flat memory`, async () => {
  const cli = await compileCli();
  const folder = await temporaryFolder();
  const hidden = () => hiddenFolder(join(folder, 'run'));
  const isThere = (name: string) => existsSync(join(hidden(), name));
  try {
    const argv = `run ${CIRCUIT} --device ${DEVICE} --duration ${DURATION} --checkpoint-every 10s --out ${join(folder, 'run')}`;
    const { process: child, outcome } = cli.start(argv.split(' '));
    const samples: number[] = [];
    let recordedMiB = 0;
    const timer = setInterval(() => {
      const memory = residentMiB(child.pid!);
      // While it simulates: the analysis then needs the whole recording.
      if (memory === null || !isThere('checkpoint.bin') || isThere('outputs')) return;
      samples.push(memory);
      recordedMiB = statSync(join(hidden(), 'recordings.bin')).size / 2 ** 20;
    }, 1000);
    const { code, err } = await outcome;
    clearInterval(timer);
    expect(code, err).toBe(0);
    const fifth = Math.floor(samples.length / 5);
    const [early, late] = [samples.slice(fifth, 2 * fifth), samples.slice(-fifth)].map(median);
    console.log(
      `resident memory ${early.toFixed(0)} MiB in the second fifth of ${samples.length} s, ${late.toFixed(0)} MiB in the last; ` +
        `${recordedMiB.toFixed(0)} MiB recorded`,
    );
    // Were the recordings kept in memory, three fifths of them would have come on top. The rest is the collector's.
    expect(late - early).toBeLessThan(0.2 * recordedMiB);
  } finally {
    cli.remove();
  }
});

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runCli } from './run_cli.js';

/** Cells of the reference values, many to a file; see test/mechanism/reference. */
const CELLS = fileURLToPath(new URL('../mechanism/reference/cells.yaml', import.meta.url));
const CONNOR = `${CELLS}#connor-stevens`;

const onCpu = (...argv: string[]) => runCli([...argv, '--device', 'cpu']);

describe('nce step and nce fi of a cell in a file', () => {
  test('step --initial starts at that potential with the gates at their steady state', async () => {
    // From -68 mV under 10 uA/cm2: 38.090229 and 67.462484 ms by SciPy and XPP (01-a-current.json).
    const step = ['step', CONNOR, '--current', '10', '--on', '0', '--duration', '80', '--dt', '0.01'];
    const { code, out, err } = await onCpu(...step, '--initial', '-68');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const times = out.trimEnd().split('\n').slice(1).map(Number);
    expect(times).toHaveLength(2);
    // The scheme is off by 0.006 ms at this step; a spike is told at the end of its step.
    [38.090229, 67.462484].forEach((time, i) => {
      expect(Math.abs(times[i] - time - 0.005)).toBeLessThan(0.016);
    });
    // From rest, at -67.978 mV, it is another 23 us earlier.
    const atRest = (await onCpu(...step)).out.trimEnd().split('\n').slice(1).map(Number);
    expect(Math.abs(atRest[0] - 38.067578)).toBeLessThan(0.021);
    const far = (await onCpu(...step, '--initial', '-80')).out.trimEnd().split('\n').slice(1).map(Number);
    expect(far[0]).toBeGreaterThan(times[0] + 2);
  });

  test('fi counts spikes from rest', async () => {
    const { code, out } = await onCpu('fi', CONNOR, '--currents', '7,20', '--duration', '1500');
    expect(code).toBe(0);
    const rows = out
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number));
    // 0 and 198 spikes, the last interval at 132.300459 Hz (01-a-current.json).
    expect(rows.map(([current, spikes]) => [current, spikes])).toEqual([
      [7, 0],
      [20, 198],
    ]);
    expect(Math.abs(rows[1][3] / 132.300459 - 1)).toBeLessThan(2e-3);
  });

  test.each([
    [['step', CELLS, '--current', '1'], `cells.yaml has 13 cell types; choose one as `],
    [
      ['step', `${CELLS}#connor`, '--current', '1'],
      `cells.yaml has no cell type "connor"; did you mean "connor-stevens"?`,
    ],
    [['fi', `${CELLS}x#connor-stevens`, '--currents', '1'], `no cell is called "`],
    [
      ['step', CONNOR, '--current', '1', '--initial', '-300'],
      `expected a number in mV, at least -200, at most 200; got -300`,
    ],
    [
      ['step', CONNOR, '--current', '1', '--initial', 'low'],
      `--initial <mV>' argument 'low' is invalid. expected a number`,
    ],
  ])('%j is wrong input', async (argv, words) => {
    const { code, out, err } = await onCpu(...argv);
    expect(err).toContain(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

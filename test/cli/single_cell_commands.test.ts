import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { steadyRateHz } from '../../src/cli/fi_command.js';
import { runCli } from './run_cli.js';

interface Point {
  readonly current: number;
  readonly spikes: number;
  readonly first_spike_ms: number | null;
  readonly steady_hz: number;
}
const goldens = new URL('goldens/single_cell_fi.json', import.meta.url);
const curves: Record<string, Point[]> = JSON.parse(await readFile(goldens, 'utf8')).curves;

describe('nce fi', () => {
  test.each(Object.keys(curves))('%s fires as the reference', async (model) => {
    const points = curves[model];
    const currents = points.map((point) => point.current).join(',');
    const { code, out } = await runCli([
      'fi',
      model,
      '--currents',
      currents,
      '--device',
      'cpu',
      '--integrator',
      'rk4',
    ]);
    expect(code).toBe(0);
    const [header, ...lines] = out.trimEnd().split('\n');
    expect(header).toBe('current,spikes,first_spike_ms,steady_hz');
    const dtMs = 0.025;
    lines.forEach((line, i) => {
      const [current, spikes, first, steady] = line.split(',');
      const point = points[i];
      expect([Number(current), Number(spikes)]).toEqual([point.current, point.spikes]);
      // A spike is told at the end of its step; RK4's own error is below 0.001 %.
      if (point.first_spike_ms === null) expect(first).toBe('');
      else {
        expect(Number(first)).toBeGreaterThanOrEqual(point.first_spike_ms);
        expect(Number(first)).toBeLessThan(point.first_spike_ms + dtMs * 1.01);
      }
      // Over at least 240 ms between the first and the last spike of the second half, each told to one step.
      expect(Math.abs(Number(steady) - point.steady_hz)).toBeLessThanOrEqual(
        point.steady_hz * (dtMs / 240 + 1e-5),
      );
    });
  });

  test('a curve as JSON', async () => {
    const { out } = await runCli([
      'fi',
      'traub-miles',
      '--currents',
      '0',
      '--duration',
      '10ms',
      '--device',
      'cpu',
      '--json',
    ]);
    expect(JSON.parse(out)).toEqual({
      model: 'traub-miles',
      curve: [{ current: 0, spikes: 0, first_spike_ms: null, steady_hz: 0 }],
    });
  });

  test('the steady rate is the inverse mean interval of the second half', () => {
    expect(steadyRateHz([1, 60, 70, 90], 100)).toBeCloseTo(1000 / 15, 12);
    expect(steadyRateHz([1, 60], 100)).toBeNull();
    expect(steadyRateHz([1, 2], 100)).toBe(0);
  });

  test.each([
    [['fi', 'pyramidal', '--currents', '1'], 'no cell is called "pyramidal"; did you mean "pyramidal-rs"?'],
    [['fi', 'pyramidal-rs'], "required option '--currents <list>' not specified"],
    [['fi', 'pyramidal-rs', '--currents', '1,x'], 'expected numbers separated by commas'],
    [['fi', 'pyramidal-rs', '--currents', '1e9'], 'stimuli.0.amplitude_uA_cm2: expected a number in uA/cm2'],
    [['fi', 'pyramidal-rs', '--currents', '1', '--duration', '0'], '--duration 0 simulation.duration_ms'],
    [
      ['fi', 'pyramidal-rs', '--currents', '1', '--dt', '0.3'],
      '--duration 1000 simulation.duration_ms: the duration 1000 ms is not a whole number of steps of dt_ms 0.3',
    ],
    [
      ['fi', 'pyramidal-rs', '--currents', '1', '--integrator', 'euler'],
      'Allowed choices are exponential-euler',
    ],
    [
      ['fi', 'pyramidal-rs', '--currents', '1', '--device', 'tpu'],
      'Allowed choices are auto, gpu, software, cpu',
    ],
    [
      ['step', 'pyramidal-rs', '--current', '1', '--on', '20', '--off', '10'],
      'stop_ms: expected more than start_ms, 20; got 10',
    ],
  ])('%j is wrong input', async (argv, words) => {
    const { code, out, err } = await runCli(argv);
    expect(err).toContain(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

test('nce step gives the spikes of the reference for a step from 10 to 110 ms', async () => {
  const argv = [
    'step',
    'hodgkin-huxley-1952',
    '--current',
    '10',
    '--on',
    '10',
    '--off',
    '110',
    '--duration',
    '150',
  ];
  const { out } = await runCli([...argv, '--device', 'cpu', '--integrator', 'rk4']);
  // Upward crossings of -20 mV, float64 adaptive integration, cross-checked with CVODE in NEURON.
  const reference = [11.81842, 26.71781, 41.36587, 56.00295, 70.63923, 85.27544, 99.91165];
  const [header, ...times] = out.trimEnd().split('\n');
  expect(header).toBe('spike_ms');
  expect(times).toHaveLength(reference.length);
  times.forEach((time, i) => {
    expect(Number(time) - reference[i]).toBeGreaterThan(-0.001);
    expect(Number(time) - reference[i]).toBeLessThan(0.026);
  });
});

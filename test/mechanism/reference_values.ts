import { beforeAll, describe, expect, test } from 'vitest';
import { restOf } from '../../src/mechanism/rest.js';
import { type CellRecord, type Experiment, SAMPLE_MS } from './cell_record.js';
import { type ReferenceCase, referenceCases } from './reference_cases.js';
import { referenceCell, referenceOf } from './reference_run.js';

/** What runs experiments with cells of the same equations by staggered exponential Euler. */
export type Recorder = (experiments: readonly Experiment[], dtMs: number) => Promise<CellRecord[]>;

/** What remains where the step is small: of float64 the interpolation of spike times, of float32 its rounding. */
export interface Floors {
  /** Of a spike time by the name of the cell, ms; `default` for the others. */
  readonly spikeMs: Readonly<Record<string, number>>;
  /** Of how many spikes of a train. */
  readonly spikes: number;
  /** Of V by cell, mV. */
  readonly V_mV: Readonly<Record<string, number>>;
  /** Of another state, as a share of its largest value. */
  readonly state: number;
  /** Share of the samples that is compared: those on the flank of a spike follow its time. */
  readonly samples: number;
  /** Of a rate, as a share. */
  readonly rate: number;
}

/** Halving the step leaves a quarter of the error at second order, and half of it at first. */
const SECOND_ORDER = 0.35;
const STEPS_MS = [0.02, 0.01] as const;
/** So long an experiment goes on: spikes near its end may be late, ms. */
const MARGIN_MS = 10;

const largestError = (values: ArrayLike<number>, expected: readonly number[], share = 1): number => {
  const errors = expected.map((value, i) => Math.abs((values[i] ?? Number.NaN) - value));
  if (errors.some(Number.isNaN)) return Number.NaN;
  return errors.sort((a, b) => a - b)[Math.ceil(share * errors.length) - 1] ?? 0;
};

/** The values at given times, multiples of 0.1 ms. */
const at = (values: ArrayLike<number>, timesMs: readonly number[]): number[] =>
  timesMs.map((timeMs) => values[Math.round(timeMs / SAMPLE_MS)]);

/** Tests that a recorder gives the values of 01 to 05, and converges to them at second order. */
export function referenceValueTests(name: string, record: Recorder, floors: Floors): void {
  const spikeFloor = (cell: string) => floors.spikeMs[cell] ?? floors.spikeMs.default;
  const potentialFloor = (cell: string) => floors.V_mV[cell] ?? floors.V_mV.default;

  /** Of two values of an error, those at 0.02 and at 0.01 ms. */
  const isSecondOrder = (
    [coarse, fine]: readonly number[],
    floor: number,
    what: string,
    ratio = SECOND_ORDER,
  ) => {
    expect(fine, what).toBeLessThanOrEqual(Math.max(ratio * coarse, floor));
    // The error of a form of first order at these steps would be far above this.
    expect(coarse, what).not.toBeNaN();
  };

  describe(`${name}: cells of 01 to 05`, () => {
    const cases = referenceCases();
    const records = new Map<string, CellRecord[]>();
    beforeAll(async () => {
      for (const cell of new Set(cases.map((of) => of.cell.name))) {
        const own = cases.filter((of) => of.cell.name === cell);
        const longer = own.map((of) => ({ ...of, durationMs: of.durationMs + MARGIN_MS }));
        for (const dtMs of STEPS_MS) {
          const found = await record(longer, dtMs);
          own.forEach(({ name: key }, i) => {
            records.set(key, [...(records.get(key) ?? []), found[i]]);
          });
        }
      }
    }, 300_000);

    test.each(cases)('$name', ({ name: key, cell, spikes, durationMs, samples, peaks }: ReferenceCase) => {
      const both = records.get(key)!;
      expect(cell.circular).toEqual([]);
      const compared = spikes.slice(0, floors.spikes);
      const errors = both.map((of) => largestError(of.spikes, compared));
      isSecondOrder(errors, spikeFloor(cell.name), 'spike times, ms');
      // Measured in float64: up to 1.3 ms, after 1 s of bursts, and 0.8 ms, of the last spike of a burst of 32.
      expect(errors[1]).toBeLessThan(2);
      expect(both[1].spikes[spikes.length] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(durationMs - 2);
      for (const [column, expected] of Object.entries(samples.of)) {
        const times = expected.map((_, i) => i * samples.everyMs);
        const differences = both.map((of) =>
          largestError(at(of.samplesOf(column), times), expected, floors.samples),
        );
        const floor = column === 'V' ? potentialFloor(cell.name) : floors.state * Math.max(...expected);
        isSecondOrder(differences, floor, column, 0.4);
      }
      for (const [column, expected] of Object.entries(peaks)) {
        const most = Math.max(...Array.from(both[1].samplesOf(column)));
        // Measured: up to 8e-4, where the highest point lies between samples.
        expect(Math.abs(most / expected - 1), column).toBeLessThan(2e-3);
      }
    });
  });

  const A = referenceOf('01-a-current').connor_stevens;
  const connor = referenceCell('connor-stevens');

  test(`${name}: f-I curve of Connor and Stevens from rest`, async () => {
    const durationMs = 1500;
    const start = restOf(connor);
    const experiments = A.f_I_from_rest.map(([constant]: number[]) => ({
      cell: connor,
      start,
      stimulus: { constant },
      durationMs,
    }));
    const records: CellRecord[][] = [];
    for (const dtMs of STEPS_MS) records.push(await record(experiments, dtMs));
    A.f_I_from_rest.forEach(([current, hz, firstMs, count]: number[], i: number) => {
      const trains = records.map((of) => of[i].spikes.filter((timeMs) => timeMs < durationMs));
      const what = `${current} uA/cm2`;
      expect(Math.abs(trains[1].length - count), what).toBeLessThanOrEqual(floors.rate * count);
      if (count === 0) return;
      const rates = trains.map((train) => 1000 / (train.at(-1)! - train.at(-2)!));
      isSecondOrder(
        rates.map((rate) => Math.abs(rate / hz - 1)),
        floors.rate,
        `rate at ${what}`,
      );
      isSecondOrder(
        trains.map(([first]) => Math.abs(first - firstMs)),
        spikeFloor(connor.name),
        `first at ${what}`,
      );
    });
  }, 300_000);

  test(`${name}: a prepulse delays the first spike of Connor and Stevens`, async () => {
    const start = restOf(connor);
    const [constant, pulseMs] = [10, [0, 100] as const];
    const experiments = A.prepulse_delay.map(([prepulse]: number[]) => ({
      cell: connor,
      start,
      stimulus: { constant, pulse: prepulse - constant, pulseMs },
      durationMs: 160,
    }));
    const records: CellRecord[][] = [];
    for (const dtMs of STEPS_MS) records.push(await record(experiments, dtMs));
    A.prepulse_delay.forEach(([prepulse, V, b, delayMs]: number[], i: number) => {
      const both = records.map((of) => of[i]);
      const what = `after ${prepulse} uA/cm2`;
      const errors = both.map(({ spikes }) => Math.abs(spikes[0] - 100 - delayMs));
      isSecondOrder(errors, spikeFloor(connor.name), what);
      const [V_at, b_at] = ['V', 'a.b'].map((key) => at(both[1].samplesOf(key), [100])[0]);
      expect(Math.abs(V_at - V), what).toBeLessThan(Math.max(potentialFloor('default'), 1e-4));
      expect(Math.abs(b_at - b), what).toBeLessThan(Math.max(floors.state, 1e-5));
    });
  });

  test(`${name}: the h current makes V sag and rebound`, async () => {
    const H = referenceOf('03-h-current');
    const cell = referenceCell('oriens', { 'na.g_mS_cm2': 0 });
    const { V_mV, m, h, n, a, b, r } = H['sag_start (gNa = 0, at rest at this drive)'];
    const start = { V: V_mV, states: { 'na.m': m, 'na.h': h, 'k.n': n, 'a.a': a, 'a.b': b, 'h.r': r } };
    const experiments = H.sag.map(
      ({ pulse_uA_cm2: pulse, pulse_ms: pulseMs }: { pulse_uA_cm2: number; pulse_ms: [number, number] }) => ({
        cell,
        start,
        stimulus: { constant: H.sag_drive_uA_cm2, pulse, pulseMs },
        durationMs: 1000,
      }),
    );
    const records: CellRecord[][] = [];
    for (const dtMs of STEPS_MS) records.push(await record(experiments, dtMs));
    // biome-ignore lint/suspicious/noExplicitAny: an entry of the file
    H.sag.forEach((entry: any, i: number) => {
      const what = `pulse of ${entry.pulse_uA_cm2} uA/cm2`;
      const errors = records.map((of) => largestError(at(of[i].samplesOf('V'), entry.times_ms), entry.V_mV));
      isSecondOrder(errors, Math.max(potentialFloor('default'), 1e-5), what);
      const V = records[1][i].samplesOf('V');
      const [on, off]: number[] = entry.pulse_ms.map((ms: number) => Math.round(ms / SAMPLE_MS));
      const during = Array.from(V).slice(on, off + 1);
      const extreme = entry.pulse_uA_cm2 < 0 ? Math.min(...during) : Math.max(...during);
      const tolerance = Math.max(potentialFloor('default'), 1e-4);
      expect(Math.abs(extreme - entry['V_extreme_mV (0.1 ms grid)']), what).toBeLessThan(tolerance);
      const [atExtreme, end, rebound] = at(V, [entry.t_extreme_ms, 600, entry.t_rebound_ms]);
      expect(Math.abs(atExtreme - extreme), what).toBeLessThan(tolerance);
      expect(Math.abs(end - entry.V_end_of_pulse_mV), what).toBeLessThan(tolerance);
      expect(Math.abs(rebound - entry.V_rebound_mV), what).toBeLessThan(tolerance);
      const ratio = (end - V[on]) / (extreme - V[on]);
      const expected = entry['sag_ratio (V_end - V0)/(V_extreme - V0)'];
      expect(Math.abs(ratio - expected), what).toBeLessThan(tolerance);
    });
  }, 300_000);

  test(`${name}: Butera's cell is silent, bursts every 7 s or fires, by its leak`, async () => {
    const { cases } = referenceOf('05-persistent-na').butera_1999_model_1;
    // biome-ignore lint/suspicious/noExplicitAny: an entry of the file
    const experiments = cases.map((entry: any) => {
      const [V, n, h] = entry['start (V n h)'];
      return {
        cell: referenceCell('butera', { 'leak.E_mV': entry.EL_mV }),
        start: { V, states: { 'nak.n': n, 'nap.h': h } },
        stimulus: {},
        durationMs: entry.duration_ms,
      };
    });
    const records: CellRecord[][] = [];
    for (const dtMs of [0.1, 0.05]) records.push(await record(experiments, dtMs));
    // biome-ignore lint/suspicious/noExplicitAny: an entry of the file
    cases.forEach((entry: any, i: number) => {
      const what = `leak at ${entry.EL_mV} mV`;
      const { spikes } = records[1][i];
      expect(spikes, what).toHaveLength(entry.spikes);
      const starts = spikes.filter((timeMs, k) => k === 0 || timeMs - spikes[k - 1] > 300);
      expect(starts, what).toHaveLength(entry['bursts (gap 300 ms)']);
      const sizes = starts.map(
        (from, k) => spikes.filter((t) => t >= from && t < (starts[k + 1] ?? Infinity)).length,
      );
      expect(sizes, what).toEqual(entry.spikes_per_burst);
      if (entry.spikes === 0) return;
      const floor = spikeFloor('butera');
      const errors = records.map((of) => largestError(of[i].spikes, entry.first_spikes_ms));
      isSecondOrder(errors, floor, what);
      expect(largestError(starts, entry.burst_starts_ms), what).toBeLessThan(Math.max(2, floor));
      const last = spikes.slice(-21);
      const meanMs = (last.at(-1)! - last[0]) / 20;
      expect(Math.abs(meanMs / entry.mean_interval_of_last_20_spikes_ms - 1), what).toBeLessThan(2e-3);
    });
  }, 300_000);
}

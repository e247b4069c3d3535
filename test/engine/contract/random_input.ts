import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/engine.js';
import type { Network } from '../../../src/network/network.js';
import type { OpenEngine } from './contract_run.js';
import { DT_MS, FAST_SHOWER, NOISE, NOISY_CELL, RECEPTORS, SLOW_SHOWER } from './everything_circuit.js';
import { moments } from './records.js';

/** Standard errors by which a moment may be off: one false alarm in 16,000, and none later, since seeds are fixed. */
const MOST_STANDARD_ERRORS = 4;

/** Noise and Poisson input as the cells get them, against the distributions that the circuit asks for. */
export function randomInputTests(network: Network, open: OpenEngine): void {
  describe('random input', () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(network);
    });
    afterAll(() => engine?.destroy());

    const advance = (steps: number) => engine.advance(steps, { onBlock: () => {} });
    const cellsOf = (population: string) => {
      const { first, count } = network.populations.find(({ name }) => name === population)!;
      return (column: Float64Array) => [...column.subarray(first, first + count)];
    };

    it('noise has its mean, variance, shape and correlation, from the first step on', async () => {
      const noisy = cellsOf('noisy');
      const potentials = async () => noisy((await engine.readState()).V_mV);
      // The current of a step follows from V before and after it: without gates (C = 1 uF/cm2) it relaxes to E + I/g.
      const { g_mS_cm2, E_mV } = NOISY_CELL;
      const left = Math.exp(-DT_MS * g_mS_cm2);
      const currentsOf = (before: number[], after: number[]) =>
        after.map((V, i) => g_mS_cm2 * ((V - before[i] * left) / (1 - left) - E_mV));
      const nextCurrents = async () => {
        const before = await potentials();
        await advance(1);
        return currentsOf(before, await potentials());
      };
      const now: number[] = [];
      const oneStepLater: number[] = [];
      const tauLater: number[] = [];
      const stepsOfTau = NOISE.tau_ms / DT_MS;
      for (let round = 0; round < 4; round++) {
        now.push(...(await nextCurrents()));
        oneStepLater.push(...(await nextCurrents()));
        await advance(stepsOfTau - 2);
        tauLater.push(...(await nextCurrents()));
        // Until the next round it forgets: with the 2 ms before, exp(-4) of the correlation is left.
        await advance(3 * stepsOfTau);
      }
      const n = now.length;
      const { mean_uA_cm2, sd_uA_cm2 } = NOISE;
      const first = moments(now.slice(0, n / 4));
      expect(Math.abs(first.variance / sd_uA_cm2 ** 2 - 1)).toBeLessThan(
        MOST_STANDARD_ERRORS * Math.sqrt(8 / n),
      );
      for (const currents of [now, tauLater]) {
        const { mean, variance, kurtosis } = moments(currents);
        expect(Math.abs(mean - mean_uA_cm2)).toBeLessThan((MOST_STANDARD_ERRORS * sd_uA_cm2) / Math.sqrt(n));
        // 13 %: noise that is 30 % too small has half the variance.
        expect(Math.abs(variance / sd_uA_cm2 ** 2 - 1)).toBeLessThan(MOST_STANDARD_ERRORS * Math.sqrt(2 / n));
        expect(Math.abs(kurtosis - 3)).toBeLessThan(MOST_STANDARD_ERRORS * Math.sqrt(24 / n));
      }
      const correlation = (later: number[]) =>
        now.reduce((sum, I, k) => sum + (I - mean_uA_cm2) * (later[k] - mean_uA_cm2), 0) / n / sd_uA_cm2 ** 2;
      // With a known variance the product of two normal variables has the variance 1 + rho^2.
      const error = (rho: number) => MOST_STANDARD_ERRORS * Math.sqrt((1 + rho ** 2) / n);
      expect(Math.abs(correlation(tauLater) - Math.exp(-1))).toBeLessThan(error(Math.exp(-1)));
      // A change in one step has the variance sd^2 ((1 - d)^2 + 1 - d^2) = 2 sd^2 (1 - d): mostly that of the increment.
      const decay = Math.exp(-DT_MS / NOISE.tau_ms);
      const changes = moments(oneStepLater.map((I, k) => I - now[k]));
      const expected = 2 * sd_uA_cm2 ** 2 * (1 - decay);
      expect(Math.abs(changes.variance / expected - 1)).toBeLessThan(MOST_STANDARD_ERRORS * Math.sqrt(2 / n));
    });

    it.each([
      ['slowShower', SLOW_SHOWER],
      ['fastShower', FAST_SHOWER],
    ] as const)('events of %s are Poisson', async (population, { receptor, rate_hz, weight_nS }) => {
      const cells = cellsOf(population);
      const column = network.receptors.indexOf(receptor);
      const conductances = async () => cells((await engine.readState()).conductance_nS[column]);
      const decay = Math.exp(-DT_MS / RECEPTORS[receptor].tau_ms);
      const counts: number[] = [];
      for (let step = 0; step < 20; step++) {
        const before = await conductances();
        await advance(1);
        (await conductances()).forEach((g, i) => {
          const events = (g / decay - before[i]) / weight_nS;
          counts.push(Math.round(events));
          expect(Math.abs(events - Math.round(events))).toBeLessThan(0.01);
        });
      }
      const n = counts.length;
      const expected = (rate_hz * DT_MS) / 1000;
      const { mean, variance } = moments(counts);
      expect(Math.abs(mean - expected)).toBeLessThan(MOST_STANDARD_ERRORS * Math.sqrt(expected / n));
      const varianceError = Math.sqrt((expected + 2 * expected ** 2) / n);
      expect(Math.abs(variance - expected)).toBeLessThan(MOST_STANDARD_ERRORS * varianceError);
      expect(chiSquareZ(counts, expected)).toBeLessThan(MOST_STANDARD_ERRORS);
    });
  });
}

/** Pearson's chi square against a Poisson distribution, as standard deviations above its mean. */
function chiSquareZ(counts: readonly number[], mean: number): number {
  let chiSquare = 0;
  let cells = 0;
  let rest = { observed: counts.length, expected: counts.length };
  let probability = Math.exp(-mean);
  let gathered = { observed: 0, expected: 0 };
  for (let k = 0; rest.expected > 5; k++) {
    gathered = {
      observed: gathered.observed + counts.filter((count) => count === k).length,
      expected: gathered.expected + counts.length * probability,
    };
    probability *= mean / (k + 1);
    // Cells of the tails are joined until ten are expected, and so is what is left.
    const isEnough = gathered.expected >= 10 && rest.expected - gathered.expected >= 10;
    const cell = isEnough ? gathered : rest;
    if (!isEnough && rest.expected - gathered.expected >= 10) continue;
    chiSquare += (cell.observed - cell.expected) ** 2 / cell.expected;
    cells++;
    rest = { observed: rest.observed - cell.observed, expected: rest.expected - cell.expected };
    gathered = { observed: 0, expected: 0 };
  }
  return (chiSquare - (cells - 1)) / Math.sqrt(2 * (cells - 1));
}

/** The tables of recorded quantities: their columns are a file format, and their WGSL says what the reference engine says. */
import { describe, expect, it } from 'vitest';
import {
  END_SIGNALS,
  MEAN_SIGNALS,
  POPULATION_SIGNALS,
  TRACE_TABLE,
  TRACE_VARIABLES,
} from '../../src/engine/signals.js';
import { SIGNAL_ROWS, signalsModule } from '../../src/engine/webgpu/kernels/signals_module.js';

/** A WGSL expression over numbers, which so far is JavaScript too. */
const evaluate = (wgsl: string, values: Record<string, number>): number =>
  new Function('abs', ...Object.keys(values), `return ${wgsl};`)(Math.abs, ...Object.values(values));

describe('recorded quantities', () => {
  it('keep the order that files and checkpoints have', () => {
    expect(POPULATION_SIGNALS).toEqual([
      'excitatoryCurrent_nA',
      'inhibitoryCurrent_nA',
      'absoluteCurrent_nA',
      'excitatoryConductance_nS',
      'inhibitoryConductance_nS',
      'V_mV',
    ]);
    expect(TRACE_VARIABLES).toEqual(['V_mV', 'absoluteCurrent_nA']);
  });

  it('have the same formula in WGSL as in the reference engine', () => {
    for (const [I_E, I_I] of [
      [-3, 5],
      [2, -7],
    ])
      for (const { wgsl, value } of MEAN_SIGNALS)
        expect(evaluate(wgsl, { I_E, I_I })).toBe(value({ I_E, I_I }));
    const end = { G_E: 2, G_I: 3, V: -65 };
    for (const { wgsl, value } of END_SIGNALS) expect(evaluate(wgsl, end)).toBe(value(end));
    const state = { V: -65 };
    const means = Object.fromEntries(MEAN_SIGNALS.map(({ name }, i) => [name, 10 + i]));
    const variables = Object.fromEntries(Object.entries(means).map(([name, v]) => [`mean_${name}`, v]));
    for (const { wgsl, value } of TRACE_TABLE)
      expect(evaluate(wgsl, { ...state, ...variables })).toBe(
        value({ ...state, mean: (signal) => means[signal] }),
      );
  });

  it('have the same row in the reduction as where they are stored', () => {
    const text = signalsModule();
    expect(Object.values(SIGNAL_ROWS)).toEqual(POPULATION_SIGNALS.map((_, row) => row));
    for (const { name } of MEAN_SIGNALS)
      expect(text).toContain(
        `sample_sums[at + ${SIGNAL_ROWS[`SIGNAL_${name}`]}u * NEURONS] = sums.mean_${name};`,
      );
    for (const { name, wgsl } of END_SIGNALS)
      expect(text).toContain(`sample_sums[at + ${SIGNAL_ROWS[`SIGNAL_${name}`]}u * NEURONS] = ${wgsl};`);
  });
});

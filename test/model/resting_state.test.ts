import { describe, expect, it } from 'vitest';
import { CELL_LIBRARY } from '../../src/model/cell_type.js';
import { restingState } from '../../src/model/resting_state.js';

// V_rest of the NEURON/SciPy reference (float64, fixed points of the same equations).
const REFERENCE_mV = {
  'hodgkin-huxley-1952': -64.99637933119206,
  'pyramidal-rs': -71.91068318424982,
  'pv-wang-buzsaki': -64.0175649096368,
  'sst-lts': -55.664086055450255,
} as const;

describe('resting state', () => {
  it.each(Object.entries(REFERENCE_mV))('%s rests where the reference does', (cell, V) => {
    expect(restingState(CELL_LIBRARY[cell as keyof typeof CELL_LIBRARY]).V).toBeCloseTo(V, 8);
  });

  it('starts a spontaneously firing cell at -70 mV: its fixed point at -36.57 mV is unstable', () => {
    expect(restingState(CELL_LIBRARY['vip-rs-inhibitory']).V).toBe(-70);
  });
});

import { describe, expect, it } from 'vitest';
import { MEMBRANE_STATES, stateRows } from '../../src/engine/state_rows.js';
import { stateModule } from '../../src/engine/webgpu/kernels/state_module.js';

describe('the rows of the state', () => {
  it('keep the order that checkpoints have', () => {
    expect(stateRows({ receptors: 3, noiseSlots: 2 })).toEqual({
      V: 0,
      m: 1,
      h: 2,
      n: 3,
      p: 4,
      g: 5,
      noise: 8,
      injectedCurrent: 10,
      sinceSpike: 11,
      count: 12,
    });
  });

  it('are read back by the names of the state at time 0', () => {
    expect(MEMBRANE_STATES.map(({ column }) => column)).toEqual(['V_mV', 'm', 'h', 'n', 'p']);
  });

  it('are loaded, and stored where steps change them', () => {
    const [load, store] = stateModule().split('fn store_neuron');
    expect(load).toContain('  loaded.s.V = state[ROW_V * NEURONS + neuron];');
    expect(load).toContain(
      'if (HAS_INJECTED_CURRENT) { loaded.injected_current = state[ROW_INJECTED_CURRENT * NEURONS + neuron]; }',
    );
    expect(store).toContain(
      '  #for RECEPTORS\n  state[(ROW_G + @) * NEURONS + neuron] = stored.g_@;\n  #end\n',
    );
    expect(store).toContain('if (HAS_M_CURRENT) { state[ROW_P * NEURONS + neuron] = stored.s.p; }');
    expect(store).not.toContain('INJECTED');
  });
});

import { describe, expect, it } from 'vitest';
import { stateRows } from '../../src/engine/state_rows.js';
import { stateModule } from '../../src/engine/webgpu/kernels/state_module.js';

describe('the rows of the state', () => {
  it('keep the order that checkpoints have', () => {
    expect(stateRows({ states: 4, receptors: 3, noiseSlots: 2 })).toEqual({
      V: 0,
      states: 1,
      g: 5,
      noise: 8,
      injectedCurrent: 10,
      sinceSpike: 11,
      varied: 12,
      count: 12,
    });
    // What differs between neurons comes last: snapshots leave it out.
    const rows = stateRows({ states: 4, receptors: 3, noiseSlots: 2, varied: 2 });
    expect([rows.varied, rows.count]).toEqual([12, 14]);
  });

  it('are loaded, and stored where steps change them', () => {
    const [load, store] = stateModule().split('fn store_neuron');
    expect(load).toContain(
      'if (HAS_INJECTED_CURRENT) { loaded.injected_current = state[ROW_INJECTED_CURRENT * NEURONS + neuron]; }',
    );
    expect(store).toContain(
      '  #for RECEPTORS\n  state[(ROW_G + @) * NEURONS + neuron] = stored.g_@;\n  #end\n',
    );
    expect(load).toContain(
      '  #for VARIED\n  loaded.varied_@ = state[(ROW_VARIED + @) * NEURONS + neuron];\n  #end\n',
    );
    expect(store).not.toContain('INJECTED');
    expect(store).not.toContain('VARIED');
  });
});

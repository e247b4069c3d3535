import { expect, test } from 'vitest';
import { channelExperiments } from '../../demo/experiments/channels.js';
import { type CellModel, cellOfPopulation, resolveCircuit } from '../../src/index.js';
import { LIBRARY_CELLS } from '../../src/mechanism/library.js';
import { ReferenceCell } from '../../src/mechanism/reference_cell.js';
import { restOf } from '../../src/mechanism/rest.js';

/** The sentences of the channels' sliders against the cells themselves, in float64. */

const DT_ms = 0.025;

const circuitOf = (cell: string, membrane = {}) =>
  resolveCircuit({
    name: 'one',
    cellTypes: { c: { base: cell, membrane } },
    populations: { P: { cell: 'c', neurons: 1 } },
  });

/** Upward crossings of -20 mV and V of the last 50 ms, under a current from 100 ms to 600 ms. */
function response(cell: CellModel, current_uA_cm2: number): { spikes: number; end_mV: number[] } {
  const reference = new ReferenceCell(cell, 'exponential-euler', DT_ms);
  reference.load(restOf(cell));
  let spikes = 0;
  const end_mV: number[] = [];
  let before = -100;
  for (let t = 0; t < 600; t += DT_ms) {
    reference.step(t >= 100 ? current_uA_cm2 : 0);
    const [V] = reference.of('V');
    if (before < -20 && V >= -20 && t > 100) spikes++;
    if (t > 550) end_mV.push(V);
    before = V;
  }
  return { spikes, end_mV };
}

const cases = LIBRARY_CELLS.flatMap((cell) =>
  channelExperiments(circuitOf(cell)).map(({ targets, expect: sentence }) => ({
    cell,
    label: targets[0].path.split('.')[3],
    sentence,
  })),
);

test.each(cases)('$cell without $label: $sentence', ({ cell, label, sentence }) => {
  const intact = cellOfPopulation(circuitOf(cell), 'P');
  const blocked = cellOfPopulation(circuitOf(cell, { [label]: { g_mS_cm2: 0 } }), 'P');
  // The VIP cell, of high input resistance, is blocked by what the others need.
  const drive = cell === 'vip-rs-inhibitory' ? 1 : 10;
  const [with_, without] = [response(intact, drive), response(blocked, drive)];
  expect(with_.spikes).toBeGreaterThan(5);
  if (sentence.includes('cannot spike')) expect(without.spikes).toBe(0);
  else if (sentence.includes('do not repolarise')) {
    expect(without.spikes).toBeLessThanOrEqual(1);
    expect(Math.min(...without.end_mV)).toBeGreaterThan(-50);
  } else if (sentence.includes('fire faster')) expect(without.spikes).toBeGreaterThan(with_.spikes);
  else {
    expect(sentence).toContain('less leak');
    const swing = (model: CellModel) => restOf(model).V - response(model, -0.1).end_mV[0];
    expect(swing(blocked)).toBeGreaterThan(swing(intact));
  }
});

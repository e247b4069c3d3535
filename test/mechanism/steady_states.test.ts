import { describe, expect, test } from 'vitest';
import { type CellModel, stateKeys } from '../../src/mechanism/cell_model.js';
import { Equilibrium } from '../../src/mechanism/equilibrium.js';
import { libraryCells } from '../../src/mechanism/library.js';
import { restOf, settleAtRest } from '../../src/mechanism/rest.js';
import { SteadyStates } from '../../src/mechanism/steady_states.js';
import { referenceCell } from './reference_run.js';

/** Gates that read V alone, calcium that its current and its pool read in turns, and a GHK current singular at 0 mV. */
const cells = [libraryCells().get('pyramidal-rs')!, referenceCell('destexhe-re'), referenceCell('ghk')];

const statesOf = ({ states }: SteadyStates, model: CellModel, lane: number) =>
  Object.fromEntries(stateKeys(model).map((key, k) => [key, states[k][lane]]));

describe.each(cells.map((cell) => [cell.name, cell] as const))('%s', (_, model) => {
  test('settles in every lane as it does alone, to the bit', () => {
    const potentials = [-90, -70, 0, -55.5, 20, -70];
    const steady = new SteadyStates(model, potentials.length);
    steady.V.set(potentials);
    steady.settle();
    const alone = new Equilibrium(model);
    potentials.forEach((V, lane) => {
      expect(statesOf(steady, model, lane)).toEqual(alone.at(V).states);
    });
  });

  test('has no rates left where it has settled', () => {
    const steady = new SteadyStates(model, 2);
    steady.V.set([-75, -40]);
    steady.settle();
    steady.run();
    for (const rates of steady.rates) for (const rate of rates) expect(Math.abs(rate)).toBeLessThan(1e-12);
  });

  test('with constants that vary, rests in every lane as a cell of its values, to the bit', () => {
    const [current] = model.currents;
    const name = `${current}.g`;
    const values = model.constants.has(name) ? [0.5, 1, 1.5].map((x) => x * model.constants.get(name)!) : [];
    const varied = new Set(values.length > 0 ? [name] : []);
    const steady = new SteadyStates(model, 3, varied);
    steady.varied.get(name)?.set(values);
    settleAtRest(steady);
    for (let lane = 0; lane < 3; lane++) {
      const own = { ...model, constants: new Map([...model.constants, ...entryOf(name, values[lane])]) };
      const rest = restOf(own);
      expect({ V: steady.V[lane], states: statesOf(steady, model, lane) }).toEqual(rest);
    }
    if (values.length > 0) expect(new Set(steady.V).size).toBeGreaterThan(1);
  });
});

const entryOf = (name: string, value: number | undefined): [string, number][] =>
  value === undefined ? [] : [[name, value]];

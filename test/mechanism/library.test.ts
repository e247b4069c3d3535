import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { gatingCurves } from '../../src/mechanism/gating.js';
import { libraryCells, libraryMechanisms } from '../../src/mechanism/library.js';
import { restOf } from '../../src/mechanism/rest.js';
import { CELL_LIBRARY, type CellType } from '../../src/model/cell_type.js';
import { restingState } from '../../src/model/resting_state.js';

test('the embedded library is that of mechanisms/ and cells/', () => {
  const tool = fileURLToPath(new URL('../../tools/embed-library.mjs', import.meta.url));
  execFileSync(process.execPath, [tool, '--check']);
});

describe('every mechanism of the library', () => {
  test.each([...libraryMechanisms().values()])(
    '$name says what it is and where it comes from',
    (mechanism) => {
      expect(mechanism.about).not.toBe('');
      expect(mechanism.paper).toMatch(/\b(19|20)\d\d\b/);
    },
  );

  const withReference = [...libraryMechanisms().values()].filter(({ reference }) => reference.length > 0);
  test('but leak and pools has reference values', () => {
    const without = [...libraryMechanisms().keys()].filter(
      (name) => !withReference.some((m) => m.name === name),
    );
    expect(without).toEqual(['ca-pool', 'leak']);
  });

  test.each(withReference)('$name gives its reference values', (mechanism) => {
    const curves = gatingCurves(
      mechanism,
      mechanism.reference.map(({ V_mV }) => V_mV),
    );
    mechanism.reference.forEach((row, i) => {
      for (const [column, value] of Object.entries(row)) {
        if (column === 'V_mV') continue;
        const [state, quantity] = column.split('.');
        const curve = curves.find((c) => c.state === state);
        const got = quantity === 'inf' ? curve?.inf[i] : curve?.tauMs?.[i];
        expect(Math.abs((got ?? Number.NaN) / value - 1), `${column} at ${row.V_mV} mV`).toBeLessThan(1e-6);
      }
    });
  });
});

describe('cells of the library', () => {
  test.each(Object.entries(CELL_LIBRARY as Record<string, CellType>))(
    '%s rests where it did',
    (name, cell) => {
      const rest = restOf(libraryCells().get(name)!);
      const { V, m, h, n, p } = restingState(cell);
      expect(rest.V).toBeCloseTo(V, 8);
      const gates = { 'na.m': m, 'na.h': h, 'k.n': n, 'm.p': p };
      for (const [key, value] of Object.entries(rest.states))
        expect(value).toBeCloseTo(gates[key as keyof typeof gates], 9);
    },
  );
});

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { gatingCurves } from '../../src/mechanism/gating.js';
import { libraryCells, libraryMechanisms } from '../../src/mechanism/library.js';
import { restOf } from '../../src/mechanism/rest.js';

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
  test('but leak, pools and receptors (test/engine/receptors.test.ts) has reference values', () => {
    const without = [...libraryMechanisms().values()].filter(
      (mechanism) => mechanism.kind !== 'receptor' && !withReference.includes(mechanism),
    );
    expect(without.map(({ name }) => name)).toEqual(['ca-pool', 'leak']);
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
  /** Fixed points of the same equations by SciPy and NEURON; -70 mV where none is stable (vip-rs-inhibitory: -36.57 mV is not). */
  test.each([
    ['hodgkin-huxley-1952', -64.99637933119206],
    ['pyramidal-rs', -71.91068318424982],
    ['pv-wang-buzsaki', -64.0175649096368],
    ['sst-lts', -55.664086055450255],
    ['vip-rs-inhibitory', -70],
    ['traub-miles', -70],
  ])('%s rests at %d mV', (name, V) => {
    expect(restOf(libraryCells().get(name)!).V).toBeCloseTo(V, 8);
  });
});

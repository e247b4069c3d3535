import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { mechanismYaml } from '../../../src/io/mechanism_yaml.js';
import { readNmodl } from '../../../src/io/nmodl/read_nmodl.js';
import { gatingCurves } from '../../../src/mechanism/gating.js';
import { parseMechanismFile } from '../../../src/mechanism/mechanism_file.js';

const modText = (file: string): string => readFileSync(new URL(file, import.meta.url), 'utf8');

describe('a channel of NMODL', () => {
  test('is written as a mechanism file that is read back with the same meaning', () => {
    const { name, mechanism } = readNmodl(modText('kd.mod'), 'kd.mod');
    const file = parseMechanismFile(mechanismYaml({ [name]: mechanism }), 'kd.yaml');
    const [n] = gatingCurves(file.mechanisms.get('kd')!, [-80, -65, -55, 0]);
    // Hodgkin & Huxley 1952, as in mechanisms/k-hh52.yaml.
    [0.1291267082, 0.3176769141, 0.4754837877, 0.908727828].forEach((inf, i) => {
      expect(n.inf[i]).toBeCloseTo(inf, 8);
    });
    [5.775834537, 5.458584688, 4.754837877, 1.645480118].forEach((tau, i) => {
      expect(n.tauMs?.[i]).toBeCloseTo(tau, 7);
    });
  });
});

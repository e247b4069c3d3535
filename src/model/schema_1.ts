import type { CircuitProblem } from '../text/circuit_problems.js';

/**
 * What files of schema nce-circuit/1 say that nce-circuit/2 says otherwise: there a cell was one set of rate functions with
 * fixed conductances, now it is a list of mechanisms.
 */

/** Where each value of a cell is written now. */
const NOW: Readonly<Record<string, string>> = {
  kinetics: 'membrane, with the mechanisms of the kinetics such as na-traub-miles and k-traub-miles',
  gNa_mS_cm2: 'membrane.na.g_mS_cm2',
  gK_mS_cm2: 'membrane.k.g_mS_cm2',
  gM_mS_cm2: 'membrane.m.g_mS_cm2',
  gL_mS_cm2: 'membrane.leak.g_mS_cm2',
  ENa_mV: 'ions.Na.E_mV',
  EK_mV: 'ions.K.E_mV',
  EL_mV: 'membrane.leak.E_mV',
  VT_mV: 'membrane.na.VT_mV and membrane.k.VT_mV',
  tauMaxM_ms: 'membrane.m.tauMax_ms',
  phi: 'membrane.na.phi and membrane.k.phi',
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** Takes what is of schema 1 out of the data, so that nothing is reported twice, and says what to write instead. */
export function refuseSchema1(data: object): CircuitProblem[] {
  const circuit = data as Record<string, unknown>;
  const problems: CircuitProblem[] = [];
  if (circuit.schema === 'nce-circuit/1') {
    delete circuit.schema;
    problems.push({
      path: ['schema'],
      message:
        'nce-circuit/1 is no longer read: write nce-circuit/2; cell types are now lists of mechanisms, the rest is as it was',
    });
  }
  if (isObject(circuit.cellTypes))
    for (const [name, cell] of Object.entries(circuit.cellTypes)) {
      if (!isObject(cell)) continue;
      for (const key of Object.keys(cell).filter((key) => Object.hasOwn(NOW, key))) {
        delete cell[key];
        problems.push({
          path: ['cellTypes', name, key],
          of: 'key',
          message: `"${key}" is of schema nce-circuit/1; a cell is now a list of mechanisms: write ${NOW[key]}`,
        });
      }
    }
  return problems;
}

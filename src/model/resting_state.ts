import type { CellType } from './cell_type.js';
import { type GateRates, gateRates, hasInstantaneousM, pInfinity, tauP } from './kinetics.js';

/** V in mV and the gating variables, each in [0, 1]. */
export interface MembraneState {
  V: number;
  m: number;
  h: number;
  n: number;
  p: number;
}

/** Start potential of a cell without a stable rest, mV. */
const SPONTANEOUS_START_mV = -70;

function ratesAt(cell: CellType, V: number): GateRates {
  const rates: GateRates = { alphaM: 0, betaM: 0, alphaH: 0, betaH: 0, alphaN: 0, betaN: 0 };
  gateRates(cell.kinetics, V, cell.VT_mV, cell.phi, rates);
  return rates;
}

/** V with every gate at its steady state. */
export function steadyState(cell: CellType, V: number): MembraneState {
  const r = ratesAt(cell, V);
  return {
    V,
    m: r.alphaM / (r.alphaM + r.betaM),
    h: r.alphaH / (r.alphaH + r.betaH),
    n: r.alphaN / (r.alphaN + r.betaN),
    p: pInfinity(V),
  };
}

/** Total ionic current, uA/cm2, outward positive. */
function ionicCurrent(cell: CellType, s: MembraneState): number {
  return (
    cell.gNa_mS_cm2 * s.m ** 3 * s.h * (s.V - cell.ENa_mV) +
    (cell.gK_mS_cm2 * s.n ** 4 + cell.gM_mS_cm2 * s.p) * (s.V - cell.EK_mV) +
    cell.gL_mS_cm2 * (s.V - cell.EL_mV)
  );
}

/** Zeros of the steady-state current from the lowest reversal potential to 0 mV, ascending, mV. */
function fixedPoints(cell: CellType): number[] {
  const current = (V: number) => ionicCurrent(cell, steadyState(cell, V));
  const zeros: number[] = [];
  const stepMv = 0.1;
  for (let low = Math.min(cell.EK_mV, cell.EL_mV) - 1; low < 0; low += stepMv) {
    let [a, b] = [low, low + stepMv];
    if (current(a) < 0 === current(b) < 0) continue;
    const negativeBelow = current(a) < 0;
    for (let halving = 0; halving < 60; halving++) {
      const middle = (a + b) / 2;
      if (current(middle) < 0 === negativeBelow) a = middle;
      else b = middle;
    }
    zeros.push((a + b) / 2);
  }
  return zeros;
}

/**
 * Whether small deviations from the fixed point decay. V couples to each gate and the gates only to V, so the
 * characteristic polynomial is (s - a) prod(s + k_i) - sum_i b_i c_i prod_{j != i}(s + k_j), with a = dV'/dV,
 * b_i = dV'/dx_i, c_i = k_i dx_inf/dV; the Routh-Hurwitz table tells whether all its roots have negative real part.
 */
function isStable(cell: CellType, V: number): boolean {
  const s = steadyState(cell, V);
  const r = ratesAt(cell, V);
  const dV = 1e-4;
  const above = steadyState(cell, V + dV);
  const below = steadyState(cell, V - dV);
  const velocity = (state: MembraneState) => -ionicCurrent(cell, state) / cell.C_uF_cm2;
  const instantM = hasInstantaneousM(cell.kinetics);
  const shiftedV = (to: MembraneState) => ({ ...s, V: to.V, ...(instantM && { m: to.m }) });
  const a = (velocity(shiftedV(above)) - velocity(shiftedV(below))) / (2 * dV);

  const gates: { rate: number; coupling: number }[] = [];
  const addGate = (gate: 'm' | 'h' | 'n' | 'p', rate: number) => {
    const slope = (above[gate] - below[gate]) / (2 * dV);
    const dx = 1e-6;
    const effect =
      (velocity({ ...s, [gate]: s[gate] + dx }) - velocity({ ...s, [gate]: s[gate] - dx })) / (2 * dx);
    gates.push({ rate, coupling: effect * rate * slope });
  };
  if (!instantM) addGate('m', r.alphaM + r.betaM);
  addGate('h', r.alphaH + r.betaH);
  addGate('n', r.alphaN + r.betaN);
  if (cell.gM_mS_cm2 > 0) addGate('p', 1 / tauP(V, cell.tauMaxM_ms));

  const timesFactor = (polynomial: number[], root: number) => {
    const product = [...polynomial, 0];
    for (let i = 0; i < polynomial.length; i++) product[i + 1] += root * polynomial[i];
    return product;
  };
  const product = (skip: number) =>
    gates.reduce((poly, gate, j) => (j === skip ? poly : timesFactor(poly, gate.rate)), [1]);
  const characteristic = timesFactor(product(-1), -a);
  gates.forEach((gate, i) => {
    const others = product(i);
    const shift = characteristic.length - others.length;
    others.forEach((c, j) => {
      characteristic[j + shift] -= gate.coupling * c;
    });
  });
  return hasOnlyDecayingRoots(characteristic);
}

/** Routh-Hurwitz criterion; coefficients from the highest power down, the first is 1. */
function hasOnlyDecayingRoots(coefficients: number[]): boolean {
  let upper = coefficients.filter((_, i) => i % 2 === 0);
  let lower = coefficients.filter((_, i) => i % 2 === 1);
  while (lower.length > 0) {
    if (!(lower[0] > 0)) return false;
    const next: number[] = [];
    for (let i = 1; i < upper.length; i++) next.push(upper[i] - (upper[0] / lower[0]) * (lower[i] ?? 0));
    upper = lower;
    lower = next;
  }
  return true;
}

/**
 * The state a cell rests in without input: its lowest stable fixed point with the gates at steady state. A cell that
 * has none (it fires spontaneously) starts at -70 mV with the gates at steady state.
 */
export function restingState(cell: CellType): MembraneState {
  const rest = fixedPoints(cell).find((V) => isStable(cell, V));
  return steadyState(cell, rest ?? SPONTANEOUS_START_mV);
}

import type { CellType, Integrator } from '../../model/circuit.js';
import { type GateRates, gateRates, hasInstantaneousM, pInfinity, tauP } from '../../model/kinetics.js';

/** One neuron during one step: its state, and the input that is constant over the step. */
export interface Membrane {
  V: number;
  m: number;
  h: number;
  n: number;
  p: number;
  /** Current density of the stimuli, uA/cm2. */
  I: number;
  /** Conductance density at the start of the step, mS/cm2, by receptor. */
  g: Float64Array;
}

/** What every neuron of a population shares. */
export interface StepConstants {
  readonly cell: CellType;
  readonly dtMs: number;
  readonly reversal_mV: Float64Array;
  /** exp(-dt/tau) and exp(-dt/(2 tau)), by receptor. */
  readonly decay: Float64Array;
  readonly halfDecay: Float64Array;
}

/** Advances V and the gates by one step; the conductances in `membrane.g` are left as they were at its start. */
export type Advance = (membrane: Membrane, constants: StepConstants) => void;

const rates: GateRates = { alphaM: 0, betaM: 0, alphaH: 0, betaH: 0, alphaN: 0, betaN: 0 };

/** x after one step of x' = alpha (1 - x) - beta x with alpha and beta held. */
function relax(x: number, alpha: number, beta: number, dtMs: number): number {
  const rate = alpha + beta;
  return x - Math.expm1(-dtMs * rate) * (alpha / rate - x);
}

function advanceGates(s: Membrane, V: number, { cell, dtMs }: StepConstants): void {
  gateRates(cell.kinetics, V, cell.VT_mV, cell.phi, rates);
  s.m = hasInstantaneousM(cell.kinetics)
    ? rates.alphaM / (rates.alphaM + rates.betaM)
    : relax(s.m, rates.alphaM, rates.betaM, dtMs);
  s.h = relax(s.h, rates.alphaH, rates.betaH, dtMs);
  s.n = relax(s.n, rates.alphaN, rates.betaN, dtMs);
  if (cell.gM_mS_cm2 > 0) s.p -= Math.expm1(-dtMs / tauP(V, cell.tauMaxM_ms)) * (pInfinity(V) - s.p);
}

/** V after one step of C V' = drive - G V with the gates and conductances held. */
function advancePotential(s: Membrane, { cell, dtMs, reversal_mV }: StepConstants): void {
  const gNa = cell.gNa_mS_cm2 * s.m ** 3 * s.h;
  const gK = cell.gK_mS_cm2 * s.n ** 4 + cell.gM_mS_cm2 * s.p;
  let G = gNa + gK + cell.gL_mS_cm2;
  let drive = gNa * cell.ENa_mV + gK * cell.EK_mV + cell.gL_mS_cm2 * cell.EL_mV + s.I;
  for (let r = 0; r < s.g.length; r++) {
    G += s.g[r];
    drive += s.g[r] * reversal_mV[r];
  }
  s.V -= Math.expm1((-dtMs * G) / cell.C_uF_cm2) * (drive / G - s.V);
}

/**
 * Exponential Euler with gates first and V with the new gates: gates and V are half a step apart, so the error is
 * second order where m is a gate (first order for Wang-Buzsaki's instantaneous m). Stable to 0.5 ms.
 */
const staggeredExponentialEuler: Advance = (s, constants) => {
  advanceGates(s, s.V, constants);
  advancePotential(s, constants);
};

/** Exponential Euler with every right-hand side from the old state, as Brian2's `exponential_euler`; first order. */
const simultaneousExponentialEuler: Advance = (s, constants) => {
  const V = s.V;
  const { cell } = constants;
  if (hasInstantaneousM(cell.kinetics)) {
    gateRates(cell.kinetics, V, cell.VT_mV, cell.phi, rates);
    s.m = rates.alphaM / (rates.alphaM + rates.betaM);
  }
  advancePotential(s, constants);
  advanceGates(s, V, constants);
};

interface Slope {
  V: number;
  m: number;
  h: number;
  n: number;
  p: number;
}

/** Time derivatives with the conductances scaled by `decay` since the start of the step. */
function slopeOf(s: Membrane, constants: StepConstants, decay: Float64Array | null): Slope {
  const { cell, reversal_mV } = constants;
  gateRates(cell.kinetics, s.V, cell.VT_mV, cell.phi, rates);
  const instantM = hasInstantaneousM(cell.kinetics);
  const m = instantM ? rates.alphaM / (rates.alphaM + rates.betaM) : s.m;
  let current =
    cell.gNa_mS_cm2 * m ** 3 * s.h * (s.V - cell.ENa_mV) +
    (cell.gK_mS_cm2 * s.n ** 4 + cell.gM_mS_cm2 * s.p) * (s.V - cell.EK_mV) +
    cell.gL_mS_cm2 * (s.V - cell.EL_mV) -
    s.I;
  for (let r = 0; r < s.g.length; r++) current += s.g[r] * (decay ? decay[r] : 1) * (s.V - reversal_mV[r]);
  return {
    V: -current / cell.C_uF_cm2,
    m: instantM ? 0 : rates.alphaM * (1 - s.m) - rates.betaM * s.m,
    h: rates.alphaH * (1 - s.h) - rates.betaH * s.h,
    n: rates.alphaN * (1 - s.n) - rates.betaN * s.n,
    p: cell.gM_mS_cm2 > 0 ? (pInfinity(s.V) - s.p) / tauP(s.V, cell.tauMaxM_ms) : 0,
  };
}

const shifted = (s: Membrane, slope: Slope, dt: number): Membrane => ({
  V: s.V + dt * slope.V,
  m: s.m + dt * slope.m,
  h: s.h + dt * slope.h,
  n: s.n + dt * slope.n,
  p: s.p + dt * slope.p,
  I: s.I,
  g: s.g,
});

/** Classical fourth-order Runge-Kutta; conductances decay exactly within the step. Unstable from 0.1 ms (squid axon). */
const rungeKutta4: Advance = (s, constants) => {
  const dt = constants.dtMs;
  const k1 = slopeOf(s, constants, null);
  const k2 = slopeOf(shifted(s, k1, dt / 2), constants, constants.halfDecay);
  const k3 = slopeOf(shifted(s, k2, dt / 2), constants, constants.halfDecay);
  const k4 = slopeOf(shifted(s, k3, dt), constants, constants.decay);
  for (const x of ['V', 'm', 'h', 'n', 'p'] as const)
    s[x] += (dt / 6) * (k1[x] + 2 * k2[x] + 2 * k3[x] + k4[x]);
  const { cell } = constants;
  if (hasInstantaneousM(cell.kinetics)) {
    gateRates(cell.kinetics, s.V, cell.VT_mV, cell.phi, rates);
    s.m = rates.alphaM / (rates.alphaM + rates.betaM);
  }
};

/** The float64 form of each integrator. */
export const ADVANCE: Record<Integrator, Advance> = {
  'exponential-euler': staggeredExponentialEuler,
  'exponential-euler-simultaneous': simultaneousExponentialEuler,
  rk4: rungeKutta4,
};

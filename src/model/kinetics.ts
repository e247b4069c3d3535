/**
 * Rate functions of the gating variables in float64: x' = alpha (1 - x) - beta x, rates per ms, V in mV.
 * The WGSL counterparts are shaders/kinetics/*.wgsl.
 */

export const KINETICS = ['hodgkin-huxley-1952', 'traub-miles', 'wang-buzsaki'] as const;
export type Kinetics = (typeof KINETICS)[number];

/** Opening and closing rates of m, h and n, per ms. */
export interface GateRates {
  alphaM: number;
  betaM: number;
  alphaH: number;
  betaH: number;
  alphaN: number;
  betaN: number;
}

/** x / (exp(x) - 1), continued by 1 at x = 0: the removable singularity of the linoid rates. */
export function linoid(x: number): number {
  return Math.abs(x) < 1e-12 ? 1 - x / 2 : x / Math.expm1(x);
}

/** Squid giant axon at 6.3 degrees C, resting at -65 mV (Hodgkin & Huxley 1952, J Physiol 117:500). */
function hodgkinHuxley1952(V: number, rates: GateRates): void {
  rates.alphaM = linoid(-(V + 40) / 10);
  rates.betaM = 4 * Math.exp(-(V + 65) / 18);
  rates.alphaH = 0.07 * Math.exp(-(V + 65) / 20);
  rates.betaH = 1 / (1 + Math.exp(-(V + 35) / 10));
  rates.alphaN = 0.1 * linoid(-(V + 55) / 10);
  rates.betaN = 0.125 * Math.exp(-(V + 65) / 80);
}

/** Cortical cells (Traub & Miles 1991, as in Pospischil et al. 2008, Biol Cybern 99:427); VT shifts the threshold. */
function traubMiles(V: number, VT: number, rates: GateRates): void {
  const u = V - VT;
  rates.alphaM = 1.28 * linoid((13 - u) / 4);
  rates.betaM = 1.4 * linoid((u - 40) / 5);
  rates.alphaH = 0.128 * Math.exp((17 - u) / 18);
  rates.betaH = 4 / (1 + Math.exp((40 - u) / 5));
  rates.alphaN = 0.16 * linoid((15 - u) / 5);
  rates.betaN = 0.5 * Math.exp((10 - u) / 40);
}

/** Fast-spiking interneuron (Wang & Buzsaki 1996, J Neurosci 16:6402); phi scales h and n; m is instantaneous. */
function wangBuzsaki(V: number, phi: number, rates: GateRates): void {
  rates.alphaM = linoid(-(V + 35) / 10);
  rates.betaM = 4 * Math.exp(-(V + 60) / 18);
  rates.alphaH = 0.07 * phi * Math.exp(-(V + 58) / 20);
  rates.betaH = phi / (1 + Math.exp(-(V + 28) / 10));
  rates.alphaN = 0.1 * phi * linoid(-(V + 34) / 10);
  rates.betaN = 0.125 * phi * Math.exp(-(V + 44) / 80);
}

/** Writes the rates at V into `rates`. VT is used by traub-miles, phi by wang-buzsaki. */
export function gateRates(kinetics: Kinetics, V: number, VT: number, phi: number, rates: GateRates): void {
  switch (kinetics) {
    case 'hodgkin-huxley-1952':
      hodgkinHuxley1952(V, rates);
      break;
    case 'traub-miles':
      traubMiles(V, VT, rates);
      break;
    case 'wang-buzsaki':
      wangBuzsaki(V, phi, rates);
      break;
    default:
      kinetics satisfies never;
  }
}

/** Whether m follows V at once (m = m_inf(V)). */
export function hasInstantaneousM(kinetics: Kinetics): boolean {
  return kinetics === 'wang-buzsaki';
}

/** Steady state of the slow K+ gate p (M current; Yamada et al. 1989, as in Pospischil et al. 2008). */
export function pInfinity(V: number): number {
  return 1 / (1 + Math.exp(-(V + 35) / 10));
}

/** Time constant of p, ms; `tauMax` in ms. */
export function tauP(V: number, tauMax: number): number {
  return tauMax / (3.3 * Math.exp((V + 35) / 20) + Math.exp(-(V + 35) / 20));
}

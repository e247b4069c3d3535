// Rate functions of Traub & Miles 1991, as in Pospischil et al. 2008 (Biol Cybern 99:427), with u = V - VT:
//   alpha_m = 1.28 linoid((13-u)/4)    beta_m = 1.4 linoid((u-40)/5)
//   alpha_h = 0.128 exp((17-u)/18)     beta_h = 4 / (1 + exp((40-u)/5))
//   alpha_n = 0.16 linoid((15-u)/5)    beta_n = 0.5 exp((10-u)/40)
// No bindings. All exponentials but one are powers of q = exp((10-u)/40): exp((10-u)/5) = q^8, exp((10-u)/4) = q^10.
// Counterpart of traubMiles in src/model/kinetics.ts.
#import kinetics/gate_rates
#import common/linoid

fn traub_miles_rates(V: f32, cell: Cell) -> GateRates {
  let u = V - cell.VT;
  let q = exp((10.0 - u) * 0.025);
  let q2 = q * q;
  let q4 = q2 * q2;
  let q8 = q4 * q4;
  let e_bm = 403.42879 * q8; // exp(6) q^8 = exp((40-u)/5)
  var rates: GateRates;
  rates.alpha_m = 1.28 * linoid((13.0 - u) * 0.25, 2.1170000 * q8 * q2);
  // linoid(-x) = linoid(x) + x spares the reciprocal exponential.
  let x = (40.0 - u) * 0.2;
  rates.beta_m = 1.4 * (linoid(x, e_bm) + x);
  rates.alpha_h = 0.128 * exp((17.0 - u) * (1.0 / 18.0));
  rates.beta_h = 4.0 / (1.0 + e_bm);
  rates.alpha_n = 0.16 * linoid((15.0 - u) * 0.2, 2.7182818 * q8);
  rates.beta_n = 0.5 * q;
  return rates;
}

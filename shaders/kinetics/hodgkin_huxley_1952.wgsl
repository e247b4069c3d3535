// Rate functions of the squid axon at 6.3 degrees C, rest at -65 mV (Hodgkin & Huxley 1952, J Physiol 117:500):
//   alpha_m = linoid(-(V+40)/10)         beta_m = 4 exp(-(V+65)/18)
//   alpha_h = 0.07 exp(-(V+65)/20)       beta_h = 1 / (1 + exp(-(V+35)/10))
//   alpha_n = 0.1 linoid(-(V+55)/10)     beta_n = 0.125 exp(-(V+65)/80)
// No bindings. Exponentials but one are powers of q = exp(-(V+65)/80). Counterpart of hodgkinHuxley1952 in src/model/kinetics.ts.
#import kinetics/gate_rates
#import common/linoid

fn hodgkin_huxley_1952_rates(V: f32, cell: Cell) -> GateRates {
  let q = exp((V + 65.0) * -0.0125);
  let q2 = q * q;
  let q4 = q2 * q2;
  let q8 = q4 * q4; // exp(-(V+65)/10)
  var rates: GateRates;
  rates.alpha_m = linoid((V + 40.0) * -0.1, 12.182494 * q8);
  rates.beta_m = 4.0 * exp((V + 65.0) * (-1.0 / 18.0));
  rates.alpha_h = 0.07 * q4;
  rates.beta_h = 1.0 / (1.0 + 20.085537 * q8);
  rates.alpha_n = 0.1 * linoid((V + 55.0) * -0.1, 2.7182818 * q8);
  rates.beta_n = 0.125 * q;
  return rates;
}

// Rate functions of Wang & Buzsaki 1996 (J Neurosci 16:6402), fast-spiking interneuron; m follows V at once:
//   alpha_m = linoid(-(V+35)/10)             beta_m = 4 exp(-(V+60)/18)
//   alpha_h = 0.07 phi exp(-(V+58)/20)       beta_h = phi / (1 + exp(-(V+28)/10))
//   alpha_n = 0.1 phi linoid(-(V+34)/10)     beta_n = 0.125 phi exp(-(V+44)/80)
// No bindings. Exponentials but one are powers of q = exp(-(V+44)/80). Counterpart of wangBuzsaki in src/model/kinetics.ts.
#import kinetics/gate_rates
#import common/linoid

fn wang_buzsaki_rates(V: f32, cell: Cell) -> GateRates {
  let q = exp((V + 44.0) * -0.0125);
  let q2 = q * q;
  let q4 = q2 * q2;
  let q8 = q4 * q4; // exp(-(V+44)/10)
  var rates: GateRates;
  rates.alpha_m = linoid((V + 35.0) * -0.1, 2.4596031 * q8);
  rates.beta_m = 4.0 * exp((V + 60.0) * (-1.0 / 18.0));
  rates.alpha_h = cell.phi * 0.07 * 0.49658530 * q4;
  rates.beta_h = cell.phi / (1.0 + 4.9530324 * q8);
  rates.alpha_n = cell.phi * 0.1 * linoid((V + 34.0) * -0.1, 2.7182818 * q8);
  rates.beta_n = cell.phi * 0.125 * q;
  return rates;
}

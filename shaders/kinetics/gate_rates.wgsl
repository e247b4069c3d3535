// What every kinetics module returns: opening (alpha) and closing (beta) rates of m, h and n, per ms. No bindings.

struct GateRates {
  alpha_m: f32,
  beta_m: f32,
  alpha_h: f32,
  beta_h: f32,
  alpha_n: f32,
  beta_n: f32,
}

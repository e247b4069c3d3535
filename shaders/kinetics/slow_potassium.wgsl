// Gate p of the slow potassium (M) current (Yamada et al. 1989, as in Pospischil et al. 2008):
//   p_inf = 1 / (1 + exp(-(V+35)/10)), tau_p = tau_max / (3.3 exp((V+35)/20) + exp(-(V+35)/20)).
// No bindings. Returns (p_inf, 1/tau_p). With q = exp(-(V+35)/20): p_inf = 1/(1+q^2), 1/tau_p = (3.3 + q^2)/(q tau_max).

fn slow_potassium(V: f32, rate_max: f32) -> vec2f {
  let q = exp((V + 35.0) * -0.05);
  let q2 = q * q;
  return vec2f(1.0 / (1.0 + q2), rate_max * (3.3 + q2) / q);
}

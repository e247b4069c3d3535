// Gates after a step with their rates at V held: exact exponential relaxation. No bindings.

fn VARIANT_advance_gates(s: Membrane, V: f32, cell: Cell) -> Membrane {
  let rates = KINETICS_rates(V, cell);
  var m: f32;
  if (VARIANT_INSTANT_M) {
    m = rates.alpha_m / (rates.alpha_m + rates.beta_m);
  } else {
    m = relax_gate(s.m, rates.alpha_m, rates.beta_m);
  }
  var p = s.p;
  if (VARIANT_HAS_M_CURRENT) {
    let slow = slow_potassium(V, cell.rate_max_M);
    p += DT * slow.y * relaxation(DT * slow.y) * (slow.x - p);
  }
  return Membrane(s.V, m, relax_gate(s.h, rates.alpha_h, rates.beta_h), relax_gate(s.n, rates.alpha_n, rates.beta_n), p);
}

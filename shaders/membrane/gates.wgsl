// Gates after a step with their rates at V held: exact exponential relaxation. No bindings.

fn VARIANT_advance_gates(s: ptr<function, Membrane>, V: f32, cell: Cell) {
  let rates = KINETICS_rates(V, cell);
  if (VARIANT_INSTANT_M) {
    (*s).m = rates.alpha_m / (rates.alpha_m + rates.beta_m);
  } else {
    (*s).m = relax_gate((*s).m, rates.alpha_m, rates.beta_m);
  }
  (*s).h = relax_gate((*s).h, rates.alpha_h, rates.beta_h);
  (*s).n = relax_gate((*s).n, rates.alpha_n, rates.beta_n);
  if (VARIANT_HAS_M_CURRENT) {
    let slow = slow_potassium(V, cell.rate_max_M);
    (*s).p += DT * slow.y * relaxation(DT * slow.y) * (slow.x - (*s).p);
  }
}

// Exponential Euler with every right-hand side from the old state, as Brian2's exponential_euler. First order; stable
// to 0.5 ms. No bindings. Twin of simultaneousExponentialEuler in src/engine/reference/integrators.ts.
#import membrane/membrane
#import membrane/gates
#import membrane/potential

fn VARIANT_advance(s: ptr<function, Membrane>, cell: Cell, start: SynapticInput, half: SynapticInput, full: SynapticInput, I: f32) {
  let V = (*s).V;
  if (VARIANT_INSTANT_M) {
    let rates = KINETICS_rates(V, cell);
    (*s).m = rates.alpha_m / (rates.alpha_m + rates.beta_m);
  }
  VARIANT_advance_potential(s, cell, start, I);
  VARIANT_advance_gates(s, V, cell);
}

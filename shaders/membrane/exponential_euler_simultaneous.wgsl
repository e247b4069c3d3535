// Exponential Euler with every right-hand side from the old state, as Brian2's exponential_euler. First order; stable
// to 0.5 ms. No bindings. Counterpart of simultaneousExponentialEuler in src/engine/reference/integrators.ts.
#import membrane/membrane
#import membrane/gates
#import membrane/potential

fn VARIANT_advance(s: Membrane, cell: Cell, start: SynapticInput, half: SynapticInput, full: SynapticInput, I: f32) -> Membrane {
  var next = VARIANT_advance_gates(s, s.V, cell);
  var old = s;
  // An instantaneous m has no old value: it is the steady state at the old V.
  if (VARIANT_INSTANT_M) { old.m = next.m; }
  next.V = VARIANT_advance_potential(old, cell, start, I);
  return next;
}

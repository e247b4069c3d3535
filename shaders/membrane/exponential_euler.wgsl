// Exponential Euler, staggered: gates first, then V with the new gates (Rush & Larsen 1978, IEEE TBME 25:389, with gates
// and V half a step apart). Second order where m is a gate, first order for an instantaneous m; stable to 0.5 ms.
// No bindings. Counterpart of staggeredExponentialEuler in src/engine/reference/integrators.ts.
#import membrane/membrane
#import membrane/gates
#import membrane/potential

fn VARIANT_advance(s: Membrane, cell: Cell, start: SynapticInput, half: SynapticInput, full: SynapticInput, I: f32) -> Membrane {
  var next = VARIANT_advance_gates(s, s.V, cell);
  next.V = VARIANT_advance_potential(next, cell, start, I);
  return next;
}

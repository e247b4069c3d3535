// V after a step of C V' = -sum_k g_k (V - E_k) + I with gates and conductances held. No bindings.
// The current is summed before it is relaxed: g V - g E would lose digits near the reversal potentials.

fn VARIANT_advance_potential(s: Membrane, cell: Cell, input: SynapticInput, I: f32) -> f32 {
  let V = s.V;
  let gNa = cell.gNa * s.m * s.m * s.m * s.h;
  let n2 = s.n * s.n;
  var gK = cell.gK * n2 * n2;
  if (VARIANT_HAS_M_CURRENT) { gK += cell.gM * s.p; }
  let G = gNa + gK + cell.gL + input.G;
  let outward = gNa * (V - cell.ENa) + gK * (V - cell.EK) + cell.gL * (V - cell.EL) + (input.G * V - input.drive) - I;
  return V - cell.dt_over_C * relaxation(cell.dt_over_C * G) * outward;
}

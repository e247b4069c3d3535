// Classical fourth-order Runge-Kutta; the synaptic conductances decay exactly within the step. Fourth order; unstable
// from 0.1 ms (squid axon). No bindings. Counterpart of rungeKutta4 in src/engine/reference/integrators.ts.
#import membrane/membrane

// Time derivative of the state; an instantaneous m has none.
fn VARIANT_slope(s: Membrane, cell: Cell, input: SynapticInput, I: f32) -> Membrane {
  let rates = KINETICS_rates(s.V, cell);
  var m = s.m;
  var slope: Membrane;
  slope.m = rates.alpha_m * (1.0 - s.m) - rates.beta_m * s.m;
  if (VARIANT_INSTANT_M) {
    m = rates.alpha_m / (rates.alpha_m + rates.beta_m);
    slope.m = 0.0;
  }
  slope.h = rates.alpha_h * (1.0 - s.h) - rates.beta_h * s.h;
  slope.n = rates.alpha_n * (1.0 - s.n) - rates.beta_n * s.n;
  slope.p = 0.0;
  let n2 = s.n * s.n;
  var gK = cell.gK * n2 * n2;
  if (VARIANT_HAS_M_CURRENT) {
    let slow = slow_potassium(s.V, cell.rate_max_M);
    slope.p = slow.y * (slow.x - s.p);
    gK += cell.gM * s.p;
  }
  let outward = cell.gNa * m * m * m * s.h * (s.V - cell.ENa) + gK * (s.V - cell.EK) + cell.gL * (s.V - cell.EL)
    + (input.G * s.V - input.drive) - I;
  slope.V = -outward * cell.dt_over_C / DT;
  return slope;
}

fn VARIANT_advance(s: Membrane, cell: Cell, start: SynapticInput, half: SynapticInput, full: SynapticInput, I: f32) -> Membrane {
  let k1 = VARIANT_slope(s, cell, start, I);
  let k2 = VARIANT_slope(shifted(s, k1, 0.5 * DT), cell, half, I);
  let k3 = VARIANT_slope(shifted(s, k2, 0.5 * DT), cell, half, I);
  let k4 = VARIANT_slope(shifted(s, k3, DT), cell, full, I);
  let sixth = DT / 6.0;
  var next = s;
  next.V += sixth * (k1.V + 2.0 * (k2.V + k3.V) + k4.V);
  next.m += sixth * (k1.m + 2.0 * (k2.m + k3.m) + k4.m);
  next.h += sixth * (k1.h + 2.0 * (k2.h + k3.h) + k4.h);
  next.n += sixth * (k1.n + 2.0 * (k2.n + k3.n) + k4.n);
  next.p += sixth * (k1.p + 2.0 * (k2.p + k3.p) + k4.p);
  if (VARIANT_INSTANT_M) {
    let rates = KINETICS_rates(next.V, cell);
    next.m = rates.alpha_m / (rates.alpha_m + rates.beta_m);
  }
  return next;
}

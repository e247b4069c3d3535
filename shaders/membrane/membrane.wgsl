// One neuron during one step: its state, and the input that is constant over the step. No bindings.
// Synaptic input enters as a total conductance and a drive: sum_r g_r (V - E_r) = G V - drive.
// Every integrator module gives an advance function (state, cell, start, half, full, I), where start, half and full are
// the synaptic input at the start, middle and end of the step.

struct Membrane {
  V: f32, // mV
  m: f32,
  h: f32,
  n: f32,
  p: f32,
}

struct SynapticInput {
  G: f32, // mS/cm2
  drive: f32, // uA/cm2
}

// x after a step of x' = alpha (1 - x) - beta x with the rates held.
fn relax_gate(x: f32, alpha: f32, beta: f32) -> f32 {
  let rate = alpha + beta;
  return x + DT * relaxation(DT * rate) * (alpha - rate * x);
}

// The state after `dt` along `slope`, whose fields are time derivatives.
fn shifted(s: Membrane, slope: Membrane, dt: f32) -> Membrane {
  return Membrane(s.V + dt * slope.V, s.m + dt * slope.m, s.h + dt * slope.h, s.n + dt * slope.n, s.p + dt * slope.p);
}

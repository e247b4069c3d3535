// A neuron while its steps are computed: everything that they read and change stays in registers, loaded and stored once. V and
// the states of its cell are a struct of their own, since each program has others; see generated/cell.
// Needs the bindings state, parameters, sample_sums and traces, and a place of `epoch` constants.
#import generated/signals
#import generated/state

struct Neuron {
  #for RECEPTORS
  g_@: f32, // mS/cm2
  #end
  injected_current: f32, // injected current, uA/cm2
  steps_since_spike: f32,
  #for VARIED
  varied_@: f32, // constants of the cell that differ between neurons
  #end
  sums: SampleSums,
}

// Synaptic input enters as a total conductance and a drive: sum_r g_r (V - E_r) = G V - drive.
struct SynapticInput {
  G: f32, // mS/cm2
  drive: f32, // uA/cm2
}

// Whether V is not finite or left [-1000, 1000] mV. The test is on the bits, since a compiler may assume that there are
// no NaNs.
fn is_blown_up(V: f32) -> bool {
  return (bitcast<u32>(V) & 0x7fffffffu) > 0x447a0000u; // bits of 1000.0
}

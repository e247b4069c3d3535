// What is recorded of a neuron at the end of a sample. Needs the bindings parameters, sample_sums and traces. Counterpart of
// src/engine/reference/recording.ts.
#import neuron/registers

// What is read at the end of a sample: conductances and V of every neuron, and everything of a recorded one.
fn store_sample(at: u32, sample_slot: u32, trace: u32, cell: Cell, ended: Neuron) {
  var excitatory_G = 0.0;
  var total_G = 0.0;
  #for RECEPTORS
  excitatory_G += cell.excitatory[@] * ended.g_@;
  total_G += ended.g_@;
  #end
  store_end_signals(at, excitatory_G, total_G - excitatory_G, ended.s.V);
  if (TRACES > 0u && trace < TRACES) {
    let to = (sample_slot * TRACES + trace) * TRACE_WIDTH;
    store_trace(to, ended.s, ended.sums);
    #for RECEPTORS
    traces[to + TRACE_CONDUCTANCES + @] = ended.g_@;
    #end
  }
}

// Which trace a neuron has; TRACES for none.
fn trace_of_neuron(neuron: u32) -> u32 {
  var trace = 0u;
  while (trace < TRACES && parameters.recorded[trace] != neuron) { trace++; }
  return trace;
}

// What is recorded of a neuron at the end of a sample. Needs the bindings parameters, sample_sums and traces. Counterpart of
// src/engine/reference/recording.ts.
#import neuron/registers

// What is read at the end of a sample: conductances and V of every neuron, and of a recorded one its means and conductances;
// the variables of its cell follow from place_of_variables on.
fn store_sample(at: u32, sample_slot: u32, trace: u32, cell: Cell, ended: Neuron, V: f32) {
  var excitatory_G = 0.0;
  var total_G = 0.0;
  #for RECEPTORS
  excitatory_G += cell.excitatory[@] * ended.g_@;
  total_G += ended.g_@;
  #end
  store_end_signals(at, excitatory_G, total_G - excitatory_G, V);
  if (TRACES > 0u && trace < TRACES) {
    let to = place_of_trace(sample_slot, trace);
    store_trace(to, V, ended.sums);
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

fn place_of_trace(sample_slot: u32, trace: u32) -> u32 {
  return (sample_slot * TRACES + trace) * TRACE_WIDTH;
}

fn place_of_variables(sample_slot: u32, trace: u32) -> u32 {
  return place_of_trace(sample_slot, trace) + TRACE_CONDUCTANCES + RECEPTORS;
}

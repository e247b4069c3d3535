// What a neuron hands out besides its state: spikes and the report of a blow-up. Needs the bindings of integrate_epoch.

// Appends (neuron, step of the batch). Past the capacity only the counter goes on, which the host reports as an error.
fn append_spike(neuron: u32, batch_step: u32) {
  let at = atomicAdd(&counters.spike_count, 1u);
  if (at < SPIKE_CAPACITY) { spikes[at] = vec2u(neuron, batch_step); }
}

// Keeps the earliest epoch, and within it the lowest neuron, whose V is not finite or left [-1000, 1000] mV. The test is
// on the bits, since a compiler may assume that there are no NaNs.
fn report_blow_up(neuron: u32, V: f32) {
  let magnitude = bitcast<u32>(V) & 0x7fffffffu;
  if (magnitude > 0x447a0000u) { // bits of 1000.0
    atomicMax(&counters.blow_up, ~((epoch.index << BLOW_UP_NEURON_BITS) | neuron));
  }
}

fn trace_of_neuron(neuron: u32) -> u32 {
  var trace = 0u;
  while (trace < TRACES && parameters.traced[trace] != neuron) { trace++; }
  return trace;
}

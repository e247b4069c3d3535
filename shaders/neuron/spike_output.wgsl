// What a neuron of integrate_epoch outputs besides its state: spikes and the report of a blow-up. Needs its bindings.

// Appends (neuron, step of the batch). Past the capacity only the counter grows, which the host reports as an error.
fn append_spike(neuron: u32, batch_step: u32) {
  let at = atomicAdd(&counters.spike_counts[0].value, 1u);
  if (at < SPIKE_CAPACITY) { spikes[at] = vec2u(neuron, batch_step); }
}

// Keeps the earliest epoch, and within it the lowest neuron.
fn report_blow_up(neuron: u32, epoch_index: u32) {
  atomicMax(&counters.blow_up, ~((epoch_index << BLOW_UP_NEURON_BITS) | neuron));
}

fn take_word(at: u32) -> i32 {
  let word = input_ring[at];
  if (CLEARS_RING) { input_ring[at] = 0; }
  return word;
}

// One neuron through one epoch: state in registers for all its steps. Instantiated like neuron/step. Needs the bindings
// of integrate_epoch.
//
// An epoch ends where a sample of the recording does, at the latest. Software adapters run the body of an `if` in every
// step, masked, so everything rare is done after the loop: chunks of 32 steps keep their spikes as bits of `fired`.
#import neuron/step
#import neuron/spike_output

fn VARIANT_run_epoch(neuron: u32, cell: Cell) {
  var n = load_neuron(neuron);
  var s = VARIANT_load(neuron);
  let stimuli = load_stimuli(cell);
  let sums_at = epoch.sample_slot * SIGNALS * NEURONS + neuron;
  // The first epoch of a sample would read what is left of an older one in its slot.
  if (!WHOLE_SAMPLES && epoch.sample_step > 0u) { n.sums = load_sums(sums_at); }

  var ring_at = epoch.ring_slot * RING_WORDS * NEURONS + neuron;
  for (var done = 0u; done < epoch.steps; ) {
    let chunk = min(epoch.steps - done, 32u);
    var fired = 0u;
    for (var k = 0u; k < chunk; k++) {
      let arrived = take_input(ring_at);
      ring_at = next_slot(ring_at, neuron);
      let fires = VARIANT_step(&n, &s, neuron, epoch.first_step + done + k, arrived, cell, stimuli);
      fired |= select(0u, 1u << k, fires);
    }
    while (fired != 0u) {
      append_spike(neuron, epoch.batch_step + done + firstTrailingBit(fired));
      fired &= fired - 1u;
    }
    done += chunk;
  }

  store_sums(sums_at, n.sums);
  if (WHOLE_SAMPLES || epoch.sample_step + epoch.steps == SAMPLE_STEPS) {
    let trace = trace_of_neuron(neuron);
    store_sample(sums_at, epoch.sample_slot, trace, cell, VARIANT_at_end(n, s, cell), s.V);
    if (TRACES > 0u && trace < TRACES) { VARIANT_store_variables(place_of_variables(epoch.sample_slot, trace), s, n, cell); }
  }
  store_neuron(neuron, n);
  VARIANT_store(neuron, s);
  if (VARIANT_is_blown_up(s)) { report_blow_up(neuron, epoch.index); }
}

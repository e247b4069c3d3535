// One neuron through one epoch: state in registers for all its steps. Instantiated once for every combination of
// kinetics and M current in the circuit. Needs the bindings of integrate_epoch.
//
// Step s: arrived input and Poisson events are added to the conductances; input is recorded; gates and V advance;
// conductances decay; a spike is V over the threshold. Twin of advancePopulation in reference_engine.ts.
//
// An epoch ends where a sample of the recording does, at the latest. Software adapters run the body of an `if` in every
// step, masked, so everything rare stands behind the loop: stretches of 32 steps keep their spikes as bits of `fired`.
#import kinetics/slow_potassium
#import common/random
#import neuron/stimulus
#import neuron/spike_output

fn VARIANT_run_epoch(neuron: u32, cell: Cell) {
  var s = Membrane(
    state[ROW_V * NEURONS + neuron],
    state[ROW_M * NEURONS + neuron],
    state[ROW_H * NEURONS + neuron],
    state[ROW_N * NEURONS + neuron],
    0.0,
  );
  if (VARIANT_HAS_M_CURRENT) { s.p = state[ROW_P * NEURONS + neuron]; }
  #for RECEPTORS
  var g_@ = state[(ROW_G + @) * NEURONS + neuron];
  #end
  #for STIMULI_PER_CELL
  let stimulus_@ = parameters.stimuli[cell.first_stimulus + @];
  #end
  var bias = 0.0;
  if (HAS_INJECTED_CURRENT) { bias = state[ROW_BIAS * NEURONS + neuron]; }
  var steps_since_spike = 0.0;
  if (HAS_REFRACTORINESS) { steps_since_spike = state[ROW_SINCE_SPIKE * NEURONS + neuron]; }

  var excitatory_sum = 0.0;
  var inhibitory_sum = 0.0;
  var absolute_sum = 0.0;
  let sums_at = epoch.sample_slot * CHANNELS * NEURONS + neuron;
  if (!WHOLE_SAMPLES) {
    // The first epoch of a sample reads what is left of an older one in its slot.
    let is_running = epoch.sample_step > 0u;
    excitatory_sum = select(0.0, sample_sums[sums_at], is_running);
    inhibitory_sum = select(0.0, sample_sums[sums_at + NEURONS], is_running);
    absolute_sum = select(0.0, sample_sums[sums_at + 2u * NEURONS], is_running);
  }

  var ring_at = epoch.ring_slot * RECEPTORS * NEURONS + neuron;
  for (var done = 0u; done < epoch.steps; ) {
    let stretch = min(epoch.steps - done, 32u);
    var fired = 0u;
    for (var k = 0u; k < stretch; k++) {
      let step = epoch.first_step + done + k;
      #for RECEPTORS
      g_@ += f32(input_ring[ring_at + @ * NEURONS]) * cell.quantum[@];
      if (CLEARS_RING) { input_ring[ring_at + @ * NEURONS] = 0; }
      #end
      ring_at += RECEPTORS * NEURONS;
      ring_at = select(ring_at, neuron, ring_at >= RING_SLOTS * RECEPTORS * NEURONS);

      var I = bias;
      #for STIMULI_PER_CELL
      if (step >= stimulus_@.start_step && step < stimulus_@.stop_step) {
        if (HAS_CURRENTS && stimulus_@.kind == STIMULUS_CURRENT) {
          I += stimulus_@.amplitude;
        } else if (HAS_RANDOM_STIMULI) {
          let words = pcg3d(vec3u(neuron - cell.network_origin, step, stimulus_@.key));
          if (HAS_NOISE && stimulus_@.kind == STIMULUS_NOISE) {
            I += noise_current(stimulus_@, neuron, words);
          } else {
            let added = f32(poisson_events(stimulus_@, words.x)) * stimulus_@.amplitude;
            #each RECEPTORS g_& += select(0.0, added, stimulus_@.slot == &u);
          }
        }
      }
      #end

      var excitatory = SynapticInput(0.0, 0.0);
      var start = SynapticInput(0.0, 0.0);
      var half = SynapticInput(0.0, 0.0);
      var full = SynapticInput(0.0, 0.0);
      #for RECEPTORS
      let drive_@ = g_@ * cell.reversal[@];
      start = SynapticInput(start.G + g_@, start.drive + drive_@);
      excitatory.G += cell.excitatory[@] * g_@;
      excitatory.drive += cell.excitatory[@] * drive_@;
      if (NEEDS_MID_STEP_INPUT) {
        half.G += g_@ * cell.half_decay[@];
        half.drive += drive_@ * cell.half_decay[@];
        full.G += g_@ * cell.decay[@];
        full.drive += drive_@ * cell.decay[@];
      }
      g_@ *= cell.decay[@];
      #end
      let excitatory_current = excitatory.G * s.V - excitatory.drive;
      let synaptic_current = start.G * s.V - start.drive;
      let inhibitory_current = synaptic_current - excitatory_current;
      excitatory_sum -= excitatory_current;
      inhibitory_sum += inhibitory_current;
      absolute_sum += abs(excitatory_current) + abs(inhibitory_current);

      let before = s.V;
      s = VARIANT_advance(s, cell, start, half, full, I);

      let is_over = s.V > cell.spike_threshold;
      var fires = is_over && before <= cell.spike_threshold;
      if (HAS_REFRACTORINESS) {
        steps_since_spike += 1.0;
        if (cell.refractory_steps > 0.0) { fires = is_over && steps_since_spike >= cell.refractory_steps; }
        steps_since_spike = select(min(steps_since_spike, 1.0e6), 0.0, fires);
      }
      fired |= select(0u, 1u << k, fires);
    }
    while (fired != 0u) {
      append_spike(neuron, epoch.batch_step + done + firstTrailingBit(fired));
      fired &= fired - 1u;
    }
    done += stretch;
  }

  sample_sums[sums_at] = excitatory_sum;
  sample_sums[sums_at + NEURONS] = inhibitory_sum;
  sample_sums[sums_at + 2u * NEURONS] = absolute_sum;
  if (WHOLE_SAMPLES || epoch.sample_step + epoch.steps == SAMPLE_STEPS) {
    var excitatory_G = 0.0;
    var total_G = 0.0;
    #for RECEPTORS
    excitatory_G += cell.excitatory[@] * g_@;
    total_G += g_@;
    #end
    sample_sums[sums_at + 3u * NEURONS] = excitatory_G;
    sample_sums[sums_at + 4u * NEURONS] = total_G - excitatory_G;
    sample_sums[sums_at + 5u * NEURONS] = s.V;
    if (TRACES > 0u) {
      let trace = trace_of_neuron(neuron);
      if (trace < TRACES) {
        let to = (epoch.sample_slot * TRACES + trace) * TRACE_WIDTH;
        traces[to] = s.V;
        traces[to + 1u] = s.m;
        traces[to + 2u] = s.h;
        traces[to + 3u] = s.n;
        traces[to + 4u] = s.p;
        traces[to + 5u] = absolute_sum;
        #for RECEPTORS
        traces[to + TRACE_CONDUCTANCES + @] = g_@;
        #end
      }
    }
  }
  state[ROW_V * NEURONS + neuron] = s.V;
  state[ROW_M * NEURONS + neuron] = s.m;
  state[ROW_H * NEURONS + neuron] = s.h;
  state[ROW_N * NEURONS + neuron] = s.n;
  if (VARIANT_HAS_M_CURRENT) { state[ROW_P * NEURONS + neuron] = s.p; }
  #for RECEPTORS
  state[(ROW_G + @) * NEURONS + neuron] = g_@;
  #end
  if (HAS_REFRACTORINESS) { state[ROW_SINCE_SPIKE * NEURONS + neuron] = steps_since_spike; }
  report_blow_up(neuron, s.V);
}

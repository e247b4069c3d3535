// One neuron through one epoch: state in registers for all its steps. Instantiated once for every combination of
// kinetics and M current in the circuit. Needs the bindings of integrate_epoch.
//
// Step s: arrived input and Poisson events are added to the conductances; input is recorded; gates and V advance;
// conductances decay; a spike is V over the threshold. Twin of advancePopulation in reference_engine.ts.
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
  var g: array<f32, RECEPTORS>;
  for (var r = 0u; r < RECEPTORS; r++) { g[r] = state[(ROW_G + r) * NEURONS + neuron]; }
  let bias = state[ROW_BIAS * NEURONS + neuron];
  var steps_since_spike = 0.0;
  if (cell.refractory_steps > 0.0) { steps_since_spike = state[ROW_SINCE_SPIKE * NEURONS + neuron]; }

  var sample_slot = epoch.sample_slot;
  var sample_step = epoch.sample_step;
  var sums: array<f32, CHANNELS>;
  if (sample_step > 0u) {
    for (var c = 0u; c < CHANNELS; c++) { sums[c] = sample_sums[(sample_slot * CHANNELS + c) * NEURONS + neuron]; }
  }

  var ring_slot = epoch.ring_slot;
  for (var k = 0u; k < epoch.steps; k++) {
    let step = epoch.first_step + k;
    for (var r = 0u; r < RECEPTORS; r++) {
      let at = (ring_slot * RECEPTORS + r) * NEURONS + neuron;
      let arrived = input_ring[at];
      if (arrived != 0) {
        g[r] += f32(arrived) * cell.quantum[r];
        input_ring[at] = 0;
      }
    }
    ring_slot = select(ring_slot + 1u, 0u, ring_slot + 1u == RING_SLOTS);

    var I = bias;
    for (var i = cell.first_stimulus; i < cell.end_stimulus; i++) {
      let stimulus = parameters.stimuli[i];
      if (step < stimulus.start_step || step >= stimulus.stop_step) { continue; }
      if (stimulus.kind == STIMULUS_CURRENT) {
        I += stimulus.amplitude;
        continue;
      }
      let words = pcg3d(vec3u(neuron, step, stimulus.key));
      if (stimulus.kind == STIMULUS_POISSON) {
        let added = f32(poisson_events(stimulus, words.x)) * stimulus.amplitude;
        for (var r = 0u; r < RECEPTORS; r++) { g[r] += select(0.0, added, r == stimulus.slot); }
      } else {
        I += noise_current(stimulus, neuron, words);
      }
    }

    var start = SynapticInput(0.0, 0.0);
    var half = SynapticInput(0.0, 0.0);
    var full = SynapticInput(0.0, 0.0);
    var excitatory = SynapticInput(0.0, 0.0);
    for (var r = 0u; r < RECEPTORS; r++) {
      let E = parameters.receptors[r].reversal;
      let is_excitatory = parameters.receptors[r].excitatory;
      excitatory.G += is_excitatory * g[r];
      excitatory.drive += is_excitatory * g[r] * E;
      start.G += g[r];
      start.drive += g[r] * E;
      let mid = g[r] * parameters.receptors[r].half_decay;
      half.G += mid;
      half.drive += mid * E;
      g[r] *= parameters.receptors[r].decay;
      full.G += g[r];
      full.drive += g[r] * E;
    }
    let excitatory_current = excitatory.G * s.V - excitatory.drive;
    let synaptic_current = start.G * s.V - start.drive;
    sums[0] += abs(excitatory_current);
    sums[1] += abs(synaptic_current - excitatory_current);
    sums[2] += synaptic_current;
    sums[3] += excitatory.G;
    sums[4] += start.G - excitatory.G;
    sums[5] += s.V;

    let before = s.V;
    VARIANT_advance(&s, cell, start, half, full, I);

    let is_over = s.V > cell.spike_threshold;
    var fires = is_over && before <= cell.spike_threshold;
    if (cell.refractory_steps > 0.0) {
      steps_since_spike += 1.0;
      fires = is_over && steps_since_spike >= cell.refractory_steps;
      steps_since_spike = select(min(steps_since_spike, 1.0e6), 0.0, fires);
    }
    if (fires) { append_spike(neuron, epoch.batch_step + k); }

    sample_step++;
    if (sample_step == SAMPLE_STEPS) {
      if (TRACES > 0u) {
        let trace = trace_of_neuron(neuron);
        if (trace < TRACES) {
          let at = (sample_slot * TRACES + trace) * TRACE_WIDTH;
          traces[at] = s.V;
          traces[at + 1u] = s.m;
          traces[at + 2u] = s.h;
          traces[at + 3u] = s.n;
          traces[at + 4u] = s.p;
          traces[at + 5u] = sums[0] + sums[1];
          for (var r = 0u; r < RECEPTORS; r++) { traces[at + TRACE_CONDUCTANCES + r] = g[r]; }
        }
      }
      for (var c = 0u; c < CHANNELS; c++) {
        sample_sums[(sample_slot * CHANNELS + c) * NEURONS + neuron] = sums[c];
        sums[c] = 0.0;
      }
      sample_step = 0u;
      sample_slot = select(sample_slot + 1u, 0u, sample_slot + 1u == SAMPLE_SLOTS);
    }
  }

  if (sample_step > 0u) {
    for (var c = 0u; c < CHANNELS; c++) { sample_sums[(sample_slot * CHANNELS + c) * NEURONS + neuron] = sums[c]; }
  }
  state[ROW_V * NEURONS + neuron] = s.V;
  state[ROW_M * NEURONS + neuron] = s.m;
  state[ROW_H * NEURONS + neuron] = s.h;
  state[ROW_N * NEURONS + neuron] = s.n;
  if (VARIANT_HAS_M_CURRENT) { state[ROW_P * NEURONS + neuron] = s.p; }
  for (var r = 0u; r < RECEPTORS; r++) { state[(ROW_G + r) * NEURONS + neuron] = g[r]; }
  if (cell.refractory_steps > 0.0) { state[ROW_SINCE_SPIKE * NEURONS + neuron] = steps_since_spike; }
  report_blow_up(neuron, s.V);
}

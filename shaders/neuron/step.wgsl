// One step of one neuron. Instantiated once for every program of cells in the circuit. Needs the bindings state and
// parameters.
//
// Step s: arrived input and Poisson events are added to the conductances; input is recorded; V and the states of the cell advance;
// conductances decay; a neuron with V over the threshold spikes. Counterpart of advancePopulation in
// reference_engine.ts.
#import common/random
#import neuron/registers
#import neuron/synapse
#import neuron/stimulus
#import neuron/spike_detection
#import neuron/recording
#import generated/cell

// Returns whether the neuron fires.
fn VARIANT_step(
  n: ptr<function, Neuron>, s: ptr<function, VARIANT_State>, neuron: u32, step: u32, arrived: Arrived, cell: Cell, stimuli: Stimuli,
) -> bool {
  #for RECEPTORS
  var g_@ = (*n).g_@ + f32(quanta_of(@u, arrived.words[@u / RECEPTORS_PER_WORD])) * cell.quantum[@];
  #end

  var I = (*n).injected_current;
  #for STIMULI_PER_CELL
  let stimulus_@ = stimuli.stimulus_@;
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

  // What arrives at receptors whose kinetics are mechanisms goes into the states of the cell.
#import generated/receiving

  // What is recorded is the input that acts: that of the middle where the integrator takes it there.
  var all = SynapticInput(0.0, 0.0);
  var excitatory = SynapticInput(0.0, 0.0);
  var start = SynapticInput(0.0, 0.0);
  var half = SynapticInput(0.0, 0.0);
  var full = SynapticInput(0.0, 0.0);
  #for RECEPTORS
  let acting_@ = g_@ * select(1.0, cell.half_decay[@], NEEDS_MIDDLE_INPUT && !IS_KINETIC_@);
  let acting_drive_@ = acting_@ * cell.reversal[@];
  all = SynapticInput(all.G + acting_@, all.drive + acting_drive_@);
  excitatory.G += cell.excitatory[@] * acting_@;
  excitatory.drive += cell.excitatory[@] * acting_drive_@;
  if (!IS_KINETIC_@) {
    start = SynapticInput(start.G + g_@, start.drive + g_@ * cell.reversal[@]);
    if (NEEDS_MIDDLE_INPUT) { half = SynapticInput(half.G + acting_@, half.drive + acting_drive_@); }
    if (NEEDS_END_INPUT) {
      let ending = g_@ * cell.decay[@];
      full = SynapticInput(full.G + ending, full.drive + ending * cell.reversal[@]);
    }
  }
  (*n).g_@ = g_@ * cell.decay[@];
  #end
  let before = *s;
  let excitatory_current = excitatory.G * before.V - excitatory.drive;
  let synaptic_current = all.G * before.V - all.drive;
  let inhibitory_current = synaptic_current - excitatory_current;
  (*n).sums = with_step((*n).sums, excitatory_current, inhibitory_current);

  let after = VARIANT_next(before, *n, cell, start, half, full, I);
  *s = after;

  return detect_spike(n, before.V, after.V, cell);
}

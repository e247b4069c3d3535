// What one stimulus does to one neuron in one step. Needs the bindings of integrate_epoch.

// A population's stimuli; the last field only keeps the struct from being empty.
struct Stimuli {
  #for STIMULI_PER_CELL
  stimulus_@: Stimulus,
  #end
  filler: u32,
}

fn load_stimuli(cell: Cell) -> Stimuli {
  var stimuli = Stimuli();
  #for STIMULI_PER_CELL
  stimuli.stimulus_@ = parameters.stimuli[cell.first_stimulus + @];
  #end
  return stimuli;
}

// Number of Poisson events: how many of the thresholds 2^32 P(count <= k) the random word reaches. The first ones are
// in the stimulus and are compared without a branch; only fast inputs have more.
fn poisson_events(stimulus: Stimulus, word: u32) -> u32 {
  var events = 0u;
  #for INLINE_THRESHOLDS
  events += select(0u, 1u, @u < stimulus.threshold_count && word >= stimulus.thresholds[@]);
  #end
  if (HAS_LONG_THRESHOLD_TABLES && events == INLINE_THRESHOLDS) {
    while (events < stimulus.threshold_count && word >= parameters.thresholds[stimulus.first_threshold + events]) { events++; }
  }
  return events;
}

// Ornstein-Uhlenbeck current: returns its value for this step, uA/cm2, and draws the next (Gillespie 1996,
// Phys Rev E 54:2084, exact for any dt).
fn noise_current(stimulus: Stimulus, neuron: u32, words: vec3u) -> f32 {
  let at = (ROW_NOISE + stimulus.slot) * NEURONS + neuron;
  let value = state[at];
  state[at] = stimulus.amplitude + (value - stimulus.amplitude) * stimulus.decay + stimulus.noise_increment * normal_of(words.xy);
  return value;
}

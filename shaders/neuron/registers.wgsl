// A neuron while its steps are computed: everything that they read and change stays in registers, loaded and stored once.
// Needs the bindings state, parameters, sample_sums and traces, and a place of `epoch` constants.
#import membrane/membrane
#import generated/ring_word
#import generated/signals
#import generated/state

struct Neuron {
  s: Membrane,
  #for RECEPTORS
  g_@: f32, // mS/cm2
  #end
  injected_current: f32, // injected current, uA/cm2
  steps_since_spike: f32,
  sums: SampleSums,
}

// Synaptic input of one step: the ring's words.
struct Arrived {
  words: array<i32, RING_WORDS>,
}

// Variables are initialised explicitly: Dawn sets a variable without initial value to zero once, not in every
// iteration of a loop.

// Takes a step's input out of the ring. `at` is the neuron's place in the step's slot; needs take_word(place).
fn take_input(at: u32) -> Arrived {
  var arrived = Arrived();
  if (HAS_SYNAPSES) {
    #for RING_WORDS
    arrived.words[@] = take_word(at + @ * NEURONS);
    #end
  }
  return arrived;
}

// The neuron's place in the next slot of the ring.
fn next_slot(at: u32, neuron: u32) -> u32 {
  let next = at + RING_WORDS * NEURONS;
  return select(next, neuron, next >= RING_SLOTS * RING_WORDS * NEURONS);
}

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

// Whether V is not finite or left [-1000, 1000] mV. The test is on the bits, since a compiler may assume that there are
// no NaNs.
fn is_blown_up(V: f32) -> bool {
  return (bitcast<u32>(V) & 0x7fffffffu) > 0x447a0000u; // bits of 1000.0
}

// Synaptic input of a neuron: what the input ring holds for one step. Needs take_word(place).
#import generated/ring_word

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

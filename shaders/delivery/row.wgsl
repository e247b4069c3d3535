// The synapses of one spike: their weights (integers, so that sums do not depend on the order) are added to the input ring
// at the step in which they arrive. Needs the bindings row_pointers, synapses and input_ring (atomic).
#import generated/synapse_word
#import generated/ring_word

// `first_slot` is the ring slot of the step after the spike's, less than two rounds of the ring; `lane` of `lanes` threads.
fn deliver_row(row: u32, first_slot: u32, lane: u32, lanes: u32) {
  let row_end = row_pointers[row + 1u];
  for (var k = row_pointers[row] + lane; k < row_end; k += lanes) {
    let synapse = synapses[k];
    // At most three rounds of the ring: its length exceeds both the epoch and the delay.
    var slot = first_slot + synapse_delay(synapse.y);
    slot -= select(0u, RING_SLOTS, slot >= RING_SLOTS);
    slot -= select(0u, RING_SLOTS, slot >= RING_SLOTS);
    let receptor = synapse_receptor(synapse.x);
    let at = (slot * RING_WORDS + ring_word(receptor)) * NEURONS + synapse_target(synapse.x);
    atomicAdd(&input_ring[at], in_ring_word(receptor, synapse_weight(synapse.y)));
  }
}

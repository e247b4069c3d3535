// Delivers the spikes of one epoch: one workgroup per spike, its threads along the row of the source, each adding weights
// (integers, so that the sums do not depend on the order) to the input ring at the step in which they arrive.
//
// Bindings: spikes; counters; shard: which sources' rows it holds; row_pointers of these, in synapses from the shard's start;
// synapses: their words; input_ring [slot][word][neuron]; source_events of spike sources; epoch: its constants.
#import generated/buffer_layouts
#import generated/bindings
#import delivery/row

@compute @workgroup_size(EPOCH_WORKGROUP_SIZE)
fn deliver_spikes(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let end = min(atomicLoad(&counters.spike_counts[0].value), SPIKE_CAPACITY);
  // Where the next epoch's spikes start: no other workgroup writes or reads this slot during the dispatch.
  if (workgroup.x == 0u && thread == 0u) { counters.epoch_start[epoch.index + 1u] = end; }
  for (var i = counters.epoch_start[epoch.index] + workgroup.x; i < end; i += workgroups.x) {
    deliver(spikes[i].x, spikes[i].y - epoch.batch_step, thread);
  }
  if (HAS_SPIKE_SOURCES) {
    for (var i = epoch.first_event + workgroup.x; i < epoch.end_event; i += workgroups.x) {
      deliver(source_events[i].x, source_events[i].y - epoch.first_step, thread);
    }
  }
}

// This thread's share of the row of a neuron or spike source that sent in the epoch's step `step`.
fn deliver(sender: u32, step: u32, thread: u32) {
  let row = sender - shard.first_source;
  if (row < shard.sources) { deliver_row(row, epoch.ring_slot + step + 1u, thread, EPOCH_WORKGROUP_SIZE); }
}

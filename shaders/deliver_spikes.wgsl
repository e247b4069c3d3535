// Delivers the spikes of one epoch: a workgroup a spike, its threads along the row of the source, each adding weights
// (integers, so that the sums do not depend on the order) to the input ring at the step in which they arrive.
//
// Bindings (group 0): 0 spikes; 1 counters; 2 shard (uniform); 3 row pointers of the shard's sources, in synapses from the
// shard's start; 4 synapse words; 5 input ring [slot][word][neuron]; 6 events of spike sources. Group 1: 0 the epoch's
// constants.
#import generated/buffer_layouts
#import delivery/row

@group(0) @binding(0) var<storage, read> spikes: array<vec2u>;
@group(0) @binding(1) var<storage, read_write> counters: Counters;
@group(0) @binding(2) var<uniform> shard: Shard;
@group(0) @binding(3) var<storage, read> row_pointers: array<u32>;
@group(0) @binding(4) var<storage, read> synapses: array<vec2u>;
@group(0) @binding(5) var<storage, read_write> input_ring: array<atomic<i32>>;
@group(0) @binding(6) var<storage, read> source_events: array<vec2u>;
@group(1) @binding(0) var<uniform> epoch: Epoch;

@compute @workgroup_size(DELIVERY_WORKGROUP_SIZE)
fn deliver_spikes(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let end = min(atomicLoad(&counters.spike_counts[0].value), SPIKE_CAPACITY);
  // Where the next epoch's spikes start: nobody else writes or reads this slot during the dispatch.
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
  if (row < shard.sources) { deliver_row(row, epoch.ring_slot + step + 1u, thread, DELIVERY_WORKGROUP_SIZE); }
}

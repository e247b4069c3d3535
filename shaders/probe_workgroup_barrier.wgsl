// Tests whether WORKGROUPS workgroups of one dispatch run at the same time.
//
// Bindings: counters: how many have arrived, and whether one gave up waiting.
#import generated/bindings
#import generated/workgroup_barrier
#import common/workgroup_barrier

struct Count {
  value: atomic<u32>,
}
struct Counters {
  arrivals: Count,
  missed: atomic<u32>,
}

@compute @workgroup_size(1)
fn probe_workgroup_barrier() {
  workgroup_barrier(1u);
}

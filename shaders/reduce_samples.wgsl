// Second half of the recording's reduction: every thread adds the chunks of one output of one sample, in order.
// Outputs of a sample: [population][signal], then [member][electrode][absolute, signed].
//
// Bindings: reduction: which samples; partial_sums of reduce_chunks; chunk_ranges: the chunks of each population, then of each
// member (first, end); reduced samples [sample][output].
#import generated/buffer_layouts
#import generated/bindings
#import common/workgroup_number

@compute @workgroup_size(REDUCTION_WORKGROUP_SIZE)
fn reduce_samples(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let place = workgroup_number(workgroup, workgroups) * REDUCTION_WORKGROUP_SIZE + thread;
  let sample = place / OUTPUTS;
  let output = place % OUTPUTS;
  if (sample >= reduction.samples) { return; }
  var range = chunk_ranges[min(output / SIGNALS, POPULATIONS - 1u)];
  var signal = output % SIGNALS;
  if (output >= POPULATIONS * SIGNALS) {
    let potential = output - POPULATIONS * SIGNALS;
    range = chunk_ranges[POPULATIONS + potential / max(1u, LFP_SIGNALS * ELECTRODES)];
    signal = SIGNALS + potential % max(1u, LFP_SIGNALS * ELECTRODES);
  }
  var sum = 0.0;
  for (var chunk = range.x; chunk < range.y; chunk++) { sum += partial_sums[(sample * CHUNKS + chunk) * REDUCED_SIGNALS + signal]; }
  reduced[place] = sum;
}

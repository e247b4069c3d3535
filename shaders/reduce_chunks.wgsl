// First half of the recording's reduction: every thread adds one chunk of neurons of one sample, in order, so that the
// sums are the same to the bit every time. The chunks of a population interleave, so that neighbouring threads read
// neighbouring neurons.
//
// Bindings: reduction: which samples; sample_sums [slot][signal][neuron]; chunks; electrode_weights [electrode][neuron], uV
// per unit of current density; partial_sums [sample][chunk][signal, then 2 per electrode].
// LFP: potential of point sources, sum_i I_i / (4 pi sigma r_i).
#import generated/buffer_layouts
#import generated/bindings
#import common/workgroup_number

@compute @workgroup_size(REDUCTION_WORKGROUP_SIZE)
fn reduce_chunks(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let place = workgroup_number(workgroup, workgroups) * REDUCTION_WORKGROUP_SIZE + thread;
  let sample = place / CHUNKS;
  let number = place % CHUNKS;
  if (sample >= reduction.samples) { return; }
  var slot = reduction.first_slot + sample;
  slot -= select(0u, SAMPLE_SLOTS, slot >= SAMPLE_SLOTS);
  let chunk = chunks[number];
  let row = slot * SIGNALS * NEURONS;
  let out = (sample * CHUNKS + number) * REDUCED_SIGNALS;
  #for SIGNALS
  var sum_@ = 0.0;
  #end
  // All signals in one loop: their loads wait for memory together.
  for (var i = chunk.first; i < chunk.end; i += chunk.stride) {
    #each SIGNALS sum_& += sample_sums[row + &u * NEURONS + i];
  }
  #for SIGNALS
  partial_sums[out + @u] = sum_@;
  #end
  for (var e = 0u; e < ELECTRODES; e++) {
    var absolute = 0.0;
    var signed_sum = 0.0;
    for (var i = chunk.first; i < chunk.end; i += chunk.stride) {
      let weight = electrode_weights[e * NEURONS + i];
      absolute += weight * sample_sums[row + SIGNAL_absoluteCurrent_nA * NEURONS + i];
      let excitatory = sample_sums[row + SIGNAL_excitatoryCurrent_nA * NEURONS + i];
      let inhibitory = sample_sums[row + SIGNAL_inhibitoryCurrent_nA * NEURONS + i];
      signed_sum += weight * (inhibitory - excitatory);
    }
    partial_sums[out + SIGNALS + LFP_SIGNALS * e] = absolute;
    partial_sums[out + SIGNALS + LFP_SIGNALS * e + 1u] = signed_sum;
  }
}

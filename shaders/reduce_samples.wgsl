// Second half of the recording's reduction: every thread adds the chunks of one output of one sample, in order.
// Outputs of a sample: [population][signal], then [member][electrode][absolute, signed].
//
// Bindings (group 0): 0 reduction constants (uniform); 1 partial sums of reduce_chunks; 2 chunks of each population,
// then of each member (first, end); 3 reduced samples [sample][output].
#import generated/buffer_layouts

@group(0) @binding(0) var<uniform> reduction: Reduction;
@group(0) @binding(1) var<storage, read> partial_sums: array<f32>;
@group(0) @binding(2) var<storage, read> chunk_ranges: array<vec2u>;
@group(0) @binding(3) var<storage, read_write> reduced: array<f32>;

@compute @workgroup_size(64)
fn reduce_samples(@builtin(global_invocation_id) id: vec3u) {
  let sample = id.x / OUTPUTS;
  let output = id.x % OUTPUTS;
  if (sample >= reduction.samples) { return; }
  var range = chunk_ranges[min(output / SIGNALS, POPULATIONS - 1u)];
  var signal = output % SIGNALS;
  if (output >= POPULATIONS * SIGNALS) {
    let potential = output - POPULATIONS * SIGNALS;
    range = chunk_ranges[POPULATIONS + potential / max(1u, 2u * ELECTRODES)];
    signal = SIGNALS + potential % max(1u, 2u * ELECTRODES);
  }
  var sum = 0.0;
  for (var chunk = range.x; chunk < range.y; chunk++) { sum += partial_sums[(sample * CHUNKS + chunk) * REDUCED_SIGNALS + signal]; }
  reduced[id.x] = sum;
}

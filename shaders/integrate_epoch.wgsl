// Integrates every neuron through one epoch (as many steps as the smallest delay allows): a thread a neuron, every
// workgroup within one population. Reads and clears the input ring, appends spikes, sums the samples of the recording.
//
// Bindings (group 0): 0 parameters; 1 state [row][neuron]; 2 input ring [slot][word][neuron]; 3 spikes
// (neuron, step of the batch); 4 counters; 5 sample sums [slot][signal][neuron]; 6 traces [slot][recorded
// neuron][variable]. Group 1: 0 the epoch's constants.
// Equations: kinetics/ and membrane/; order of a step: neuron/epoch_loop.
#import generated/buffer_layouts
#import common/relaxation
#import generated/run_epoch

// True where every epoch is one whole sample: no partial sums are kept.
override WHOLE_SAMPLES: bool;

@group(0) @binding(0) var<storage, read> parameters: Parameters;
@group(0) @binding(1) var<storage, read_write> state: array<f32>;
@group(0) @binding(2) var<storage, read_write> input_ring: array<i32>;
@group(0) @binding(3) var<storage, read_write> spikes: array<vec2u>;
@group(0) @binding(4) var<storage, read_write> counters: Counters;
@group(0) @binding(5) var<storage, read_write> sample_sums: array<f32>;
@group(0) @binding(6) var<storage, read_write> traces: array<f32>;
@group(1) @binding(0) var<uniform> epoch: Epoch;

@compute @workgroup_size(WORKGROUP_SIZE)
fn integrate_epoch(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  var population = 0u;
  while (population + 1u < POPULATIONS && workgroup.x >= parameters.cells[population + 1u].first_workgroup) { population++; }
  let cell = parameters.cells[population];
  let local = (workgroup.x - cell.first_workgroup) * WORKGROUP_SIZE + thread;
  if (local < cell.neurons) { run_epoch(cell.first_neuron + local, cell); }
}

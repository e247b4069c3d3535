// Integrates every neuron through one epoch (as many steps as the smallest delay allows): one thread per
// neuron, every workgroup within one population. Reads and clears the input ring, appends spikes, sums the samples of the recording.
//
// Bindings: parameters; state [row][neuron]; input_ring [slot][word][neuron]; spikes (neuron, step of the batch); counters;
// sample_sums [slot][signal][neuron]; traces [slot][recorded neuron][variable]; epoch: its constants.
// Equations: generated/cell, from the mechanisms of the circuit; order of a step: neuron/epoch_loop.
#import generated/buffer_layouts
#import generated/bindings
#import common/relaxation
#import common/linoid
#import common/linoid_slope
#import common/last_place
#import common/workgroup_number
#import generated/run_epoch

// True where every epoch is one whole sample: no partial sums are kept.
override WHOLE_SAMPLES: bool;

@compute @workgroup_size(EPOCH_WORKGROUP_SIZE)
fn integrate_epoch(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let number = workgroup_number(workgroup, workgroups);
  var population = 0u;
  while (population + 1u < POPULATIONS && number >= parameters.cells[population + 1u].first_workgroup) { population++; }
  let cell = parameters.cells[population];
  let local = (number - cell.first_workgroup) * EPOCH_WORKGROUP_SIZE + thread;
  if (local < cell.neurons) { run_epoch(cell.first_neuron + local, cell); }
}

// Simulates whole networks through a whole batch, WORKGROUPS workgroups per network: integrates and delivers epoch after
// epoch with barriers in between, so that small networks need no dispatch per epoch and keep their state in registers. A
// thread has NEURONS_PER_THREAD neurons; the code of each is that of one program of cells. Where several
// workgroups share a network, they wait for each other after every epoch, and each delivers all spikes to its own neurons.
//
// Bindings: parameters; state [row][neuron]; input_ring [slot][word][neuron]; spikes (neuron, step of the batch),
// SPIKE_CAPACITY per workgroup; counters; sample_sums [slot][signal][neuron]; traces [slot][recorded neuron][variable];
// row_pointers [workgroup of the targets][source]; synapses: their words; batch: its constants, as of one long epoch.
// Equations and order as in integrate_epoch and deliver_spikes, with the same results to the bit.
#import generated/buffer_layouts
#import generated/bindings
#import common/relaxation
#import common/linoid
#import common/linoid_slope
#import common/last_place
#import common/workgroup_number
#import generated/thread_neurons
#import delivery/row
#import common/workgroup_barrier

const NO_BLOW_UP = 0xffffffffu;
// Rows of each workgroup's spikes that are delivered at once.
const ROW_SLOTS = NETWORK_WORKGROUP_SIZE / DELIVERY_LANES / WORKGROUPS;

fn take_word(at: u32) -> i32 {
  let word = atomicLoad(&input_ring[at]);
  atomicStore(&input_ring[at], 0);
  return word;
}

// Past the capacity only the counter grows, which the host reports as an error.
fn append_spike(list: u32, neuron: u32, batch_step: u32) {
  let at = atomicAdd(&counters.spike_counts[list].value, 1u);
  if (at < SPIKE_CAPACITY) { spikes[list * SPIKE_CAPACITY + at] = vec2u(neuron, batch_step); }
}

struct Place {
  neuron: u32,
  population: u32, // POPULATIONS where the thread has no such neuron
}

// The `index`th of a network's neurons whose cells have the program `program`.
fn place_of(network: u32, program: u32, index: u32) -> Place {
  let populations = parameters.members[network];
  var left = index;
  var place = Place(0u, POPULATIONS);
  for (var p = populations.first; p < populations.end; p++) {
    if (parameters.cells[p].program == program) {
      if (left < parameters.cells[p].neurons) {
        place = Place(parameters.cells[p].first_neuron + left, p);
        left = 0xffffffffu;
      } else if (left != 0xffffffffu) {
        left -= parameters.cells[p].neurons;
      }
    }
  }
  return place;
}

@compute @workgroup_size(NETWORK_WORKGROUP_SIZE)
fn simulate_network(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  // Also that of the list of its spikes.
  let number = workgroup_number(workgroup, workgroups);
  if (number >= LISTS) { return; }
  let network = number / WORKGROUPS;
  let own = number % WORKGROUPS;
  // The spikes that this thread helps to deliver: one of the network's lists, and which of them at once.
  let row_slot = thread / DELIVERY_LANES;
  let list = network * WORKGROUPS + row_slot % WORKGROUPS;
  var blow_up = NO_BLOW_UP;
  #for NEURONS_PER_THREAD
  let place_@ = place_of(network, PROGRAM_OF_NEURON_@, FIRST_OF_NEURON_@ + own * NETWORK_WORKGROUP_SIZE + thread);
  let is_used_@ = place_@.population < POPULATIONS;
  let neuron_@ = place_@.neuron;
  let cell_@ = parameters.cells[min(place_@.population, POPULATIONS - 1u)];
  let stimuli_@ = load_stimuli(cell_@);
  let trace_@ = trace_of_neuron(neuron_@);
  var n_@ = load_neuron(neuron_@);
  var s_@ = load_state_of_neuron_@(neuron_@);
  if (batch.sample_step > 0u) { n_@.sums = load_sums(batch.sample_slot * SIGNALS * NEURONS + neuron_@); }
  #end

  var epoch_index = 0u;
  var delivered = 0u;
  var ring_slot = batch.ring_slot;
  var sample_slot = batch.sample_slot;
  var sample_step = batch.sample_step;
  for (var done = 0u; done < batch.steps; ) {
    let sample_end = min(batch.steps, done + SAMPLE_STEPS - sample_step);
    sample_step += sample_end - done;
    while (done < sample_end) {
      let steps = min(EPOCH_STEPS, sample_end - done);
      for (var chunk_start = 0u; chunk_start < steps; chunk_start += CHUNK_STEPS) {
        let chunk = min(CHUNK_STEPS, steps - chunk_start);
        let batch_step = done + chunk_start;
        let slot = ring_slot + chunk_start;
        // Bit k NEURONS_PER_THREAD + r: the thread's neuron r fires in step k.
        var fired = 0u;
        // Input is read one step ahead, and for the first step for all neurons of a thread together: reading is slow
        // on a software adapter, and the step would wait for it.
        let first_at = select(slot - RING_SLOTS, slot, slot < RING_SLOTS) * RING_WORDS * NEURONS;
        #for NEURONS_PER_THREAD
        var first_@ = Arrived();
        if (is_used_@) { first_@ = take_input(first_at + neuron_@); }
        #end
        #for NEURONS_PER_THREAD
        {
          let end = select(0u, chunk, is_used_@);
          var ring_at = first_at + neuron_@;
          var next = first_@;
          for (var k = 0u; k < end; k++) {
            let arrived = next;
            ring_at = next_slot(ring_at, neuron_@);
            if (k + 1u < end) { next = take_input(ring_at); }
            let fires = step_of_neuron_@(&n_@, &s_@, neuron_@, batch.first_step + batch_step + k, arrived, cell_@, stimuli_@);
            fired |= select(0u, 1u << (k * NEURONS_PER_THREAD + @u), fires);
          }
        }
        #end
        while (fired != 0u) {
          let bit = firstTrailingBit(fired);
          var neuron = neuron_0;
          #for NEURONS_PER_THREAD
          neuron = select(neuron, neuron_@, bit % NEURONS_PER_THREAD == @u);
          #end
          append_spike(number, neuron, batch_step + bit / NEURONS_PER_THREAD);
          fired &= fired - 1u;
        }
      }
      #for NEURONS_PER_THREAD
      blow_up = select(blow_up, min(blow_up, (epoch_index << BLOW_UP_NEURON_BITS) | neuron_@), is_used_@ && is_blown_up_@(s_@));
      #end

      if (HAS_SYNAPSES) {
        storageBarrier();
        var end = 0u;
        if (WORKGROUPS > 1u) {
          // Two rows in alternation: a workgroup that is one epoch ahead must not change what another still reads.
          let row = (epoch_index % 2u) * LISTS;
          if (thread == 0u) {
            atomicStore(&counters.listed[row + number], atomicLoad(&counters.spike_counts[number].value));
            workgroup_barrier(epoch_index + 1u);
          }
          storageBarrier();
          end = atomicLoad(&counters.listed[row + list]);
        } else {
          end = atomicLoad(&counters.spike_counts[list].value);
        }
        end = min(end, SPIKE_CAPACITY);
        if (row_slot < ROW_SLOTS * WORKGROUPS) {
          for (var i = delivered + row_slot / WORKGROUPS; i < end; i += ROW_SLOTS) {
            let spike = spikes[list * SPIKE_CAPACITY + i];
            deliver_row(own * SYNAPSE_ROWS + spike.x, ring_slot + (spike.y - done) + 1u, thread % DELIVERY_LANES, DELIVERY_LANES);
          }
        }
        delivered = end;
        storageBarrier();
      }
      done += steps;
      epoch_index++;
      ring_slot += steps;
      ring_slot -= select(0u, RING_SLOTS, ring_slot >= RING_SLOTS);
    }
    let is_whole = sample_step == SAMPLE_STEPS;
    #for NEURONS_PER_THREAD
    if (is_used_@) {
      let sums_at = sample_slot * SIGNALS * NEURONS + neuron_@;
      store_sums(sums_at, n_@.sums);
      if (is_whole) {
        store_sample(sums_at, sample_slot, trace_@, cell_@, at_end_of_neuron_@(n_@, s_@, cell_@), s_@.V);
        if (TRACES > 0u && trace_@ < TRACES) { store_variables_of_neuron_@(place_of_variables(sample_slot, trace_@), s_@, n_@, cell_@); }
        n_@.sums = SampleSums();
      }
    }
    #end
    if (is_whole) {
      sample_step = 0u;
      sample_slot = select(sample_slot + 1u, 0u, sample_slot + 1u == SAMPLE_SLOTS);
    }
  }

  #for NEURONS_PER_THREAD
  if (is_used_@) {
    store_neuron(neuron_@, n_@);
    store_state_of_neuron_@(neuron_@, s_@);
  }
  #end
  if (blow_up != NO_BLOW_UP) { atomicMax(&counters.blow_up, ~blow_up); }
}

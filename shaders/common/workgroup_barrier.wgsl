// Workgroups of one dispatch wait for each other. WebGPU does not promise that they run at the same time: it has to
// be tested first (probe_workgroup_barrier). Nor does it promise that one sees what another has written before:
// lavapipe's barriers and atomics are those of the processor, in one order for all threads. Needs the binding
// counters with arrivals and missed, and WORKGROUPS and MOST_TRIES. Sorensen et al. 2016 (OOPSLA): barriers between
// the workgroups that occupy an adapter.

// To be called by one thread of each workgroup, for the `number`th time (from 1). Gives up after MOST_TRIES, and at once
// when others have.
fn workgroup_barrier(number: u32) {
  atomicAdd(&counters.arrivals.value, 1u);
  var tries = select(0u, MOST_TRIES, atomicLoad(&counters.missed) != 0u);
  // An addition of 0, since a compiler may move a load out of the loop.
  while (atomicAdd(&counters.arrivals.value, 0u) < number * WORKGROUPS && tries < MOST_TRIES) { tries++; }
  if (tries == MOST_TRIES) { atomicStore(&counters.missed, 1u); }
}

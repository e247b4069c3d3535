// Input of four consecutive steps side by side in the ring: one load and one store for four steps. No bindings.

alias RingGroup = vec4i;

// The input of step j of the group. Written as selects: a vector that is indexed in a loop would live in memory.
fn ring_element(group: RingGroup, j: u32) -> i32 {
  return select(select(group.x, group.y, j == 1u), select(group.z, group.w, j == 3u), j >= 2u);
}

// The group with steps first..end taken out.
fn clear_ring_elements(group: RingGroup, first: u32, end: u32) -> RingGroup {
  let j = vec4u(0u, 1u, 2u, 3u);
  return select(group, RingGroup(), (j >= vec4u(first)) & (j < vec4u(end)));
}

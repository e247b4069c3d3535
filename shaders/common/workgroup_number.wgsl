// The number of a workgroup in a dispatch that may have more workgroups than one dimension takes (dispatch/dispatch_grid.ts).
// No bindings. The last row may hold more workgroups than are needed: kernels check their number.

fn workgroup_number(workgroup: vec3u, workgroups: vec3u) -> u32 {
  return workgroup.y * workgroups.x + workgroup.x;
}

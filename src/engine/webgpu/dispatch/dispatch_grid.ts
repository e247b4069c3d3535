/**
 * Largest number of workgroups of a dispatch in one dimension: 65,535 where an adapter has no more than WebGPU
 * promises.
 */
export type DispatchLimits = Pick<GPUSupportedLimits, 'maxComputeWorkgroupsPerDimension'>;

/**
 * Columns and rows of a dispatch of at least `workgroups` workgroups, at most `mostInOneDimension` in each. Kernels
 * number their workgroups with common/workgroup_number.wgsl and skip the few that are not needed.
 */
export function dispatchGrid(
  workgroups: number,
  mostInOneDimension: number,
): readonly [columns: number, rows: number] {
  const rows = Math.max(1, Math.ceil(workgroups / mostInOneDimension));
  return [Math.ceil(workgroups / rows), rows];
}

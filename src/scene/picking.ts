import { type PerspectiveCamera, Vector3 } from 'three/webgpu';

/** Half-size of what a pointer touches, CSS pixels. */
const REACH_px = 12;

/**
 * The neuron nearest to the viewer among those whose centre lies within reach of a point of the picture; null without
 * one. `x` and `y` in pixels from its upper left corner.
 */
export function neuronAt(
  positions_um: Float32Array,
  camera: PerspectiveCamera,
  size: { readonly width: number; readonly height: number },
  x: number,
  y: number,
): number | null {
  const point = new Vector3();
  let found: number | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < positions_um.length / 3; i++) {
    point.fromArray(positions_um, 3 * i).project(camera);
    if (point.z < -1 || point.z > 1 || point.z >= nearest) continue;
    const dx = ((point.x + 1) / 2) * size.width - x;
    const dy = ((1 - point.y) / 2) * size.height - y;
    if (Math.hypot(dx, dy) > REACH_px) continue;
    nearest = point.z;
    found = i;
  }
  return found;
}

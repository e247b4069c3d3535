import seedrandom from 'seedrandom';
import { vec3 } from 'wgpu-matrix';
import type { Geometry } from '../model/circuit.js';

/** Soma positions as given or drawn uniformly in the circuit's volume, um, [x0, y0, z0, ...]; length 3 x neurons. */
export function somaPositions(geometry: Geometry, neurons: number, seed: number): Float32Array {
  if (geometry.shape === 'given') return Float32Array.from(geometry.positions_um.flat());
  const random = seedrandom.alea(`${seed}/positions`);
  const positions = new Float32Array(3 * neurons);
  const draw =
    geometry.shape === 'cylinder'
      ? (at: Float32Array) => {
          const radius = geometry.radius_um * Math.sqrt(random());
          const angle = 2 * Math.PI * random();
          const z = geometry.height_um * (random() - 0.5);
          vec3.set(radius * Math.cos(angle), radius * Math.sin(angle), z, at);
        }
      : (at: Float32Array) => {
          vec3.set(
            geometry.x_um * (random() - 0.5),
            geometry.y_um * (random() - 0.5),
            geometry.z_um * (random() - 0.5),
            at,
          );
        };
  for (let i = 0; i < neurons; i++) draw(positions.subarray(3 * i, 3 * i + 3));
  return positions;
}

/** Distance between two somata, um. */
export function somaDistance_um(positions_um: Float32Array, a: number, b: number): number {
  return vec3.distance(positions_um.subarray(3 * a, 3 * a + 3), positions_um.subarray(3 * b, 3 * b + 3));
}

import {
  BoxGeometry,
  BufferAttribute,
  type BufferGeometry,
  ConeGeometry,
  IcosahedronGeometry,
  InstancedBufferGeometry,
  OctahedronGeometry,
} from 'three/webgpu';
import type { PopulationStyle } from '../report/theme.js';

/** The glyph of a symbol around the origin. Flat-shaded, few triangles: a hundred thousand of them have to be drawn. */
export function glyphShape(symbol: PopulationStyle['symbol'], radius_um: number): BufferGeometry {
  switch (symbol) {
    case 'circle':
      return new IcosahedronGeometry(radius_um, 0);
    case 'triangle':
      return new ConeGeometry(1.2 * radius_um, 2 * radius_um, 4).toNonIndexed().rotateX(Math.PI / 2);
    case 'square': {
      const side = 1.6 * radius_um;
      return new BoxGeometry(side, side, side).toNonIndexed();
    }
    case 'diamond':
      return new OctahedronGeometry(1.4 * radius_um, 0);
  }
}

/** Instances of so many copies of a shape each; the attribute `member` says which copy of its instance a vertex is of. */
export function instancesOf(
  shape: BufferGeometry,
  copies: number,
  instances: number,
): InstancedBufferGeometry {
  const geometry = new InstancedBufferGeometry();
  geometry.instanceCount = instances;
  for (const name of ['position', 'normal']) {
    const { array } = shape.getAttribute(name);
    const repeated = new Float32Array(copies * array.length);
    for (let i = 0; i < copies; i++) repeated.set(array, i * array.length);
    geometry.setAttribute(name, new BufferAttribute(repeated, 3));
  }
  const { count } = shape.getAttribute('position');
  const member = Uint32Array.from({ length: copies * count }, (_, k) => Math.floor(k / count));
  geometry.setAttribute('member', new BufferAttribute(member, 1));
  return geometry;
}

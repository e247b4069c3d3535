import {
  BufferAttribute,
  BufferGeometry,
  type Color,
  Group,
  LineBasicNodeMaterial,
  LineSegments,
  Mesh,
  MeshBasicNodeMaterial,
  OctahedronGeometry,
} from 'three/webgpu';
import type { Circuit, Geometry } from '../model/circuit.js';
import { COLOR } from '../report/theme.js';

const SEGMENTS = 48;
/** Side of the box around neurons that are all in one place. */
const SMALLEST_SIDE_um = 10;

/** What does not move: the outline of the tissue, and the electrodes on their shank. */
export function createFixtures(circuit: Circuit, electrodeRadius_um: number): Group {
  const group = new Group();
  group.add(lines(outline(circuit.geometry), COLOR.edge));
  const electrodes = circuit.recording.lfp?.electrodes ?? [];
  if (electrodes.length === 0) return group;
  const top_um = 0.62 * extent_um(circuit.geometry).height;
  for (const { x_um, y_um, z_um } of electrodes) {
    const contact = new Mesh(
      new OctahedronGeometry(electrodeRadius_um, 0),
      new MeshBasicNodeMaterial({ color: COLOR.gamma }),
    );
    contact.position.set(x_um, y_um, z_um);
    group.add(contact);
  }
  const shank = electrodes.flatMap(({ x_um, y_um, z_um }) => [x_um, y_um, z_um, x_um, y_um, top_um]);
  group.add(lines(shank, COLOR.gamma));
  return group;
}

/** Largest distance from the axis, and height, of the tissue, um. */
export function extent_um(geometry: Geometry): { radius: number; height: number } {
  if (geometry.shape === 'cylinder') return { radius: geometry.radius_um, height: geometry.height_um };
  const [x, y, z] = boxSize_um(geometry);
  return { radius: Math.hypot(x, y) / 2, height: z };
}

/** Width, depth and height of a box about 0; for given positions of one that holds them all. */
function boxSize_um(geometry: Exclude<Geometry, { shape: 'cylinder' }>): [number, number, number] {
  if (geometry.shape === 'box') return [geometry.x_um, geometry.y_um, geometry.z_um];
  const widest = (axis: number) =>
    geometry.positions_um.reduce((most, position) => Math.max(most, Math.abs(position[axis])), 0);
  return [0, 1, 2].map((axis) => Math.max(SMALLEST_SIDE_um, 2 * widest(axis))) as [number, number, number];
}

/** Frees what the meshes and lines of a group hold. */
export function disposeGroup(group: Group): void {
  group.traverse((part) => {
    if (!(part instanceof Mesh || part instanceof LineSegments)) return;
    part.geometry.dispose();
    (part.material as LineBasicNodeMaterial).dispose();
  });
}

/** Line segments through [x0, y0, z0, x1, y1, z1, ...], um. All are opaque: they share one pipeline. */
export function lines(points: ArrayLike<number>, color: Color | string): LineSegments {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(Float32Array.from(points), 3));
  const segments = new LineSegments(geometry, new LineBasicNodeMaterial({ color }));
  segments.frustumCulled = false;
  return segments;
}

function outline(geometry: Geometry): number[] {
  if (geometry.shape !== 'cylinder') return boxEdges(boxSize_um(geometry));
  const points: number[] = [];
  const at = (i: number, z: number) => {
    const angle = (2 * Math.PI * i) / SEGMENTS;
    return [geometry.radius_um * Math.cos(angle), geometry.radius_um * Math.sin(angle), z];
  };
  const half = geometry.height_um / 2;
  for (let i = 0; i < SEGMENTS; i++) {
    for (const z of [-half, half]) points.push(...at(i, z), ...at(i + 1, z));
    if (i % (SEGMENTS / 4) === 0) points.push(...at(i, -half), ...at(i, half));
  }
  return points;
}

function boxEdges(size: readonly [number, number, number]): number[] {
  const points: number[] = [];
  for (let axis = 0; axis < 3; axis++)
    for (const a of [-0.5, 0.5])
      for (const b of [-0.5, 0.5])
        for (const end of [-0.5, 0.5]) {
          const corner = [0, 0, 0];
          corner[axis] = end * size[axis];
          corner[(axis + 1) % 3] = a * size[(axis + 1) % 3];
          corner[(axis + 2) % 3] = b * size[(axis + 2) % 3];
          points.push(...corner);
        }
  return points;
}

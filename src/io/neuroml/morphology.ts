import { childOf, childrenOf, numberOf, optional, refuse, required, requiredChild } from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

/** The shape of a cell of one segment. */
export interface OneSegment {
  readonly area_um2: number;
  /** Whether a group of segments holds the segment; null: all segments. */
  readonly isIn: (group: string | null) => boolean;
}

/** Deepest nesting of groups that is followed. */
const MOST_LEVELS = 50;

/** The only segment of a morphology. Throws CircuitError, with a remedy, where there are several. */
export function oneSegment(cell: XmlElement, morphology: XmlElement): OneSegment {
  const segments = childrenOf(morphology, 'segment');
  if (segments.length !== 1)
    refuse(
      cell,
      `the cell "${required(cell, 'id')}" has ${segments.length} segments; cells of one segment are read. ` +
        'Import its channels from their own files, or give it one segment with the area of the part that is meant',
    );
  const [segment] = segments;
  const groups = new Map(
    childrenOf(morphology, 'segmentGroup').map((group) => [required(group, 'id'), group]),
  );
  const holds = (id: string, level: number): boolean => {
    const group = groups.get(id);
    if (!group || level > MOST_LEVELS) return false;
    return group.children.some(({ name }) => ['member', 'path', 'subTree'].includes(name))
      ? true
      : childrenOf(group, 'include').some((include) => holds(required(include, 'segmentGroup'), level + 1));
  };
  return {
    area_um2: areaOf(segment),
    isIn: (group) => group === null || group === 'all' || group === 'none' || holds(group, 0),
  };
}

/** Surface without the ends, um2: of a frustum, or of a sphere where both ends are at one place. */
function areaOf(segment: XmlElement): number {
  const distal = requiredChild(segment, 'distal');
  const proximal = childOf(segment, 'proximal') ?? distal;
  const at = (point: XmlElement, key: string) => numberOf(point, key, '1');
  const [near, far] = [proximal, distal].map((point) => at(point, 'diameter') / 2);
  const length = Math.hypot(...['x', 'y', 'z'].map((key) => at(distal, key) - at(proximal, key)));
  const area =
    length === 0 ? 4 * Math.PI * far ** 2 : Math.PI * (near + far) * Math.hypot(length, near - far);
  return Number(area.toPrecision(12));
}

/** A part of a cell: within it, or named by an attribute and standing on its own in the document. */
export function partOf(
  cell: XmlElement,
  name: 'morphology' | 'biophysicalProperties',
  elsewhere: ReadonlyMap<string, XmlElement>,
): XmlElement {
  const own = childOf(cell, name);
  if (own) return own;
  const id = optional(cell, name);
  const named = id === null ? undefined : elsewhere.get(`${name} ${id}`);
  return named ?? refuse(cell, `the cell "${required(cell, 'id')}" has no <${name}>`);
}

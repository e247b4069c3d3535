import type { TriadName } from '../analysis/connectivity/triad_classes.js';
import { round } from './text.js';

/** Small drawings of the 13 connected triads. */

type Node = 'top' | 'left' | 'right';
type Edge = readonly [from: Node, to: Node];

const PLACE: Record<Node, readonly [x: number, y: number]> = {
  top: [0, -8],
  left: [-8, 7],
  right: [8, 7],
};
const NODE_RADIUS = 2.6;
const HEAD = 4.6;

/** Edges of each class; MAN codes as in NetworkX. */
const EDGES: Partial<Record<TriadName, readonly Edge[]>> = {
  '021D': [
    ['top', 'left'],
    ['top', 'right'],
  ],
  '021U': [
    ['left', 'top'],
    ['right', 'top'],
  ],
  '021C': [
    ['left', 'top'],
    ['top', 'right'],
  ],
  '111D': [...both('left', 'top'), ['right', 'top']],
  '111U': [...both('left', 'top'), ['top', 'right']],
  '030T': [
    ['left', 'top'],
    ['top', 'right'],
    ['left', 'right'],
  ],
  '030C': [
    ['left', 'top'],
    ['top', 'right'],
    ['right', 'left'],
  ],
  '201': [...both('left', 'top'), ...both('top', 'right')],
  '120D': [['top', 'left'], ['top', 'right'], ...both('left', 'right')],
  '120U': [['left', 'top'], ['right', 'top'], ...both('left', 'right')],
  '120C': [['left', 'top'], ['top', 'right'], ...both('left', 'right')],
  '210': [['left', 'top'], ...both('top', 'right'), ...both('left', 'right')],
  '300': [...both('left', 'top'), ...both('top', 'right'), ...both('left', 'right')],
};

function both(a: Node, b: Node): [Edge, Edge] {
  return [
    [a, b],
    [b, a],
  ];
}

/** The triad centred at (x, y), 22 px wide and high. */
export function triadGlyph(name: TriadName, x: number, y: number, color: string): string {
  const edges = (EDGES[name] ?? []).map(([from, to]) => arrow(PLACE[from], PLACE[to]));
  const nodes = Object.values(PLACE).map(([nx, ny]) => `<circle cx="${nx}" cy="${ny}" r="${NODE_RADIUS}"/>`);
  return `<g transform="translate(${round(x)},${round(y)})" fill="${color}" color="${color}">${edges.join('')}${nodes.join('')}</g>`;
}

function arrow([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
  const length = Math.hypot(x2 - x1, y2 - y1);
  const ux = (x2 - x1) / length;
  const uy = (y2 - y1) / length;
  const tipX = x2 - ux * NODE_RADIUS;
  const tipY = y2 - uy * NODE_RADIUS;
  const baseX = tipX - ux * HEAD;
  const baseY = tipY - uy * HEAD;
  const half = HEAD / 2;
  const at = (x: number, y: number) => `${round(x)},${round(y)}`;
  const head = `M${at(tipX, tipY)}L${at(baseX - uy * half, baseY + ux * half)}L${at(baseX + uy * half, baseY - ux * half)}Z`;
  const shaft = `<path d="M${at(x1, y1)}L${at(baseX, baseY)}" fill="none" stroke="currentColor" stroke-width="1.3"/>`;
  return `${shaft}<path d="${head}"/>`;
}

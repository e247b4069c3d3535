/** Where the texts of an SVG lie on its canvas. */

import { parseHTML } from 'linkedom';
import { textWidth } from '../../src/report/text.js';

type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
type Point = readonly [x: number, y: number];

export interface PlacedText {
  readonly text: string;
  /** Of the panel that the text is in, or its header. */
  readonly part: string;
  readonly isCaption: boolean;
  readonly size: number;
  /** The text's rectangle: baseline to capital height, turned as the text is. */
  readonly corners: readonly Point[];
}

const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];
/** Height of Inter's capitals, em. */
const CAPITALS = 0.727;

export function placedTexts(svg: string): PlacedText[] {
  const { document } = parseHTML(`<html><body>${svg}</body></html>`);
  const root = document.querySelector('svg');
  if (!root) throw new Error('there is no svg');
  const texts: PlacedText[] = [];
  visit(root, IDENTITY, { size: 16, anchor: 'start', part: '', isCaption: false }, texts);
  return texts;
}

interface Inherited {
  readonly size: number;
  readonly anchor: string;
  readonly part: string;
  readonly isCaption: boolean;
}

function visit(element: Element, parent: Matrix, inherited: Inherited, into: PlacedText[]): void {
  const matrix = multiply(parent, parseTransform(element.getAttribute('transform') ?? ''));
  const own = {
    size: Number(element.getAttribute('font-size') ?? inherited.size),
    anchor: element.getAttribute('text-anchor') ?? inherited.anchor,
    part: element.getAttribute('id') ?? inherited.part,
    isCaption: inherited.isCaption || element.getAttribute('class') === 'caption',
  };
  const text = (element.textContent ?? '').trim();
  if (element.tagName.toLowerCase() === 'text' && text !== '') {
    const width = textWidth(text, own.size, element.getAttribute('font-weight') === '600' ? 600 : 400);
    const left = length(element, 'x', own.size) - { start: 0, middle: width / 2, end: width }[own.anchor]!;
    const baseline = length(element, 'y', own.size) + length(element, 'dy', own.size);
    const top = baseline - CAPITALS * own.size;
    const corners = [
      [left, top],
      [left + width, top],
      [left + width, baseline],
      [left, baseline],
    ].map(([x, y]) => apply(matrix, x, y));
    into.push({ text, ...own, corners });
  }
  for (const child of Array.from(element.children)) visit(child, matrix, own, into);
}

function length(element: Element, attribute: string, em: number): number {
  const value = element.getAttribute(attribute) ?? '0';
  return value.endsWith('em') ? Number.parseFloat(value) * em : Number.parseFloat(value);
}

function parseTransform(transform: string): Matrix {
  let matrix = IDENTITY;
  for (const [, kind, list] of transform.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const numbers = list.split(/[\s,]+/).map(Number);
    if (kind === 'translate') matrix = multiply(matrix, [1, 0, 0, 1, numbers[0], numbers[1] ?? 0]);
    else if (kind === 'rotate') {
      const angle = (numbers[0] * Math.PI) / 180;
      const [x, y] = [numbers[1] ?? 0, numbers[2] ?? 0];
      const turn: Matrix = [Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0];
      matrix = multiply(multiply(multiply(matrix, [1, 0, 0, 1, x, y]), turn), [1, 0, 0, 1, -x, -y]);
    } else throw new Error(`transform ${kind} is not known here`);
  }
  return matrix;
}

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

const apply = (m: Matrix, x: number, y: number): Point => [
  m[0] * x + m[2] * y + m[4],
  m[1] * x + m[3] * y + m[5],
];

/** Whether two turned rectangles share more than an edge (separating axes). */
export function overlap(a: PlacedText, b: PlacedText): boolean {
  for (const { corners } of [a, b]) {
    for (let k = 0; k < 2; k++) {
      const [x1, y1] = corners[k];
      const [x2, y2] = corners[k + 1];
      const along = (point: Point) => point[0] * (x2 - x1) + point[1] * (y2 - y1);
      const [aLow, aHigh] = range(a.corners.map(along));
      const [bLow, bHigh] = range(b.corners.map(along));
      if (aHigh <= bLow || bHigh <= aLow) return false;
    }
  }
  return true;
}

const range = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];

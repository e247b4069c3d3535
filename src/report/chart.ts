import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { COLOR, SIZE } from './theme.js';

/** Observable Plot charts as SVG groups at a place on the dashboard. */

/** A rectangle in px. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const { document } = parseHTML('<!doctype html><html><body></body></html>');

/** Room for tick labels and axis labels around the plotting area. */
export const MARGIN = { left: 74, right: 14, top: 10, bottom: 54 } as const;

/** Draws a chart into `box`; axes are labelled at their middle, without arrows. */
export function chart(box: Box, options: Plot.PlotOptions): string {
  const { x, y, ...rest } = options;
  const svg = Plot.plot({
    document,
    width: box.width,
    height: box.height,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    className: 'chart',
    ...rest,
    x: axis(x),
    y: axis(y),
  });
  for (const style of svg.querySelectorAll('style')) style.remove();
  return `<g transform="translate(${box.x},${box.y})" font-size="${SIZE.tick}" text-anchor="middle" fill="currentColor" color="${COLOR.axis}">${svg.innerHTML}</g>`;
}

function axis(options: Plot.ScaleOptions | undefined): Plot.ScaleOptions {
  return { labelAnchor: 'center', labelArrow: 'none', tickSize: 5, ...options };
}

/** Light lines at the ticks of both axes. */
export function gridLines(): Plot.Markish[] {
  return [
    Plot.gridX({ stroke: COLOR.grid, strokeOpacity: 1 }),
    Plot.gridY({ stroke: COLOR.grid, strokeOpacity: 1 }),
  ];
}

/** Numbers as powers of ten where they are, for logarithmic axes: 10⁻³. */
export function powerOfTen(value: number): string {
  const exponent = Math.log10(value);
  if (Math.abs(exponent - Math.round(exponent)) > 1e-9) return '';
  return `10${String(Math.round(exponent)).replace(/[-\d]/g, (c) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(c)])}`;
}

/** The x and y of a series as Plot takes them; values that are not finite are gaps. */
export function points(x: ArrayLike<number>, y: ArrayLike<number>): { x: number; y: number }[] {
  return Array.from({ length: x.length }, (_, k) => ({ x: x[k], y: y[k] }));
}

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

/** 1, 2 and 5 times powers of ten within a logarithmic axis, or powers of ten alone where those would crowd. */
export function logTicks([low, high]: readonly [number, number]): number[] {
  const steps = Math.log10(high / low) > 2.5 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.log10(high); exponent++) {
    for (const step of steps) ticks.push(step * 10 ** exponent);
  }
  const tolerance = 1 + 1e-9;
  return ticks.filter((tick) => tick * tolerance >= low && tick <= high * tolerance);
}

/** Three digits at most, in exponents only where that is shorter. */
export function shortNumber(value: number): string {
  return `${Number(value.toPrecision(3))}`.replace('-', '−');
}

/** Extent of the series, at least `span` wide: an axis of no length has no ticks. */
export function domainOf(series: Iterable<Point>, span: number): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { y } of series) {
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  if (!(high >= low)) return [0, span];
  return high - low >= span ? [low, high] : [low - span / 2, low + span / 2];
}

/** A long series at the extremes of each of `columns` equal parts: drawn at that width it looks the same. */
export function thinned(series: readonly Point[], columns: number): readonly Point[] {
  const size = Math.ceil(series.length / columns);
  if (size <= 4) return series;
  const kept: Point[] = [];
  for (let from = 0; from < series.length; from += size) {
    let low = from;
    let high = from;
    for (let k = from; k < Math.min(series.length, from + size); k++) {
      if (series[k].y < series[low].y) low = k;
      if (series[k].y > series[high].y) high = k;
    }
    kept.push(series[Math.min(low, high)], series[Math.max(low, high)]);
  }
  return kept;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The x and y of a series as Plot takes them; values that are not finite are gaps. */
export function points(x: ArrayLike<number>, y: ArrayLike<number>): Point[] {
  return Array.from({ length: x.length }, (_, k) => ({ x: x[k], y: y[k] }));
}

import * as Plot from '@observablehq/plot';
import { type Box, chart, logTicks, MARGIN, shortNumber } from '../chart.js';
import { colorRamp, heatmap, imageElement } from '../image_layer.js';
import { missing, type Panel } from '../panel.js';
import { round, svgText } from '../text.js';
import { COLOR, SIZE } from '../theme.js';

/** One quantity over two parameters: a mosaic where the points form a grid, else a dot for each point. */

export type AxisValue = number | string | boolean;

export interface PhaseCell {
  readonly x: AxisValue;
  readonly y: AxisValue;
  /** Mean over the point's runs; null where it is undefined or was not simulated. */
  readonly value: number | null;
}

export interface PhaseMap {
  /** With the unit. */
  readonly title: string;
  readonly scheme: 'inferno' | 'viridis' | 'cividis';
  readonly xLabel: string;
  readonly yLabel: string;
  readonly cells: readonly PhaseCell[];
  /** How the quantity was obtained, from how many runs. */
  readonly caption: string;
}

const BAR = { width: 16, gap: 14, labels: 66 } as const;
const TICKS = { x: 7, y: 9 } as const;
/** Cells that a mosaic may lack, as a multiple of those it has. */
const LARGEST_GAP = 4;
const LARGEST_LINEAR_RATIO = 30;

export const phasePanel = (title: string): Panel<PhaseMap> => ({
  title,
  draw(map, area) {
    const values = map.cells.flatMap(({ value }) => (value === null ? [] : [value]));
    if (values.length === 0)
      return { body: missing(area, 'It is undefined at every point.'), caption: map.caption };
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const share = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
    const plot = { ...area, width: area.width - BAR.gap - BAR.width - BAR.labels };
    const [xs, ys] = [distinct(map.cells.map(({ x }) => x)), distinct(map.cells.map(({ y }) => y))];
    const isMosaic = xs.length * ys.length <= LARGEST_GAP * map.cells.length;
    const ramp = colorRamp(map.scheme);
    const gaps = map.cells.length - values.length;
    const look = isMosaic ? 'Grey' : 'Open circles';
    return {
      body:
        (isMosaic ? mosaic(map, xs, ys, plot, share, ramp) : dots(map, xs, ys, plot, share, ramp)) +
        colorBar(frameOf(plot), low, high, ramp),
      caption:
        gaps === 0 ? map.caption : `${map.caption} ${look}: undefined at ${gaps} of ${map.cells.length}.`,
    };
  },
});

type Share = (value: number) => number;

/** Equal cells, whatever the distances of the values: ratios, steps and names alike. */
function mosaic(
  { cells, xLabel, yLabel }: PhaseMap,
  xs: readonly AxisValue[],
  ys: readonly AxisValue[],
  plot: Box,
  share: Share,
  ramp: Uint8ClampedArray,
): string {
  const key = (x: AxisValue, y: AxisValue) => JSON.stringify([x, y]);
  const byPlace = new Map(cells.map(({ x, y, value }) => [key(x, y), value]));
  const canvas = heatmap(
    xs.length,
    ys.length,
    (column, row) => {
      const value = byPlace.get(key(xs[column], ys[ys.length - 1 - row])) ?? null;
      return value === null ? Number.NaN : share(value);
    },
    ramp,
  );
  const frame = frameOf(plot);
  const axis = (values: readonly AxisValue[], label: string, ticks: number) => ({
    domain: [0, values.length],
    label,
    ticks: values.map((_, k) => k + 0.5).filter((_, k) => k % Math.ceil(values.length / ticks) === 0),
    tickFormat: (place: number) => axisText(values[Math.floor(place)]),
  });
  return (
    `<rect x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}" fill="${COLOR.edge}"/>` +
    imageElement(canvas, frame) +
    chart(plot, {
      x: axis(xs, xLabel, TICKS.x),
      y: axis(ys, yLabel, TICKS.y),
      marks: [Plot.frame({ stroke: COLOR.edge })],
    })
  );
}

function dots(
  { cells, xLabel, yLabel }: PhaseMap,
  xs: readonly AxisValue[],
  ys: readonly AxisValue[],
  plot: Box,
  share: Share,
  ramp: Uint8ClampedArray,
): string {
  const place = (values: readonly AxisValue[]) => (value: AxisValue) =>
    typeof value === 'number' ? value : values.indexOf(value);
  const [x, y] = [place(xs), place(ys)];
  const color = (value: number | null) => {
    if (value === null) return 'none';
    const at = 3 * Math.round(255 * share(value));
    return `rgb(${ramp[at]},${ramp[at + 1]},${ramp[at + 2]})`;
  };
  return chart(plot, {
    x: {
      label: xLabel,
      ...scaleOf(
        cells.map((cell) => x(cell.x)),
        TICKS.x,
      ),
    },
    y: {
      label: yLabel,
      ...scaleOf(
        cells.map((cell) => y(cell.y)),
        TICKS.y,
      ),
    },
    marks: [
      Plot.frame({ stroke: COLOR.edge }),
      Plot.dot(cells, {
        x: (cell: PhaseCell) => x(cell.x),
        y: (cell: PhaseCell) => y(cell.y),
        r: 7,
        fill: (cell: PhaseCell) => color(cell.value),
        stroke: COLOR.axis,
        strokeWidth: 1,
      }),
    ],
  });
}

/** Logarithmic where values above 0 span so much that a linear axis would crowd them. */
function scaleOf(values: readonly number[], ticks: number): Plot.ScaleOptions {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (!(low > 0 && high / low > LARGEST_LINEAR_RATIO)) return { nice: true, ticks };
  return { type: 'log', domain: [low, high], ticks: logTicks([low, high]), tickFormat: shortNumber };
}

function colorBar(frame: Box, low: number, high: number, ramp: Uint8ClampedArray): string {
  const box = { x: frame.x + frame.width + BAR.gap, y: frame.y, width: BAR.width, height: frame.height };
  const canvas = heatmap(1, 256, (_, row) => 1 - row / 255, ramp);
  const ticks = high > low ? [0, 0.25, 0.5, 0.75, 1] : [0.5];
  const labels = ticks.map((share) => {
    const y = box.y + box.height * (1 - share);
    return (
      `<path d="M${round(box.x + box.width)},${round(y)}h5" stroke="${COLOR.axis}"/>` +
      svgText(shortNumber(low + share * (high - low)), box.x + box.width + 9, y + 5.5, {
        size: SIZE.tick,
        fill: COLOR.axis,
      })
    );
  });
  return imageElement(canvas, box) + labels.join('');
}

function frameOf(box: Box): Box {
  return {
    x: box.x + MARGIN.left,
    y: box.y + MARGIN.top,
    width: box.width - MARGIN.left - MARGIN.right,
    height: box.height - MARGIN.top - MARGIN.bottom,
  };
}

/** Numbers ascending; names in their order. */
function distinct(values: readonly AxisValue[]): AxisValue[] {
  const found = [...new Set(values)];
  return found.every((value) => typeof value === 'number') ? found.sort((a, b) => a - b) : found;
}

const axisText = (value: AxisValue): string =>
  typeof value === 'number' ? shortNumber(value) : String(value);

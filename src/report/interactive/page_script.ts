import type uPlot from 'uplot';
import type { Extent, ImageLayer, InteractiveChart, PointGroup } from './chart_data.js';

/**
 * What runs in the page: functions that use nothing but each other, the browser and uPlot, so that their text can be
 * put into the file (see {@link PAGE_SCRIPT}).
 */

type Chart = InteractiveChart;
type UPlot = typeof uPlot;
/** Draws on the plotting area, beneath the lines or above them. */
interface Layer {
  readonly data: uPlot.AlignedData;
  readonly series: uPlot.Series[];
  readonly below: (plot: uPlot) => void;
  readonly above: (plot: uPlot) => void;
  /** What is under the cursor; empty if there is nothing. */
  readonly read: (plot: uPlot) => string;
}

function unpackBytes(packed: string): Uint8Array {
  return Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
}

function unpackFloats(packed: string): Float32Array {
  return new Float32Array(unpackBytes(packed).buffer);
}

function withGaps(values: Float32Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}

function shortText(value: number | null): string {
  return value === null || value === undefined ? '-' : `${Number(value.toPrecision(4))}`;
}

function startPage(Plot: UPlot, charts: readonly Chart[]): void {
  const hosts = document.querySelectorAll<HTMLElement>('.chart');
  for (const host of hosts) drawChart(Plot, charts[Number(host.dataset.chart)], host);
}

function drawChart(Plot: UPlot, chart: Chart, host: HTMLElement): void {
  const { content } = chart;
  const layer =
    content.kind === 'lines'
      ? lineLayer(Plot, content)
      : content.kind === 'points'
        ? pointLayer(content.groups, content.size, content.extent)
        : imageLayer(content.image, content.extent);
  const readout = document.createElement('div');
  readout.className = 'readout';
  const exact: uPlot.Range.Function = (_, low, high) => [low, high];
  // Of a frame, uPlot may see one corner only when x is zoomed: then all of y is shown.
  const whole = content.kind === 'lines' ? null : content.extent.y;
  const yRange: uPlot.Range.Function = (_, low, high) => {
    if (low < high) return [low, high];
    return whole ? [...whole] : [low / 2, high * 2];
  };
  const isPadded = content.kind === 'lines' && !chart.y.isLog;
  const axis = (label: string): uPlot.Axis => ({
    label,
    stroke: '#8ea0b4',
    grid: { show: content.kind !== 'image', stroke: '#212b37', width: 1 },
    ticks: { stroke: '#2f3b4a', width: 1 },
  });
  const plot = new Plot(
    {
      width: host.clientWidth,
      height: chart.height,
      scales: {
        x: { time: false, distr: chart.x.isLog ? 3 : 1, range: exact },
        y: { distr: chart.y.isLog ? 3 : 1, ...(isPadded ? {} : { range: yRange }) },
      },
      axes: [axis(chart.x.label), { ...axis(chart.y.label), size: 64 }],
      series: [{ label: chart.x.label, value: (_, value) => shortText(value) }, ...layer.series],
      legend: { show: content.kind === 'lines' },
      cursor: {
        drag: { x: true, y: !chart.isOverTime, uni: 30 },
        ...(chart.isOverTime ? { sync: { key: 'time', scales: ['x', null] } } : {}),
      },
      hooks: {
        drawClear: [layer.below],
        draw: [layer.above, (u) => drawMarks(u, chart.marks)],
        setCursor: [
          (u) => {
            readout.textContent = layer.read(u);
          },
        ],
      },
    },
    layer.data,
    host,
  );
  host.append(readout);
  new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: chart.height })).observe(host);
}

function lineLayer(Plot: UPlot, content: Extract<Chart['content'], { kind: 'lines' }>): Layer {
  const { step, bars } = {
    step: Plot.paths.stepped?.({ align: 1 }),
    bars: Plot.paths.bars?.({ size: [0.7] }),
  };
  const paths = content.style === 'step' ? step : content.style === 'bars' ? bars : undefined;
  const series = content.lines.map(({ label, color, dash }) => ({
    label,
    stroke: color,
    width: 1.6,
    points: { show: false },
    value: (_: uPlot, value: number | null) => shortText(value),
    ...(dash ? { dash: dash.split(' ').map(Number) } : {}),
    ...(paths ? { paths } : {}),
    ...(content.style === 'bars' ? { fill: color } : {}),
  }));
  const nothing = () => {};
  return {
    data: [unpackFloats(content.x), ...content.lines.map(({ y }) => withGaps(unpackFloats(y)))],
    series,
    below: nothing,
    above: nothing,
    read: () => '',
  };
}

/** An unseen line from corner to corner, for uPlot to find the range of. */
function frameOf({ x, y }: Extent): Pick<Layer, 'data' | 'series'> {
  return { data: [[...x], [...y]], series: [{ stroke: 'transparent', width: 0, points: { show: false } }] };
}

function pointLayer(packed: readonly PointGroup[], size: number, extent: Extent): Layer {
  const groups = packed.map(({ label, color, x, y }) => ({
    label,
    color,
    x: unpackFloats(x),
    y: unpackFloats(y),
  }));
  return {
    ...frameOf(extent),
    below: () => {},
    above: (u) => {
      const { ctx, bbox } = u;
      const side = size * devicePixelRatio;
      clipped(u, () => {
        for (const { color, x, y } of groups) {
          ctx.fillStyle = color;
          for (let k = 0; k < x.length; k++) {
            const left = u.valToPos(x[k], 'x', true);
            if (left < bbox.left || left > bbox.left + bbox.width) continue;
            ctx.fillRect(left - side / 2, u.valToPos(y[k], 'y', true) - side / 2, side, side);
          }
        }
      });
    },
    read: (u) => {
      const { left = -1, top = -1 } = u.cursor;
      if (left < 0) return '';
      let best = 10 ** 2;
      let text = '';
      for (const { label, x, y } of groups) {
        for (let k = 0; k < x.length; k++) {
          const dx = u.valToPos(x[k], 'x') - left;
          if (Math.abs(dx) > 10) continue;
          const distance = dx ** 2 + (u.valToPos(y[k], 'y') - top) ** 2;
          if (distance < best) {
            best = distance;
            text = `${label} at ${shortText(x[k])}, ${shortText(y[k])}`;
          }
        }
      }
      return text;
    },
  };
}

function imageLayer(image: ImageLayer, extent: Extent): Layer {
  const { columns, rows, low, high, unit } = image;
  const values = unpackBytes(image.values);
  const ramp = unpackBytes(image.ramp);
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  const pixels = new ImageData(columns, rows);
  for (let k = 0; k < values.length; k++) {
    const at = 4 * ((rows - 1 - Math.floor(k / columns)) * columns + (k % columns));
    pixels.data.set(ramp.subarray(3 * values[k], 3 * values[k] + 3), at);
    pixels.data[at + 3] = 255;
  }
  context?.putImageData(pixels, 0, 0);
  const cell = (value: number, [from, to]: readonly [number, number], count: number) =>
    Math.floor(((value - from) / (to - from)) * count);
  return {
    ...frameOf(extent),
    below: (u) => {
      clipped(u, () => {
        const left = u.valToPos(extent.x[0], 'x', true);
        const top = u.valToPos(extent.y[1], 'y', true);
        u.ctx.imageSmoothingEnabled = false;
        u.ctx.drawImage(
          canvas,
          left,
          top,
          u.valToPos(extent.x[1], 'x', true) - left,
          u.valToPos(extent.y[0], 'y', true) - top,
        );
      });
    },
    above: () => {},
    read: (u) => {
      const { left = -1, top = -1 } = u.cursor;
      if (left < 0) return '';
      const [x, y] = [u.posToVal(left, 'x'), u.posToVal(top, 'y')];
      const [column, row] = [cell(x, extent.x, columns), cell(y, extent.y, rows)];
      if (column < 0 || column >= columns || row < 0 || row >= rows) return '';
      const value = low + (values[row * columns + column] / 255) * (high - low);
      return `${value.toFixed(1)} ${unit} at ${shortText(x)}, ${shortText(y)}`;
    },
  };
}

function clipped({ ctx, bbox }: uPlot, draw: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw();
  ctx.restore();
}

function drawMarks(u: uPlot, marks: Chart['marks']): void {
  const { ctx, bbox } = u;
  clipped(u, () => {
    ctx.strokeStyle = '#c8b6ff';
    ctx.lineWidth = 1.2 * devicePixelRatio;
    ctx.setLineDash([6 * devicePixelRatio, 5 * devicePixelRatio]);
    for (const { axis, value } of marks) {
      const at = u.valToPos(value, axis, true);
      ctx.beginPath();
      if (axis === 'x') {
        ctx.moveTo(at, bbox.top);
        ctx.lineTo(at, bbox.top + bbox.height);
      } else {
        ctx.moveTo(bbox.left, at);
        ctx.lineTo(bbox.left + bbox.width, at);
      }
      ctx.stroke();
    }
  });
}

/** The functions above as the text of a script that defines them. */
export const PAGE_SCRIPT = [
  unpackBytes,
  unpackFloats,
  withGaps,
  shortText,
  startPage,
  drawChart,
  lineLayer,
  frameOf,
  pointLayer,
  imageLayer,
  clipped,
  drawMarks,
]
  .map(String)
  .join('\n');

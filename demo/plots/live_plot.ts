import uPlot from 'uplot';
import { AnalysisError } from '../../src/index.js';
import { COLOR } from '../view/theme.js';

/** A plot of the page. `update` redraws it from what has been recorded. */
export interface LivePlot {
  readonly element: HTMLElement;
  update(): void;
  dispose(): void;
}

export interface PlotOptions {
  readonly title: string;
  /** What is on the y axis, with its unit. */
  readonly yLabel: string;
  readonly xLabel?: string;
  readonly series: readonly uPlot.Series[];
  readonly scales?: uPlot.Scales;
  readonly height?: number;
  /** Whether lines lead from the y axis through the plot; default true. */
  readonly yGrid?: boolean;
  /** Drawn beneath the series. */
  readonly drawUnder?: (plot: uPlot) => void;
  /** Drawn instead of series. */
  readonly drawOver?: (plot: uPlot) => void;
}

/** A uPlot with the page's look, as wide as its place, under a heading whose right end holds a note. */
export class PlotFrame {
  readonly element = document.createElement('figure');
  readonly plot: uPlot;
  private readonly note = document.createElement('span');
  private readonly observer: ResizeObserver;

  constructor({
    title,
    yLabel,
    xLabel = 'ms',
    series,
    scales,
    height = 92,
    yGrid = true,
    drawUnder,
    drawOver,
  }: PlotOptions) {
    const caption = document.createElement('figcaption');
    const heading = document.createElement('span');
    heading.textContent = title;
    this.note.className = 'note';
    caption.append(heading, this.note);
    const host = document.createElement('div');
    this.element.className = 'plot';
    this.element.append(caption, host);
    const axis = { stroke: COLOR.axis, grid: { stroke: COLOR.grid, width: 1 }, ticks: { show: false } };
    this.plot = new uPlot(
      {
        width: 300,
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [6, 24, 0, 0],
        scales: { x: { time: false }, ...scales },
        axes: [
          { ...axis, size: 18, gap: 2, font: FONT, values: (_, values) => withUnit(values, xLabel) },
          {
            ...axis,
            grid: { ...axis.grid, show: yGrid },
            size: 46,
            gap: 2,
            space: 22,
            font: FONT,
            values: (_, values) => values.map(withSmallDigits),
            label: yLabel,
            labelSize: 13,
            labelGap: 0,
            labelFont: FONT,
          },
        ],
        series: [{}, ...series],
        hooks: {
          drawClear: drawUnder ? [drawUnder] : [],
          draw: drawOver ? [drawOver] : [],
        },
      },
      [[], ...series.map(() => [])],
      host,
    );
    this.observer = new ResizeObserver(() => {
      if (host.clientWidth > 0) this.plot.setSize({ width: host.clientWidth, height });
    });
    this.observer.observe(host);
  }

  /** Names in their colours in place of a note. */
  setLegend(entries: readonly { readonly name: string; readonly color: string }[]): void {
    this.note.replaceChildren(
      ...entries.map(({ name, color }) => {
        const entry = document.createElement('b');
        entry.textContent = name;
        entry.style.color = color;
        return entry;
      }),
    );
  }

  /** A control in place of a note. */
  setControl(control: HTMLElement): void {
    this.note.replaceChildren(control);
  }

  setNote(text: string): void {
    if (this.note.textContent !== text) this.note.textContent = text;
  }

  dispose(): void {
    this.observer.disconnect();
    this.plot.destroy();
  }
}

/**
 * A plot of a frame. If an opened circuit is sampled in a way that an analysis cannot use, the heading shows the
 * reason.
 */
export function livePlot(frame: PlotFrame, update: () => void): LivePlot {
  return {
    element: frame.element,
    update: () => {
      try {
        update();
      } catch (error) {
        if (!(error instanceof AnalysisError)) throw error;
        frame.setNote(error.message);
      }
    },
    dispose: () => frame.dispose(),
  };
}

const FONT = '11px system-ui, sans-serif';

function withUnit(values: readonly number[], unit: string): string[] {
  return values.map((value, i) => (i === values.length - 1 ? `${value} ${unit}` : String(value)));
}

const DIGITS = new Intl.NumberFormat();

/** A number on an axis; small ones, such as concentrations in mM, keep the digits that others are rounded to. uPlot gives null for none. */
function withSmallDigits(value: number | null): string {
  if (value === null) return '';
  return Math.abs(value) < 0.01 ? String(Number(value.toPrecision(3))) : DIGITS.format(value);
}

/** Times of `count` samples that end at `endMs`. */
export function timesMs(startMs: number, count: number, sampleRateHz: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => startMs + (k * 1000) / sampleRateHz);
}

/** A line of a plot. */
export function line(label: string, color: string, dash: readonly number[] = []): uPlot.Series {
  return { label, stroke: color, width: 1.25, dash: [...dash], points: { show: false } };
}

import { TRIAD_NAMES } from '../../analysis/connectivity/triad_classes.js';
import { MIN_SPIKES, RATE_BIN_MS } from '../../analysis/sections/firing_section.js';
import { gaussianSmoothed } from '../../analysis/spiketrain/smoothing.js';
import { evenlySpaced, type PanelContext } from '../panel.js';
import { COLOR } from '../theme.js';
import { type InteractiveChart, type PointGroup, packFloats } from './chart_data.js';
import { line, secondsOf } from './signal_charts.js';

/** Spikes, rates, intervals, cell types and connectivity as charts of the page. */

const RATE_SMOOTHING_MS = 2;
/** Of more spikes, those of evenly spaced neurons are drawn. */
const MAX_SPIKES = 300_000;
const CV_BIN = 0.1;
const DEGREE_BINS = 40;

export function spikeCharts({ analysis, styles }: PanelContext): InteractiveChart[] {
  const { spikes, groups, window, neurons } = analysis.activity;
  const share = Math.min(1, MAX_SPIKES / Math.max(1, spikes.timesMs.length));
  let row = 0;
  const rasters = groups.map((group, index): PointGroup => {
    const x: number[] = [];
    const y: number[] = [];
    for (const neuron of evenlySpaced(group.neurons, Math.ceil(share * group.neurons.length))) {
      for (let k = spikes.offsets[neuron]; k < spikes.offsets[neuron + 1]; k++) {
        x.push(spikes.timesMs[k] / 1000);
        y.push(row);
      }
      row++;
    }
    return { label: group.name, color: styles[index].color, x: packFloats(x), y: packFloats(y) };
  });
  const span = [window.startMs / 1000, window.stopMs / 1000] as const;
  const rates = analysis.firing.populations.map(
    ({ rate }) => rate && gaussianSmoothed(rate, RATE_SMOOTHING_MS),
  );
  const first = rates.find((rate) => rate !== null);
  const raster: InteractiveChart = {
    title: 'Spikes',
    note: `n = ${spikes.timesMs.length} spikes; ${row} of ${neurons} neurons, one row each, by population.`,
    x: { label: 'Time (s)' },
    y: { label: 'Neuron' },
    height: 360,
    isOverTime: true,
    marks: [],
    content: { kind: 'points', size: 2, extent: { x: span, y: [-1, Math.max(row, 1)] }, groups: rasters },
  };
  if (!first) return [raster];
  return [
    raster,
    {
      title: 'Population rates',
      note: `Rate per neuron in ${RATE_BIN_MS} ms bins, Gaussian kernel, sd ${RATE_SMOOTHING_MS} ms.`,
      x: { label: 'Time (s)' },
      y: { label: 'Rate (Hz)' },
      height: 220,
      isOverTime: true,
      marks: [],
      content: {
        kind: 'lines',
        style: 'line',
        x: packFloats(secondsOf(first)),
        lines: rates.flatMap((rate, g) => (rate ? [line(styles[g].name, styles[g].color, rate.values)] : [])),
      },
    },
  ];
}

export function variabilityCharts({ analysis, styles }: PanelContext): InteractiveChart[] {
  const { populations, irregularity } = analysis.firing;
  const { edgesMs } = populations[0]?.intervals ?? { edgesMs: new Float64Array(0) };
  const charts: InteractiveChart[] = [];
  const intervals = populations.flatMap(({ intervals: { counts, below, above } }, g) => {
    const total = counts.reduce((a, b) => a + b, 0) + below + above;
    const { name, color, dash } = styles[g];
    return total === 0
      ? []
      : [
          line(
            name,
            color,
            counts.map((count) => (100 * count) / total),
            dash,
          ),
        ];
  });
  if (intervals.length > 0) {
    charts.push({
      title: 'Inter-spike intervals',
      note: 'Share of the intervals of each population in logarithmic bins.',
      x: { label: 'Interval (ms)', isLog: true },
      y: { label: 'Intervals (%)' },
      height: 240,
      isOverTime: false,
      marks: [],
      content: { kind: 'lines', style: 'step', x: packFloats(edgesMs.subarray(0, -1)), lines: intervals },
    });
  }
  const bins = 25;
  const cvs = analysis.activity.groups.map(({ neurons }) => {
    const counts = new Float64Array(bins);
    for (const neuron of neurons) {
      const bin = Math.floor(irregularity.cv[neuron] / CV_BIN);
      if (irregularity.spikes[neuron] >= MIN_SPIKES && bin < bins) counts[bin]++;
    }
    return counts;
  });
  charts.push({
    title: 'CV of the intervals',
    note: `Neurons with at least ${MIN_SPIKES} spikes, n = ${analysis.firing.results.neuronsInCv}; bins of ${CV_BIN} up to ${bins * CV_BIN}. Dashed: Poisson.`,
    x: { label: 'CV' },
    y: { label: 'Neurons' },
    height: 220,
    isOverTime: false,
    marks: [{ axis: 'x', value: 1 }],
    content: {
      kind: 'lines',
      style: 'step',
      x: packFloats(Array.from({ length: bins }, (_, k) => k * CV_BIN)),
      lines: cvs.map((counts, g) => line(styles[g].name, styles[g].color, counts)),
    },
  });
  const curve = populations.find(({ fanoCurve }) => fanoCurve !== null)?.fanoCurve;
  if (curve) {
    charts.push({
      title: 'Fano factor',
      note: 'Variance over mean of spike counts against the counting window, mean over neurons. Dashed: Poisson.',
      x: { label: 'Counting window (ms)', isLog: true },
      y: { label: 'Fano factor' },
      height: 220,
      isOverTime: false,
      marks: [{ axis: 'y', value: 1 }],
      content: {
        kind: 'lines',
        style: 'line',
        x: packFloats(curve.countingMs),
        lines: populations.flatMap(({ fanoCurve }, g) =>
          fanoCurve ? [line(styles[g].name, styles[g].color, fanoCurve.fano, styles[g].dash)] : [],
        ),
      },
    });
  }
  return charts;
}

export function cellTypeCharts({ analysis, styles }: PanelContext): InteractiveChart[] {
  const { ratesHz, irregularity } = analysis.firing;
  const shown = analysis.activity.groups.map(({ neurons }) =>
    Array.from(neurons).filter((neuron) => irregularity.spikes[neuron] >= MIN_SPIKES),
  );
  const all = shown.flat();
  if (all.length === 0) return [];
  let [lowest, highest, highestCv] = [Number.POSITIVE_INFINITY, 0, 1.2];
  for (const neuron of all) {
    lowest = Math.min(lowest, ratesHz[neuron]);
    highest = Math.max(highest, ratesHz[neuron]);
    highestCv = Math.max(highestCv, irregularity.cv[neuron]);
  }
  return [
    {
      title: 'Rate and regularity of each neuron',
      note: `n = ${all.length} neurons with at least ${MIN_SPIKES} spikes. Dashed: Poisson.`,
      x: { label: 'Rate (Hz)', isLog: true },
      y: { label: 'CV of intervals' },
      height: 320,
      isOverTime: false,
      marks: [{ axis: 'y', value: 1 }],
      content: {
        kind: 'points',
        size: 6,
        extent: { x: [lowest / 1.2, highest * 1.2], y: [0, 1.05 * highestCv] },
        groups: shown.map((neurons, g) => ({
          label: styles[g].name,
          color: styles[g].color,
          x: packFloats(neurons.map((neuron) => ratesHz[neuron])),
          y: packFloats(neurons.map((neuron) => irregularity.cv[neuron])),
        })),
      },
    },
  ];
}

export function connectivityCharts({ analysis }: PanelContext): InteractiveChart[] {
  const { arrays } = analysis.connectivity;
  if (!arrays) return [];
  const highest = Math.max(
    1,
    ...[arrays.inDegrees, arrays.outDegrees].map((d) => d.reduce((a, b) => Math.max(a, b), 0)),
  );
  const width = Math.max(1, Math.ceil((highest + 1) / DEGREE_BINS));
  const histogram = (degrees: Uint32Array) => {
    const counts = new Float64Array(DEGREE_BINS + 1);
    for (const degree of degrees) counts[Math.floor(degree / width)]++;
    return counts;
  };
  const charts: InteractiveChart[] = [
    {
      title: 'Degrees',
      note: `n = ${arrays.edges} edges; bins of ${width}.`,
      x: { label: 'Degree' },
      y: { label: 'Neurons' },
      height: 220,
      isOverTime: false,
      marks: [],
      content: {
        kind: 'lines',
        style: 'step',
        x: packFloats(Array.from({ length: DEGREE_BINS + 1 }, (_, k) => k * width)),
        lines: [
          line('in-degree', COLOR.gamma, histogram(arrays.inDegrees)),
          line('out-degree', COLOR.significance, histogram(arrays.outDegrees), '7 5'),
        ],
      },
    },
  ];
  const { nulls } = arrays;
  if (nulls) {
    const z = TRIAD_NAMES.map((name) => nulls.triads[name].z.value ?? Number.NaN);
    charts.push({
      title: 'Triads against random graphs',
      note: `z against ${nulls.graphs} random graphs that keep each neuron's degrees to and from each population; order as in the table below. Dashed: ±2.`,
      x: { label: 'Triad class, 1 to 16' },
      y: { label: 'z' },
      height: 220,
      isOverTime: false,
      marks: [
        { axis: 'y', value: -2 },
        { axis: 'y', value: 2 },
      ],
      content: {
        kind: 'lines',
        style: 'bars',
        x: packFloats(TRIAD_NAMES.map((_, k) => k + 1)),
        lines: [line('z', COLOR.aperiodic, z)],
      },
    });
  }
  return charts;
}

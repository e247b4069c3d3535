import { coherenceLevel, magnitudeSquaredCoherence } from '../../src/index.js';
import type { History } from '../simulation/history.js';
import { COLOR, type PopulationStyle } from '../view/theme.js';
import { type LivePlot, line, livePlot, PlotFrame } from './live_plot.js';

const WINDOW_ms = 4000;
const SEGMENT_ms = 250;
const HIGHEST_Hz = 120;
/** Significance level of the coherence. */
const P_VALUE = 0.05;

/** Magnitude-squared coherence of each population's pooled spikes with the LFP, and its chance level. */
export function createCoherencePlot(history: History, styles: readonly PopulationStyle[]): LivePlot {
  const { sampleRateHz } = history;
  const frame = new PlotFrame({
    title: 'Spike-LFP coherence',
    yLabel: 'msc',
    xLabel: 'Hz',
    series: [
      ...styles.map(({ name, color, dash }) => line(name, color, dash?.split(' ').map(Number))),
      line('p = 0.05', COLOR.significance, [2, 4]),
    ],
    scales: { x: { time: false, range: [0, HIGHEST_Hz] }, y: { range: [0, 1] } },
  });
  return livePlot(frame, () => {
    const count = Math.round((WINDOW_ms * sampleRateHz) / 1000);
    const segmentSamples = Math.round((SEGMENT_ms * sampleRateHz) / 1000);
    const lfp = history.lfp_uV.last(count);
    if (lfp.length < 2 * segmentSamples) {
      frame.setNote('after 0.5 s');
      return;
    }
    const signal = (values: Float64Array) => ({ sampleRateHz, startMs: 0, values });
    const estimates = history.spikeCounts.map((series) =>
      magnitudeSquaredCoherence(signal(lfp), signal(series.last(lfp.length)), { segmentSamples }),
    );
    const some = estimates.find((estimate) => estimate.value !== null)?.value;
    if (!some) {
      frame.setNote('no spikes');
      frame.plot.setData([[], ...styles.map(() => []), []]);
      return;
    }
    const bins = some.frequenciesHz.filter((hz) => hz <= HIGHEST_Hz);
    const level = coherenceLevel(some.effectiveAverages, P_VALUE, null).msc;
    const rows = estimates.map(({ value }) => Array.from(bins, (_, k) => finite(value?.msc[k])));
    frame.plot.setData([bins, ...rows, Array.from(bins, () => level)]);
    frame.setNote('dotted: chance (p = 0.05)');
  });
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

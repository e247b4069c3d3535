import type { History } from '../simulation/history.js';
import { COLOR } from '../view/theme.js';
import { type LivePlot, line, livePlot, PlotFrame, timesMs } from './live_plot.js';

const WINDOW_ms = 500;

/** The LFP of the first electrode. */
export function createLfpPlot(history: History): LivePlot {
  const frame = new PlotFrame({
    title: 'LFP, first electrode',
    yLabel: 'µV',
    series: [line('LFP', COLOR.lfp)],
  });
  return livePlot(frame, () => {
    const values = history.lfp_uV.last((WINDOW_ms * history.sampleRateHz) / 1000);
    const start = history.startOfLastMs(values.length);
    frame.plot.setData([timesMs(start, values.length, history.sampleRateHz), values]);
  });
}

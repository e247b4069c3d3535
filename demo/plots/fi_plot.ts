import type { FiPoint } from '../simulation/fi_curve.js';
import { COLOR } from '../view/theme.js';
import { type LivePlot, line, livePlot, PlotFrame } from './live_plot.js';

/** Steady rate over current, computed by `compute`, anew whenever `version` changes. */
export function createFiPlot(compute: () => Promise<readonly FiPoint[]>, version: () => string): LivePlot {
  const frame = new PlotFrame({
    title: 'f-I curve',
    yLabel: 'Hz',
    xLabel: 'µA/cm²',
    height: 140,
    series: [{ ...line('rate', COLOR.gamma), points: { show: true, size: 4, fill: COLOR.gamma } }],
    scales: { y: { range: (_, __, high) => [0, Math.max(high, 10)] } },
  });
  let shown: string | null = null;
  let isComputing = false;
  const refresh = async () => {
    isComputing = true;
    shown = version();
    frame.setNote('computing…');
    try {
      const points = await compute();
      frame.plot.setData([points.map((p) => p.current_uA_cm2), points.map((p) => p.steadyHz)]);
      const first = points.find((p) => p.steadyHz > 0);
      frame.setNote(first ? `fires steadily from ${first.current_uA_cm2} µA/cm²` : 'no steady firing');
    } catch (error) {
      frame.setNote((error as Error).message);
    } finally {
      isComputing = false;
    }
  };
  return livePlot(frame, () => {
    if (!isComputing && shown !== version()) void refresh();
  });
}

import type { History } from '../simulation/history.js';
import type { PopulationStyle } from '../view/theme.js';
import { type LivePlot, livePlot, PlotFrame } from './live_plot.js';

const WINDOW_ms = 400;
/** Rows of the raster; of a larger network every n-th neuron is shown. */
const MOST_ROWS = 1000;

/** Spikes over time, one row per neuron, populations from the bottom up. */
export function createRasterPlot(history: History, styles: readonly PopulationStyle[]): LivePlot {
  const { network, dtMs } = history;
  const every = Math.ceil(network.neurons / MOST_ROWS);
  const range = (): [number, number] => {
    const end = Math.max(history.timeMs, WINDOW_ms);
    return [end - WINDOW_ms, end];
  };
  const frame = new PlotFrame({
    title: 'Spikes',
    yLabel: 'neuron',
    height: 132,
    series: [{}],
    scales: { x: { time: false, range: () => range() }, y: { range: [0, network.neurons] } },
    drawOver: ({ ctx, valToPos, bbox }) => {
      const [start] = range();
      const { steps, neurons } = history.spikes.since(Math.max(0, Math.floor(start / dtMs)));
      const dot = Math.max(
        devicePixelRatio,
        Math.min(2.2 * devicePixelRatio, (bbox.height * every) / network.neurons),
      );
      ctx.save();
      network.populations.forEach(({ first, count }, p) => {
        ctx.fillStyle = styles[p].color;
        for (let k = 0; k < steps.length; k++) {
          const neuron = neurons[k];
          if (neuron < first || neuron >= first + count || neuron % every !== 0) continue;
          ctx.fillRect(
            valToPos(steps[k] * dtMs, 'x', true),
            valToPos(neuron + 0.5, 'y', true) - dot / 2,
            dot,
            dot,
          );
        }
      });
      ctx.restore();
    },
  });
  if (every > 1) frame.setNote(`every ${every}th neuron`);
  return livePlot(frame, () => frame.plot.setData([range(), [null, null]]));
}

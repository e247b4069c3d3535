import { TRACE_VARIABLES } from '../../src/index.js';
import type { History } from '../simulation/history.js';
import { COLOR } from '../view/theme.js';
import { type LivePlot, line, livePlot, PlotFrame, timesMs } from './live_plot.js';

const WINDOW_ms = 200;

const VARIABLE = Object.fromEntries(TRACE_VARIABLES.map((name, i) => [name, i])) as Record<
  (typeof TRACE_VARIABLES)[number],
  number
>;

const latest = (history: History, variable: keyof typeof VARIABLE): Float64Array =>
  history.trace[VARIABLE[variable]].last(Math.round((WINDOW_ms * history.sampleRateHz) / 1000));

/** Membrane potential of the selected neuron. */
export function createPotentialPlot(history: History, nameOfPicked: () => string): LivePlot {
  const frame = new PlotFrame({
    title: 'Selected neuron: V',
    yLabel: 'mV',
    series: [line('V', COLOR.text)],
    scales: { y: { range: (_, low, high) => [Math.min(low, -85), Math.max(high, 20)] } },
  });
  return livePlot(frame, () => {
    const V = latest(history, 'V_mV');
    frame.plot.setData([timesMs(history.startOfLastMs(V.length), V.length, history.sampleRateHz), V]);
    frame.setNote(nameOfPicked());
  });
}

/** Gates of the selected neuron: h, n and the M gate change over ms to s, m follows V. */
export function createGatesPlot(history: History): LivePlot {
  const gates = [
    { name: 'm', color: '#ff8f5c' },
    { name: 'h', color: '#5bb8f0' },
    { name: 'n', color: '#3fd6b0' },
    { name: 'p', color: '#c8b6ff' },
  ] as const;
  const frame = new PlotFrame({
    title: 'Selected neuron: gates',
    yLabel: 'open',
    series: gates.map(({ name, color }) => line(name, color)),
    scales: { y: { range: [0, 1] } },
  });
  frame.setLegend(gates);
  return livePlot(frame, () => {
    const values = gates.map(({ name }) => latest(history, name));
    const { length } = values[0];
    frame.plot.setData([timesMs(history.startOfLastMs(length), length, history.sampleRateHz), ...values]);
  });
}

/** The selected neuron's path through the plane of V and n. */
export function createPhasePlanePlot(history: History): LivePlot {
  const frame = new PlotFrame({
    title: 'Phase plane: n over V',
    yLabel: 'n',
    xLabel: 'mV',
    height: 180,
    series: [{}],
    scales: { x: { time: false, range: [-90, 50] }, y: { range: [0, 1] } },
    drawOver: ({ ctx, valToPos }) => {
      const [V, n] = [latest(history, 'V_mV'), latest(history, 'n')];
      ctx.save();
      ctx.strokeStyle = COLOR.gamma;
      ctx.lineWidth = 1.5 * devicePixelRatio;
      ctx.beginPath();
      V.forEach((potential, k) => {
        ctx.lineTo(valToPos(potential, 'x', true), valToPos(n[k], 'y', true));
      });
      ctx.stroke();
      if (V.length > 0) {
        ctx.fillStyle = COLOR.text;
        const [x, y] = [valToPos(V[V.length - 1], 'x', true), valToPos(n[n.length - 1], 'y', true)];
        ctx.fillRect(x - 4, y - 4, 8, 8);
      }
      ctx.restore();
    },
  });
  return livePlot(frame, () =>
    frame.plot.setData([
      [-90, 50],
      [null, null],
    ]),
  );
}

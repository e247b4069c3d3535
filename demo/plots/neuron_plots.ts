import { TRACE_VARIABLES } from '../../src/index.js';
import type { History } from '../simulation/history.js';
import { COLOR } from '../view/theme.js';
import { type LivePlot, line, livePlot, PlotFrame, timesMs } from './live_plot.js';

const WINDOW_ms = 200;

const VARIABLE = Object.fromEntries(TRACE_VARIABLES.map((name, i) => [name, i])) as Record<
  (typeof TRACE_VARIABLES)[number],
  number
>;

const lastOf = (history: History, column: number): Float64Array =>
  history.trace[column].last(Math.round((WINDOW_ms * history.sampleRateHz) / 1000));

const latest = (history: History, variable: keyof typeof VARIABLE): Float64Array =>
  lastOf(history, VARIABLE[variable]);

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

const STATE_COLORS = ['#ff8f5c', '#5bb8f0', '#3fd6b0', '#c8b6ff', '#f2d45c', '#e88fb4'] as const;

/** Gates of the selected neuron: the first states of its cell, each by its name. */
export function createGatesPlot(history: History): LivePlot {
  const frame = new PlotFrame({
    title: 'Selected neuron: gates',
    yLabel: 'open',
    series: STATE_COLORS.map((color, k) => line(`gate ${k + 1}`, color)),
    scales: { y: { range: [0, 1] } },
  });
  let shown = '';
  return livePlot(frame, () => {
    const gates = history.gates().slice(0, STATE_COLORS.length);
    const names = gates.map(({ name }) => name).join();
    if (names !== shown) frame.setLegend(gates.map(({ name }, k) => ({ name, color: STATE_COLORS[k] })));
    shown = names;
    const V = latest(history, 'V_mV');
    const values = STATE_COLORS.map((_, k) =>
      gates[k] ? lastOf(history, gates[k].column) : V.map(() => Number.NaN),
    );
    frame.plot.setData([timesMs(history.startOfLastMs(V.length), V.length, history.sampleRateHz), ...values]);
  });
}

/** The selected neuron's path through the plane of V and a gate: n of the delayed rectifier, else the first. */
export function createPhasePlanePlot(history: History): LivePlot {
  const frame = new PlotFrame({
    title: 'Phase plane: gate over V',
    yLabel: 'open',
    xLabel: 'mV',
    height: 180,
    series: [{}],
    scales: { x: { time: false, range: [-90, 50] }, y: { range: [0, 1] } },
    drawOver: ({ ctx, valToPos }) => {
      const gates = history.gates();
      const gate = gates.find(({ name }) => name === 'k.n') ?? gates[0];
      const V = latest(history, 'V_mV');
      const n = gate ? lastOf(history, gate.column) : V;
      if (gate) frame.setNote(gate.name);
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

import type { History } from '../simulation/history.js';
import type { RecordedVariable } from '../simulation/recorded_trace.js';
import type { SampleSeries } from '../simulation/sample_series.js';
import { element } from '../view/dom.js';
import { COLOR } from '../view/theme.js';
import { type LivePlot, line, livePlot, PlotFrame, timesMs } from './live_plot.js';

const WINDOW_ms = 200;

const latest = (history: History, series: SampleSeries): Float64Array =>
  series.last(Math.round((WINDOW_ms * history.sampleRateHz) / 1000));

/** Membrane potential of the selected neuron. */
export function createPotentialPlot(history: History, nameOfPicked: () => string): LivePlot {
  const frame = new PlotFrame({
    title: 'Selected neuron: V',
    yLabel: 'mV',
    series: [line('V', COLOR.text)],
    scales: { y: { range: (_, low, high) => [Math.min(low, -85), Math.max(high, 20)] } },
  });
  return livePlot(frame, () => {
    const V = latest(history, history.trace.V_mV);
    frame.plot.setData([timesMs(history.startOfLastMs(V.length), V.length, history.sampleRateHz), V]);
    frame.setNote(nameOfPicked());
  });
}

/** Colours of the states of a cell, in their order; further states are not drawn. */
export const STATE_COLORS = [
  '#ff8f5c',
  '#5bb8f0',
  '#3fd6b0',
  '#c8b6ff',
  '#f2d45c',
  '#e88fb4',
  '#9fd356',
  '#d7dee7',
] as const;

/** Gates of the selected neuron's cell and shares of its schemes, each by its name. */
export function createGatesPlot(history: History): LivePlot {
  const frame = new PlotFrame({
    title: 'Selected neuron: gates',
    yLabel: 'open',
    series: STATE_COLORS.map((color, k) => line(`gate ${k + 1}`, color)),
    scales: { y: { range: (_, low, high) => [Math.min(low, 0), Math.max(high, 1)] } },
  });
  return variablesPlot(frame, history, () => history.trace.gates, 1);
}

const UM_PER_MM = 1000;

/** Concentrations in the selected neuron. */
export function createConcentrationsPlot(history: History): LivePlot {
  const frame = new PlotFrame({
    title: 'Selected neuron: concentrations',
    yLabel: 'µM',
    series: STATE_COLORS.map((color, k) => line(`concentration ${k + 1}`, color)),
    scales: { y: { range: (_, __, high) => [0, high > 0 ? 1.1 * high : 1] } },
  });
  return variablesPlot(frame, history, () => history.trace.concentrations, UM_PER_MM);
}

function variablesPlot(
  frame: PlotFrame,
  history: History,
  variables: () => readonly RecordedVariable[],
  factor: number,
): LivePlot {
  let shown: string | null = null;
  return livePlot(frame, () => {
    const drawn = variables().slice(0, STATE_COLORS.length);
    const names = drawn.map(({ name }) => name).join();
    if (names !== shown) frame.setLegend(drawn.map(({ name }, k) => ({ name, color: STATE_COLORS[k] })));
    shown = names;
    const V = latest(history, history.trace.V_mV);
    const nothing = Array.from(V, () => null);
    const values = STATE_COLORS.map((_, k) =>
      drawn[k] ? latest(history, drawn[k].series).map((value) => factor * value) : nothing,
    );
    frame.plot.setData([timesMs(history.startOfLastMs(V.length), V.length, history.sampleRateHz), ...values]);
  });
}

/** The gate of delayed rectifiers, which closes the loop of a spike: what a phase plane is usually drawn over V with. */
const isDelayedRectifier = ({ name }: RecordedVariable): boolean => name.endsWith('.n');

/** The selected neuron's path through the plane of V and a gate: n of its delayed rectifier until another is chosen. */
export function createPhasePlanePlot(history: History): LivePlot {
  const choice = element('select', { 'aria-label': 'gate of the phase plane' });
  let offered = '';
  const chosen = (): RecordedVariable | undefined => {
    const { gates } = history.trace;
    return gates.find(({ name }) => name === choice.value) ?? gates.find(isDelayedRectifier) ?? gates[0];
  };
  const offer = () => {
    const names = history.trace.gates.map(({ name }) => name);
    if (names.join() === offered) return;
    const before = chosen()?.name;
    choice.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
    if (before !== undefined) choice.value = before;
    offered = names.join();
  };
  const frame = new PlotFrame({
    title: 'Phase plane: gate over V',
    yLabel: 'open',
    xLabel: 'mV',
    height: 180,
    series: [{}],
    scales: { x: { time: false, range: [-90, 50] }, y: { range: [0, 1] } },
    drawOver: ({ ctx, valToPos }) => {
      const gate = chosen();
      if (!gate) return;
      const [V, n] = [latest(history, history.trace.V_mV), latest(history, gate.series)];
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
  frame.setControl(choice);
  return livePlot(frame, () => {
    offer();
    frame.plot.setData([
      [-90, 50],
      [null, null],
    ]);
  });
}

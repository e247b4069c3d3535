import { CLAMP_ms, HOLD_mV, type MechanismCurves } from '../mechanisms/curves.js';
import { COLOR } from '../view/theme.js';
import { line, PlotFrame } from './live_plot.js';
import { STATE_COLORS } from './neuron_plots.js';

const HEIGHT = 104;

/** Steady states, time constants and currents of a mechanism over V. */
export class MechanismPlots {
  readonly elements: readonly HTMLElement[];
  private readonly steady = new PlotFrame({
    title: 'Steady state',
    yLabel: '',
    xLabel: 'mV',
    height: HEIGHT,
    series: STATE_COLORS.map((color, k) => line(`state ${k + 1}`, color)),
    scales: {
      y: { range: (_, low, high) => (high <= 1 && high > 0.01 ? [0, 1] : [Math.min(low, 0), high || 1]) },
    },
  });
  private readonly tau = new PlotFrame({
    title: 'Time constant',
    yLabel: 'ms',
    xLabel: 'mV',
    height: HEIGHT,
    series: STATE_COLORS.map((color, k) => line(`state ${k + 1}`, color)),
    scales: { y: { range: (_, __, high) => [0, high > 0 ? 1.05 * high : 1] } },
  });
  private readonly current = new PlotFrame({
    title: 'Current',
    yLabel: 'µA/cm²',
    xLabel: 'mV',
    height: HEIGHT,
    series: [line('steady', COLOR.gamma), line('peak', COLOR.significance, [6, 3])],
  });

  constructor() {
    this.elements = [this.steady, this.tau, this.current].map(({ element }) => element);
  }

  show({ V_mV, states, current }: MechanismCurves): void {
    const drawn = states.slice(0, STATE_COLORS.length);
    const nothing = Array.from(V_mV, () => null);
    const curves = (valuesOf: (k: number) => Float64Array | null) =>
      STATE_COLORS.map((_, k) => {
        const values = drawn[k] ? valuesOf(k) : null;
        return values ? Array.from(values, (value) => (Number.isFinite(value) ? value : null)) : nothing;
      });
    const inf = curves((k) => drawn[k].inf);
    this.steady.plot.setData([V_mV, ...inf]);
    this.steady.setLegend(
      drawn.map(({ name, unit }, k) => ({
        name: unit === '' ? name : `${name} (${unit})`,
        color: STATE_COLORS[k],
      })),
    );
    this.tau.plot.setData([V_mV, ...curves((k) => drawn[k].tauMs)]);
    this.tau.setLegend(
      drawn.flatMap(({ name, tauMs }, k) => (tauMs ? [{ name, color: STATE_COLORS[k] }] : [])),
    );
    this.current.plot.setData([V_mV, current?.steady ?? nothing, current?.peak ?? nothing]);
    this.current.setLegend(
      current
        ? [
            { name: 'steady', color: COLOR.gamma },
            { name: `peak ${CLAMP_ms} ms from ${HOLD_mV} mV`, color: COLOR.significance },
          ]
        : [],
    );
  }
}

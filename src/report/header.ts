import type { Results } from '../analysis/results.js';
import type { Box } from './chart.js';
import { fitText, svgText, textWidth } from './text.js';
import { COLOR, SIZE } from './theme.js';

/** The line of summary figures above the panels. */

/** What produced the data; null where it is not known, as for external data. */
export interface RunDescription {
  /** Name of the circuit or of the data. */
  readonly name: string;
  readonly seed: number | null;
  /** What computed: adapter or reference engine. */
  readonly adapter: string | null;
  readonly integrator: string | null;
  readonly dtMs: number | null;
  /** Simulated time over wall time; above 1 is faster than real time. */
  readonly realTimeFactor: number | null;
  /** False where the run ended before its time. */
  readonly complete: boolean;
}

interface Figure {
  readonly label: string;
  readonly value: string;
  readonly unit: string;
}

export function drawHeader(results: Results, run: RunDescription, box: Box): string {
  const title = `${run.name}${run.complete ? '' : ' (incomplete run)'}`;
  const parts = [
    svgText('NeuralCircuitEngine', box.x, box.y + 44, { size: 20, weight: 600, fill: COLOR.gamma }),
    svgText(fitText(title, box.width / 2 - 60, SIZE.heading, 600), box.x, box.y + 82, {
      size: SIZE.heading,
      weight: 600,
    }),
    svgText(fitText(description(results, run), box.width, SIZE.label), box.x, box.y + 118, {
      size: SIZE.label,
      fill: COLOR.muted,
    }),
  ];
  let right = box.x + box.width;
  for (const figure of [...summaryFigures(results, run)].reverse()) {
    const width = Math.max(
      textWidth(figure.value, SIZE.figure, 600) + 6 + textWidth(figure.unit, SIZE.label),
      textWidth(figure.label, SIZE.label),
    );
    right -= width;
    parts.push(
      svgText(figure.label, right, box.y + 52, { fill: COLOR.muted }),
      svgText(figure.value, right, box.y + 92, { size: SIZE.figure, weight: 600 }),
      figure.unit === ''
        ? ''
        : svgText(figure.unit, right + textWidth(figure.value, SIZE.figure, 600) + 6, box.y + 92, {
            fill: COLOR.muted,
          }),
    );
    right -= 44;
  }
  return `<g id="header">${parts.join('\n')}</g>`;
}

export function summaryFigures({ firing, oscillation, balance }: Results, run: RunDescription): Figure[] {
  const number = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  return [
    { label: 'Mean rate', value: number(firing.meanRateHz, 2), unit: 'Hz' },
    { label: 'CV of intervals', value: number(firing.cvIsi, 3), unit: '' },
    { label: 'LFP peak', value: number(oscillation.peakHz, 1), unit: 'Hz' },
    { label: 'E/I ratio', value: number(balance.eiRatio, 2), unit: '' },
    ...(run.realTimeFactor === null
      ? []
      : [{ label: 'Real-time factor', value: run.realTimeFactor.toPrecision(2), unit: '×' }]),
  ];
}

export function description({ circuit, window }: Results, run: RunDescription): string {
  const populations = Object.entries(circuit.populations).map(([name, neurons]) => `${neurons} ${name}`);
  return [
    `${circuit.neurons} neurons (${populations.join(', ')})`,
    circuit.synapses === null ? null : `${circuit.synapses} synapses`,
    `${window.startMs}-${window.stopMs} ms analysed`,
    run.seed === null ? null : `seed ${run.seed}`,
    run.integrator === null ? null : `${run.integrator}${run.dtMs === null ? '' : `, dt ${run.dtMs} ms`}`,
    run.adapter,
  ]
    .filter((part) => part !== null)
    .join('  ·  ');
}

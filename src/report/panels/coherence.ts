import * as Plot from '@observablehq/plot';
import type { SpikeFieldCoherence } from '../../analysis/coupling/spike_field_coherence.js';
import { type Box, chart, gridLines, MARGIN } from '../chart.js';
import { missing, type Panel, type PanelContext, populationLegend } from '../panel.js';
import { COLOR } from '../theme.js';

/** Magnitude-squared coherence of spikes and LFP by population, and its phase where it is significant. */

const SHOWN_HZ = [1, 150] as const;
const POOLED = { label: 'all', color: COLOR.text };

export const coherencePanel: Panel = {
  title: 'Spike-LFP coherence',
  draw(context, area) {
    const { analysis, styles } = context;
    const { pooled } = analysis.coherence;
    if (!pooled) {
      const reason = analysis.results.notes.coherence;
      return {
        body: missing(area, `No coherence: ${reason}.`),
        caption: 'n = 0 segments.',
      };
    }
    const upper = { ...area, height: area.height * 0.6 };
    const lower = { ...area, y: area.y + upper.height, height: area.height - upper.height };
    const left = { ...lower, width: lower.width * 0.6 };
    const right = { ...lower, x: lower.x + left.width, width: lower.width - left.width };
    return {
      body:
        drawCoherence(context, pooled, upper) + drawPhase(context, left) + drawSpikePhases(context, right),
      legend: [...populationLegend(styles), POOLED],
      caption:
        `Magnitude-squared coherence of LFP and pooled spikes, n = ${pooled.coherence.averages} Welch segments. ` +
        `Dashed: 95 % level of independent signals, ${pooled.level.msc.toFixed(2)}; phase where above, negative: LFP leads. ` +
        `Right: spikes by gamma phase, 0 its peak; PPC ${consistencies(context)}.`,
    };
  },
};

function drawCoherence({ analysis, styles }: PanelContext, pooled: SpikeFieldCoherence, box: Box): string {
  const populations = analysis.coherence.populations.map(({ coherence }) => coherence);
  const lines = [...populations, pooled].flatMap((estimate, index) => {
    if (!estimate) return [];
    const { coherence } = estimate;
    const { color, dash } = styles[index] ?? { color: POOLED.color, dash: null };
    return [
      Plot.lineY(shownPoints(coherence.frequenciesHz, coherence.msc), {
        x: 'x',
        y: 'y',
        stroke: color,
        strokeWidth: 2,
        strokeDasharray: dash ?? 'none',
      }),
    ];
  });
  return chart(box, {
    marginBottom: 30,
    x: { domain: [...SHOWN_HZ], label: null, ticks: 8 },
    y: { domain: [0, 1], label: 'Coherence (MSC)', ticks: 5 },
    marks: [
      ...gridLines(),
      Plot.ruleY([pooled.level.msc], {
        stroke: COLOR.significance,
        strokeDasharray: '7 5',
        strokeWidth: 1.8,
      }),
      ...lines,
    ],
  });
}

function drawPhase({ analysis, styles }: PanelContext, box: Box): string {
  const dots = analysis.coherence.populations.flatMap(({ coherence: estimate }, index) =>
    estimate
      ? shownPoints(estimate.coherence.frequenciesHz, estimate.coherence.phaseRad)
          .filter(({ bin }) => estimate.coherence.msc[bin] > estimate.level.msc)
          .map(({ x, y }) => ({
            x,
            y: y / Math.PI,
            color: styles[index].color,
            symbol: styles[index].symbol,
          }))
      : [],
  );
  const symbols = ['circle', 'triangle', 'square', 'diamond'];
  return chart(box, {
    marginTop: MARGIN.top,
    x: { domain: [...SHOWN_HZ], label: 'Frequency (Hz)', ticks: 8 },
    y: {
      domain: [-1, 1],
      label: 'Phase',
      ticks: [-1, 0, 1],
      tickFormat: inPi,
    },
    symbol: { domain: symbols, range: symbols as Plot.SymbolType[] },
    marks: [
      ...gridLines(),
      Plot.ruleY([0], { stroke: COLOR.muted, strokeWidth: 1.2 }),
      Plot.dot(dots, { x: 'x', y: 'y', fill: 'color', symbol: 'symbol', r: 3.6 }),
    ],
  });
}

function consistencies({ analysis, styles }: PanelContext): string {
  const { populations } = analysis.coherence.results;
  const known = styles.flatMap(({ name }) => {
    const { ppc } = populations[name];
    return ppc === null ? [] : [`${name} ${ppc.toFixed(3)}`];
  });
  return known.length === 0 ? 'not defined' : known.slice(0, 4).join(', ');
}

/** Spikes by phase of the gamma band, relative to an even spread. */
function drawSpikePhases({ analysis, styles }: PanelContext, box: Box): string {
  const lines = analysis.coherence.populations.flatMap(({ phaseCounts }, index) => {
    const total = phaseCounts?.reduce((a, b) => a + b, 0) ?? 0;
    if (!phaseCounts || total === 0) return [];
    const bins = phaseCounts.length;
    const density = Array.from(phaseCounts, (count, bin) => ({
      x: (2 * (bin + 0.5)) / bins - 1,
      y: (count * bins) / total,
    }));
    const { color, dash } = styles[index];
    return [
      Plot.lineY(density, { x: 'x', y: 'y', stroke: color, strokeWidth: 2, strokeDasharray: dash ?? 'none' }),
    ];
  });
  return chart(box, {
    x: { domain: [-1, 1], label: 'Gamma phase', ticks: [-1, 0, 1], tickFormat: inPi },
    y: { label: 'Rel. rate', ticks: 3, zero: true, nice: true },
    marks: [...gridLines(), Plot.ruleY([1], { stroke: COLOR.text, strokeDasharray: '6 5' }), ...lines],
  });
}

const inPi = (value: number) => (value === 0 ? '0' : value < 0 ? '−π' : 'π');

function shownPoints(frequenciesHz: Float64Array, values: Float64Array) {
  return Array.from(frequenciesHz, (x, bin) => ({ x, y: values[bin], bin })).filter(
    ({ x }) => x >= SHOWN_HZ[0] && x <= SHOWN_HZ[1],
  );
}

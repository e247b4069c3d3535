import * as Plot from '@observablehq/plot';
import type { SampledSignal } from '../../analysis/data.js';
import { FREQUENCY_BANDS } from '../../analysis/oscillation/bands.js';
import type { GammaBand } from '../../analysis/sections/oscillation_section.js';
import { type Box, chart, domainOf, gridLines, shortNumber, thinned } from '../chart.js';
import { missing, type Panel, type PanelContext } from '../panel.js';
import { COLOR } from '../theme.js';

/** LFP of the excerpt with its gamma band, and the whole window with the gamma envelope below. */

/** An LFP that varies less is drawn as a flat line. */
const LEAST_SPAN_UV = 1e-6;

export const lfpPanel: Panel = {
  title: 'Local field potential',
  draw(context, area) {
    const { lfp } = context.analysis.activity;
    if (!lfp || lfp.values.length === 0) {
      return { body: missing(area, 'No LFP: the data has no field potential.'), caption: 'n = 0 samples.' };
    }
    const detail = { ...area, height: area.height * 0.6 };
    const overview = { ...area, y: area.y + detail.height, height: area.height - detail.height };
    const gamma = context.analysis.oscillation.arrays?.gamma ?? null;
    const { startMs, stopMs } = context.excerpt;
    const filter = gamma
      ? ` Gamma: ${FREQUENCY_BANDS.gamma.join('-')} Hz, Butterworth order 4 forward and backward; envelope by Hilbert transform.`
      : '';
    return {
      body: drawDetail(context, lfp, gamma, detail) + drawOverview(context, lfp, gamma, overview),
      legend: [
        { label: 'LFP', color: COLOR.lfp },
        ...(gamma ? [{ label: `gamma ${FREQUENCY_BANDS.gamma.join('-')} Hz`, color: COLOR.gamma }] : []),
      ],
      caption:
        `First electrode, mean removed; top ${startMs}-${stopMs} ms (time axis of panel 1), bottom the window, excerpt shaded.` +
        `${filter} n = ${lfp.values.length} samples at ${lfp.sampleRateHz} Hz.`,
    };
  },
};

function drawDetail(
  { excerpt }: PanelContext,
  lfp: SampledSignal,
  gamma: GammaBand | null,
  box: Box,
): string {
  const inExcerpt = ({ x }: { x: number }) => x >= excerpt.startMs && x <= excerpt.stopMs;
  const shown = centred(lfp).filter(inExcerpt);
  return chart(box, {
    x: { domain: [excerpt.startMs, excerpt.stopMs], label: 'Time (ms)', ticks: 6, tickFormat: 'd' },
    y: {
      domain: domainOf(shown, LEAST_SPAN_UV),
      label: 'LFP (µV)',
      ticks: 5,
      tickFormat: shortNumber,
      nice: true,
    },
    marks: [
      ...gridLines(),
      Plot.lineY(shown, { x: 'x', y: 'y', stroke: COLOR.lfp, strokeWidth: 1.3 }),
      ...(gamma
        ? [
            Plot.lineY(series(gamma.signal).filter(inExcerpt), {
              x: 'x',
              y: 'y',
              stroke: COLOR.gamma,
              strokeWidth: 2.2,
            }),
          ]
        : []),
    ],
  });
}

function drawOverview(
  { analysis, excerpt }: PanelContext,
  lfp: SampledSignal,
  gamma: GammaBand | null,
  box: Box,
): string {
  const toSeconds = (data: { x: number; y: number }[]) => data.map(({ x, y }) => ({ x: x / 1000, y }));
  const whole = toSeconds(centred(lfp));
  const envelope = gamma && toSeconds(series({ ...gamma.signal, values: gamma.envelope }));
  return chart(box, {
    x: {
      domain: [analysis.activity.window.startMs / 1000, analysis.activity.window.stopMs / 1000],
      label: 'Time (s)',
      ticks: 6,
    },
    y: {
      domain: domainOf(whole, LEAST_SPAN_UV),
      label: 'LFP (µV)',
      ticks: 3,
      tickFormat: shortNumber,
      nice: true,
    },
    marks: [
      Plot.rectX([excerpt], {
        x1: (d: PanelContext['excerpt']) => d.startMs / 1000,
        x2: (d: PanelContext['excerpt']) => d.stopMs / 1000,
        fill: COLOR.text,
        fillOpacity: 0.09,
      }),
      ...gridLines(),
      Plot.lineY(thinned(whole, box.width), {
        x: 'x',
        y: 'y',
        stroke: COLOR.lfp,
        strokeWidth: 0.8,
        strokeOpacity: 0.7,
      }),
      ...(envelope
        ? [
            Plot.lineY(thinned(envelope, box.width), {
              x: 'x',
              y: 'y',
              stroke: COLOR.gamma,
              strokeWidth: 1.8,
            }),
          ]
        : []),
    ],
  });
}

/** Each sample at the middle of its interval, ms. */
function series({ values, startMs, sampleRateHz }: SampledSignal): { x: number; y: number }[] {
  return Array.from(values, (y, k) => ({ x: startMs + ((k + 0.5) * 1000) / sampleRateHz, y }));
}

function centred(signal: SampledSignal): { x: number; y: number }[] {
  const mean = signal.values.reduce((sum, value) => sum + value, 0) / signal.values.length;
  return series(signal).map(({ x, y }) => ({ x, y: y - mean }));
}

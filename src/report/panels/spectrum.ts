import * as Plot from '@observablehq/plot';
import { FREQUENCY_BANDS } from '../../analysis/oscillation/bands.js';
import { type OscillationArrays, SPECPARAM_SETTINGS } from '../../analysis/sections/oscillation_section.js';
import type { PowerSpectrum } from '../../analysis/spectral/spectrum.js';
import { chart, gridLines, points, powerOfTen } from '../chart.js';
import { missing, type Panel } from '../panel.js';
import { COLOR } from '../theme.js';

/** Power spectral density of the LFP with bands, aperiodic component and peaks. */

const SHOWN_HZ = [1, 200] as const;
const BAND_LABELS: Record<keyof typeof FREQUENCY_BANDS, string> = {
  delta: 'δ',
  theta: 'θ',
  alpha: 'α',
  beta: 'β',
  gamma: 'γ',
  highGamma: 'high γ',
};

export const spectrumPanel: Panel = {
  title: 'LFP power spectrum',
  draw({ analysis }, area) {
    const { arrays } = analysis.oscillation;
    if (!arrays) {
      const reason = analysis.results.notes.oscillation;
      return { body: missing(area, `No spectrum: ${reason}.`), caption: 'n = 0 segments.' };
    }
    const { psd, model, segmentMs } = arrays;
    return {
      body: chart(area, {
        x: {
          type: 'log',
          domain: [...SHOWN_HZ],
          label: 'Frequency (Hz)',
          ticks: [1, 2, 5, 10, 20, 50, 100, 200],
          tickFormat: 'd',
        },
        y: { type: 'log', domain: powerDomain(psd), label: 'Power density (µV²/Hz)', tickFormat: powerOfTen },
        marks: [
          ...bandMarks(),
          ...gridLines(),
          ...spectrumMarks(arrays),
          ...peakMarks(analysis.results.oscillation.peakHz, arrays),
        ],
      }),
      legend: [
        { label: 'LFP', color: COLOR.lfp },
        ...(model
          ? [
              { label: 'specparam', color: COLOR.model },
              {
                label: `1/f, exponent ${model.aperiodic.exponent.toFixed(2)}`,
                color: COLOR.aperiodic,
                dash: '7 5',
              },
            ]
          : []),
      ],
      caption:
        `Welch, n = ${psd.averages} periodic Hann segments of ${segmentMs} ms, half overlap, constant detrend, one-sided density. ` +
        (model
          ? `specparam (fixed) over ${SPECPARAM_SETTINGS.rangeHz.join('-')} Hz, peak width ${SPECPARAM_SETTINGS.peakWidthLimitsHz.join('-')} Hz: ` +
            `${model.peaks.length} peaks, R² ${model.rSquared.toFixed(3)}. `
          : 'No specparam fit. ') +
        'Circle: largest bin of 5-150 Hz.',
    };
  },
};

/** The shown power, with room for the band labels above the largest peak. */
function powerDomain({ frequenciesHz, power }: PowerSpectrum): [number, number] {
  const shown = power.filter((value, k) => isShown(frequenciesHz[k]) && value > 0);
  return [Math.min(...shown) / 1.5, Math.max(...shown) * 5];
}

const isShown = (hz: number) => hz >= SHOWN_HZ[0] && hz <= SHOWN_HZ[1];

function bandMarks(): Plot.Markish[] {
  const bands = Object.entries(FREQUENCY_BANDS).map(([name, [low, high]], index) => ({
    low,
    high,
    center: Math.sqrt(low * high),
    label: BAND_LABELS[name as keyof typeof FREQUENCY_BANDS],
    isOdd: index % 2 === 1,
  }));
  return [
    Plot.rectX(bands, {
      x1: 'low',
      x2: 'high',
      fill: COLOR.text,
      fillOpacity: (d) => (d.isOdd ? 0.07 : 0.025),
    }),
    Plot.text(bands, { x: 'center', frameAnchor: 'top', dy: 6, text: 'label', fill: COLOR.muted }),
  ];
}

function spectrumMarks({ psd, model }: OscillationArrays): Plot.Markish[] {
  const line = (x: Float64Array, y: Float64Array) => points(x, y).filter((p) => isShown(p.x) && p.y > 0);
  const tenTo = (values: Float64Array) => values.map((value) => 10 ** value);
  return [
    Plot.lineY(line(psd.frequenciesHz, psd.power), { x: 'x', y: 'y', stroke: COLOR.lfp, strokeWidth: 2.4 }),
    ...(model
      ? [
          Plot.lineY(line(model.frequenciesHz, tenTo(model.logAperiodic)), {
            x: 'x',
            y: 'y',
            stroke: COLOR.aperiodic,
            strokeWidth: 2.4,
            strokeDasharray: '7 5',
          }),
          Plot.lineY(line(model.frequenciesHz, tenTo(model.logModel)), {
            x: 'x',
            y: 'y',
            stroke: COLOR.model,
            strokeWidth: 2.2,
          }),
        ]
      : []),
  ];
}

/** The largest bin, with its frequency and its height over the aperiodic component. */
function peakMarks(peakHz: number | null, { psd, model }: OscillationArrays): Plot.Markish[] {
  if (peakHz === null) return [];
  const bin = psd.frequenciesHz.indexOf(peakHz);
  const fitted = model ? model.frequenciesHz.indexOf(peakHz) : -1;
  const over =
    model && fitted >= 0 ? `, ${(psd.power[bin] / 10 ** model.logAperiodic[fitted]).toFixed(0)} × 1/f` : '';
  const peak = [{ x: peakHz, y: psd.power[bin], text: `${peakHz.toFixed(1)} Hz${over}` }];
  const isRight = peakHz > 60;
  return [
    Plot.dot(peak, { x: 'x', y: 'y', r: 6, stroke: COLOR.gamma, strokeWidth: 2.4 }),
    Plot.text(peak, {
      x: 'x',
      y: 'y',
      text: 'text',
      dx: isRight ? -14 : 14,
      dy: 0,
      textAnchor: isRight ? 'end' : 'start',
      fill: COLOR.gamma,
      fontWeight: 600,
    }),
  ];
}

import * as Plot from '@observablehq/plot';
import { SPECTROGRAM_SEGMENT_MS, SPECTROGRAM_STEP_MS } from '../../analysis/sections/oscillation_section.js';
import type { Spectrogram } from '../../analysis/spectral/spectrogram.js';
import { type Box, chart, MARGIN } from '../chart.js';
import { colorRamp, heatmap, imageElement } from '../image_layer.js';
import { missing, type Panel } from '../panel.js';
import { svgText } from '../text.js';
import { COLOR, SIZE } from '../theme.js';

/** Power of the LFP over time and frequency, in dB, with its colour bar. */

const HIGHEST_HZ = 150;
/** Colours span from this quantile of the shown power to its maximum. */
const LOW_QUANTILE = 0.05;
const BAR = { width: 16, gap: 14, labels: 66 } as const;
const ramp = colorRamp('inferno');

export const spectrogramPanel: Panel = {
  title: 'Spectrogram',
  draw({ analysis }, area) {
    const spectrogram = analysis.oscillation.arrays?.spectrogram;
    if (!spectrogram) {
      const reason =
        analysis.results.notes.oscillation ??
        `the LFP is shorter than a segment of ${SPECTROGRAM_SEGMENT_MS} ms`;
      return { body: missing(area, `No spectrogram: ${reason}.`), caption: 'n = 0 segments.' };
    }
    const { window } = analysis.activity;
    const plot = { ...area, width: area.width - BAR.gap - BAR.width - BAR.labels };
    const { image, low, high } = powerImage(spectrogram, window, frameOf(plot));
    return {
      body:
        image +
        chart(
          { ...plot },
          {
            x: { domain: [window.startMs / 1000, window.stopMs / 1000], label: 'Time (s)', ticks: 6 },
            y: { domain: [0, HIGHEST_HZ], label: 'Frequency (Hz)', ticks: 6 },
            marks: [Plot.frame({ stroke: COLOR.edge })],
          },
        ) +
        colorBar(frameOf(plot), low, high),
      caption:
        `LFP power density, dB re 1 µV²/Hz; periodic Hann segments of ${SPECTROGRAM_SEGMENT_MS} ms every ${SPECTROGRAM_STEP_MS} ms, ` +
        `constant detrend, bins of ${spectrogram.frequenciesHz[1]} Hz. ` +
        `Colours from the ${100 * LOW_QUANTILE} % quantile to the maximum. n = ${spectrogram.timesMs.length} segments.`,
    };
  },
};

function frameOf(box: Box): Box {
  return {
    x: box.x + MARGIN.left,
    y: box.y + MARGIN.top,
    width: box.width - MARGIN.left - MARGIN.right,
    height: box.height - MARGIN.top - MARGIN.bottom,
  };
}

function powerImage(
  { frequenciesHz, timesMs, power }: Spectrogram,
  window: { startMs: number; stopMs: number },
  frame: Box,
) {
  const bins = frequenciesHz.length;
  const rows = frequenciesHz.filter((hz) => hz <= HIGHEST_HZ).length;
  const decibels = power.map((value) => 10 * Math.log10(value));
  const shown = decibels.filter((value, k) => k % bins < rows && Number.isFinite(value)).sort();
  const low = shown[Math.floor(LOW_QUANTILE * (shown.length - 1))];
  const high = shown[shown.length - 1];
  const canvas = heatmap(
    timesMs.length,
    rows,
    (column, row) => (decibels[column * bins + (rows - 1 - row)] - low) / (high - low),
    ramp,
  );
  // A column is as wide as the step around its centre, a row as high as a bin around its frequency.
  const msToPx = frame.width / (window.stopMs - window.startMs);
  const hzToPx = frame.height / HIGHEST_HZ;
  const stepMs = timesMs.length > 1 ? timesMs[1] - timesMs[0] : window.stopMs - window.startMs;
  const top = frame.y + frame.height - (frequenciesHz[rows - 1] + frequenciesHz[1] / 2) * hzToPx;
  const image = imageElement(canvas, {
    x: frame.x + (timesMs[0] - stepMs / 2 - window.startMs) * msToPx,
    y: top,
    width: timesMs.length * stepMs * msToPx,
    height: rows * frequenciesHz[1] * hzToPx,
  });
  const clip = `<clipPath id="spectrogram-frame"><rect x="${frame.x}" y="${frame.y}" width="${frame.width}" height="${frame.height}"/></clipPath>`;
  return { image: `${clip}<g clip-path="url(#spectrogram-frame)">${image}</g>`, low, high };
}

function colorBar(frame: Box, low: number, high: number): string {
  const box = { x: frame.x + frame.width + BAR.gap, y: frame.y, width: BAR.width, height: frame.height };
  const canvas = heatmap(1, 256, (_, row) => 1 - row / 255, ramp);
  return (
    imageElement(canvas, box) +
    niceTicks(low, high)
      .map((value) => {
        const y = box.y + box.height * (1 - (value - low) / (high - low));
        return (
          `<path d="M${box.x + box.width},${y.toFixed(1)}h5" stroke="${COLOR.axis}"/>` +
          svgText(`${value}`, box.x + box.width + 9, y + 5.5, { size: SIZE.tick, fill: COLOR.axis })
        );
      })
      .join('') +
    svgText('dB', box.x + box.width / 2, box.y + box.height + 24, {
      size: SIZE.label,
      fill: COLOR.axis,
      anchor: 'middle',
    })
  );
}

/** Multiples of 5 or 10 within the range. */
function niceTicks(low: number, high: number): number[] {
  const step = high - low > 40 ? 10 : high - low > 12 ? 5 : 1;
  const ticks: number[] = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) ticks.push(value);
  return ticks;
}

import {
  FREQUENCY_BANDS,
  fitSpecparam,
  type OscillationPeak,
  type PowerSpectrum,
  welchPsd,
} from '../../src/index.js';
import type { History } from '../simulation/history.js';
import { COLOR } from '../view/theme.js';
import { type LivePlot, line, livePlot, PlotFrame } from './live_plot.js';

/** Stretch of the running spectrum and its segments, ms. */
const WINDOW_ms = 2000;
const SEGMENT_ms = 500;
const RANGE_Hz = [4, 120] as const;
/**
 * A peak counts if its power is 4 times the background (log10). If the window holds less than 2 s or the transient,
 * 10 times, because noise then reaches 8 times (asynchronous-irregular, 3 seeds).
 */
const SMALLEST_PEAK = { settled: 0.6, early: 1 };

const BANDS = ['theta', 'alpha', 'beta', 'gamma', 'highGamma'] as const;
const BAND_LABEL = { theta: 'θ', alpha: 'α', beta: 'β', gamma: 'γ', highGamma: 'high γ' } as const;

export interface RunningSpectrum {
  readonly spectrum: PowerSpectrum;
  /** The largest peak over the 1/f background in the beta and gamma bands; null without one. */
  readonly peak: OscillationPeak | null;
}

/** Welch spectrum of the latest LFP; null until there is enough of it, and where it is sampled too slowly. */
export function runningSpectrum(history: History): RunningSpectrum | null {
  const { sampleRateHz } = history;
  if (sampleRateHz < 2 * RANGE_Hz[1]) return null;
  const wanted = Math.round((WINDOW_ms * sampleRateHz) / 1000);
  const values = history.lfp_uV.last(wanted);
  const segmentSamples = Math.round((SEGMENT_ms * sampleRateHz) / 1000);
  if (values.length < 2 * segmentSamples) return null;
  const startMs = history.startOfLastMs(values.length);
  const spectrum = welchPsd({ sampleRateHz, startMs, values }, { segmentSamples });
  const { transient_ms } = history.network.circuit.simulation;
  const isSettled = startMs >= transient_ms && values.length === wanted;
  const smallestPeak = isSettled ? SMALLEST_PEAK.settled : SMALLEST_PEAK.early;
  const fit = fitSpecparam(spectrum, {
    rangeHz: RANGE_Hz,
    minPeakHeight: smallestPeak,
    peakWidthLimitsHz: [3.5, 25],
  });
  const peaks = (fit.value?.peaks ?? []).filter(
    ({ hz, power }) =>
      power >= smallestPeak && hz >= FREQUENCY_BANDS.beta[0] && hz < FREQUENCY_BANDS.gamma[1],
  );
  const peak = peaks.reduce<OscillationPeak | null>(
    (best, next) => (best && best.power >= next.power ? best : next),
    null,
  );
  return { spectrum, peak };
}

/** Whole decades, with half a one above for the names of the bands. */
function decades(low: number | null, high: number | null): [number, number] {
  if (!low || !high) return [1, 1000];
  return [10 ** Math.floor(Math.log10(low)), 10 ** (Math.log10(high) + 0.5)];
}

/** The peak in words, as shown by the plot and the status line. */
export function peakText({ peak }: RunningSpectrum): string {
  if (!peak) return 'no β or γ peak';
  const band = peak.hz < FREQUENCY_BANDS.gamma[0] ? 'β' : 'γ';
  return `${band} peak ${peak.hz.toFixed(0)} Hz, ${(10 ** peak.power).toFixed(0)}× the background`;
}

/** Power over frequency with the bands shaded and the peak marked. */
export function createSpectrumPlot(history: History): LivePlot {
  let current: RunningSpectrum | null = null;
  const frame = new PlotFrame({
    title: 'Spectrum',
    yLabel: 'µV²/Hz',
    xLabel: 'Hz',
    height: 112,
    yGrid: false,
    series: [line('power', COLOR.lfp)],
    scales: {
      x: { time: false, range: [0, RANGE_Hz[1]] },
      y: { distr: 3, range: (_, low, high) => decades(low, high) },
    },
    drawUnder: ({ ctx, bbox, valToPos }) => {
      ctx.save();
      ctx.textAlign = 'center';
      ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
      BANDS.forEach((band, i) => {
        const [low, high] = FREQUENCY_BANDS[band];
        const left = valToPos(low, 'x', true);
        const right = valToPos(Math.min(high, RANGE_Hz[1]), 'x', true);
        ctx.fillStyle = band === 'gamma' ? '#2a2a1c' : i % 2 ? '#151d28' : '#1a2430';
        ctx.fillRect(left, bbox.top, right - left, bbox.height);
        ctx.fillStyle = COLOR.muted;
        ctx.fillText(BAND_LABEL[band], (left + right) / 2, bbox.top + 12 * devicePixelRatio);
      });
      ctx.restore();
    },
    drawOver: ({ ctx, bbox, valToPos }) => {
      if (!current?.peak) return;
      const x = valToPos(current.peak.hz, 'x', true);
      ctx.save();
      ctx.strokeStyle = COLOR.gamma;
      ctx.lineWidth = 2 * devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.restore();
    },
  });
  return livePlot(frame, () => {
    current = runningSpectrum(history);
    frame.setNote(current ? peakText(current) : 'after 1 s');
    const { frequenciesHz, power } = current?.spectrum ?? { frequenciesHz: [], power: [] };
    const isShown = (k: number) => frequenciesHz[k] >= RANGE_Hz[0] && frequenciesHz[k] <= RANGE_Hz[1];
    const shown = Array.from(frequenciesHz, (_, k) => k).filter(isShown);
    frame.plot.setData([shown.map((k) => frequenciesHz[k]), shown.map((k) => power[k] || null)]);
  });
}

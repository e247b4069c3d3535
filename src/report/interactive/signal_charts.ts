import type { SampledSignal } from '../../analysis/data.js';
import { FREQUENCY_BANDS } from '../../analysis/oscillation/bands.js';
import { RATIO_BIN_MS } from '../../analysis/sections/balance_section.js';
import { MAX_LAG_MS } from '../../analysis/sections/input_balance.js';
import {
  MULTITAPER,
  SPECPARAM_SETTINGS,
  SPECTROGRAM_SEGMENT_MS,
  SPECTROGRAM_STEP_MS,
} from '../../analysis/sections/oscillation_section.js';
import { colorRamp } from '../image_layer.js';
import type { PanelContext } from '../panel.js';
import { COLOR } from '../theme.js';
import { type InteractiveChart, type Line, packBytes, packFloats } from './chart_data.js';

/** LFP, spectrum, spectrogram, coherence and balance as charts of the page. */

const HIGHEST_HZ = 200;
const TIME_AXIS = { label: 'Time (s)' } as const;

export function lfpCharts({ analysis }: PanelContext): InteractiveChart[] {
  const { lfp } = analysis.activity;
  if (!lfp || lfp.values.length === 0) return [];
  const gamma = analysis.oscillation.arrays?.gamma;
  const [low, high] = FREQUENCY_BANDS.gamma;
  const mean = lfp.values.reduce((sum, value) => sum + value, 0) / lfp.values.length;
  const lines = [
    line(
      'LFP',
      COLOR.lfp,
      lfp.values.map((value) => value - mean),
    ),
  ];
  if (gamma) {
    lines.push(line(`${low}-${high} Hz`, COLOR.gamma, gamma.signal.values));
    lines.push(line('envelope', COLOR.model, gamma.envelope));
  }
  return [
    {
      title: 'Local field potential',
      note: `First electrode, mean removed; gamma by Butterworth order 4, forward and backward; envelope by Hilbert transform. n = ${lfp.values.length} samples at ${lfp.sampleRateHz} Hz.`,
      x: TIME_AXIS,
      y: { label: 'LFP (µV)' },
      height: 260,
      isOverTime: true,
      marks: [],
      content: { kind: 'lines', style: 'line', x: packFloats(secondsOf(lfp)), lines },
    },
  ];
}

export function spectrumCharts({ analysis }: PanelContext): InteractiveChart[] {
  const { arrays, results } = analysis.oscillation;
  if (!arrays) return [];
  const { psd, model, segmentMs, multitaper } = arrays;
  const shown = psd.frequenciesHz.filter((hz) => hz > 0 && hz <= HIGHEST_HZ);
  const first = psd.frequenciesHz.indexOf(shown[0]);
  const cut = (power: Float64Array) => power.subarray(first, first + shown.length);
  const lines = [line('LFP', COLOR.lfp, cut(psd.power))];
  if (model) {
    const onShown = (log: Float64Array) =>
      shown.map((hz) => 10 ** (log[model.frequenciesHz.indexOf(hz)] ?? Number.NaN));
    lines.push(line('specparam', COLOR.model, onShown(model.logModel)));
    lines.push(line('aperiodic', COLOR.aperiodic, onShown(model.logAperiodic), '7 5'));
  }
  return [
    {
      title: 'LFP power spectrum',
      note: `Welch, n = ${psd.averages} periodic Hann segments of ${segmentMs} ms, half overlap, constant detrend, one-sided density; specparam over ${SPECPARAM_SETTINGS.rangeHz.join('-')} Hz. Dashed: largest bin of 5-150 Hz.`,
      x: { label: 'Frequency (Hz)', isLog: true },
      y: { label: 'Power density (µV²/Hz)', isLog: true },
      height: 320,
      isOverTime: false,
      marks: results.peakHz === null ? [] : [{ axis: 'x', value: results.peakHz }],
      content: { kind: 'lines', style: 'line', x: packFloats(shown), lines },
    },
    {
      title: 'The same with Slepian tapers',
      note: `n = ${multitaper.averages} tapers of segments of ${segmentMs} ms; NW ${MULTITAPER.timeBandwidth}, K ${MULTITAPER.tapers}, so that a line is ${2 * multitaper.halfBandwidthHz} Hz wide. Dashed: 95 % of the jackknife over them.`,
      x: { label: 'Frequency (Hz)', isLog: true },
      y: { label: 'Power density (µV²/Hz)', isLog: true },
      height: 260,
      isOverTime: false,
      marks: [],
      content: {
        kind: 'lines',
        style: 'line',
        x: packFloats(shown),
        lines: [
          line('multitaper', COLOR.lfp, cut(multitaper.power)),
          ...(multitaper.interval
            ? [
                line('lower', COLOR.gamma, cut(multitaper.interval.lower), '4 4'),
                line('upper', COLOR.gamma, cut(multitaper.interval.upper), '4 4'),
              ]
            : []),
        ],
      },
    },
  ];
}

export function spectrogramCharts({ analysis }: PanelContext): InteractiveChart[] {
  const spectrogram = analysis.oscillation.arrays?.spectrogram;
  if (!spectrogram) return [];
  const { frequenciesHz, timesMs, power } = spectrogram;
  const rows = frequenciesHz.filter((hz) => hz <= HIGHEST_HZ).length;
  const columns = timesMs.length;
  const decibels = Float64Array.from({ length: rows * columns }, (_, k) => {
    const value = power[(k % columns) * frequenciesHz.length + Math.floor(k / columns)];
    return 10 * Math.log10(value);
  });
  const sorted = decibels.filter(Number.isFinite).sort();
  const [low, high] = [sorted[Math.floor(0.05 * (sorted.length - 1))], sorted[sorted.length - 1]];
  const bytes = Uint8ClampedArray.from(decibels, (value) => (255 * (value - low)) / (high - low));
  const halfStep = SPECTROGRAM_STEP_MS / 2;
  const halfBin = frequenciesHz[1] / 2;
  return [
    {
      title: 'Spectrogram',
      note: `dB re 1 µV²/Hz; periodic Hann segments of ${SPECTROGRAM_SEGMENT_MS} ms every ${SPECTROGRAM_STEP_MS} ms, n = ${columns}. Black ${low.toFixed(0)} dB, yellow ${high.toFixed(0)} dB.`,
      x: TIME_AXIS,
      y: { label: 'Frequency (Hz)' },
      height: 300,
      isOverTime: true,
      marks: [],
      content: {
        kind: 'image',
        extent: {
          x: [(timesMs[0] - halfStep) / 1000, (timesMs[columns - 1] + halfStep) / 1000],
          y: [-halfBin, frequenciesHz[rows - 1] + halfBin],
        },
        image: {
          columns,
          rows,
          low,
          high,
          unit: 'dB',
          values: packBytes(bytes),
          ramp: packBytes(colorRamp('inferno')),
        },
      },
    },
  ];
}

export function coherenceCharts({ analysis, styles }: PanelContext): InteractiveChart[] {
  const { pooled, populations } = analysis.coherence;
  if (!pooled) return [];
  const { frequenciesHz } = pooled.coherence;
  const shown = frequenciesHz.filter((hz) => hz > 0 && hz <= HIGHEST_HZ);
  const cut = (values: Float64Array) => values.subarray(1, 1 + shown.length);
  const lines = populations.flatMap(({ coherence }, index) => {
    const { name, color, dash } = styles[index];
    return coherence ? [line(name, color, cut(coherence.coherence.msc), dash)] : [];
  });
  const phases = populations.flatMap(({ coherence }, index) => {
    if (!coherence) return [];
    const { msc, phaseRad } = coherence.coherence;
    const bins = [...frequenciesHz.keys()].filter(
      (k) => k > 0 && k <= shown.length && msc[k] > coherence.level.msc,
    );
    const { name, color } = styles[index];
    return [
      {
        label: name,
        color,
        x: packFloats(bins.map((k) => frequenciesHz[k])),
        y: packFloats(bins.map((k) => phaseRad[k])),
      },
    ];
  });
  const x = { label: 'Frequency (Hz)' };
  return [
    {
      title: 'Spike-LFP coherence',
      note: `Magnitude-squared coherence of the LFP and the pooled spikes in bins of its samples; n = ${pooled.coherence.averages} Welch segments. Dashed: 95 % level of independent signals.`,
      x,
      y: { label: 'Coherence (MSC)' },
      height: 280,
      isOverTime: false,
      marks: [{ axis: 'y', value: pooled.level.msc }],
      content: {
        kind: 'lines',
        style: 'line',
        x: packFloats(shown),
        lines: [...lines, line('all', COLOR.text, cut(pooled.coherence.msc))],
      },
    },
    {
      title: 'Phase of the coherence',
      note: 'Shown where the coherence is above its level; negative: the LFP leads the spikes.',
      x,
      y: { label: 'Phase (rad)' },
      height: 200,
      isOverTime: false,
      marks: [{ axis: 'y', value: 0 }],
      content: {
        kind: 'points',
        size: 5,
        extent: { x: [0, shown[shown.length - 1]], y: [-Math.PI, Math.PI] },
        groups: phases,
      },
    },
  ];
}

export function balanceCharts({ analysis }: PanelContext): InteractiveChart[] {
  const { arrays } = analysis.balance;
  if (!arrays) return [];
  const { excitatory_nA, inhibitory_nA, ratio, lagged } = arrays;
  const of = `per neuron of ${arrays.groups.join(', ')}, n = ${arrays.neurons}`;
  const charts: InteractiveChart[] = [
    {
      title: 'Synaptic currents',
      note: `Mean |I| ${of}.`,
      x: TIME_AXIS,
      y: { label: '|I| (nA)' },
      height: 240,
      isOverTime: true,
      marks: [],
      content: {
        kind: 'lines',
        style: 'line',
        x: packFloats(secondsOf(excitatory_nA)),
        lines: [
          line('excitatory', COLOR.excitatory, excitatory_nA.values),
          line('inhibitory', COLOR.inhibitory, inhibitory_nA.values),
        ],
      },
    },
  ];
  if (ratio) {
    charts.push({
      title: 'E/I ratio over time',
      note: `Ratio of the currents in bins of ${RATIO_BIN_MS} ms.`,
      x: TIME_AXIS,
      y: { label: 'E / I' },
      height: 180,
      isOverTime: true,
      marks: [{ axis: 'y', value: 1 }],
      content: {
        kind: 'lines',
        style: 'line',
        x: packFloats(secondsOf(ratio)),
        lines: [line('E / I', COLOR.gamma, ratio.values)],
      },
    });
  }
  if (lagged) {
    charts.push({
      title: 'Lag of inhibition behind excitation',
      note: `Pearson correlation of |I_E|(t) with |I_I|(t + lag), lags to ${MAX_LAG_MS} ms; dashed: its peak, ${lagged.peakLagMs.toFixed(2)} ms.`,
      x: { label: 'Lag of inhibition (ms)' },
      y: { label: 'Correlation' },
      height: 200,
      isOverTime: false,
      marks: [{ axis: 'x', value: lagged.peakLagMs }],
      content: {
        kind: 'lines',
        style: 'line',
        x: packFloats(lagged.lagsMs),
        lines: [line('correlation', COLOR.lfp, lagged.correlations)],
      },
    });
  }
  return charts;
}

export function line(
  label: string,
  color: string,
  values: ArrayLike<number>,
  dash: string | null = null,
): Line {
  return { label, color, dash, y: packFloats(values) };
}

/** Middle of the interval of each sample. */
export function secondsOf({ startMs, sampleRateHz, values }: SampledSignal): Float64Array {
  return values.map((_, k) => startMs / 1000 + (k + 0.5) / sampleRateHz);
}

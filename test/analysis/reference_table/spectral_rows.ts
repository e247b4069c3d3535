import { irasa } from '../../../src/analysis/oscillation/irasa.js';
import { fitSpecparam } from '../../../src/analysis/oscillation/specparam.js';
import { bandPass } from '../../../src/analysis/spectral/band_pass.js';
import { slepianTapers } from '../../../src/analysis/spectral/dpss.js';
import { analyticSignal, envelope, phaseRad } from '../../../src/analysis/spectral/hilbert.js';
import { multitaperCoherence, multitaperPsd } from '../../../src/analysis/spectral/multitaper.js';
import { magnitudeSquaredCoherence, welchCsd, welchPsd } from '../../../src/analysis/spectral/welch.js';
import { golden } from '../goldens/load.js';
import { closedFormX, closedFormY, irasaSignal, signal } from '../spectral/signals.js';
import type { ReferenceRow } from './row.js';

const pick = (values: ArrayLike<number>, at: readonly number[]) => at.map((k) => values[k]);
const SCIPY = 'SciPy 1.17.1';

export function spectralRows(): ReferenceRow[] {
  return [...welchRows(), ...multitaperRows(), ...filterRows(), ...decompositionRows()];
}

function welchRows(): ReferenceRow[] {
  const { inputs, expected } = golden('spectra', 'scipy.closedform');
  const options = { segmentSamples: inputs.nperseg, overlapSamples: inputs.noverlap };
  const cross = welchCsd(closedFormX, closedFormY, options);
  const coherence = magnitudeSquaredCoherence(closedFormX, closedFormY, options).value;
  const matlab = golden('spectra', 'matlab.mscohere');
  const matlabMsc = magnitudeSquaredCoherence(
    signal(matlab.inputs.x, matlab.inputs.fs),
    signal(matlab.inputs.y, matlab.inputs.fs),
    {
      segmentSamples: matlab.inputs.nperseg,
      overlapSamples: matlab.inputs.noverlap,
      windowSymmetry: 'symmetric',
      detrend: 'none',
    },
  ).value;
  return [
    {
      estimator: 'Welch PSD',
      definition: 'periodic Hann, half overlap, constant detrend, one-sided density',
      source: `${SCIPY} welch`,
      reference: expected.pxx,
      ours: pick(welchPsd(closedFormX, options).power, inputs.bins),
    },
    {
      estimator: 'Cross spectrum',
      definition: 'conj(X) Y, the same segments; real and imaginary parts',
      source: `${SCIPY} csd`,
      reference: [...expected.pxy_re, ...expected.pxy_im],
      ours: [...pick(cross.real, inputs.bins), ...pick(cross.imag, inputs.bins)],
    },
    {
      estimator: 'Coherence (MSC)',
      definition: '|Sxy|² / (Sxx Syy), the same segments',
      source: `${SCIPY} coherence`,
      reference: expected.cxy,
      ours: pick(coherence?.msc ?? [], inputs.bins),
    },
    {
      estimator: 'Coherence (MSC)',
      definition: 'symmetric Hann, no detrend',
      source: 'MATLAB mscohere (nitime’s test data)',
      reference: matlab.expected.msc,
      ours: matlabMsc?.msc ?? [],
    },
  ];
}

function multitaperRows(): ReferenceRow[] {
  const dpss = golden('multitaper', 'matlab.dpss');
  const { tapers } = slepianTapers(dpss.inputs.N, dpss.inputs.NW, dpss.inputs.K, 'symmetric');
  const { inputs, expected } = golden('multitaper', 'multitaper.closedform');
  const first = (of: typeof closedFormX, samples: number) => ({
    ...of,
    values: of.values.subarray(0, samples),
  });
  const [x, y] = [first(closedFormX, 1024), first(closedFormY, 1024)];
  const options = { timeBandwidth: inputs.NW, tapers: inputs.K, detrend: 'none' } as const;
  const knife = golden('multitaper', 'jackknife');
  const samples = knife.inputs.segments * knife.inputs.segmentSamples;
  const { interval } = multitaperPsd(first(closedFormX, samples), {
    segmentSamples: knife.inputs.segmentSamples,
    timeBandwidth: knife.inputs.NW,
    tapers: knife.inputs.K,
  });
  return [
    {
      estimator: 'Slepian tapers',
      definition: 'dpss(100, 2), symmetric',
      source: 'MATLAB dpss (nitime’s test data)',
      reference: dpss.expected.rows.flat(),
      ours: (dpss.inputs.rows as number[]).flatMap((n) => tapers.map((taper) => taper[n])),
    },
    {
      estimator: 'Multitaper PSD',
      definition: 'NW 4, K 7, mean over tapers, one-sided density',
      source: `Elephant’s formula with ${SCIPY} dpss`,
      reference: expected.psd_onesided,
      ours: pick(multitaperPsd(x, options).power, inputs.bins),
    },
    {
      estimator: 'Multitaper coherence (MSC)',
      definition: 'over the same tapers',
      source: `Elephant’s formula with ${SCIPY} dpss`,
      reference: expected.msc,
      ours: pick(multitaperCoherence(x, y, options).value?.msc ?? [], inputs.bins),
    },
    {
      estimator: 'Jackknife interval of the PSD',
      definition: 'log of delete-one means, Student’s t, 95 %; both ends',
      source: 'Chronux specerr’s formula with NumPy',
      reference: [...knife.expected.psd_lower, ...knife.expected.psd_upper],
      ours: [
        ...pick(interval?.lower ?? [], knife.inputs.bins),
        ...pick(interval?.upper ?? [], knife.inputs.bins),
      ],
    },
  ];
}

function filterRows(): ReferenceRow[] {
  const { inputs, expected } = golden('filters', 'scipy.bandpass_hilbert');
  const band = bandPass(closedFormX, 30, 80);
  const analytic = analyticSignal(band);
  return [
    {
      estimator: 'Butterworth band-pass',
      definition: 'order 4, 30-80 Hz, forward and backward',
      source: `${SCIPY} butter, sosfiltfilt`,
      reference: expected.bp,
      ours: pick(band.values, inputs.idx),
    },
    {
      estimator: 'Hilbert envelope and phase',
      definition: 'of the band above',
      source: `${SCIPY} hilbert`,
      reference: [...expected.env, ...expected.phase],
      ours: [...pick(envelope(analytic), inputs.idx), ...pick(phaseRad(analytic), inputs.idx)],
    },
  ];
}

function decompositionRows(): ReferenceRow[] {
  const modes = [
    ['knee.clean', 'mode knee, without noise'],
    ['fixed.noise01', 'mode fixed, noise of sd 0.1'],
  ] as const;
  const fits = modes.map(([name, what]): ReferenceRow => {
    const { inputs, expected } = golden('specparam', `fooof111.${name}`);
    const power = Float64Array.from(inputs.log10_power as number[], (p) => 10 ** p);
    const frequenciesHz = power.map((_, k) => inputs.freq_range[0] + k * inputs.df);
    const fit = fitSpecparam({ frequenciesHz, power }, { mode: inputs.mode }).value;
    const { offset, knee, exponent } = fit?.aperiodic ?? {
      offset: Number.NaN,
      knee: Number.NaN,
      exponent: Number.NaN,
    };
    return {
      estimator: 'specparam',
      definition: `${what}: aperiodic parameters, then frequency, power and bandwidth of each peak`,
      source: 'fooof 1.1.1',
      reference: [...expected.aperiodic, ...expected.peaks.flat()],
      ours: [
        ...(inputs.mode === 'knee' ? [offset, knee, exponent] : [offset, exponent]),
        ...(fit?.peaks ?? []).flatMap((peak) => [peak.hz, peak.power, peak.bandwidthHz]),
      ],
    };
  });
  const { inputs, expected } = golden('irasa', 'irasa.closedform');
  const found = irasa(irasaSignal(inputs.samples, inputs.fs), {
    segmentSamples: inputs.segmentSamples,
    rangeHz: inputs.rangeHz,
  });
  return [
    ...fits,
    {
      estimator: 'IRASA',
      definition: 'median over factors 1.1 to 1.9 of the geometric mean: aperiodic power, then its exponent',
      source: 'neurodsp’s scheme with SciPy 1.17.1',
      reference: [...expected.aperiodic, expected.exponent],
      ours: [...pick(found.aperiodic, inputs.bins), found.powerLaw.value?.exponent ?? Number.NaN],
    },
  ];
}

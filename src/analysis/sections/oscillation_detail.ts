import type { Estimate, SampledSignal } from '../data.js';
import { type Notes, partOf } from '../notes.js';
import { powerOverAperiodic } from '../oscillation/aperiodic_removed.js';
import { BAND_NAMES, type BandName, FREQUENCY_BANDS, peakFrequency } from '../oscillation/bands.js';
import { type BurstStatistics, detectBursts } from '../oscillation/bursts.js';
import { type IrasaSpectra, irasa } from '../oscillation/irasa.js';
import type { SpecparamFit } from '../oscillation/specparam.js';
import type { MultitaperResults, OscillationDetail } from '../results.js';
import type { MultitaperSpectrum } from '../spectral/multitaper.js';
import type { PowerSpectrum } from '../spectral/spectrum.js';
import { gammaObstacle } from './lfp_segments.js';

/** What IRASA's power law is fitted to; 150 Hz times its largest factor, 1.9, lies below 500 Hz. */
const IRASA_RANGE_HZ = [2, 150] as const;
/** IRASA averages over segments of 4 s, of which one must fit in the signal shortened by 1.9. */
const IRASA_MIN_MS = 1000;

const PATH = 'oscillation';

export const NO_DETAIL: OscillationDetail = {
  bandPowerOverAperiodic_dB: bandRecord(() => null),
  irasaExponent: null,
  multitaper: { peakHz: null, peakPower: null, interval95: null, halfBandwidthHz: null, averages: null },
  gammaBursts: { perSecond: null, occupancy: null, meanDurationMs: null },
};

/** Quantities beside the contract's: each band against the aperiodic part, IRASA's exponent, gamma bursts. */
export function oscillationDetail(
  lfp: SampledSignal,
  psd: PowerSpectrum,
  model: SpecparamFit | null,
  multitaper: MultitaperSpectrum,
  notes: Notes,
): OscillationDetail {
  const over = model && powerOverAperiodic(psd, model.aperiodic);
  const bursts = gammaBursts(lfp);
  const burstPart = (key: string, of: (value: BurstStatistics) => number) =>
    notes.valueOf(`${PATH}.gammaBursts.${key}`, partOf(bursts, of));
  return {
    bandPowerOverAperiodic_dB: bandRecord((name) =>
      over
        ? notes.valueOf(
            `${PATH}.bandPowerOverAperiodic_dB.${name}`,
            partOf(over[name], ({ decibel }) => decibel),
          )
        : notes.undefinedAt(`${PATH}.bandPowerOverAperiodic_dB`, 'there is no aperiodic fit'),
    ),
    irasaExponent: notes.valueOf(`${PATH}.irasaExponent`, irasaExponent(lfp)),
    multitaper: multitaperPeak(multitaper, notes),
    gammaBursts: {
      perSecond: burstPart('perSecond', ({ perSecond }) => perSecond),
      occupancy: burstPart('occupancy', ({ occupancy }) => occupancy),
      meanDurationMs: notes.valueOf(`${PATH}.gammaBursts.meanDurationMs`, meanDurationOf(bursts)),
    },
  };
}

function bandRecord(of: (name: BandName) => number | null): Record<BandName, number | null> {
  return Object.fromEntries(BAND_NAMES.map((name) => [name, of(name)])) as Record<BandName, number | null>;
}

function multitaperPeak(spectrum: MultitaperSpectrum, notes: Notes): MultitaperResults {
  const { frequenciesHz, interval, halfBandwidthHz, averages } = spectrum;
  const peak = notes.valueOf(`${PATH}.multitaper`, peakFrequency(spectrum));
  const bin = peak ? frequenciesHz.indexOf(peak.hz) : -1;
  return {
    peakHz: peak?.hz ?? null,
    peakPower: peak?.power ?? null,
    interval95: peak && interval && [interval.lower[bin], interval.upper[bin]],
    halfBandwidthHz,
    averages,
  };
}

function gammaBursts(lfp: SampledSignal): Estimate<BurstStatistics> {
  const reason = gammaObstacle(lfp);
  return reason === null ? detectBursts(lfp, ...FREQUENCY_BANDS.gamma) : { value: null, reason };
}

function meanDurationOf(bursts: Estimate<BurstStatistics>): Estimate<number> {
  if (bursts.value === null) return bursts;
  const { meanDurationMs } = bursts.value;
  return meanDurationMs === null ? { value: null, reason: 'there are no bursts' } : { value: meanDurationMs };
}

function irasaExponent(lfp: SampledSignal): Estimate<number> {
  const lastsMs = (1000 * lfp.values.length) / lfp.sampleRateHz;
  if (lastsMs < IRASA_MIN_MS)
    return { value: null, reason: `an LFP of ${lastsMs} ms is too short for IRASA` };
  if (lfp.sampleRateHz / 2 < IRASA_RANGE_HZ[1] * 1.9) {
    return {
      value: null,
      reason: `IRASA up to ${IRASA_RANGE_HZ[1]} Hz needs more than ${lfp.sampleRateHz} samples per second`,
    };
  }
  const spectra: IrasaSpectra = irasa(lfp, { rangeHz: IRASA_RANGE_HZ });
  return partOf(spectra.powerLaw, ({ exponent }) => exponent);
}

import { TRIAD_NAMES } from '../../analysis/connectivity/triad_classes.js';
import { BAND_NAMES } from '../../analysis/oscillation/bands.js';
import type { PanelContext } from '../panel.js';
import { escapeXml } from '../text.js';

/** Numbers that are read rather than drawn, as HTML tables. */

type Cell = string | number | null;

function table(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) =>
    value === null ? '-' : typeof value === 'number' ? `${Number(value.toPrecision(4))}` : escapeXml(value);
  const body = rows.map((row) => `<tr>${row.map((value) => `<td>${cell(value)}</td>`).join('')}</tr>`);
  return `<table><caption>${escapeXml(title)}</caption><thead><tr>${head.map((name) => `<th>${escapeXml(name)}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

export function cellTypeTable({ analysis, styles }: PanelContext): string {
  const { populations } = analysis.results.firing;
  return table(
    'Populations',
    ['', 'neurons', 'rate (Hz)', 'CV', 'CV2', 'LV', 'Fano', 'silent', 'count correlation', 'state'],
    styles.map(({ name }) => {
      const p = populations[name];
      return [
        name,
        p.neurons,
        p.rateHz,
        p.cvIsi,
        p.cv2,
        p.lv,
        p.fano,
        p.silentNeurons,
        p.countCorrelation,
        p.state,
      ];
    }),
  );
}

export function bandTable({ analysis }: PanelContext): string {
  const { bandPower_uV2, bandPowerOverAperiodic_dB, aperiodic, peaks, irasaExponent, gammaBursts } =
    analysis.results.oscillation;
  return (
    table(
      'Bands',
      ['', 'power (µV²)', 'over the aperiodic part (dB)'],
      BAND_NAMES.map((name) => [name, bandPower_uV2[name], bandPowerOverAperiodic_dB[name]]),
    ) +
    table(
      'Peaks over the aperiodic part',
      ['Hz', 'log10 power', 'bandwidth (Hz)'],
      (peaks ?? []).map(({ hz, power, bandwidthHz }) => [hz, power, bandwidthHz]),
    ) +
    table(
      'Aperiodic part and gamma bursts',
      ['offset', 'exponent', 'exponent by IRASA', 'bursts per s', 'share of time', 'mean length (ms)'],
      [
        [
          aperiodic.offset,
          aperiodic.exponent,
          irasaExponent,
          gammaBursts.perSecond,
          gammaBursts.occupancy,
          gammaBursts.meanDurationMs,
        ],
      ],
    )
  );
}

export function couplingTable({ analysis, styles }: PanelContext): string {
  const { populations } = analysis.coherence;
  return table(
    'Spikes and LFP',
    ['', 'spikes', 'peak (Hz)', 'MSC there', 'PPC, gamma', 'PLV, gamma', 'phase (rad)', 'Rayleigh p'],
    styles.map(({ name }, g) => {
      const { peakHz, peak } = analysis.results.coherence.populations[name];
      const { locking } = populations[g];
      if (!locking) return [name, null, peakHz, peak, null, null, null, null];
      const { spikes, ppc0, plv, phaseRad, rayleighP } = locking;
      return [name, spikes, peakHz, peak, ppc0, plv, phaseRad, rayleighP];
    }),
  );
}

export function balanceTable({ analysis }: PanelContext): string {
  const { populations, spectralSlope, ...whole } = analysis.results.balance;
  const input = table(
    'Input by population',
    [
      '',
      'E/I current',
      'E/I conductance',
      'imbalance',
      'correlation',
      'peak correlation',
      'lag (ms)',
      'balance',
    ],
    Object.entries({ all: whole, ...populations }).map(([name, input]) => [
      name,
      input.eiRatio,
      input.conductanceRatio,
      input.imbalance,
      input.correlation,
      input.peakCorrelation,
      input.lagMs,
      input.tightness,
    ]),
  );
  const slope = table(
    'E/I from the spectrum, beside the true ratio',
    ['slope at 30-50 Hz (Gao et al.)', 'true E/I conductance'],
    [[spectralSlope, whole.conductanceRatio]],
  );
  return input + slope;
}

export function connectivityTables({ analysis, styles }: PanelContext): string {
  const { results, arrays } = analysis.connectivity;
  if (!arrays) return '';
  const names = styles.map(({ name }) => name);
  const probabilities = names.map((source, s) => [
    source,
    ...names.map((_, t) => {
      const value = arrays.blockProbabilities[s * names.length + t];
      return Number.isFinite(value) ? value : null;
    }),
  ]);
  return (
    table('Connection probability, rows sources', ['', ...names], probabilities) +
    table(
      'Graph',
      ['density', 'reciprocity', 'z', 'clustering', 'z', 'transitivity'],
      [
        [
          results.density,
          results.reciprocity,
          results.reciprocityZ,
          results.clustering,
          results.clusteringZ,
          results.transitivity,
        ],
      ],
    ) +
    table(
      'Triads',
      ['', 'class', 'count', 'random mean', 'random sd', 'z'],
      TRIAD_NAMES.map((name, k) => {
        const score = arrays.nulls?.triads[name];
        return [
          k + 1,
          name,
          results.triads?.[name] ?? null,
          score?.nullMean ?? null,
          score?.nullSd ?? null,
          score?.z.value ?? null,
        ];
      }),
    )
  );
}

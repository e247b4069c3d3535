import { LFP_PROXY_METHODS, type LfpProxyName } from '../../analysis/lfp/proxies.js';
import { BAND_NAMES } from '../../analysis/oscillation/bands.js';
import type { InputBalance, Results } from '../../analysis/results.js';
import { escapeXml } from '../../model/xml_text.js';
import type { PanelContext } from '../panel.js';

/** Numbers that are read rather than drawn, as HTML tables. */

type Cell = string | number | null;

export function table(title: string, head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) =>
    value === null ? '-' : typeof value === 'number' ? `${Number(value.toPrecision(4))}` : escapeXml(value);
  const body = rows.map((row) => `<tr>${row.map((value) => `<td>${cell(value)}</td>`).join('')}</tr>`);
  return `<table><caption>${escapeXml(title)}</caption><thead><tr>${head.map((name) => `<th>${escapeXml(name)}</th>`).join('')}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

export function cellTypeTable({ analysis, styles }: PanelContext): string {
  const { populations } = analysis.results.firing;
  return table(
    'Populations',
    [
      '',
      'neurons',
      'rate (Hz)',
      'CV',
      'CV2',
      'LV',
      'Fano',
      'silent',
      'count correlation',
      'chi of V',
      'state',
    ],
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
        analysis.results.recordedNeurons?.populations[name].voltageChi ?? null,
        p.state,
      ];
    }),
  );
}

export function bandTables({ analysis }: PanelContext): string {
  const {
    bandPower_uV2,
    bandPowerOverAperiodic_dB,
    aperiodic,
    peaks,
    irasaExponent,
    gammaBursts,
    multitaper,
  } = analysis.results.oscillation;
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
      'Largest bin of 5-150 Hz with Slepian tapers',
      ['Hz', 'power (µV²/Hz)', 'from', 'to (95 %)', 'half bandwidth (Hz)', 'averages'],
      [
        [
          multitaper.peakHz,
          multitaper.peakPower,
          multitaper.interval95?.[0] ?? null,
          multitaper.interval95?.[1] ?? null,
          multitaper.halfBandwidthHz,
          multitaper.averages,
        ],
      ],
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

export function couplingTables(context: PanelContext): string {
  const { analysis, styles } = context;
  const { populations } = analysis.coherence;
  const byPopulation = table(
    'Spikes and LFP',
    [
      '',
      'spikes',
      'peak (Hz)',
      'MSC there',
      'PPC, gamma',
      'PLV, gamma',
      'phase (rad)',
      'Rayleigh p',
      'dither p',
    ],
    styles.map(({ name }, g) => {
      const { peakHz, peak, surrogateP } = analysis.results.coherence.populations[name];
      const { locking } = populations[g];
      if (!locking) return [name, null, peakHz, peak, null, null, null, null, surrogateP];
      const { spikes, ppc0, plv, phaseRad, rayleighP } = locking;
      return [name, spikes, peakHz, peak, ppc0, plv, phaseRad, rayleighP, surrogateP];
    }),
  );
  return byPopulation + ownCurrentTable(context);
}

function ownCurrentTable({ analysis }: PanelContext): string {
  const { recordedNeurons } = analysis.results;
  if (!recordedNeurons) return '';
  return table(
    'Recorded neurons and gamma of the LFP without their own contribution',
    ['', 'spikes', 'PPC', 'phase (rad)', 'Rayleigh p', 'PPC with its own current', 'own effect', 'own share'],
    recordedNeurons.neurons.map(({ population, neuron, locking }) => [
      `${population} ${neuron}`,
      locking.spikes,
      locking.ppc,
      locking.phaseRad,
      locking.rayleighP,
      locking.ppcWithOwn,
      locking.ownEffect,
      locking.ownShareOfLfp,
    ]),
  );
}

export function proxyTables({ analysis }: PanelContext): string {
  const { lfpProxies } = analysis.results;
  if (!lfpProxies) return '';
  const proxies = Object.entries(lfpProxies) as [LfpProxyName, (typeof lfpProxies)[LfpProxyName]][];
  return (
    table(
      'LFP proxies compared',
      ['', 'unit', 'peak (Hz)', 'gamma share', 'correlation', 'largest', 'at lag (ms)'],
      proxies.map(([name, proxy]) => [
        LFP_PROXY_METHODS[name].name,
        proxy.unit,
        proxy.peakHz,
        proxy.gammaShare,
        proxy.correlation,
        proxy.peakCorrelation,
        proxy.lagMs,
      ]),
    ) + assumptionList(lfpProxies)
  );
}

function assumptionList(proxies: NonNullable<Results['lfpProxies']>): string {
  const entries = Object.entries(proxies).map(
    ([name, { formula, assumptions, citation }]) =>
      `<dt>${escapeXml(LFP_PROXY_METHODS[name as LfpProxyName].name)}</dt><dd>${escapeXml(`${formula}. ${assumptions.join('; ')}.`)}<cite>${escapeXml(citation)}</cite></dd>`,
  );
  return `<details><summary>Assumptions of each proxy</summary><dl>${entries.join('')}</dl></details>`;
}

export function balanceTables({ analysis }: PanelContext): string {
  const { populations, spectralSlope, ...whole } = analysis.results.balance;
  const input = inputTable('Input by population', { all: whole, ...populations });
  const { recordedNeurons } = analysis.results;
  const single = Object.fromEntries(
    (recordedNeurons?.neurons ?? []).map(({ population, neuron, balance }) => [
      `${population} ${neuron}`,
      balance,
    ]),
  );
  const slope = table(
    'E/I ratio estimated from the spectrum, and the true ratio',
    ['slope at 30-50 Hz (Gao et al.)', 'true E/I conductance'],
    [[spectralSlope, whole.conductanceRatio]],
  );
  return input + (recordedNeurons ? inputTable('Input of recorded neurons', single) : '') + slope;
}

function inputTable(title: string, inputs: Readonly<Record<string, InputBalance>>): string {
  return table(
    title,
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
    Object.entries(inputs).map(([name, input]) => [
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
}

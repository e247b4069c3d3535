import type { Results } from '../analysis/results.js';

/** The main results of an analysis, one line each; for undefined ones, the reason. */
export function summarize(results: Results): string {
  const { circuit, firing, balance, oscillation, coherence, connectivity, notes } = results;
  const figure = (value: number | null, digits: number, unit: string, path: string) => {
    if (value !== null) return `${value.toFixed(digits)}${unit}`;
    const reason = notes[path] ?? notes[path.split('.')[0]];
    return `undefined${reason === undefined ? '' : ` (${reason})`}`;
  };
  const short = (value: number | null, digits: number) => value?.toFixed(digits) ?? '-';
  const populations = Object.entries(firing.populations).map(
    ([name, { rateHz, cvIsi }]) => `${name} ${short(rateHz, 1)} Hz (CV ${short(cvIsi, 2)})`,
  );
  const coherencePeak = figure(coherence.peak, 2, '', 'coherence.peak');
  const lines = [
    ['neurons', `${circuit.neurons}${circuit.synapses === null ? '' : `, ${circuit.synapses} synapses`}`],
    ['mean rate', figure(firing.meanRateHz, 2, ' Hz', 'firing.meanRateHz')],
    ['mean CV of intervals', figure(firing.cvIsi, 3, '', 'firing.cvIsi')],
    ['populations', populations.join(', ')],
    ['LFP peak', figure(oscillation.peakHz, 1, ' Hz', 'oscillation.peakHz')],
    [
      'spike-LFP coherence',
      coherence.peak === null ? coherencePeak : `${coherencePeak} at ${short(coherence.peakHz, 1)} Hz`,
    ],
    ['E/I current ratio', figure(balance.eiRatio, 2, '', 'balance.eiRatio')],
    ['connection density', figure(connectivity.density, 3, '', 'connectivity.density')],
  ];
  return lines.map(([label, value]) => `${`${label}:`.padEnd(24)}${value}\n`).join('');
}

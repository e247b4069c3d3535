import { LFP_PROXY_METHODS } from '../../analysis/lfp/proxies.js';
import type { PanelContext } from '../panel.js';
import { COLOR } from '../theme.js';
import { type InteractiveChart, packFloats } from './chart_data.js';
import { line } from './signal_charts.js';

const HIGHEST_HZ = 150;
const COLORS = {
  absoluteCurrent: COLOR.lfp,
  signedCurrent: COLOR.excitatory,
  referenceWeightedSum: COLOR.gamma,
  spikeKernels: COLOR.inhibitory,
} as const;

/** LFP proxies compared: spectra of the same activity, each over its own power, since the units differ. */
export function proxyCharts({ analysis }: PanelContext): InteractiveChart[] {
  const { arrays } = analysis.lfpProxies;
  if (arrays.length < 2) return [];
  const { frequenciesHz } = arrays[0].psd;
  const shown = frequenciesHz.filter((hz) => hz > 0 && hz <= HIGHEST_HZ);
  return [
    {
      title: 'LFP proxies compared',
      note: `Welch's spectrum of each over its sum from ${shown[0]} to ${HIGHEST_HZ} Hz; n = ${arrays[0].psd.averages} segments.`,
      x: { label: 'Frequency (Hz)', isLog: true },
      y: { label: 'Share of the power', isLog: true },
      height: 260,
      isOverTime: false,
      marks: [],
      content: {
        kind: 'lines',
        style: 'line',
        x: packFloats(shown),
        lines: arrays.map(({ name, psd }) => {
          const power = psd.power.subarray(1, 1 + shown.length);
          const whole = power.reduce((sum, value) => sum + value, 0);
          return line(
            LFP_PROXY_METHODS[name].name,
            COLORS[name],
            power.map((value) => value / whole),
          );
        }),
      },
    },
  ];
}

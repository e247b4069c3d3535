import type { App } from '../app.js';
import { peakText, runningSpectrum } from '../plots/spectrum_plot.js';
import { byId } from './dom.js';
import type { FrameMeter } from './frame_meter.js';

/** Wall time between two texts, ms: the numbers, and the sentence that screen readers get. */
const HUD_EVERY_ms = 500;
const STATUS_EVERY_ms = 5000;
const RATES_ms = 1000;

/** Writes the numbers over the picture and the status line; call it at every frame. */
export function createHud(app: App, meter: FrameMeter): (now: number) => void {
  const hud = byId('hud');
  const status = byId('status');
  let hudAt = 0;
  let statusAt = 0;
  let wasPlaying: boolean | null = null;
  return (now) => {
    const { session } = app;
    if (!session) return;
    const { isPlaying, pace } = session.simulator;
    if (now - hudAt > HUD_EVERY_ms) {
      hudAt = now;
      const { network, history } = session;
      hud.textContent = [
        app.adapterName,
        `${counted(network.neurons, 'neuron')}, ${counted(network.synapses.count, 'synapse')}`,
        `${(history.timeMs / 1000).toFixed(2)} s simulated`,
        `${factor(isPlaying ? pace.realTimeFactor : 0)} real time, chosen ${factor(pace.speed)}`,
        `${meter.framesPerSecond(now).toFixed(0)} fps, ${meter.millisecondsPerFrame.toFixed(1)} ms per frame`,
      ].join('\n');
    }
    if (now - statusAt > STATUS_EVERY_ms || isPlaying !== wasPlaying) {
      statusAt = now;
      wasPlaying = isPlaying;
      status.textContent = statusText(app);
    }
  };
}

const factor = (value: number): string =>
  Number.isFinite(value) ? `${Number(value.toPrecision(2))}×` : 'maximum';

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function statusText({ session, state }: App): string {
  if (!session) return '';
  const { history, network, simulator } = session;
  const rates = history.meanRatesHz(RATES_ms);
  const spoken = network.populations.map(({ name }, p) => `${name} ${rates[p]?.toFixed(0)} Hz`).join(', ');
  const spectrum = network.circuit.recording.lfp ? runningSpectrum(history) : null;
  return [
    `${state.preset}, seed ${state.seed}, ${simulator.isPlaying ? 'running' : 'paused'} at ${(history.timeMs / 1000).toFixed(1)} s.`,
    rates.includes(null) ? 'No rates yet.' : `Rates: ${spoken}.`,
    spectrum ? `LFP: ${peakText(spectrum)}.` : '',
  ].join(' ');
}

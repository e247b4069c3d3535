import { PRESETS } from '../../src/index.js';
import type { App } from '../app.js';
import { LONGEST_LINK, linkOf } from '../state/link.js';
import { circuitOf, DEFAULT_PRESET, isPreset } from '../state/page_state.js';
import { button, byId, element } from '../view/dom.js';
import { showNotice } from '../view/notices.js';
import { createOpenButton } from './circuit_files.js';
import { circuitYaml, download, spikesCsv } from './downloads.js';

/** Simulated time of one press of "Step", ms. */
export const STEP_ms = 1;

/** The default first. */
const PRESET_NAMES = [DEFAULT_PRESET, ...Object.keys(PRESETS).filter((name) => name !== DEFAULT_PRESET)];

const SPEEDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, Number.POSITIVE_INFINITY];

/** The buttons and lists of the header. Returns a function that updates them. */
export function createToolbar(app: App): () => void {
  const play = button('Play', 'play or pause (space)', () => app.toggle());
  play.id = 'play';
  byId('transport').replaceChildren(
    play,
    button('Step', `simulate ${STEP_ms} ms and pause (.)`, () => app.step(STEP_ms)),
    button('Reset', 'back to time 0 with the same seed (r)', () => void app.reset()),
    button('New seed', 'another network of the same circuit (n)', () => void app.newSeed()),
  );
  byId('edit-mechanisms').addEventListener('click', () => app.mechanisms.toggle());
  const preset = byId<HTMLSelectElement>('preset');
  preset.replaceChildren(...PRESET_NAMES.map((name) => element('option', { value: name }, name)));
  preset.value = app.state.preset;
  preset.addEventListener('change', () => void app.choose(preset.value));
  const speed = byId<HTMLSelectElement>('speed');
  speed.replaceChildren(
    ...SPEEDS.map((factor) =>
      element(
        'option',
        { value: String(factor) },
        Number.isFinite(factor) ? `${factor}× real time` : 'as fast as possible',
      ),
    ),
  );
  speed.value = String(app.speed);
  speed.addEventListener('change', () => app.setSpeed(Number(speed.value)));
  byId('share').replaceChildren(
    button('Copy link', 'copy a link to the current settings', () => void copyLink(app)),
    createOpenButton(app),
    button('Circuit', 'download the circuit file, for use with the command line', () => {
      const circuit = circuitOf(app.state);
      download(`${circuit.name}.yaml`, circuitYaml(circuit), 'application/yaml');
      if (app.state.injected_uA_cm2 !== 0)
        showNotice('The current injected into the selected neuron is not part of the circuit file.');
    }),
    button('Spikes', 'download all spikes since time 0 as CSV', () => downloadSpikes(app)),
    button('PNG', 'download the picture', () => void downloadPicture(app)),
  );
  return () => {
    const label = app.session?.simulator.isPlaying ? 'Pause' : 'Play';
    if (play.textContent !== label) play.textContent = label;
  };
}

async function copyLink({ state }: App): Promise<void> {
  if (!isPreset(state.preset)) {
    showNotice('A link cannot contain an opened circuit: share the circuit file instead.');
    return;
  }
  const hash = linkOf(state);
  if (hash.length > LONGEST_LINK) {
    showNotice('The edited mechanisms are too long for a link: share the circuit file instead.');
    return;
  }
  const link = `${location.origin}${location.pathname}#${hash}`;
  try {
    await navigator.clipboard.writeText(link);
    showNotice('The link was copied.');
  } catch {
    showNotice(`The browser did not allow copying; the link: ${link}`);
  }
}

function downloadSpikes({ session }: App): void {
  if (!session) return;
  const { spikes, dtMs, firstStep, network } = session.history;
  if (spikes.forgotten > 0)
    showNotice(
      `The first ${spikes.forgotten} spikes are no longer in memory; the file contains the ${spikes.count} that follow.`,
    );
  else if (firstStep > 0)
    showNotice(
      `The run continued after a lost device: the file contains the spikes from ${firstStep * dtMs} ms on.`,
    );
  download(`${network.circuit.name}-spikes.csv`, spikesCsv(spikes, dtMs), 'text/csv');
}

async function downloadPicture({ session, stage }: App): Promise<void> {
  if (!session) return;
  const picture = await stage.png(session.history.timeMs, session.simulator.pace.realTimeFactor);
  download(`${session.network.circuit.name}.png`, picture, 'image/png');
}

import { type DeviceHandle, type EngineSnapshot, PRESETS } from '../src/index.js';
import { createExperimentPanel, type ExperimentPanel } from './controls/experiment_panel.js';
import { createInjection } from './controls/injection.js';
import type { Experiment } from './experiments/experiment.js';
import { Session } from './session.js';
import { NetworkBuilder } from './simulation/network_builder.js';
import { LinkError, linkOf, parseLink } from './state/link.js';
import { basisOf, circuitOf, DEFAULT_PRESET, initialState, type PageState } from './state/page_state.js';
import { byId } from './view/dom.js';
import { showFailure, showNotice } from './view/failure_dialog.js';
import { failureOf } from './view/failures.js';
import { Stage } from './view/stage.js';

/** How long a control has to rest before the circuit is rebuilt, ms. */
const SETTLE_ms = 120;

/** The page at work: what it shows follows from its state, and every change of it goes through here. */
export class App {
  state: PageState;
  session: Session | null = null;
  speed = 0.25;
  private panel: ExperimentPanel | null = null;
  private settling: ReturnType<typeof setTimeout> | undefined;
  private readonly builder = new NetworkBuilder();
  private readonly injection = createInjection((current) => this.inject(current));
  private starts: Promise<void> = Promise.resolve();

  private constructor(
    private handle: DeviceHandle,
    public stage: Stage,
    /** Opens another device after a loss. */
    private readonly reopen: () => Promise<DeviceHandle>,
  ) {
    this.state = stateOfAddress();
  }

  static async create(handle: DeviceHandle, reopen: () => Promise<DeviceHandle>): Promise<App> {
    const stage = await Stage.create(byId<HTMLCanvasElement>('view'), handle);
    const app = new App(handle, stage, reopen);
    await app.start(app.state, true);
    return app;
  }

  get adapterName(): string {
    const { description, architecture, vendor, isSoftware } = { ...this.handle.adapter };
    const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
    return isSoftware ? `${name} (software)` : name;
  }

  get isSoftware(): boolean {
    return this.handle.isSoftware;
  }

  /** Starts a run of a state from time 0, or from a kept state of the same circuit. */
  start(state: PageState, playing: boolean, resumeFrom: EngineSnapshot | null = null): Promise<void> {
    this.starts = this.starts.then(() => this.begin(state, playing, resumeFrom));
    return this.starts;
  }

  play(): void {
    this.session?.simulator.play();
  }

  pause(): void {
    this.session?.simulator.pause();
  }

  toggle(): void {
    if (this.session?.simulator.isPlaying) this.pause();
    else this.play();
  }

  step(simulatedMs: number): void {
    if (!this.session) return;
    this.session.simulator.step(Math.round(simulatedMs / this.session.history.dtMs));
  }

  /** From time 0 with the same seed. */
  reset(): Promise<void> {
    return this.start(this.state, this.session?.simulator.isPlaying ?? true);
  }

  newSeed(): Promise<void> {
    const [seed] = crypto.getRandomValues(new Uint32Array(1));
    return this.start({ ...this.state, seed }, this.session?.simulator.isPlaying ?? true);
  }

  choose(preset: string): Promise<void> {
    return this.start(initialState(preset), true);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.session) this.session.simulator.pace.speed = speed;
  }

  pick(neuron: number): void {
    if (!this.session || neuron === this.state.picked) return;
    if (this.state.injected_uA_cm2 !== 0) this.session.simulator.inject(this.state.picked, 0);
    this.change({ ...this.state, picked: neuron, injected_uA_cm2: 0 });
    this.injection.show(0);
    this.stage.pick(neuron);
  }

  /** The state as a link to this page. */
  get link(): string {
    return `${location.origin}${location.pathname}#${linkOf(this.state)}`;
  }

  private async begin(state: PageState, playing: boolean, resumeFrom: EngineSnapshot | null): Promise<void> {
    clearTimeout(this.settling);
    try {
      const network = await this.builder.build(circuitOf(state));
      await this.session?.end();
      this.session = null;
      this.session = await Session.start(network, {
        handle: this.handle,
        stage: this.stage,
        speed: this.speed,
        picked: state.picked,
        resumeFrom,
        onFailure: (error) => this.fail(error),
      });
    } catch (error) {
      this.fail(error);
      return;
    }
    const isOther = this.panel === null || state.preset !== this.state.preset;
    this.state = state;
    if (isOther) this.showPreset();
    this.panel?.show(state.settings);
    this.injection.show(state.injected_uA_cm2);
    if (state.injected_uA_cm2 !== 0) this.session.simulator.inject(state.picked, state.injected_uA_cm2);
    this.showLink();
    if (playing) this.play();
  }

  private showPreset(): void {
    const { experiments, circuit } = basisOf(this.state.preset);
    this.panel = createExperimentPanel(experiments, (experiment, value) => this.set(experiment, value));
    byId('controls').replaceChildren(this.injection.element, this.panel.element);
    byId('about').textContent = circuit.description ?? '';
    byId<HTMLSelectElement>('preset').value = this.state.preset;
  }

  private set({ id }: Experiment, value: number | null): void {
    const { [id]: _, ...others } = this.state.settings;
    this.change({ ...this.state, settings: value === null ? others : { ...others, [id]: value } });
  }

  private inject(current_uA_cm2: number): void {
    this.state = { ...this.state, injected_uA_cm2: current_uA_cm2 };
    this.session?.simulator.inject(this.state.picked, current_uA_cm2);
    this.showLink();
  }

  /** Takes over a state of the same preset and seed while the simulation goes on. */
  private change(state: PageState): void {
    this.state = state;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.rebuild(), SETTLE_ms);
  }

  private async rebuild(): Promise<void> {
    const { state, session } = this;
    this.showLink();
    try {
      const network = await this.builder.build(circuitOf(state));
      if (this.session === session && this.state === state) session?.retune(network);
    } catch (error) {
      showNotice((error as Error).message);
    }
  }

  private showLink(): void {
    history.replaceState(null, '', `#${linkOf(this.state)}`);
  }

  private fail(error: unknown): void {
    const failure = failureOf(error);
    const kept = this.session?.simulator.kept ?? null;
    showFailure(
      failure,
      failure.kind === 'device-lost'
        ? { label: kept ? 'Go on from the last state' : 'Start again', run: () => void this.recover(kept) }
        : { label: 'Reset to the preset', run: () => void this.choose(this.state.preset) },
    );
  }

  /** Goes on with another device after the one before was lost. */
  private async recover(kept: EngineSnapshot | null): Promise<void> {
    try {
      await this.session?.end();
      this.session = null;
      this.handle = await this.reopen();
      const canvas = byId('view');
      const fresh = canvas.cloneNode() as HTMLCanvasElement;
      canvas.replaceWith(fresh);
      this.stage = await Stage.create(fresh, this.handle);
    } catch (error) {
      showFailure(failureOf(error), null);
      return;
    }
    await this.start(this.state, true, kept);
  }
}

/** The state of the address; that of the default preset, with a notice, where the address cannot be followed. */
function stateOfAddress(): PageState {
  try {
    return parseLink(location.hash) ?? initialState(DEFAULT_PRESET);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    showNotice(`This link cannot be followed: ${error.message}. The page shows ${DEFAULT_PRESET} instead.`);
    return initialState(DEFAULT_PRESET);
  }
}

/** Names of the presets, the default first. */
export const PRESET_NAMES = [
  DEFAULT_PRESET,
  ...Object.keys(PRESETS).filter((name) => name !== DEFAULT_PRESET),
];

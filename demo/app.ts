import type { DeviceHandle, EngineSnapshot, Network } from '../src/index.js';
import { createExperimentPanel, type ExperimentPanel } from './controls/experiment_panel.js';
import { createInjection } from './controls/injection.js';
import { MechanismPanel } from './controls/mechanism_panel.js';
import type { Experiment } from './experiments/experiment.js';
import type { MechanismEdits } from './mechanisms/edits.js';
import { Session } from './session.js';
import type { NetworkBuilder } from './simulation/network_builder.js';
import { openPageDevice } from './simulation/page_device.js';
import type { Start } from './start.js';
import { showInAddress } from './state/address.js';
import { openCircuitFiles } from './state/opened_circuit.js';
import { basisOf, circuitOf, initialState, type PageState } from './state/page_state.js';
import { byId } from './view/dom.js';
import { showFailure } from './view/failure_dialog.js';
import { failureOf, type PageFailure } from './view/failures.js';
import { showNotice } from './view/notices.js';
import { Stage } from './view/stage.js';

/** How long a control has to rest before the circuit is rebuilt, ms. */
const SETTLE_ms = 120;

export type AppStart = Start & { readonly handle: DeviceHandle };

/** The running page: what it shows follows from its state, and all changes of the state are made here. */
export class App {
  session: Session | null = null;
  speed = 0.25;
  private panel: ExperimentPanel | null = null;
  private settling: ReturnType<typeof setTimeout> | undefined;
  /** Settings and mechanisms of the network that runs. */
  private taken: Pick<PageState, 'settings' | 'edits'>;
  readonly mechanisms = new MechanismPanel((edits) => this.edit(edits));
  private readonly injection = createInjection((current) => this.inject(current));
  private starts: Promise<void> = Promise.resolve();

  private constructor(
    private handle: DeviceHandle,
    public stage: Stage,
    private readonly builder: NetworkBuilder,
    public state: PageState,
  ) {
    this.taken = state;
  }

  static async create({ handle, builder, state, building }: AppStart): Promise<App> {
    const stage = await Stage.create(byId<HTMLCanvasElement>('view'), handle);
    const app = new App(handle, stage, builder, state);
    await app.begin(state, true, null, building);
    return app;
  }

  get adapterName(): string {
    const { description, architecture, vendor, isSoftware } = { ...this.handle.adapter };
    const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
    return isSoftware ? `${name} (software)` : name;
  }

  get isSoftware(): boolean {
    return this.handle.adapter.isSoftware;
  }

  /** Starts a run from time 0, or from a saved state of the same circuit. */
  start(state: PageState, playing: boolean, resumeFrom: EngineSnapshot | null = null): Promise<void> {
    this.starts = this.starts.then(() => this.begin(state, playing, resumeFrom, this.builder.build(state)));
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

  /** Runs the circuit among some files; its problems are shown, and the previous run continues. */
  async open(files: readonly File[]): Promise<void> {
    try {
      const { state, notes } = await openCircuitFiles(files);
      await this.start(state, true);
      if (notes.length > 0)
        showNotice(`Ignored or assumed in the imported mechanisms: ${notes.length}`, notes);
    } catch (error) {
      showFailure(failureOf(error), null);
    }
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

  private async begin(
    state: PageState,
    playing: boolean,
    resumeFrom: EngineSnapshot | null,
    building: Promise<Network>,
  ): Promise<void> {
    clearTimeout(this.settling);
    let network: Network;
    try {
      network = await building;
    } catch (error) {
      this.fail(error);
      this.showPreset();
      return;
    }
    try {
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
    this.state = state;
    this.taken = state;
    this.showPreset();
    if (state.injected_uA_cm2 !== 0) this.session.simulator.inject(state.picked, state.injected_uA_cm2);
    showInAddress(state);
    if (playing) this.play();
  }

  /** Makes the controls show the state; `keepsText`: but for the text of a mechanism that was refused. */
  private showPreset(keepsText = false): void {
    const basis = basisOf(this.state.preset);
    if (this.panel?.experiments !== basis.experiments) {
      this.panel = createExperimentPanel(basis.experiments, (experiment, value) =>
        this.set(experiment, value),
      );
      byId('controls').replaceChildren(this.injection.element, this.panel.element);
      byId('about').textContent = basis.circuit.description ?? '';
    }
    showChosen(byId<HTMLSelectElement>('preset'), this.state.preset);
    this.panel.show(this.state.settings);
    this.mechanisms.show(this.state, keepsText);
    this.injection.show(this.state.injected_uA_cm2);
  }

  private set({ id }: Experiment, value: number | null): void {
    const { [id]: _, ...others } = this.state.settings;
    this.change({ ...this.state, settings: value === null ? others : { ...others, [id]: value } });
  }

  /** Throws CircuitError where the circuit does not allow the edits. */
  private edit(edits: MechanismEdits): void {
    const state = { ...this.state, edits };
    circuitOf(state);
    this.change(state);
    this.mechanisms.show(state);
  }

  private inject(current_uA_cm2: number): void {
    this.state = { ...this.state, injected_uA_cm2: current_uA_cm2 };
    this.session?.simulator.inject(this.state.picked, current_uA_cm2);
    showInAddress(this.state);
  }

  /** Applies a state of the same preset and seed while the simulation continues. */
  private change(state: PageState): void {
    this.state = state;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => void this.rebuild(), SETTLE_ms);
  }

  private async rebuild(): Promise<void> {
    const { state, session } = this;
    const isWanted = () =>
      this.session === session &&
      this.state.settings === state.settings &&
      this.state.edits === state.edits &&
      this.state.picked === state.picked;
    const isEdited = state.edits !== this.taken.edits;
    try {
      const network = await this.builder.build(state);
      if (!isWanted()) return;
      if (isEdited) {
        this.mechanisms.say('compiling; the present formulas run on');
        await session?.compileFor(network);
        if (!isWanted()) return;
      }
      session?.updateParameters(network);
      if (isEdited) this.mechanisms.say('applied');
      this.taken = state;
    } catch (error) {
      showNotice((error as PageFailure).detail || (error as Error).message);
      if (!isWanted()) return;
      this.state = { ...this.state, settings: this.taken.settings, edits: this.taken.edits };
      this.showPreset(true);
    }
    showInAddress(this.state);
  }

  private fail(error: unknown): void {
    const failure = failureOf(error);
    const kept = this.session?.simulator.kept ?? null;
    showFailure(
      failure,
      failure.kind === 'device-lost'
        ? { label: kept ? 'Continue from the last state' : 'Start again', run: () => void this.recover(kept) }
        : { label: 'Reset to the preset', run: () => void this.choose(this.state.preset) },
    );
  }

  /** Continues on a new device after the previous one was lost. */
  private async recover(kept: EngineSnapshot | null): Promise<void> {
    try {
      await this.session?.end();
      this.session = null;
      this.handle = await openPageDevice();
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

/** Selects an entry of the list of presets; an opened circuit gets an entry, which the next opened circuit reuses. */
function showChosen(list: HTMLSelectElement, name: string): void {
  if (![...list.options].some(({ value }) => value === name)) {
    for (const option of [...list.options]) if (option.dataset.opened) option.remove();
    const option = new Option(name, name);
    option.dataset.opened = 'true';
    list.append(option);
  }
  list.value = name;
}

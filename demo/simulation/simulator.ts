import {
  createWebGpuEngine,
  type DeviceHandle,
  type EngineSnapshot,
  type Network,
  type RecordedBlock,
  type WebGpuEngine,
} from '../../src/index.js';
import { compileAhead } from './compile_ahead.js';
import { Pace } from './pace.js';

/** Wall time that one call may keep the GPU busy, ms. */
const CALL_ms = { hardware: 10, software: 35 };
/** Wall time between two saved states, ms, and the largest state that is saved. */
const KEEP_EVERY_ms = 5000;
const LARGEST_KEPT_bytes = 64e6;
/** Mark of the page's timeline at which its first simulation runs. */
const FIRST_STEP = 'first step';

export interface SimulatorListeners {
  readonly onBlock: (block: RecordedBlock) => void;
  /** The engine has taken over a changed network. */
  readonly onUpdate: () => void;
  /** The simulation cannot continue: blow-up, overflow, lost device. */
  readonly onFailure: (error: Error) => void;
}

/** Runs an engine beside the page: in short calls, at a chosen speed, applying changed networks in between. */
export class Simulator {
  readonly pace: Pace;
  /** The latest saved state, from which a run can continue after the device is lost. */
  kept: EngineSnapshot | null = null;
  private playing = false;
  private requestedSteps = 0;
  private nextNetwork: Network | null = null;
  private hasInjected = false;
  /** What waits for the engine to be between two calls. */
  private readonly waiting: (() => void | Promise<void>)[] = [];
  private readonly injections = new Map<number, number>();
  private ended = false;
  /** Whether nothing more is simulated. */
  private isOver = false;
  private wake: () => void = () => {};
  private keptAt = performance.now();
  private readonly finished: Promise<void>;

  private constructor(
    readonly engine: WebGpuEngine,
    private readonly handle: DeviceHandle,
    private readonly listeners: SimulatorListeners,
    speed: number,
  ) {
    const { isSoftware } = handle.adapter;
    this.pace = new Pace(speed, isSoftware ? CALL_ms.software : CALL_ms.hardware);
    this.finished = this.run();
  }

  /** Rejects with EngineError where the network does not fit the device. */
  static async create(
    network: Network,
    handle: DeviceHandle,
    listeners: SimulatorListeners,
    speed: number,
    resumeFrom: EngineSnapshot | null = null,
  ): Promise<Simulator> {
    const engine = await createWebGpuEngine(network, handle, resumeFrom ? { resumeFrom } : {});
    return new Simulator(engine, handle, listeners, speed);
  }

  get isPlaying(): boolean {
    return this.playing;
  }

  play(): void {
    this.playing = true;
    this.pace.restart();
    this.wake();
  }

  pause(): void {
    this.playing = false;
  }

  /** Simulates so much more and pauses again. */
  step(steps: number): void {
    this.playing = false;
    this.requestedSteps += steps;
    this.wake();
  }

  /** Continues with a changed network, keeping all state. */
  updateParameters(network: Network): void {
    this.nextNetwork = network;
    this.wake();
  }

  /**
   * Compiles the kernels of a changed network while the present ones run on. Rejects with EngineError where it does not fit the
   * device.
   */
  async compileFor(network: Network): Promise<void> {
    const snapshot = this.isOver
      ? null
      : await new Promise<EngineSnapshot | null>((resolve, reject) => {
          this.waiting.push(() =>
            this.isOver ? resolve(null) : this.engine.snapshot().then(resolve, reject),
          );
          this.wake();
        });
    if (snapshot) await compileAhead(network, this.handle, snapshot, this.hasInjected);
  }

  /** Adds a constant current density to one neuron (network-wide number). */
  inject(neuron: number, current_uA_cm2: number): void {
    this.injections.set(neuron, current_uA_cm2);
    this.wake();
  }

  /** Ends the run and frees the engine. */
  async end(): Promise<void> {
    this.ended = true;
    this.wake();
    await this.finished;
    this.engine.destroy();
  }

  private async run(): Promise<void> {
    try {
      while (!this.ended) {
        const task = this.waiting.shift();
        if (task) await task();
        else if (this.nextNetwork) {
          const network = this.nextNetwork;
          this.nextNetwork = null;
          await this.engine.updateParameters(network);
          // Saved states are of the cells of before.
          this.kept = null;
          this.keptAt = Number.NEGATIVE_INFINITY;
          this.listeners.onUpdate();
        } else if (this.injections.size > 0) await this.applyInjections();
        else if (this.playing || this.requestedSteps > 0) await this.advance();
        else await new Promise<void>((resolve) => (this.wake = resolve));
      }
    } catch (error) {
      this.playing = false;
      if (!this.ended) this.listeners.onFailure(error as Error);
    }
    this.isOver = true;
    for (const task of this.waiting.splice(0)) await task();
  }

  private async applyInjections(): Promise<void> {
    const wanted = [...this.injections];
    this.injections.clear();
    this.hasInjected = true;
    for (const [neuron, current] of wanted) await this.engine.injectCurrent(neuron, current);
  }

  private async advance(): Promise<void> {
    const { engine, pace } = this;
    const { simulation, recording } = engine.network.circuit;
    const dtMs = simulation.dt_ms;
    const stepsPerSample = Math.round(1000 / recording.sampleRate_hz / dtMs);
    const isRequest = this.requestedSteps > 0;
    const steps = isRequest ? this.requestedSteps : pace.nextSteps(dtMs, stepsPerSample);
    this.requestedSteps = 0;
    const start = performance.now();
    await engine.advance(steps, { onBlock: this.listeners.onBlock });
    if (performance.getEntriesByName(FIRST_STEP).length === 0) performance.mark(FIRST_STEP);
    const end = performance.now();
    const waitMs = pace.afterCall(steps * dtMs, end - start, end);
    if (end - this.keptAt > KEEP_EVERY_ms && engine.memoryBytes < LARGEST_KEPT_bytes) {
      this.kept = await engine.snapshot();
      this.keptAt = performance.now();
    }
    if (!isRequest && this.playing && waitMs >= 1)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
  }
}

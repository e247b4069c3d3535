import type { DeviceHandle, EngineSnapshot, Network, RecordedBlock } from '../src/index.js';
import { stylesOf } from '../src/scene/index.js';
import { createPlots } from './plots/index.js';
import type { LivePlot } from './plots/live_plot.js';
import { History } from './simulation/history.js';
import { Simulator } from './simulation/simulator.js';
import { locate } from './state/page_state.js';
import { byId } from './view/dom.js';
import { legendOf } from './view/legend.js';
import type { Stage } from './view/stage.js';

/** Wall time between two updates of the same plot, ms; longer on a software adapter, which needs the processor. */
const PLOT_EVERY_ms = { hardware: 120, software: 500 };

export interface SessionOptions {
  readonly handle: DeviceHandle;
  readonly stage: Stage;
  readonly speed: number;
  readonly picked: number;
  readonly resumeFrom: EngineSnapshot | null;
  readonly onFailure: (error: Error) => void;
}

/** One run from time 0, or from a saved state: its simulation, its picture and its plots. */
export class Session {
  private nextPlot = 0;
  private plottedAt = 0;
  /** The neuron that blocks carry the trace of; the selected one once the engine records it. */
  private recorded: string;
  private drawnBuffer: GPUBuffer;

  private constructor(
    readonly simulator: Simulator,
    private readonly options: SessionOptions,
    readonly network: Network,
    readonly history: History,
    readonly plots: readonly LivePlot[],
  ) {
    this.recorded = recordedNeuron(network);
    this.drawnBuffer = simulator.engine.stateBuffer;
  }

  /** Rejects with EngineError where the network does not fit the device. */
  static async start(network: Network, options: SessionOptions): Promise<Session> {
    const { handle, stage, speed, picked, resumeFrom, onFailure } = options;
    const history = new History(network, resumeFrom?.stepsDone ?? 0);
    const seen = network.neurons > 1 ? picked : null;
    let session: Session | null = null;
    const onBlock = (block: RecordedBlock) => {
      history.append(block);
      stage.showSpikes(block, history.dtMs);
    };
    const onUpdate = () => session?.takeOver();
    const listeners = { onBlock, onUpdate, onFailure };
    const creating = Simulator.create(network, handle, listeners, speed, resumeFrom);
    // While the kernels are compiled.
    const drawing = stage.showStart(network, seen);
    const nameOfPicked = () => session?.recorded ?? '';
    const plots = layOut(network, history, handle, nameOfPicked);
    const [simulator] = await Promise.all([creating, drawing]).catch((error: unknown) => {
      leaveStage(stage, plots);
      throw error;
    });
    stage.show(network, simulator.engine.stateBuffer);
    stage.pick(seen);
    session = new Session(simulator, options, network, history, plots);
    return session;
  }

  /** Continues with a changed circuit. */
  updateParameters(network: Network): void {
    this.simulator.updateParameters(network);
  }

  /** Redraws one plot after the other, as often as the adapter allows. */
  updatePlots(now: number): void {
    const { isSoftware } = this.options.handle.adapter;
    const every = (isSoftware ? PLOT_EVERY_ms.software : PLOT_EVERY_ms.hardware) / this.plots.length;
    if (now - this.plottedAt < every) return;
    this.plottedAt = now;
    this.plots[this.nextPlot++ % this.plots.length].update();
  }

  async end(): Promise<void> {
    leaveStage(this.options.stage, this.plots);
    await this.simulator.end();
  }

  /** Compiles what a changed circuit needs while the present one runs on. Rejects with EngineError where it does not fit. */
  compileFor(network: Network): Promise<void> {
    return this.simulator.compileFor(network);
  }

  /** An updated engine may record another neuron, or other states of it, and may have moved its state to another buffer. */
  private takeOver(): void {
    const { network, stateBuffer } = this.simulator.engine;
    this.history.take(network);
    this.recorded = recordedNeuron(network);
    if (stateBuffer === this.drawnBuffer) return;
    this.drawnBuffer = stateBuffer;
    this.options.stage.show(this.network, stateBuffer);
  }
}

function leaveStage(stage: Stage, plots: readonly LivePlot[]): void {
  stage.clear();
  for (const plot of plots) plot.dispose();
}

/** Puts the plots and the legend of a network onto the page. */
function layOut(
  network: Network,
  history: History,
  handle: DeviceHandle,
  nameOfPicked: () => string,
): LivePlot[] {
  const styles = stylesOf(network);
  const plots = createPlots({ history, styles, handle, nameOfPicked });
  byId('plots').replaceChildren(...plots.map((plot) => plot.element));
  const counts = network.populations.map(({ count }) => count);
  byId('legend').replaceChildren(...legendOf(styles, counts));
  return plots;
}

function recordedNeuron({ circuit }: Network): string {
  const [trace] = circuit.recording.traces;
  return trace ? nameOf(trace.population, trace.neurons[0]) : '';
}

const nameOf = (population: string, index: number): string => `${population} ${index}`;

/** A neuron as the page names it: its population and its number within it. */
export function neuronName(network: Network, neuron: number): string {
  const { population, index } = locate(network.circuit, neuron);
  return nameOf(population, index);
}

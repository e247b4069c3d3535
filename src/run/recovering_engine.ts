import type { EngineSnapshot, RecordedBlock } from '../engine/engine.js';
import { choiceOf, type OpenedEngine, openEngine } from '../engine/open_engine.js';
import { DeviceError } from '../engine/webgpu/device/device.js';
import type { Network } from '../network/network.js';
import type { BlockStore } from '../recording/block_store.js';

/** A point where a run did not go straight on: it was resumed, or its device was lost. */
export interface Restart {
  readonly simulatedMs: number;
  readonly reason: string;
}

/** Losses without progress after which a run gives up. */
const MOST_LOSSES = 3;

/**
 * An engine that outlives its device: when that is lost, it goes on from its last restore point (at first the start) on
 * a new device of the same kind, with the same results to the bit.
 */
export class RecoveringEngine {
  readonly restarts: Restart[] = [];
  private losses = 0;

  constructor(
    private readonly network: Network,
    private opened: OpenedEngine,
    private readonly store: BlockStore,
    private restorePoint: EngineSnapshot | null,
  ) {}

  get stepsDone(): number {
    return this.opened.engine.stepsDone;
  }

  /**
   * Advances to step `stop`, or until the abort. Rejects as Engine.advance does; with DeviceError where a device was
   * lost several times, or there is no other of its kind.
   */
  async advanceTo(
    stop: number,
    signal: AbortSignal | undefined,
    onBlock: (block: RecordedBlock) => void,
  ): Promise<void> {
    await this.recovering(async () => {
      const { engine } = this.opened;
      await engine.advance(stop - engine.stepsDone, {
        ...(signal && { signal }),
        onBlock: (block) => {
          this.store.append(block);
          onBlock(block);
        },
      });
    });
  }

  /** Makes the present, between two steps, the restore point. */
  async keepRestorePoint(): Promise<EngineSnapshot> {
    const at = this.stepsDone;
    return this.recovering(async () => {
      // A device that was lost only now has the way from the last restore point before it once more.
      if (this.stepsDone < at) await this.advanceTo(at, undefined, () => {});
      this.restorePoint = await this.opened.engine.snapshot();
      this.store.mark();
      this.losses = 0;
      return this.restorePoint;
    });
  }

  close(): void {
    this.opened.close();
  }

  private async recovering<T>(work: () => Promise<T>): Promise<T> {
    for (;;)
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof DeviceError && error.code === 'lost') || ++this.losses > MOST_LOSSES)
          throw error;
        await this.recover(error);
      }
  }

  private async recover(loss: DeviceError): Promise<void> {
    const { record } = this.opened;
    this.opened.close();
    this.store.rewind();
    try {
      this.opened = await openEngine(
        this.network,
        choiceOf(record.adapter?.driver ?? null),
        this.restorePoint,
      );
    } catch (error) {
      throw noOtherDevice(loss, (error as Error).message);
    }
    const { description } = this.opened.record;
    if (description !== record.description)
      throw noOtherDevice(loss, `${description} computes differently from ${record.description}`);
    this.restarts.push({
      simulatedMs: this.stepsDone * this.network.circuit.simulation.dt_ms,
      reason: loss.what,
    });
  }
}

const noOtherDevice = ({ what, considered }: DeviceError, reason: string): DeviceError =>
  new DeviceError('lost', `${what} No other device of this kind could be opened: ${reason}`, 'run again', {
    considered,
  });

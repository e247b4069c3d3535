import type { EngineSnapshot, RecordedBlock } from '../engine/engine.js';
import { choiceOf, type EngineRecord } from '../engine/open_engine.js';
import { DeviceError } from '../engine/webgpu/device/device.js';

/** A point where a run was interrupted: it was resumed, or its device was lost. */
export interface Restart {
  readonly simulatedMs: number;
  readonly reason: string;
}

/** An engine of one network, or of several side by side, whose blocks then say which member they are of. */
interface RestorableEngine {
  readonly stepsDone: number;
  advance(
    steps: number,
    options: { onBlock: (block: RecordedBlock, member?: number) => void; signal?: AbortSignal },
  ): Promise<void>;
  snapshot(): Promise<EngineSnapshot>;
}

export interface OpenedRestorable {
  readonly engine: RestorableEngine;
  readonly record: EngineRecord;
  /** Frees the engine and its device. */
  close(): void;
}

/** Keeps blocks as BlockStore, those of all members. */
export interface MemberBlocks {
  append(block: RecordedBlock, member?: number): void;
  mark(): void;
  rewind(): void;
}

/** Opens the same networks on a device of a kind, where a snapshot was taken; null: at time 0. */
export type Reopen = (
  choice: ReturnType<typeof choiceOf>,
  restorePoint: EngineSnapshot | null,
) => Promise<OpenedRestorable>;

/** Losses without progress after which a run gives up. */
const MOST_LOSSES = 3;

/**
 * An engine that survives the loss of its device: it continues from its last restore point (at first the start) on a
 * new device of the same kind, with the same results to the bit.
 */
export class RecoveringEngine {
  readonly restarts: Restart[] = [];
  private losses = 0;

  constructor(
    private readonly dtMs: number,
    private opened: OpenedRestorable,
    private readonly reopen: Reopen,
    private readonly store: MemberBlocks,
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
        onBlock: (block, member) => {
          this.store.append(block, member);
          onBlock(block);
        },
      });
    });
  }

  /** Makes the current state, between two steps, the restore point. */
  async keepRestorePoint(): Promise<EngineSnapshot> {
    const at = this.stepsDone;
    return this.recovering(async () => {
      // A device that was lost just now has to compute again from the last restore point.
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
      this.opened = await this.reopen(choiceOf(record.adapter?.driver ?? null), this.restorePoint);
    } catch (error) {
      throw noOtherDevice(loss, (error as Error).message);
    }
    const { description } = this.opened.record;
    if (description !== record.description)
      throw noOtherDevice(loss, `${description} computes differently from ${record.description}`);
    this.restarts.push({
      simulatedMs: this.stepsDone * this.dtMs,
      reason: loss.what,
    });
  }
}

const noOtherDevice = ({ what, considered }: DeviceError, reason: string): DeviceError =>
  new DeviceError('lost', `${what} No other device of this kind could be opened: ${reason}`, 'run again', {
    considered,
  });

import type { Engine, EngineSnapshot, NeuronStates } from '../../../src/engine/engine.js';
import type { Network } from '../../../src/network/network.js';
import { type Records, recordPieces } from './records.js';

/** Opens an engine on a network, at time 0 or where a snapshot was taken. */
export type OpenEngine = (network: Network, resumeFrom?: EngineSnapshot) => Promise<Engine>;

/** What the tests of one kind of engine share: 20 ms in three pieces, two of which end within a sample. */
export interface ContractRun {
  readonly network: Network;
  readonly records: Records;
  readonly state: NeuronStates;
  readonly snapshot: EngineSnapshot;
  /** Taken before the last piece, 12 steps into a sample. */
  readonly withinSample: EngineSnapshot;
}

export const PIECES = [147, 5, 248];
export const RUN_STEPS = 400;

export async function contractRun(network: Network, open: OpenEngine): Promise<ContractRun> {
  const engine = await open(network);
  const begun = await recordPieces(engine, PIECES.slice(0, 2));
  const withinSample = await engine.snapshot();
  const rest = await recordPieces(engine, PIECES.slice(2));
  const join = <K extends keyof Records>(key: K) => [...begun[key], ...rest[key]] as unknown as Records[K];
  const run = {
    network,
    records: {
      blocks: join('blocks'),
      spikes: join('spikes'),
      populationSums: join('populationSums'),
      lfp_uV: join('lfp_uV'),
      traces: join('traces'),
    },
    state: await engine.readState(),
    snapshot: await engine.snapshot(),
    withinSample,
  };
  engine.destroy();
  return run;
}

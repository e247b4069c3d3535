import type { DeviceChoice } from '../engine/open_engine.js';
import type { SimulationOptions } from './arguments.js';

/** The options of `nce run`. */
export interface RunCommandOptions extends SimulationOptions {
  readonly device: DeviceChoice;
  readonly seeds?: readonly number[];
  readonly out?: string;
  readonly force?: boolean;
  readonly csv?: boolean;
  readonly segment: number;
  readonly checkpointEvery?: number;
  readonly resume?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

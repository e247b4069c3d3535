import { type CellModel, constantOf, stateKeys } from '../../src/mechanism/cell_model.js';
import { CellSteps } from '../../src/mechanism/cell_steps.js';
import type { CellStateValues } from '../../src/mechanism/reference_cell.js';
import type { CellIntegrator } from '../../src/mechanism/step_tape.js';

/** A current that is always there and one that is added from `pulseMs[0]` to `pulseMs[1]`, uA/cm2. */
export interface Stimulus {
  readonly constant?: number;
  readonly pulse?: number;
  readonly pulseMs?: readonly [number, number];
}

/** A cell, the state that it starts from and what drives it. */
export interface Experiment {
  readonly cell: CellModel;
  readonly start: CellStateValues;
  readonly stimulus: Stimulus;
  readonly durationMs: number;
}

/** Distance of samples, ms. */
export const SAMPLE_MS = 0.1;

export interface CellRecord {
  /** Upward crossings of -20 mV, ms, interpolated linearly within a step. */
  readonly spikes: readonly number[];
  /** V or a state every 0.1 ms from 0 on. */
  samplesOf(key: string): ArrayLike<number>;
}

/** The constants in which the cells of experiments differ. */
export const differingConstants = ([first, ...others]: readonly Experiment[]): string[] =>
  [...first.cell.constants.keys()].filter((name) =>
    others.some(({ cell }) => constantOf(cell, name) !== constantOf(first.cell, name)),
  );

/** Runs experiments with cells of the same equations in float64 by steps of dt, each in a lane of its own. */
export function recordInFloat64(
  experiments: readonly Experiment[],
  dtMs: number,
  integrator: CellIntegrator = 'exponential-euler',
): CellRecord[] {
  const [{ cell }] = experiments;
  const varied = differingConstants(experiments);
  const neurons = new CellSteps(cell, integrator, experiments.length, new Set(varied));
  neurons.dt.fill(dtMs);
  const isStaggered = integrator === 'exponential-euler';
  const keys = ['V', ...stateKeys(cell)];
  const every = Math.round(SAMPLE_MS / dtMs);
  const lanes = experiments.map((experiment, lane) => {
    const { start, stimulus, durationMs } = experiment;
    const { constant = 0, pulse = 0, pulseMs = [0, 0] } = stimulus;
    neurons.V[lane] = start.V;
    stateKeys(cell).forEach((key, i) => {
      neurons.states[i][lane] = start.states[key];
    });
    for (const name of varied) neurons.varied.get(name)![lane] = constantOf(experiment.cell, name);
    const steps = Math.round(durationMs / dtMs);
    const samples = keys.map(() => new Float64Array(Math.floor(steps / every) + 1));
    const [on, off] = pulseMs.map((t) => Math.round(t / dtMs));
    return { steps, constant, pulse, on, off, samples, spikes: [] as number[] };
  });
  const values = [neurons.V, ...neurons.states];
  const steps = Math.max(...lanes.map((lane) => lane.steps));
  const before = new Float64Array(lanes.length);
  for (let step = 0; step <= steps; step++) {
    const isSampled = step % every === 0;
    before.set(neurons.V);
    lanes.forEach(({ constant, pulse, on, off, samples }, lane) => {
      neurons.I[lane] = constant + (step >= on && step < off ? pulse : 0);
      if (isSampled)
        samples.forEach((column, i) => {
          column[step / every] = values[i][lane];
        });
    });
    // Staggered states go to the middle of the first step, and from there by whole steps.
    neurons.statesDt.fill(isStaggered && step === 0 ? dtMs / 2 : dtMs);
    neurons.run();
    lanes.forEach((of, lane) => {
      // Afterwards they stand half a step before and after V.
      if (isSampled && isStaggered && step > 0)
        for (let i = 1; i < keys.length; i++)
          of.samples[i][step / every] = (of.samples[i][step / every] + values[i][lane]) / 2;
      const [V, next] = [before[lane], neurons.V[lane]];
      if (V <= -20 && next > -20 && step < of.steps) of.spikes.push(dtMs * (step + (-20 - V) / (next - V)));
    });
  }
  return lanes.map(({ spikes, samples }) => ({ spikes, samplesOf: (key) => samples[keys.indexOf(key)] }));
}

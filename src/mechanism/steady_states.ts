import { Tape } from '../language/tape.js';
import { type Register, TapeBuilder } from '../language/tape_builder.js';
import {
  CAPACITANCE,
  type CellModel,
  constantOf,
  keysOf,
  MEMBRANE_CURRENT,
  type StateGroup,
  stateKeys,
} from './cell_model.js';
import { CellMoment } from './cell_tape.js';
import { schemeSlopes, tapeArithmetic } from './scheme_step.js';
import { solveLinear } from './solve_linear.js';

const MOST_ROUNDS = 200;
/** Relative way of a state in a round from which on its cell counts as settled. */
const SETTLED = 1e-14;
/** How far V is moved where a formula has no value at it, a removable singularity, mV. */
const SHIFT_mV = 1e-7;

/** What settles at once: a state by a Newton step, a scheme by balancing its flows. */
interface Settling {
  readonly group: StateGroup;
  /** Numbers of the groups whose states its formulas read. */
  readonly reads: ReadonlySet<number>;
  /** Rate and slope of a state, or rates of a scheme. */
  readonly rate: Register | null;
  readonly slope: Register | null;
  readonly rates: readonly (readonly (Register | null)[])[];
}

/**
 * The steady states of cells of one type, in float64, one in each lane: where the states settle while V is held, and the
 * current that V needs. States that read each other, as calcium and the current it stops, are settled in turns. What a lane
 * gives does not depend on the others. Arrays have one value a lane.
 */
export class SteadyStates {
  /** mV; to be written. */
  readonly V: Float64Array;
  /** In the order of {@link stateKeys}. */
  readonly states: readonly Float64Array[];
  /** Values of the constants that vary, by name; those of the model at first. */
  readonly varied: ReadonlyMap<string, Float64Array>;
  /** Net current density of the membrane, uA/cm2, outward positive, of the last {@link SteadyStates.run}. */
  readonly current: Float64Array;
  /** Time derivatives of the states, per ms, of the last run. */
  readonly rates: readonly Float64Array[];
  /** Derivative of a state's rate by the state itself, 1/ms, by key, where it has one. */
  readonly slopes: ReadonlyMap<string, Float64Array>;
  /** Values of the observed formulas, of the last run. */
  readonly observed: ReadonlyMap<string, Float64Array>;
  private readonly tape: Tape;
  private readonly settlings: readonly Settling[];
  private readonly byKey: ReadonlyMap<string, Float64Array>;
  private readonly starts: readonly { readonly state: Float64Array; readonly value: Float64Array }[];
  /** Everything that must have a value. */
  private readonly results: readonly Float64Array[];

  /** `observed` names formulas of the cell. */
  constructor(
    readonly model: CellModel,
    readonly lanes = 1,
    varied: ReadonlySet<string> = new Set(),
    observed: readonly string[] = [],
  ) {
    const builder = new TapeBuilder();
    const V = builder.input('V');
    const keys = stateKeys(model);
    const inputs = new Map(keys.map((key) => [key, builder.input(key)]));
    const given = new Map([...[...varied].map((name) => [name, builder.input(name)] as const), ...inputs]);
    const moment = new CellMoment(builder, model, V, given);
    const groupOf = new Map(model.groups.flatMap((group, g) => keysOf(group).map((key) => [key, g])));
    const settlings: Settling[] = [];
    const rates: Register[] = [];
    const slopes = new Map<string, Register>();
    const starts = new Map<string, Register>();
    const readsOf = (registers: readonly (Register | null)[]) =>
      new Set(
        [...builder.inputsOf(registers.filter((register) => register !== null))].flatMap(
          (name) => groupOf.get(name) ?? [],
        ),
      );
    for (const group of model.groups) {
      if (group.kind === 'state') {
        const { rate, slope } = moment.stateRate(group);
        rates.push(rate);
        if (slope !== null) slopes.set(group.key, slope);
        settlings.push({ group, rate, slope, rates: [], reads: readsOf([rate, slope]) });
        if (group.start) starts.set(group.key, moment.formula(group.start));
      } else {
        const flows = moment.schemeRates(group);
        const shares = group.keys.map((key) => inputs.get(key)!);
        rates.push(...schemeSlopes(tapeArithmetic(builder), flows, shares));
        settlings.push({ group, rate: null, slope: null, rates: flows, reads: readsOf(flows.flat()) });
      }
    }
    const current = moment.value(MEMBRANE_CURRENT);
    const seen = observed.map((name) => [name, moment.value(name)] as const);
    const tape = new Tape(builder, lanes);
    const valuesOf = (registers: Iterable<readonly [string, Register]>) =>
      new Map([...registers].map(([name, register]) => [name, tape.values(register)]));
    this.tape = tape;
    this.V = tape.values(V);
    this.byKey = valuesOf(inputs);
    this.states = [...this.byKey.values()];
    this.varied = new Map([...varied].map((name) => [name, tape.input(name)!]));
    for (const [name, values] of this.varied) values.fill(constantOf(model, name));
    this.current = tape.values(current);
    this.rates = rates.map((register) => tape.values(register));
    this.slopes = valuesOf(slopes);
    this.observed = valuesOf(seen);
    this.starts = [...starts].map(([key, register]) => ({
      state: this.byKey.get(key)!,
      value: tape.values(register),
    }));
    this.settlings = settlings;
    this.results = [...this.rates, ...this.slopes.values(), ...this.observed.values(), this.current];
  }

  /** Computes current, rates, slopes and observed formulas from V and the states; at a removable singularity just beside it. */
  run(): void {
    this.tape.run();
    if (this.results.every(areFinite)) return;
    const exact = this.V.slice();
    for (let lane = 0; lane < this.lanes; lane++)
      if (!this.results.every((values) => Number.isFinite(values[lane]))) this.V[lane] += SHIFT_mV;
    this.tape.run();
    this.V.set(exact);
  }

  /** Lets the states settle at V; `run` then gives what holds there. */
  settle(): void {
    for (const state of this.states) state.fill(0.5);
    for (const { group } of this.settlings)
      if (group.kind === 'state' && group.isConcentration) this.byKey.get(group.key)!.fill(1e-4);
    if (this.starts.length > 0) {
      this.run();
      for (const { state, value } of this.starts) state.set(value);
    }
    const moves = new Uint8Array(this.lanes).fill(1);
    const ways = new Float64Array(this.lanes);
    // Groups whose states have changed since the tape ran.
    const changed = new Set(this.settlings.keys());
    let isFirst = true;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      ways.fill(0);
      this.settlings.forEach((settling, g) => {
        if (isFirst || [...settling.reads].some((other) => changed.has(other))) {
          this.run();
          changed.clear();
          isFirst = false;
        }
        if (settling.group.kind === 'state') this.newton(settling, moves, ways);
        else this.balance(settling, moves, ways);
        changed.add(g);
      });
      // A lane that has settled stays as it is while others still move.
      for (let lane = 0; lane < this.lanes; lane++) if (!(ways[lane] >= SETTLED)) moves[lane] = 0;
      if (moves.every((lane) => lane === 0)) return;
    }
  }

  /** dV/dt without stimulus, mV/ms, of the last run. */
  potentialRate(lane: number): number {
    return -this.current[lane] / (this.varied.get(CAPACITANCE)?.[lane] ?? this.model.C_uF_cm2);
  }

  /** One Newton step of a state; `ways` takes how far it went, relative. */
  private newton({ group, rate, slope }: Settling, moves: Uint8Array, ways: Float64Array): void {
    if (group.kind !== 'state' || slope === null) return;
    const x = this.byKey.get(group.key)!;
    const f = this.tape.values(rate!);
    const J = this.tape.values(slope);
    for (let lane = 0; lane < this.lanes; lane++) {
      if (moves[lane] === 0 || !(J[lane] < 0)) continue;
      let next = x[lane] - f[lane] / J[lane];
      if (group.isConcentration && next <= 0) next = x[lane] / 2;
      ways[lane] = Math.max(ways[lane], Math.abs(next - x[lane]) / (Math.abs(next) + 1e-12));
      x[lane] = next;
    }
  }

  /** The steady shares of a scheme: every flow balanced, their sum 1. */
  private balance({ group, rates }: Settling, moves: Uint8Array, ways: Float64Array): void {
    const states = keysOf(group).map((key) => this.byKey.get(key)!);
    const flows = rates.map((row) =>
      row.map((register) => (register === null ? null : this.tape.values(register))),
    );
    const n = states.length;
    for (let lane = 0; lane < this.lanes; lane++) {
      if (moves[lane] === 0) continue;
      const rateOf = (from: number, to: number) => flows[from][to]?.[lane] ?? 0;
      const matrix = states.map((_, i) =>
        states.map((_, j) => {
          if (i === n - 1) return 1;
          if (i !== j) return rateOf(j, i);
          return -states.reduce((sum, _, to) => sum + (to === i ? 0 : rateOf(i, to)), 0);
        }),
      );
      const shares = solveLinear(
        matrix,
        states.map((_, i) => (i === n - 1 ? 1 : 0)),
      );
      states.forEach((state, i) => {
        ways[lane] = Math.max(ways[lane], Math.abs(state[lane] - shares[i]));
        state[lane] = shares[i];
      });
    }
  }
}

function areFinite(values: Float64Array): boolean {
  for (const value of values) if (!Number.isFinite(value)) return false;
  return true;
}

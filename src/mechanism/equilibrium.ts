import { type Register, Tape, TapeBuilder } from '../language/tape.js';
import { type CellModel, type CellScheme, MEMBRANE_CURRENT, stateKeys } from './cell_model.js';
import { CellMoment } from './cell_tape.js';
import type { CellStateValues } from './reference_cell.js';
import { schemeSlopes, tapeArithmetic } from './scheme_step.js';

const MOST_ROUNDS = 200;

/**
 * The steady states of a cell, in float64: where its states settle while V is held, and the current that V needs. States
 * that read each other, as calcium and the current it stops, are settled in turns.
 */
export class Equilibrium {
  private readonly tape: Tape;
  private readonly builder = new TapeBuilder();
  private readonly keys: readonly string[];
  private readonly settle: (() => number)[];
  private readonly starts: readonly { readonly key: string; readonly register: Register }[];
  private readonly current: Register;
  private readonly slopes: readonly Register[];
  private readonly ownSlopes = new Map<string, Register>();
  private readonly observed: ReadonlyMap<string, Register>;

  /** `observed` names formulas of the cell that {@link Equilibrium.valueOf} is asked for. */
  constructor(
    private readonly model: CellModel,
    observed: readonly string[] = [],
  ) {
    const { builder } = this;
    const V = builder.input('V');
    this.keys = stateKeys(model);
    const inputs = new Map(this.keys.map((key) => [key, builder.input(key)]));
    const moment = new CellMoment(builder, model, V, inputs);
    const settling: (() => number)[] = [];
    const slopes: Register[] = [];
    const starts: { key: string; register: Register }[] = [];
    for (const group of model.groups) {
      if (group.kind === 'state') {
        const { rate, slope } = moment.stateRate(group);
        slopes.push(rate);
        if (slope !== null) this.ownSlopes.set(group.key, slope);
        settling.push(() => this.newton(group.key, rate, slope, group.isConcentration));
        if (group.start) starts.push({ key: group.key, register: moment.formula(group.start) });
      } else {
        const rates = moment.schemeRates(group);
        slopes.push(
          ...schemeSlopes(
            tapeArithmetic(builder),
            rates,
            group.keys.map((key) => inputs.get(key)!),
          ),
        );
        settling.push(() => this.settleScheme(group, rates));
      }
    }
    this.current = moment.value(MEMBRANE_CURRENT);
    this.observed = new Map(observed.map((name) => [name, moment.value(name)]));
    this.slopes = slopes;
    this.starts = starts;
    this.settle = settling;
    this.tape = new Tape(builder);
  }

  private state(key: string): Float64Array {
    return this.tape.input(key)!;
  }

  /** One Newton step of a state; returns how far it went, relative. */
  private newton(key: string, rate: Register, slope: Register | null, isConcentration: boolean): number {
    this.run();
    const x = this.state(key);
    const [f] = this.tape.values(rate);
    const J = slope === null ? 0 : this.tape.values(slope)[0];
    if (!(J < 0)) return 0;
    let next = x[0] - f / J;
    if (isConcentration && next <= 0) next = x[0] / 2;
    const way = Math.abs(next - x[0]) / (Math.abs(next) + 1e-12);
    x[0] = next;
    return way;
  }

  /** The steady shares of a scheme: every flow balanced, their sum 1. */
  private settleScheme({ keys }: CellScheme, rates: readonly (readonly (Register | null)[])[]): number {
    this.run();
    const n = keys.length;
    const matrix = keys.map((_, i) =>
      keys.map((_, j) => {
        if (i === n - 1) return 1;
        const rateOf = (from: number, to: number) => {
          const register = rates[from][to];
          return register === null ? 0 : this.tape.values(register)[0];
        };
        if (i !== j) return rateOf(j, i);
        return -keys.reduce((sum, _, to) => sum + (to === i ? 0 : rateOf(i, to)), 0);
      }),
    );
    const shares = solveLinear(
      matrix,
      keys.map((_, i) => (i === n - 1 ? 1 : 0)),
    );
    let way = 0;
    keys.forEach((key, i) => {
      way = Math.max(way, Math.abs(this.state(key)[0] - shares[i]));
      this.state(key)[0] = shares[i];
    });
    return way;
  }

  /** Runs the tape; at a removable singularity just beside it. */
  private run(): void {
    this.tape.run();
    const results = [...this.slopes, ...this.ownSlopes.values(), ...this.observed.values(), this.current];
    const hasValues = results.every((r) => Number.isFinite(this.tape.values(r)[0]));
    if (hasValues) return;
    const V = this.tape.input('V')!;
    const exact = V[0];
    V[0] += 1e-7;
    this.tape.run();
    V[0] = exact;
  }

  /** The states that settle at V, mV. */
  at(V: number): CellStateValues {
    this.tape.input('V')!.fill(V);
    for (const key of this.keys) this.state(key)[0] = 0.5;
    for (const group of this.model.groups)
      if (group.kind === 'state' && group.isConcentration) this.state(group.key)[0] = 1e-4;
    this.run();
    for (const { key, register } of this.starts) this.state(key)[0] = this.tape.values(register)[0];
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const way = Math.max(0, ...this.settle.map((settle) => settle()));
      if (way < 1e-14) break;
    }
    return { V, states: Object.fromEntries(this.keys.map((key) => [key, this.state(key)[0]])) };
  }

  /** Time constant in ms of a state where it was settled last, of small deviations; infinite where it has none. */
  timeConstantOf(key: string): number {
    const slope = this.ownSlopes.get(key);
    if (slope === undefined) return Number.POSITIVE_INFINITY;
    this.run();
    return -1 / this.tape.values(slope)[0];
  }

  /** An observed formula where the states were settled last. */
  valueOf(name: string): number {
    this.run();
    return this.tape.values(this.observed.get(name)!)[0];
  }

  /** Current density in uA/cm2, outward positive, that flows at V with every state settled. */
  currentAt(V: number): number {
    this.at(V);
    this.run();
    return this.tape.values(this.current)[0];
  }

  /** Time derivatives of V (without stimulus) and the states, in the order of the keys. */
  velocity(V: number, states: ArrayLike<number>): number[] {
    this.tape.input('V')!.fill(V);
    this.keys.forEach((key, i) => {
      this.state(key)[0] = states[i];
    });
    this.run();
    const slope = -this.tape.values(this.current)[0] / this.model.C_uF_cm2;
    return [slope, ...this.slopes.map((register) => this.tape.values(register)[0])];
  }
}

/** Gaussian elimination with the largest pivot of each column. */
export function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i][k]) > Math.abs(rows[best][k])) best = i;
    [rows[k], rows[best]] = [rows[best], rows[k]];
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = rows[i][k] / rows[k][k];
      for (let j = k; j <= n; j++) rows[i][j] -= factor * rows[k][j];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}

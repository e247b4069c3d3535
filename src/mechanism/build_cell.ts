import { type Expression, renamed } from '../language/expression.js';
import type { CircuitPath } from '../text/circuit_error.js';
import type { CircuitProblem } from '../text/circuit_problems.js';
import { describeRange, type Limits } from '../text/quantity.js';
import { didYouMean } from '../text/suggestion.js';
import {
  CAPACITANCE,
  type CellModel,
  type CellReceptor,
  type CellState,
  MEMBRANE_CURRENT,
  type StateGroup,
  type WrittenConstant,
} from './cell_model.js';
import { type CellData, LIMITS } from './cell_schema.js';
import { call, minus, name, number, over, plus, times } from './formulas.js';
import {
  DEFAULT_TEMPERATURE_C,
  FARADAY,
  GAS_CONSTANT,
  IONS,
  ionsOf,
  type Mechanism,
  type MechanismState,
} from './mechanism.js';
import { namesNeeded, orderOfStates } from './order.js';

export type BuiltCell =
  | { readonly cell: CellModel; readonly problems: readonly [] }
  | { readonly cell: null; readonly problems: readonly CircuitProblem[] };

/** Mechanisms by name: those of a file, of the library, or of both. */
export type Mechanisms = Pick<ReadonlyMap<string, Mechanism>, 'get' | 'keys'>;

/**
 * Puts a cell's mechanisms together into one system of equations; problems are at paths within the cell. `temperature_C` is
 * for cells that give none of their own; `receptors` are those whose kinetics are mechanisms, by name.
 */
export function buildCell(
  cellName: string,
  data: CellData,
  mechanisms: Mechanisms,
  temperature_C = DEFAULT_TEMPERATURE_C,
  receptors: Readonly<Record<string, ReceptorEntry>> = {},
): BuiltCell {
  const builder = new CellBuilder(cellName, data, mechanisms, data.temperature_C ?? temperature_C);
  return builder.result(receptors);
}

/** A receptor of synapses in a cell: its mechanism, reversal potential and parameters. */
export interface ReceptorEntry {
  readonly mechanism: string;
  readonly reversal_mV: number;
  readonly parameters: Readonly<Record<string, number>>;
}

/** The membrane area among the constants of a cell with such receptors, cm2. */
const AREA = 'area';
const CM2_PER_UM2 = 1e-8;

type Entry = CellData['membrane'][string];

class CellBuilder {
  private readonly problems: CircuitProblem[] = [];
  private readonly constants = new Map<string, number>();
  private readonly written = new Map<string, WrittenConstant>([
    [CAPACITANCE, { name: CAPACITANCE, scale: 1, limits: LIMITS.capacitance }],
  ]);
  private readonly formulas = new Map<string, Expression>();
  private readonly groups: StateGroup[] = [];
  private readonly entries: {
    readonly label: string;
    readonly entry: Entry;
    readonly mechanism: Mechanism;
  }[] = [];

  constructor(
    private readonly cellName: string,
    private readonly data: CellData,
    private readonly mechanisms: Mechanisms,
    private readonly temperature_C: number,
  ) {}

  result(receptors: Readonly<Record<string, ReceptorEntry>>): BuiltCell {
    const { data } = this;
    for (const [label, entry] of Object.entries(data.membrane)) {
      const mechanism = this.mechanisms.get(entry.mechanism);
      if (mechanism) this.entries.push({ label, entry, mechanism });
      else
        this.fail(
          ['membrane', label, 'mechanism'],
          `no mechanism is called "${entry.mechanism}"${didYouMean(entry.mechanism, [...this.mechanisms.keys()])}`,
        );
    }
    this.constants.set('F', FARADAY);
    this.constants.set('R', GAS_CONSTANT);
    this.constants.set('celsius', this.temperature_C);
    this.requireOnePool();
    for (const { label, entry, mechanism } of this.entries) this.addEntry(label, entry, mechanism);
    for (const ion of this.ions()) this.addIon(ion);
    const ofReceptors = Object.entries(receptors).map(([label, entry]) => this.addReceptor(label, entry));
    const currents = this.entries.filter(({ mechanism }) => mechanism.current).map(({ label }) => label);
    this.formulas.set(
      MEMBRANE_CURRENT,
      sumOf([...currents, ...Object.keys(receptors)].map((label) => `${label}.I`)),
    );
    this.requireEverything();
    if (this.problems.length > 0) return { cell: null, problems: this.problems };
    const { groups, circular } = orderOfStates(this.groups, this.formulas);
    const cell: CellModel = {
      name: this.cellName,
      C_uF_cm2: data.C_uF_cm2,
      area_um2: data.area_um2,
      spikeThreshold_mV: data.spikeThreshold_mV,
      constants: this.constants,
      written: this.written,
      formulas: this.formulas,
      groups,
      circular,
      currents,
      receptors: ofReceptors,
    };
    return { cell, problems: [] };
  }

  private fail(path: CircuitPath, message: string, of: 'key' | 'value' = 'value'): void {
    this.problems.push({ path, message, of });
  }

  private requireWithin(path: CircuitPath, value: unknown, { unit, range }: Limits): void {
    const { min = -Infinity, max = Infinity } = range;
    if (value === undefined || ((value as number) >= min && (value as number) <= max)) return;
    this.fail(path, `expected a number in ${unit}, ${describeRange(range)}; got ${value}`);
  }

  /** Sets a constant that the data give at a path. */
  private give(path: CircuitPath, value: number, name: string, limits: Limits | null, scale = 1): void {
    this.constants.set(name, value * scale);
    this.written.set(path.join('.'), { name, scale, limits });
  }

  private ions(): Set<string> {
    const ions = this.entries
      .flatMap(({ mechanism }) => ionsOf(mechanism))
      .filter((ion) => ion !== 'nonspecific');
    return new Set([...Object.keys(IONS), ...Object.keys(this.data.ions), ...ions]);
  }

  private requireOnePool(): void {
    const pools = new Map<string, string>();
    for (const { label, mechanism } of this.entries) {
      if (mechanism.kind !== 'pool') continue;
      const { ion } = mechanism;
      const other = pools.get(ion);
      if (other !== undefined)
        this.fail(['membrane', label], `"${other}" is a pool of ${ion} already; a cell has one`, 'key');
      pools.set(ion, label);
    }
  }

  private poolOf(ion: string): string | null {
    return (
      this.entries.find(({ mechanism }) => mechanism.kind === 'pool' && mechanism.ion === ion)?.label ?? null
    );
  }

  private addEntry(label: string, entry: Entry, mechanism: Mechanism): void {
    const path = ['membrane', label];
    if (mechanism.kind === 'receptor') {
      this.fail(
        [...path, 'mechanism'],
        `"${mechanism.name}" is a receptor of synapses; it belongs under receptors, not into a membrane`,
      );
      return;
    }
    const own = new Map([...mechanism.parameters.values()].map((parameter) => [parameter.key, parameter]));
    // With several currents, the conductances and potentials are parameters or those of the ions.
    const isChannel = mechanism.kind === 'channel' && mechanism.current?.kind !== 'densities';
    const { ion } = mechanism;
    const hasG = isChannel && !mechanism.parameters.has('g');
    const hasE = isChannel && !mechanism.parameters.has('E');
    const known = ['mechanism', ...(hasG ? ['g_mS_cm2'] : []), ...(hasE ? ['E_mV'] : []), ...own.keys()];
    for (const key of Object.keys(entry))
      if (!known.includes(key))
        this.fail(
          [...path, key],
          `"${entry.mechanism}" has no parameter "${key}"${didYouMean(key, known)}`,
          'key',
        );
    for (const { name: parameter, key, unit, value } of own.values())
      this.give(
        [...path, key],
        (entry[key] as number | undefined) ?? value,
        `${label}.${parameter}`,
        null,
        unit.scale,
      );
    const [g, E] = [
      [...path, 'g_mS_cm2'],
      [...path, 'E_mV'],
    ];
    if (hasG) this.requireWithin(g, entry.g_mS_cm2, LIMITS.conductance);
    if (hasE) this.requireWithin(E, entry.E_mV, LIMITS.reversal);
    if (hasG && entry.g_mS_cm2 !== undefined)
      this.give(g, entry.g_mS_cm2 as number, `${label}.g`, LIMITS.conductance);
    if (hasE && entry.E_mV !== undefined) this.give(E, entry.E_mV as number, `${label}.E`, LIMITS.reversal);
    else if (hasE && ion !== 'nonspecific') this.formulas.set(`${label}.E`, name(`E_${ion}`));

    const hasOwnE = entry.E_mV !== undefined;
    const ownNames = new Set([
      ...mechanism.formulas.keys(),
      ...mechanism.states.keys(),
      ...(mechanism.scheme?.states ?? []),
    ]);
    const rename = (local: string): string => {
      if (hasOwnE && local === `E_${ion}`) return `${label}.E`;
      const isOwn =
        ownNames.has(local) ||
        mechanism.parameters.has(local) ||
        (isChannel && (local === 'g' || local === 'E'));
      return isOwn ? `${label}.${local}` : local;
    };
    const inCell = (formula: Expression) => renamed(formula, rename);
    for (const [key, formula] of mechanism.formulas) this.formulas.set(`${label}.${key}`, inCell(formula));
    for (const state of mechanism.states.values()) this.addState(label, state, mechanism, inCell);
    if (mechanism.scheme) {
      const keys = mechanism.scheme.states.map((state) => `${label}.${state}`);
      const transitions = mechanism.scheme.transitions.map((t) => ({ ...t, rate: inCell(t.rate) }));
      this.groups.push({ kind: 'scheme', label, keys, transitions });
    }
    const { current } = mechanism;
    if (current?.kind === 'densities') {
      for (const [of, density] of current.densities) this.formulas.set(`${label}.I_${of}`, inCell(density));
      this.formulas.set(`${label}.I`, sumOf([...current.densities.keys()].map((of) => `${label}.I_${of}`)));
    }
    if (current?.kind === 'density') this.formulas.set(`${label}.I`, inCell(current.density));
    if (current?.kind === 'ohmic') {
      const conductance = times(name(`${label}.g`), inCell(current.open));
      this.formulas.set(`${label}.I`, times(conductance, minus(name('V'), name(`${label}.E`))));
    }
  }

  /**
   * A receptor: its states, its conductance and its current. Weights and conductances are counted as densities outside, so the
   * membrane area turns them into the nS of its formulas and back.
   */
  private addReceptor(
    label: string,
    { mechanism: of, reversal_mV, parameters }: ReceptorEntry,
  ): CellReceptor {
    const mechanism = this.mechanisms.get(of)!;
    for (const { name: parameter, key, unit, value } of mechanism.parameters.values())
      this.constants.set(`${label}.${parameter}`, (parameters[key] ?? value) * unit.scale);
    this.constants.set(`${label}.E`, reversal_mV);
    this.constants.set(AREA, this.data.area_um2 * CM2_PER_UM2);
    const ownNames = new Set([
      ...mechanism.formulas.keys(),
      ...mechanism.states.keys(),
      ...mechanism.parameters.keys(),
    ]);
    const inCell = (formula: Expression) =>
      renamed(formula, (local) => (ownNames.has(local) ? `${label}.${local}` : local));
    for (const [key, formula] of mechanism.formulas) this.formulas.set(`${label}.${key}`, inCell(formula));
    for (const state of mechanism.states.values()) this.addState(label, state, mechanism, inCell);
    const { conductance, perWeight } = mechanism.receptor!;
    const density = `${label}.G`;
    this.formulas.set(density, over(inCell(conductance), name(AREA)));
    this.formulas.set(`${label}.I`, times(name(density), minus(name('V'), name(`${label}.E`))));
    const perDensity = [...perWeight].map(([state, factor]) => {
      const formula = `${label}.${state} per weight`;
      this.formulas.set(formula, times(inCell(factor), name(AREA)));
      return [`${label}.${state}`, formula] as const;
    });
    return { label, density, perDensity: new Map(perDensity) };
  }

  private addState(
    label: string,
    { name: local, form, start }: MechanismState,
    mechanism: Mechanism,
    inCell: (formula: Expression) => Expression,
  ): void {
    const key = `${label}.${local}`;
    if (form.kind === 'instantaneous') {
      this.formulas.set(key, inCell(form.is));
      return;
    }
    const x = name(key);
    const common = {
      kind: 'state',
      key,
      start: start && inCell(start),
      isConcentration: mechanism.kind === 'pool' && local === `${mechanism.ion}_in`,
      isAtWholeSteps: mechanism.kind === 'receptor',
    } as const;
    let state: CellState;
    if (form.kind === 'rates') {
      const [alpha, beta] = [inCell(form.alpha), inCell(form.beta)];
      const rate = minus(times(alpha, minus(number(1), x)), times(beta, x));
      state = { ...common, rate, form: { kind: 'rates', alpha, beta } };
    } else if (form.kind === 'relaxing') {
      const [inf, tau] = [inCell(form.inf), inCell(form.tau)];
      state = { ...common, rate: over(minus(inf, x), tau), form: { kind: 'relaxing', inf, tau } };
    } else state = { ...common, rate: inCell(form.rate), form: { kind: 'rate' } };
    this.groups.push(state);
  }

  /** E, I and the concentrations of an ion: given, or from its pool and Nernst's equation. */
  private addIon(ion: string): void {
    const given = this.data.ions[ion] ?? {};
    const pool = this.poolOf(ion);
    const channels = this.entries.filter(
      ({ mechanism }) => mechanism.current && ionsOf(mechanism).includes(ion),
    );
    const parts = channels.map(({ label, mechanism }) =>
      mechanism.current?.kind === 'densities' ? `${label}.I_${ion}` : `${label}.I`,
    );
    this.formulas.set(`I_${ion}`, sumOf(parts));
    if (pool !== null) this.formulas.set(`${ion}_in`, name(`${pool}.${ion}_in`));
    else if (given.in_mM !== undefined)
      this.give(['ions', ion, 'in_mM'], given.in_mM, `${ion}_in`, LIMITS.concentration);
    if (given.out_mM !== undefined)
      this.give(['ions', ion, 'out_mM'], given.out_mM, `${ion}_out`, LIMITS.concentration);
    const valence = IONS[ion]?.valence;
    const hasBoth = (pool !== null || given.in_mM !== undefined) && given.out_mM !== undefined;
    if (given.E_mV !== undefined) this.give(['ions', ion, 'E_mV'], given.E_mV, `E_${ion}`, LIMITS.reversal);
    else if (hasBoth && valence !== undefined) this.formulas.set(`E_${ion}`, nernst(ion, valence));
  }

  /** Every name that is needed must have a value. */
  private requireEverything(): void {
    const states = new Set(
      this.groups.flatMap((group) => (group.kind === 'state' ? [group.key] : group.keys)),
    );
    const formulas = [
      ...this.formulas.values(),
      ...this.groups.flatMap((group) =>
        group.kind === 'state'
          ? [group.rate, ...(group.start ? [group.start] : [])]
          : group.transitions.map((t) => t.rate),
      ),
    ];
    for (const needed of namesNeeded(formulas, this.formulas)) {
      if (needed === 'V' || states.has(needed) || this.constants.has(needed) || this.formulas.has(needed))
        continue;
      this.fail(...this.remedyFor(needed));
    }
  }

  private remedyFor(needed: string): [path: CircuitPath, message: string] {
    const [label, own] = needed.split('.');
    if (own === 'g')
      return [['membrane', label], `g_mS_cm2, the conductance density of "${label}", is missing`];
    if (own === 'E') return [['membrane', label], `E_mV, the reversal potential of "${label}", is missing`];
    const [quantity, ion] = needed.startsWith('E_') ? ['E', needed.slice(2)] : [needed, needed.split('_')[0]];
    const pool = `a pool of ${ion} in the membrane`;
    if (quantity === 'E')
      return [
        ['ions'],
        `the reversal potential of ${ion} is missing: add ions.${ion}.E_mV, or ions.${ion}.out_mM and ${pool}`,
      ];
    if (needed.endsWith('_out')) return [['ions'], `${needed} is missing: add ions.${ion}.out_mM`];
    return [['ions'], `${needed} is missing: add ${pool}, or ions.${ion}.in_mM`];
  }
}

function sumOf(keys: readonly string[]): Expression {
  const [first, ...others] = keys.map(name);
  return first ? others.reduce(plus, first) : number(0);
}

/** R T / (z F) log(out / in), mV. */
function nernst(ion: string, valence: number): Expression {
  const kelvin = plus(name('celsius'), number(273.15));
  const thermal = over(times(name('R'), kelvin), times(number(valence), name('F')));
  return times(thermal, call('log', over(name(`${ion}_out`), name(`${ion}_in`))));
}

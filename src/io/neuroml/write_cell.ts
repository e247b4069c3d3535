import { buildCell, type Mechanisms } from '../../mechanism/build_cell.js';
import type { CellData } from '../../mechanism/cell_schema.js';
import { Equilibrium } from '../../mechanism/equilibrium.js';
import { FARADAY, GAS_CONSTANT, IONS, type Mechanism } from '../../mechanism/mechanism.js';
import { InputError } from '../input_error.js';
import { cellElement, type Density } from './cell_element.js';
import { constantField, jaffe } from './goldman.js';
import { MechanismNodes } from './mechanism_nodes.js';
import { ohmicForm } from './ohmic_form.js';
import { defaultsOf, speciesOf, type WrittenChannel, writeGates } from './write_channel.js';
import { digits } from './write_gate.js';
import { writePool } from './write_pool.js';
import { leaf, neuroMlIds } from './xml.js';

/** A cell and all that it is made of; each list stands at a place of its own in a document. */
export interface WrittenCell {
  readonly channels: readonly WrittenChannel[];
  readonly pools: readonly string[];
  readonly cell: readonly string[];
  /** What only a file of LEMS may hold. */
  readonly lems: readonly string[];
}

export interface CellWriteOptions {
  readonly id: string;
  /** Potential at the start, at which its calcium is settled. */
  readonly start_mV: number;
  /** Of the network that the cell is in. */
  readonly temperature_C: number;
}

/**
 * A cell of mechanisms as NeuroML 2, with channels of its own, whose parameters are worked into them. Throws InputError
 * where NeuroML has no form for a mechanism.
 */
export function writeCell(cell: CellData, mechanisms: Mechanisms, options: CellWriteOptions): WrittenCell {
  return new CellWriter(cell, mechanisms, options).written();
}

type Entry = CellData['membrane'][string];

class CellWriter {
  private readonly channels: WrittenChannel[] = [];
  private readonly densities: Density[] = [];
  private readonly pools: string[] = [];
  private readonly species: string[] = [];
  private readonly lems: string[] = [];
  private readonly labels: ReadonlyMap<string, string>;

  constructor(
    private readonly cell: CellData,
    private readonly mechanisms: Mechanisms,
    private readonly options: CellWriteOptions,
  ) {
    this.labels = neuroMlIds(Object.keys(cell.membrane));
  }

  written(): WrittenCell {
    for (const [label, entry] of Object.entries(this.cell.membrane)) {
      const mechanism = this.mechanisms.get(entry.mechanism);
      if (!mechanism) throw new InputError(`no mechanism is called "${entry.mechanism}"`);
      if (mechanism.kind === 'pool') this.addPool(label, entry, mechanism);
      else this.addChannel(label, entry, mechanism);
    }
    return {
      channels: this.channels,
      pools: this.pools,
      cell: [
        ...cellElement(this.cell, { ...this.options, densities: this.densities, species: this.species }),
      ],
      lems: this.lems,
    };
  }

  private idOf(label: string): string {
    return `${this.options.id}_${this.labels.get(label)}`;
  }

  /** The constants that formulas of an entry read, in coherent units. */
  private valuesOf(entry: Entry, mechanism: Mechanism): Map<string, number> {
    const values = defaultsOf(mechanism);
    for (const { name, key, unit } of mechanism.parameters.values())
      if (typeof entry[key] === 'number') values.set(name, entry[key] * unit.scale);
    if (typeof entry.g_mS_cm2 === 'number') values.set('g', entry.g_mS_cm2);
    // The network's is not this cell's.
    if (this.temperature_C !== this.options.temperature_C) values.set('celsius', this.temperature_C);
    return values;
  }

  private get temperature_C(): number {
    return this.cell.temperature_C ?? this.options.temperature_C;
  }

  /** NeuroML computes Nernst's potential and Goldman's current at the temperature of the network. */
  private requireTemperature(of: string): void {
    if (this.temperature_C !== this.options.temperature_C)
      throw new InputError(
        `${of} depends on the temperature: NeuroML has that of the network (${this.options.temperature_C} degrees C), ` +
          `not ${this.temperature_C} of one of its cells; use one for all`,
      );
  }

  private addChannel(label: string, entry: Entry, mechanism: Mechanism): void {
    const id = this.idOf(label);
    const nodes = new MechanismNodes(mechanism, this.valuesOf(entry, mechanism));
    const own = typeof entry.g_mS_cm2 === 'number' ? entry.g_mS_cm2 : null;
    const shared = {
      id: this.labels.get(label)!,
      ionChannel: id,
      ion: speciesOf(mechanism.ion) ?? 'non_specific',
    };
    const form = ohmicForm(nodes);
    if (!form) {
      this.addGoldman(id, shared, nodes, own);
      return;
    }
    const channel = writeGates(id, nodes, form.open);
    this.channels.push(channel);
    const parameter = mechanism.parameters.get('g');
    const g =
      mechanism.current?.kind === 'density'
        ? 1
        : parameter
          ? ((entry[parameter.key] as number | undefined) ?? parameter.value) * parameter.unit.scale
          : own;
    if (g === null) throw new InputError(`${label}: g_mS_cm2 is missing`);
    const condDensity = `${digits(g * channel.scale)}mS_per_cm2`;
    const E =
      typeof form.reversal === 'number' ? form.reversal : this.reversal(form.reversal, entry, mechanism);
    this.densities.push(
      E === null
        ? { tag: 'channelDensityNernst', attributes: { ...shared, condDensity } }
        : { tag: 'channelDensity', attributes: { ...shared, condDensity, erev: `${digits(E)}mV` } },
    );
  }

  /** A potential in mV, of `E` or of an ion such as `E_K`; null where calcium's follows from its concentration. */
  private reversal(of: string, entry: Entry, mechanism: Mechanism): number | null {
    const { name, parameters } = mechanism;
    const ion = of === 'E' ? mechanism.ion : of.slice(2);
    const parameter = parameters.get(of);
    if (parameter)
      return ((entry[parameter.key] as number | undefined) ?? parameter.value) * parameter.unit.scale;
    if (ion === mechanism.ion && typeof entry.E_mV === 'number') return entry.E_mV;
    const given = this.cell.ions[ion];
    if (given?.E_mV !== undefined) return given.E_mV;
    const isPooled = Object.values(this.cell.membrane).some((other) => {
      const pool = this.mechanisms.get(other.mechanism);
      return pool?.kind === 'pool' && pool.ion === ion;
    });
    if (isPooled && ion === 'Ca') {
      this.requireTemperature('E_Ca');
      return null;
    }
    const valence = IONS[ion]?.valence;
    if (isPooled || valence === undefined || given?.in_mM === undefined || given.out_mM === undefined)
      throw new InputError(`${name}: the reversal potential of ${ion} has no form in NeuroML`);
    const kelvin = this.temperature_C + 273.15;
    return ((GAS_CONSTANT * kelvin) / (valence * FARADAY)) * Math.log(given.out_mM / given.in_mM);
  }

  /** A current that is Goldman's, or Jaffe's, times an open share. */
  private addGoldman(
    id: string,
    shared: Readonly<Record<string, string>>,
    nodes: MechanismNodes,
    g: number | null,
  ): void {
    const { graph, mechanism } = nodes;
    const { current } = mechanism;
    if (current?.kind !== 'density') throw new InputError(`${mechanism.name} has no current`);
    const density = nodes.node(current.density);
    this.requireTemperature(`the current of ${mechanism.name}`);
    const one = { kind: 'number', value: 1, unit: null, place: { text: '', start: 0, end: 0 } } as const;
    for (const [tag, form] of [
      ['channelDensityGHK', constantField],
      ['channelDensityGHK2', jaffe],
    ] as const) {
      const unit = nodes.node(form(one, { let: (_, formula) => formula, permeability: () => one }));
      const open = graph.divide(density, unit);
      if (open.variables.has('V') || open.variables.has('Ca_in') || mechanism.ion !== 'Ca') continue;
      const channel = writeGates(id, nodes, open);
      this.channels.push(channel);
      const size =
        tag === 'channelDensityGHK'
          ? { permeability: `${digits(channel.scale * 1e3)}cm_per_s` }
          : { condDensity: `${digits(channel.scale * (g ?? 1))}mS_per_cm2` };
      this.densities.push({ tag, attributes: { ...shared, ...size } });
      return;
    }
    throw new InputError(
      `${mechanism.name}: its current is neither g open (V - E) nor calcium's of Goldman's form; NeuroML has no other`,
    );
  }

  private addPool(label: string, entry: Entry, mechanism: Mechanism): void {
    const id = this.idOf(label);
    const { lines, lems } = writePool(id, mechanism, this.valuesOf(entry, mechanism));
    this.pools.push(...lines);
    this.lems.push(...lems);
    const outside = this.cell.ions[mechanism.ion]?.out_mM ?? IONS.Ca.out_mM;
    this.species.push(
      ...leaf('species', {
        id: this.labels.get(label)!,
        ion: speciesOf(mechanism.ion) ?? '',
        concentrationModel: id,
        initialConcentration: `${digits(this.settled(`${label}.${mechanism.ion}_in`))}mM`,
        initialExtConcentration: `${digits(outside)}mM`,
      }),
    );
  }

  /** A state of the cell where it is settled at the start. */
  private settled(key: string): number {
    const { id, temperature_C, start_mV } = this.options;
    const { cell, problems } = buildCell(id, this.cell, this.mechanisms, temperature_C);
    if (!cell) throw new InputError(problems.map(({ message }) => message).join('; '));
    return new Equilibrium(cell).at(start_mV).states[key];
  }
}

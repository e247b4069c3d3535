import { buildCell } from '../../mechanism/build_cell.js';
import { type CellData, cellSchema } from '../../mechanism/cell_schema.js';
import type { Mechanism } from '../../mechanism/mechanism.js';
import { CircuitError } from '../../text/circuit_error.js';
import { messageOf } from '../../text/circuit_problems.js';
import type { Membrane } from './membrane.js';
import { type OneSegment, oneSegment, partOf } from './morphology.js';
import { ionOf } from './read_channel.js';
import type { GateContext } from './read_gate.js';
import {
  aboutOf,
  childOf,
  childrenOf,
  numberOf,
  optional,
  refuse,
  required,
  requireKnownChildren,
} from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

/** What the cells of a document share. */
export interface CellContext {
  readonly membrane: Membrane;
  /** Morphologies and biophysical properties outside of cells, by `tag id`. */
  readonly parts: ReadonlyMap<string, XmlElement>;
  /** Of the network; null where the document gives none. */
  readonly temperature_C: number | null;
  readonly note: GateContext['note'];
}

const DENSITIES = [
  ...['channelDensity', 'channelDensityVShift', 'channelDensityNernst', 'channelDensityGHK'],
  ...['channelDensityGHK2', 'channelPopulation'],
];

/** A cell of one segment. Throws CircuitError. */
export function readCell(element: XmlElement, context: CellContext): CellData {
  return new CellReader(element, context).cell();
}

class CellReader {
  private readonly id: string;
  private readonly segment: OneSegment;
  private readonly properties: XmlElement;
  private readonly entries: Record<string, Record<string, string | number>> = {};
  private readonly ions: Record<string, Record<string, number>> = {};

  constructor(
    private readonly element: XmlElement,
    private readonly context: CellContext,
  ) {
    requireKnownChildren(element, ['morphology', 'biophysicalProperties']);
    this.id = required(element, 'id');
    this.segment = oneSegment(element, partOf(element, 'morphology', context.parts));
    this.properties = partOf(element, 'biophysicalProperties', context.parts);
  }

  cell(): CellData {
    const { element, context, properties } = this;
    requireKnownChildren(properties, [
      'membraneProperties',
      'intracellularProperties',
      'extracellularProperties',
    ]);
    const membrane = childOf(properties, 'membraneProperties');
    if (!membrane) return refuse(properties, `the cell "${this.id}" has no <membraneProperties>`);
    requireKnownChildren(membrane, [
      ...DENSITIES,
      ...['specificCapacitance', 'spikeThresh', 'initMembPotential'],
    ]);
    for (const density of membrane.children) if (DENSITIES.includes(density.name)) this.addDensity(density);
    const inside = childOf(properties, 'intracellularProperties');
    if (inside) {
      requireKnownChildren(inside, ['species', 'resistivity']);
      for (const species of childrenOf(inside, 'species')) this.addSpecies(species);
    }
    this.noteStart(membrane);
    const about = aboutOf(element);
    const threshold = this.only(membrane, 'spikeThresh', 'mV');
    const usesTemperature = context.temperature_C !== null;
    return this.checked({
      ...(about !== undefined && { about }),
      C_uF_cm2:
        this.only(membrane, 'specificCapacitance', 'uF/cm2') ?? this.missing(membrane, 'specificCapacitance'),
      area_um2: this.segment.area_um2,
      ...(usesTemperature && { temperature_C: context.temperature_C }),
      ...(threshold !== null && { spikeThreshold_mV: threshold }),
      ions: this.ions,
      membrane: this.entries,
    });
  }

  private missing(element: XmlElement, name: string): never {
    return refuse(element, `the cell "${this.id}" has no <${name}>`);
  }

  private isHere(element: XmlElement): boolean {
    const group = optional(element, 'segmentGroup');
    const segment = optional(element, 'segment');
    if (this.segment.isIn(group) && (segment === null || segment === '0' || group !== null)) return true;
    this.context.note(element, `${this.id}: left out, the segment group "${group}" holds no segment`);
    return false;
  }

  /** The one value that elements of a name give for the segment; null where there is none. */
  private only(parent: XmlElement, name: string, unit: string): number | null {
    const values = childrenOf(parent, name)
      .filter((child) => this.segment.isIn(optional(child, 'segmentGroup')))
      .map((child) => ({ child, value: numberOf(child, 'value', unit) }));
    const other = values.find(({ value }) => value !== values[0].value);
    if (other) refuse(other.child, `a second <${name}> of another value for the only segment`);
    return values[0]?.value ?? null;
  }

  private noteStart(membrane: XmlElement): void {
    const start = childOf(membrane, 'initMembPotential');
    if (start)
      this.context.note(
        start,
        `${this.id}: starts at ${required(start, 'value')} in NeuroML, which is no part of a cell; give it where the cell is used`,
      );
  }

  private label(wanted: string): string {
    const plain = wanted.replace(/[^A-Za-z0-9_-]/g, '_').replace(/^(?=[^A-Za-z])/, 'x_');
    let label = plain;
    for (let k = 2; Object.hasOwn(this.entries, label); k++) label = `${plain}_${k}`;
    return label;
  }

  private addDensity(density: XmlElement): void {
    const [variable] = density.children.filter(({ name }) => name === 'variableParameter');
    if (variable)
      refuse(variable, 'a density that varies along the cell is not read; one compartment has one');
    requireKnownChildren(density, []);
    if (!this.isHere(density)) return;
    const { name, keys } = this.context.membrane.channelOf(density);
    const entry: Record<string, string | number> = { mechanism: name };
    switch (density.name) {
      case 'channelDensityGHK':
        entry.P_cm_s = Number((numberOf(density, 'permeability', 'cm/ms') * 1e3).toPrecision(12));
        break;
      case 'channelPopulation':
        entry.g_mS_cm2 = this.densityOf(density);
        entry.E_mV = numberOf(density, 'erev', 'mV');
        break;
      default:
        entry.g_mS_cm2 = numberOf(density, 'condDensity', 'mS/cm2');
        if (density.attributes.has('erev')) entry.E_mV = numberOf(density, 'erev', 'mV');
    }
    if (density.name === 'channelDensityVShift') {
      const shift = numberOf(density, 'vShift', 'mV');
      if (keys.includes('vShift_mV')) entry.vShift_mV = shift;
      else if (shift !== 0)
        this.context.note(density, `${this.id}: vShift has no effect, since no formula of ${name} reads it`);
    }
    this.entries[this.label(required(density, 'id'))] = entry;
  }

  /** A number of channels of a single conductance as a density. */
  private densityOf(population: XmlElement): number {
    const single_mS = this.context.membrane.conductanceOf(population);
    const area_cm2 = this.segment.area_um2 * 1e-8;
    return Number(((single_mS * numberOf(population, 'number', '1')) / area_cm2).toPrecision(12));
  }

  private addSpecies(species: XmlElement): void {
    if (!this.isHere(species)) return;
    const ion = ionOf(optional(species, 'ion') ?? optional(species, 'id'));
    if (ion !== 'Ca') refuse(species, 'a concentration of calcium is read, no other');
    const pool = this.context.membrane.poolOf(species);
    this.entries[this.label(required(species, 'id'))] = {
      mechanism: pool.name,
      ...pool.ofArea(this.segment.area_um2),
    };
    this.ions.Ca = { out_mM: numberOf(species, 'initialExtConcentration', 'mM') };
    this.context.note(
      species,
      `${this.id}: calcium starts at its steady state, not at ${required(species, 'initialConcentration')}`,
    );
  }

  /** Whether a formula of the cell reads the temperature. */
  private isWarm({ membrane }: CellData): boolean {
    const { data } = this.context.membrane;
    return Object.values(membrane).some(({ mechanism }) =>
      /\bcelsius\b/.test(JSON.stringify(data.get(mechanism))),
    );
  }

  private checked(data: object): CellData {
    const { file, offset } = this.element;
    const fail = (messages: readonly string[]): never => {
      throw new CircuitError(messages.map((message) => file.issue(offset, `${this.id}: ${message}`)));
    };
    const parsed = cellSchema.safeParse(data, { error: messageOf });
    if (!parsed.success)
      return fail(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
    const mechanisms: ReadonlyMap<string, Mechanism> = this.context.membrane.mechanisms;
    const { problems } = buildCell(this.id, parsed.data, mechanisms);
    if (problems.length > 0) fail(problems.map(({ message }) => message));
    if (this.context.temperature_C === null && this.isWarm(parsed.data))
      this.context.note(
        this.element,
        `${this.id}: no network here gives the temperature; its formulas read that of the simulation`,
      );
    return parsed.data;
  }
}

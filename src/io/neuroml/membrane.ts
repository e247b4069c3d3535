import type { Mechanism } from '../../mechanism/mechanism.js';
import type { MechanismData } from '../../mechanism/mechanism_schema.js';
import { type GoldmanKind, goldmanMechanism } from './goldman.js';
import type { LemsTypes } from './lems_types.js';
import type { CheckedDraft } from './mechanism_draft.js';
import { ionOf, ohmicMechanism, readChannel } from './read_channel.js';
import type { GateContext } from './read_gate.js';
import { type ReadPool, readPool } from './read_pool.js';
import { numberOf, optional, refuse, required } from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

/** How a density of a cell uses a channel. */
type Use = 'ohmic' | GoldmanKind;

/** The mechanisms that a document's channels and pools become; one is read when it is first asked for. */
export class Membrane {
  readonly data = new Map<string, MechanismData>();
  readonly mechanisms = new Map<string, Mechanism>();
  private readonly named = new Map<string, string>();
  private readonly pools = new Map<string, ReadPool>();

  constructor(
    private readonly channels: ReadonlyMap<string, XmlElement>,
    private readonly poolElements: ReadonlyMap<string, XmlElement>,
    private readonly types: LemsTypes,
    private readonly note: GateContext['note'],
  ) {}

  /** Reads a channel that no cell uses, or a pool. */
  add(element: XmlElement): void {
    const id = required(element, 'id');
    if (this.poolElements.get(id) === element) this.pool(id, element);
    else if (![...this.named.keys()].some((key) => key.startsWith(`${id} `)))
      this.channel(element, 'ohmic', ionOf(optional(element, 'species')));
  }

  /** The mechanism of a channel density, and the keys of its parameters. */
  channelOf(density: XmlElement): { readonly name: string; readonly keys: readonly string[] } {
    const channel = this.channelElement(density);
    const species = optional(channel, 'species');
    const ion = ionOf(optional(density, 'ion') ?? species);
    if (species !== null && ionOf(species) !== ion && ionOf(species) !== 'nonspecific')
      this.note(
        density,
        `a current of ${optional(density, 'ion')}, as the cell says; its channel says ${species}`,
      );
    const use = GOLDMAN.find((kind) => kind === density.name) ?? 'ohmic';
    const isCalcium = use !== 'ohmic' || density.name === 'channelDensityNernst';
    if (isCalcium && ion !== 'Ca')
      refuse(
        density,
        `<${density.name}> is of calcium in NeuroML; this one is of ${optional(density, 'ion') ?? 'no ion'}`,
      );
    const name = this.channel(channel, use, ion);
    return { name, keys: Object.keys(this.data.get(name)?.parameters ?? {}) };
  }

  /** Conductance of one channel of a population, mS. */
  conductanceOf(population: XmlElement): number {
    return numberOf(this.channelElement(population), 'conductance', 'mS');
  }

  poolOf(species: XmlElement): Pick<ReadPool, 'ofArea'> & { readonly name: string } {
    const id = required(species, 'concentrationModel');
    const element =
      this.poolElements.get(id) ??
      refuse(species, `no concentration model is called "${id}" here; add the file that defines it`);
    return { name: id, ofArea: this.pool(id, element).ofArea };
  }

  private channelElement(density: XmlElement): XmlElement {
    const id = required(density, 'ionChannel');
    return (
      this.channels.get(id) ??
      refuse(density, `no ion channel is called "${id}" here; add the file that defines it`)
    );
  }

  private channel(element: XmlElement, use: Use, ion: string): string {
    const id = required(element, 'id');
    const key = `${id} ${use} ${ion}`;
    const known = this.named.get(key);
    if (known !== undefined) return known;
    const variant = use === 'ohmic' ? ion : use.replace('channelDensity', '');
    const name = [id, `${id}-${variant}`].find((free) => !this.mechanisms.has(free)) ?? key;
    const channel = readChannel(element, this.types, this.note);
    this.keep(
      name,
      use === 'ohmic' ? ohmicMechanism(name, ion, channel) : goldmanMechanism(name, use, channel),
    );
    this.named.set(key, name);
    return name;
  }

  private pool(id: string, element: XmlElement): ReadPool {
    const known = this.pools.get(id);
    if (known) return known;
    if (this.mechanisms.has(id)) refuse(element, `"${id}" is the name of a channel too; rename one`);
    const pool = readPool(element, this.types, this.note);
    this.keep(id, pool);
    this.pools.set(id, pool);
    return pool;
  }

  private keep(name: string, { data, mechanism }: CheckedDraft): void {
    this.data.set(name, data);
    this.mechanisms.set(name, mechanism);
  }
}

const GOLDMAN: readonly GoldmanKind[] = ['channelDensityGHK', 'channelDensityGHK2'];

import type { Expression } from '../../language/expression.js';
import { dimensionOf, PURE_NUMBER } from '../../language/units.js';
import { name, number, plus, times } from '../../mechanism/formulas.js';
import { IONS } from '../../mechanism/mechanism.js';
import type { LemsTypes } from './lems_types.js';
import { type CheckedDraft, MechanismDraft } from './mechanism_draft.js';
import { type GateContext, productOf, readFractionalGate, readGate, standardGateOf } from './read_gate.js';
import { readOwnChannel } from './read_own_channel.js';
import { type ReadScheme, readScheme } from './read_scheme.js';
import {
  aboutOf,
  childrenOf,
  numberOf,
  optional,
  refuse,
  required,
  requireKnownChildren,
} from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

/** Elements that are ion channels. */
export const CHANNELS: ReadonlySet<string> = new Set([
  ...['ionChannel', 'ionChannelHH', 'ionChannelKS', 'ionChannelPassive', 'ionChannelVShift'],
]);

export interface ReadChannel {
  readonly draft: MechanismDraft;
  readonly open: Expression;
  readonly scheme: ReadScheme['scheme'];
  readonly about: string | undefined;
}

/** The name of an ion in mechanisms, by its id in NeuroML; `nonspecific` for what is no single ion. */
export function ionOf(id: string | null): string {
  // Not ca2, NeuroML's name for a second pool of calcium.
  const symbol = (id ?? '').toLowerCase().replace(/\d*[+-]$/, '');
  return Object.keys(IONS).find((ion) => ion.toLowerCase() === symbol) ?? 'nonspecific';
}

/** Reads an ion channel: its gates and its open share. Throws CircuitError. */
export function readChannel(channel: XmlElement, types: LemsTypes, note: GateContext['note']): ReadChannel {
  const draft = new MechanismDraft(channel, note);
  const own = optional(channel, 'vShift');
  const context: GateContext = {
    draft,
    types,
    note,
    scope: (of) => scopeOfChannel(draft, of, own === null ? null : channel),
  };
  const type = optional(channel, 'type') ?? channel.name;
  if (!CHANNELS.has(type)) {
    const custom = types.type(type) ?? refuse(channel, `the channel type "${type}" is not known here`);
    return { draft, open: readOwnChannel(channel, custom, context), scheme: null, about: aboutOf(channel) };
  }
  const gates = channel.children.filter(({ name: tag }) => /^gate/.test(tag));
  const isScaling = (child: XmlElement) => /ConductanceScaling/i.test(child.name);
  const scalings = channel.children.filter(isScaling);
  requireKnownChildren(
    channel,
    [...gates, ...scalings].map(({ name: tag }) => tag),
  );

  const states = gates.map((gate) => reserveStates(gate, types, draft));
  let scheme: ReadChannel['scheme'] = null;
  const shares = gates.map((gate, i) => {
    const kind = standardGateOf(gate, types);
    if (kind === 'gateFractional') return readFractionalGate(gate, states[i], context);
    if (kind !== 'gateKS') return readGate(gate, states[i][0], context);
    const read = readScheme(gate, context);
    if (scheme && read.scheme)
      refuse(gate, 'a second kinetic scheme of more than two states; a mechanism has one');
    scheme ??= read.scheme;
    return read.share;
  });
  const factor = productOf(scalings, 'factor', 'scaling', context);
  const parts = factor ? [...shares, factor] : shares;
  const open = parts.length > 0 ? parts.reduce(times) : number(1);
  return { draft, open, scheme, about: aboutOf(channel) };
}

/** Names for the states of a gate, before any formula is read that might take one. */
function reserveStates(gate: XmlElement, types: LemsTypes, draft: MechanismDraft): string[] {
  const id = required(gate, 'id');
  switch (standardGateOf(gate, types)) {
    case 'gateFractional':
      return childrenOf(gate, 'subGate').map((sub) => draft.reserve(`${id}_${required(sub, 'id')}`));
    case 'gateKS':
      return [];
    default:
      return [draft.reserve(id)];
  }
}

/** What names of LEMS mean in a membrane. */
function scopeOfChannel(draft: MechanismDraft, of: string, shifted: XmlElement | null): Expression | null {
  switch (of) {
    case 'v':
      return name('V');
    case 'caConc':
      return name('Ca_in');
    case 'caConcExt':
      return name('Ca_out');
    case 'temperature':
      return kelvin();
    case 'vShift':
      return shifted ? number(numberOf(shifted, 'vShift', 'mV')) : draft.parameter('vShift_mV', 0);
    default:
      return null;
  }
}

/** The absolute temperature. */
export const kelvin = (): Expression =>
  plus(name('celsius'), {
    ...(number(273.15) as Expression & { kind: 'number' }),
    unit: { dimension: dimensionOf('K'), scale: 1 },
  });

/** A channel whose current is g open (V - E), as a mechanism. Throws CircuitError where its values are not possible. */
export function ohmicMechanism(id: string, ion: string, channel: ReadChannel): CheckedDraft {
  const { draft, open, scheme, about } = channel;
  const share = draft.formula(open, PURE_NUMBER, 'the open share', draft.origin);
  return draft.finish(id, {
    ...(about !== undefined && { about }),
    channel: ion,
    ...(scheme ? { scheme: { ...scheme, open: share } } : { open: share === '1' ? 1 : share }),
  });
}

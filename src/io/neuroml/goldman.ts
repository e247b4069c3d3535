import type { Expression } from '../../language/expression.js';
import { dimensionOf, PURE_NUMBER } from '../../language/units.js';
import { call, minus, name, number, over, pure, times } from '../../mechanism/formulas.js';
import type { CheckedDraft } from './mechanism_draft.js';
import { kelvin, type ReadChannel } from './read_channel.js';

const CURRENT_DENSITY = dimensionOf('uA/cm2');

/** How ions other than by Ohm's law pass a channel: both of calcium only, as NeuroML has them. */
export type GoldmanKind = 'channelDensityGHK' | 'channelDensityGHK2';

/**
 * A calcium channel whose current follows Goldman, Hodgkin and Katz, as a mechanism with the parameter P_cm_s (GHK), or in
 * the form of Jaffe et al. 1994, J Neurophysiol 71:1065, with a conductance (GHK2).
 */
export function goldmanMechanism(
  id: string,
  kind: GoldmanKind,
  { draft, open, scheme, about }: ReadChannel,
): CheckedDraft {
  const { origin } = draft;
  draft.formula(open, PURE_NUMBER, 'the open share', origin);
  const density = kind === 'channelDensityGHK' ? constantField : jaffe;
  const current = density(open, {
    let: (wanted, formula) => draft.let([wanted], formula, origin),
    permeability: () => draft.parameter('P_cm_s', 0),
  });
  return draft.finish(id, {
    ...(about !== undefined && { about }),
    channel: 'Ca',
    ...(scheme && { scheme }),
    current: draft.formula(current, CURRENT_DENSITY, 'the current', origin),
  });
}

export interface GoldmanNames {
  let(wanted: string, formula: Expression): Expression;
  permeability(): Expression;
}

const product = (...factors: Expression[]): Expression => factors.reduce(times);

/** P share 2 F xi (Ca_in - Ca_out exp(-xi)) / (1 - exp(-xi)) with xi = 2 F V / (R T). */
export function constantField(share: Expression, names: GoldmanNames): Expression {
  const xi = names.let('xi', over(product(pure(2), name('F'), name('V')), times(name('R'), kelvin())));
  const decay = call('exp', { kind: 'negative', of: xi, place: xi.place });
  const driving = minus(name('Ca_in'), times(name('Ca_out'), decay));
  const flow = product(names.permeability(), share, pure(2), name('F'), xi, driving);
  return over(flow, minus(pure(1), decay));
}

/** -g share h (1 - Ca_in/Ca_out exp(V/h)) (V/h) / (exp(V/h) - 1) with h = 25 mV T / (2 * 293.15 K). */
export function jaffe(share: Expression, names: GoldmanNames): Expression {
  const h = names.let(
    'halfThermal',
    over(times(quantity(25, 'mV'), kelvin()), times(pure(2), quantity(293.15, 'K'))),
  );
  const x = over(name('V'), h);
  const exponential = call('exp', x);
  const drive = minus(pure(1), times(over(name('Ca_in'), name('Ca_out')), exponential));
  const flow = product(name('g'), share, h, drive, over(x, minus(exponential, pure(1))));
  return { kind: 'negative', of: flow, place: flow.place };
}

const quantity = (value: number, unit: string): Expression =>
  ({ ...number(value), unit: { dimension: dimensionOf(unit), scale: 1 } }) as Expression;

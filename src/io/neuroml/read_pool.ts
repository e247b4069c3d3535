import type { Expression } from '../../language/expression.js';
import { dimensionOf } from '../../language/units.js';
import { minus, name, over, times } from '../../mechanism/formulas.js';
import { Component, type Scope } from './component.js';
import { mapped } from './lems_formula.js';
import type { LemsType, LemsTypes } from './lems_types.js';
import { type CheckedDraft, MechanismDraft } from './mechanism_draft.js';
import { ionOf, kelvin } from './read_channel.js';
import type { GateContext } from './read_gate.js';
import { aboutOf, numberOf, optional, refuse, required, requireKnownChildren } from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

/** The concentration model of an element, as a pool. */
export interface ReadPool extends CheckedDraft {
  /** Parameters that depend on the area of a cell, um2. */
  readonly ofArea: (area_um2: number) => Readonly<Record<string, number>>;
}

const CONCENTRATION_RATE = dimensionOf('mM/ms');
const RHO = 'umol/cm/uA/ms';

interface Model {
  readonly parameters: Readonly<Record<string, number>>;
  readonly rate: (parameter: (key: string) => Expression) => Expression;
  readonly ofArea?: ReadPool['ofArea'];
}

const calcium = name('Ca_in');
const influx: Expression = { kind: 'negative', of: name('I_Ca'), place: calcium.place };
const decay = (parameter: (key: string) => Expression): Expression =>
  over(minus(calcium, parameter('rest_mM')), parameter('tau_ms'));

/** The models that NeuroML defines, of calcium. */
const MODELS: Readonly<Record<string, (element: XmlElement) => Model>> = {
  decayingPoolConcentrationModel: (element) => {
    const depth_um = numberOf(element, 'shellThickness', 'cm') * 1e4;
    return {
      parameters: {
        depth_um,
        rest_mM: numberOf(element, 'restingConc', 'mM'),
        tau_ms: numberOf(element, 'decayConstant', 'ms'),
      },
      rate: (parameter) =>
        minus(over(influx, times(times(TWO, name('F')), parameter('depth_um'))), decay(parameter)),
      ofArea: (area_um2) => ({ depth_um: depthOfShell(area_um2, depth_um) }),
    };
  },
  fixedFactorConcentrationModel: (element) => ({
    parameters: {
      rho_umol_cm_uA_ms: numberOf(element, 'rho', RHO),
      rest_mM: numberOf(element, 'restingConc', 'mM'),
      tau_ms: numberOf(element, 'decayConstant', 'ms'),
    },
    rate: (parameter) => minus(times(influx, parameter('rho_umol_cm_uA_ms')), decay(parameter)),
  }),
  fixedFactorConcentrationModelTraub: (element) => ({
    parameters: {
      phi_umol_cm_uA_ms: Number((1e-9 * numberOf(element, 'phi', RHO)).toPrecision(12)),
      rest_mM: numberOf(element, 'restingConc', 'mM'),
      beta_per_ms: numberOf(element, 'beta', '1/ms'),
    },
    rate: (parameter) =>
      minus(
        times(influx, parameter('phi_umol_cm_uA_ms')),
        times(minus(calcium, parameter('rest_mM')), parameter('beta_per_ms')),
      ),
  }),
};
const TWO: Expression = { kind: 'number', value: 2, unit: null, place: calcium.place };

/** Volume over area of a shell within a sphere of that area, um: what a flat one of that depth would have. */
function depthOfShell(area_um2: number, thickness_um: number): number {
  const outer = Math.sqrt(area_um2 / (4 * Math.PI));
  const inner = outer - thickness_um;
  return Number((((4 / 3) * Math.PI * (outer ** 3 - inner ** 3)) / area_um2).toPrecision(12));
}

/** Whether an element is a concentration model, of NeuroML's or of a type of the document. */
export function isPool(element: XmlElement, types: LemsTypes): boolean {
  const type = optional(element, 'type') ?? element.name;
  return Object.hasOwn(MODELS, type) || types.standardOf(type) === 'concentrationModel';
}

/** Reads a concentration model. Throws CircuitError. */
export function readPool(element: XmlElement, types: LemsTypes, note: GateContext['note']): ReadPool {
  requireKnownChildren(element, []);
  const id = required(element, 'id');
  const ion = optional(element, 'ion') ?? optional(element, 'species');
  if (ion !== null && ionOf(ion) !== 'Ca')
    refuse(element, `"${id}" is a concentration of ${ion}; NeuroML's models are of calcium`);
  const draft = new MechanismDraft(element, note);
  const typeName = optional(element, 'type') ?? element.name;
  const type = types.type(typeName);
  const standard = !type && Object.hasOwn(MODELS, typeName) ? MODELS[typeName](element) : null;
  const rate = standard
    ? standard.rate((key) => draft.parameter(key, standard.parameters[key]))
    : customRate(element, typeName, type, types, draft, note);
  const about = aboutOf(element);
  const text = draft.formula(rate, CONCENTRATION_RATE, 'the rate of Ca_in', element);
  draft.state('Ca_in', { rate: text, ...(standard && { start: 'rest' }) }, element);
  const { data, mechanism } = draft.finish(id, { ...(about !== undefined && { about }), pool: 'Ca' });
  const isOfArea = draft.parameterKeys.includes(AREA);
  const ofArea = standard?.ofArea ?? ((area_um2) => (isOfArea ? { [AREA]: area_um2 } : {}));
  return { data, mechanism, ofArea };
}

const AREA = 'surfaceArea_um2';
/** A sphere of 18 um, where no cell says its area. */
const ANY_AREA_um2 = 1000;

/** The name that `iCa / surfaceArea` gets: a density, which does not depend on the area. */
const DENSITY = 'iCa / surfaceArea';

const perArea = (formula: Expression): Expression =>
  mapped(formula, (part) => {
    if (part.kind !== 'binary' || part.operator !== '/') return part;
    const { left, right, place } = part;
    const isDensity =
      left.kind === 'name' && left.name === 'iCa' && right.kind === 'name' && right.name === 'surfaceArea';
    return isDensity ? { kind: 'name', name: DENSITY, place } : part;
  });

function customRate(
  element: XmlElement,
  typeName: string,
  type: LemsType | null,
  types: LemsTypes,
  draft: MechanismDraft,
  note: GateContext['note'],
): Expression {
  if (!type) return refuse(element, `the concentration model "${typeName}" is not known here`);
  const rate = type.states.get('concentration')?.rate;
  if (!rate) return refuse(element, `the ComponentType ${typeName} gives no rate of its concentration`);
  for (const state of type.states.keys())
    if (state !== 'concentration' && type.states.get(state)?.rate)
      refuse(element, `the ComponentType ${typeName} has another state, ${state}, which is not read`);
  for (const jump of type.jumps) {
    if (!/^\s*concentration\s*\.lt\.\s*0\s*$/.test(required(jump, 'test')))
      refuse(jump, `a jump of ${typeName} is not read; only one that keeps the concentration above 0`);
    note(jump, `${required(element, 'id')}: nothing keeps the concentration above 0 but its own formula`);
  }
  const scope: Scope = (of) => {
    switch (of) {
      case 'concentration':
      case 'caConc':
        return calcium;
      case 'extConcentration':
      case 'caConcExt':
        return name('Ca_out');
      case 'surfaceArea':
        return draft.parameter(AREA, ANY_AREA_um2);
      case 'iCa':
        return times(influx, draft.parameter(AREA, ANY_AREA_um2));
      case DENSITY:
        return influx;
      case 'v':
        return name('V');
      case 'temperature':
        return kelvin();
      default:
        return null;
    }
  };
  const role = required(element, 'id');
  return new Component(draft, types, element, typeName, role, scope, perArea).formula(rate);
}

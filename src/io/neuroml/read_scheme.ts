import type { Expression } from '../../language/expression.js';
import { dimensionOf } from '../../language/units.js';
import { call, name, number, over, plus, pure, times } from '../../mechanism/formulas.js';
import type { MechanismData } from '../../mechanism/mechanism_schema.js';
import { Component, type Scope, shifted, typeOf } from './component.js';
import { complement, type GateContext, productOf, raised } from './read_gate.js';
import {
  attributeOf,
  childrenOf,
  numberOf,
  optional,
  refuse,
  required,
  requiredChild,
  requireKnownChildren,
} from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

/** What a kinetic scheme (gateKS) becomes. */
export interface ReadScheme {
  /** Its part of the open channel. */
  readonly share: Expression;
  /** Null where the scheme of two states is a gate of Hodgkin and Huxley's kind. */
  readonly scheme: Pick<NonNullable<MechanismData['scheme']>, 'states' | 'reactions'> | null;
}

const STATES = ['closedState', 'openState', 'KSState'];
const TRANSITIONS = ['forwardTransition', 'reverseTransition', 'tauInfTransition', 'vHalfTransition'];
const PER_MS = dimensionOf('1/ms');
/** kT/e in the standard's half-voltage transition, mV. */
const THERMAL_mV = 25.3;

/** Reads a kinetic scheme; `reserve` gives a state its name in the mechanism. */
export function readScheme(gate: XmlElement, context: GateContext): ReadScheme {
  requireKnownChildren(gate, ['q10Settings', ...STATES, ...TRANSITIONS]);
  const { draft } = context;
  const id = required(gate, 'id');
  const states = gate.children.filter((child) => STATES.includes(child.name));
  if (states.length < 2) refuse(gate, `the kinetic scheme "${id}" has ${states.length} states; it needs 2`);
  const isGate = states.length === 2;
  const openStates = states.filter((state) => conductanceOf(state) !== 0);
  if (openStates.length === 0) refuse(gate, `the kinetic scheme "${id}" has no open state`);
  const names = new Map<string, string>();
  for (const state of states) {
    const wanted = isGate ? id : required(state, 'id');
    // Of a scheme of two states one is the share of the other's rest.
    if (!isGate || state === openStates[0]) names.set(required(state, 'id'), draft.reserve(wanted));
  }
  const rates = transitionRates(gate, context);
  const instances = numberOf(gate, 'instances', '1');
  if (isGate) {
    if (openStates.length > 1) refuse(gate, `the kinetic scheme "${id}" is open in both of its states`);
    const [open] = openStates.map((state) => required(state, 'id'));
    const state = names.get(open)!;
    const rateOf = (isOpening: boolean) => {
      const sum = rates.filter(({ to }) => (to === open) === isOpening).map(({ rate }) => rate);
      return sum.length > 0 ? sum.reduce(plus) : number(0);
    };
    const [alpha, beta] = [true, false].map((isOpening) =>
      draft.formula(rateOf(isOpening), PER_MS, `a rate of ${state}`, gate),
    );
    draft.state(state, { alpha, beta }, gate);
    return { share: raised(scaled(name(state), openStates[0]), instances), scheme: null };
  }
  const reactions = rates.map(({ from, to, rate, element }) => {
    const text = draft.formula(rate, PER_MS, `the rate of ${from} to ${to}`, element);
    return `${stateName(names, from, element)} -> ${stateName(names, to, element)} : ${text}`;
  });
  const open = openStates.map((state) => scaled(name(names.get(required(state, 'id'))!), state)).reduce(plus);
  return { share: raised(open, instances), scheme: { states: [...names.values()], reactions } };
}

function stateName(names: ReadonlyMap<string, string>, id: string, element: XmlElement): string {
  return names.get(id) ?? refuse(element, `no state of the scheme is called "${id}"`);
}

function conductanceOf(state: XmlElement): number {
  if (state.name === 'closedState') return 0;
  return state.name === 'openState' ? 1 : numberOf(state, 'relativeConductance', '1');
}

function scaled(share: Expression, state: XmlElement): Expression {
  const conductance = conductanceOf(state);
  return conductance === 1 ? share : times(pure(conductance), share);
}

interface TransitionRate {
  readonly from: string;
  readonly to: string;
  readonly rate: Expression;
  readonly element: XmlElement;
}

function transitionRates(gate: XmlElement, context: GateContext): TransitionRate[] {
  const { draft, types } = context;
  const q10 = productOf(childrenOf(gate, 'q10Settings'), 'q10', 'q10', context);
  let isScaled = false;
  const scope: Scope = (of) => {
    if (of !== 'rateScale') return context.scope(of);
    isScaled = true;
    return q10 ?? pure(1);
  };
  const transitions = gate.children.filter((child) => TRANSITIONS.includes(child.name));
  const rates = transitions.flatMap((element, i): TransitionRate[] => {
    const [from, to] = [required(element, 'from'), required(element, 'to')];
    const role = optional(element, 'id') ?? `transition${i + 1}`;
    const exposed = (child: string, exposure: string) => {
      const rate = requiredChild(element, child);
      return new Component(draft, types, rate, typeOf(rate), role, scope).exposed(exposure);
    };
    const forward = (rate: Expression) => ({ from, to, rate, element });
    const backward = (rate: Expression) => ({ from: to, to: from, rate, element });
    switch (element.name) {
      case 'forwardTransition':
        return [forward(exposed('rate', 'r'))];
      case 'reverseTransition':
        return [backward(exposed('rate', 'r'))];
      case 'tauInfTransition': {
        const origin = attributeOf(element, 'from');
        const tau = draft.let([`${role}_tau`], exposed('timeCourse', 't'), { ...origin, file: element.file });
        const inf = draft.let([`${role}_inf`], exposed('steadyState', 'x'), {
          ...origin,
          file: element.file,
        });
        return [forward(over(inf, tau)), backward(over(complement(inf), tau))];
      }
      default:
        return halfVoltageRates(element).map((rate, k) => (k === 0 ? forward(rate) : backward(rate)));
    }
  });
  if (q10 && !isScaled)
    context.note(gate, `q10Settings of a kinetic scheme scale only rates that ask for rateScale; none does`);
  return rates;
}

/** 1 / (tauMin + tau exp(-z gamma (V - vHalf) / 25.3 mV)), and back with 1 - gamma and the other sign. */
function halfVoltageRates(element: XmlElement): Expression[] {
  const [half, tau, least] = (
    [
      ['vHalf', 'mV'],
      ['tau', 'ms'],
      ['tauMin', 'ms'],
    ] as const
  ).map(([key, unit]) => numberOf(element, key, unit));
  const [z, gamma] = ['z', 'gamma'].map((key) => numberOf(element, key, '1'));
  return [-z * gamma, z * (1 - gamma)].map((charge) => {
    const exponent = over(times(pure(charge), shifted('V', half)), number(THERMAL_mV));
    return over(pure(1), plus(number(least), times(number(tau), call('exp', exponent))));
  });
}

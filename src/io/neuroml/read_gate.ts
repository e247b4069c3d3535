import type { Expression } from '../../language/expression.js';
import { dimensionOf, PURE_NUMBER } from '../../language/units.js';
import { minus, name, number, over, plus, power, pure, times } from '../../mechanism/formulas.js';
import type { StateData } from '../../mechanism/mechanism_schema.js';
import { Component, type Scope, typeOf } from './component.js';
import type { LemsTypes } from './lems_types.js';
import type { MechanismDraft, Note } from './mechanism_draft.js';
import {
  childrenOf,
  numberOf,
  optional,
  refuse,
  required,
  requiredChild,
  requireKnownChildren,
} from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

/** What the gates of a channel are read into, and what surrounds them. */
export interface GateContext {
  readonly draft: MechanismDraft;
  readonly types: LemsTypes;
  readonly scope: Scope;
  readonly note: Note;
}

const PER_MS = dimensionOf('1/ms');
const MS = dimensionOf('ms');

/** The kind of a gate: its type, or the element's name where that says it, as in <gateHHrates>. */
export const gateTypeOf = (element: XmlElement): string => optional(element, 'type') ?? element.name;

/** The type of NeuroML's own that a gate is of, also where it has a type of its document. */
export const standardGateOf = (element: XmlElement, types: LemsTypes): string =>
  types.type(gateTypeOf(element))?.standard ?? gateTypeOf(element);

export const raised = (base: Expression, instances: number): Expression =>
  instances === 1 ? base : power(base, number(instances));

/** Product of two, the second of which may be missing. */
export const scaledBy = (of: Expression, factor: Expression | null): Expression =>
  factor ? times(of, factor) : of;

/** The product of what children of a name expose; null where there are none. */
export function productOf(
  children: readonly XmlElement[],
  exposure: string,
  role: string,
  { draft, types, scope }: GateContext,
): Expression | null {
  return children.reduce<Expression | null>((product, child) => {
    const type = optional(child, 'type') ?? child.name;
    const factor = new Component(draft, types, child, type, role, scope).exposed(exposure);
    return product ? times(product, factor) : factor;
  }, null);
}

/** Reads a gate of Hodgkin and Huxley's kind, whose state has a name already; gives its share of the open channel. */
export function readGate(gate: XmlElement, state: string, context: GateContext): Expression {
  return new GateReader(gate, state, context).share();
}

const CHILDREN = ['q10Settings', 'forwardRate', 'reverseRate', 'timeCourse', 'steadyState'];

class GateReader {
  private readonly rates = new Map<string, Component>();
  /** alpha and beta, where formulas need their values by name. */
  private readonly named = new Map<string, Expression>();
  private readonly q10: Expression | null;
  private readonly inner: GateContext;

  constructor(
    private readonly gate: XmlElement,
    private readonly state: string,
    context: GateContext,
  ) {
    requireKnownChildren(gate, CHILDREN);
    this.q10 = productOf(childrenOf(gate, 'q10Settings'), 'q10', `${state}_q10`, context);
    this.inner = { ...context, scope: (of) => this.scope(of) ?? context.scope(of) };
  }

  share(): Expression {
    const { gate, state } = this;
    const { types } = this.inner;
    const instances = numberOf(gate, 'instances', '1');
    const type = types.type(gateTypeOf(gate));
    if (type && (type.variables.size > 0 || type.states.size > 0)) return this.ownShare();
    this.inner.draft.state(state, this.form(type?.standard ?? gateTypeOf(gate)), gate);
    return raised(name(state), instances);
  }

  /** A gate whose type has variables of its own: those of a gate that follows V at once are understood. */
  private ownShare(): Expression {
    const { gate, state } = this;
    const { draft, types, scope } = this.inner;
    const component = new Component(draft, types, gate, gateTypeOf(gate), state, scope);
    const { type } = component;
    if (type?.states.size || !type?.variables.has('q'))
      refuse(gate, `the ComponentType ${gateTypeOf(gate)} has dynamics of its own, which is not read`);
    // Such a type gives its share by its own value, and no state is needed.
    if (type.variables.has('fcond')) return component.exposed('fcond');
    draft.state(state, { is: draft.formula(component.exposed('q'), PURE_NUMBER, state, gate) }, gate);
    return raised(name(state), numberOf(gate, 'instances', '1'));
  }

  private scope(of: string): Expression | null {
    switch (of) {
      case 'alpha':
      case 'beta':
        return this.namedRate(of);
      case 'rateScale':
        return this.q10 ?? pure(1);
      case 'instances':
        return pure(numberOf(this.gate, 'instances', '1'));
      case 'q':
        return name(this.state);
      case 'steadyState/x':
        return this.exposed('steadyState', 'x');
      case 'timeCourse/t':
        return this.exposed('timeCourse', 't');
      case 'forwardRate/r':
        return this.namedRate('alpha');
      case 'reverseRate/r':
        return this.namedRate('beta');
      default:
        return null;
    }
  }

  private exposed(child: string, exposure: string): Expression {
    let component = this.rates.get(child);
    if (!component) {
      const element = requiredChild(this.gate, child);
      const { draft, types, scope } = this.inner;
      const role = `${this.state}_${ROLES[child]}`;
      component = new Component(draft, types, element, typeOf(element), role, scope);
      this.rates.set(child, component);
    }
    return component.exposed(exposure);
  }

  private namedRate(of: 'alpha' | 'beta'): Expression {
    const known = this.named.get(of);
    if (known) return known;
    const rate = this.rate(of);
    const named = this.inner.draft.let([`${this.state}_${of}`], rate, this.gate);
    this.named.set(of, named);
    return named;
  }

  private rate(of: 'alpha' | 'beta'): Expression {
    return this.named.get(of) ?? this.exposed(of === 'alpha' ? 'forwardRate' : 'reverseRate', 'r');
  }

  private form(kind: string): StateData {
    const { gate, state, q10 } = this;
    const { draft } = this.inner;
    const tau = (unscaled: Expression) =>
      draft.formula(q10 ? over(unscaled, q10) : unscaled, MS, `tau of ${state}`, gate);
    const inf = (value: Expression) => draft.formula(value, PURE_NUMBER, `inf of ${state}`, gate);
    const steady = () => this.exposed('steadyState', 'x');
    const course = () => this.exposed('timeCourse', 't');
    const ratio = () => over(this.namedRate('alpha'), plus(this.namedRate('alpha'), this.namedRate('beta')));
    const rounds = () => over(pure(1), plus(this.namedRate('alpha'), this.namedRate('beta')));
    switch (kind) {
      case 'gateHHrates': {
        // A rate may be written with the other: the one that is needed gets a name first.
        this.rate('beta');
        const [alpha, beta] = [this.rate('alpha'), this.rate('beta')].map((rate, i) =>
          draft.formula(scaledBy(rate, q10), PER_MS, `${i === 0 ? 'alpha' : 'beta'} of ${state}`, gate),
        );
        return { alpha, beta };
      }
      case 'gateHHtauInf':
        if (isImmediate(requiredChild(gate, 'timeCourse'))) return { is: inf(steady()) };
        return { inf: inf(steady()), tau: tau(course()) };
      case 'gateHHInstantaneous':
        return { is: inf(steady()) };
      case 'gateHHratesInstantaneous':
        return { is: inf(ratio()) };
      case 'gateHHratesTau':
        return { inf: inf(ratio()), tau: tau(course()) };
      case 'gateHHratesInf':
        return { inf: inf(steady()), tau: tau(rounds()) };
      case 'gateHHratesTauInf':
        return { inf: inf(steady()), tau: tau(course()) };
      default:
        return refuse(gate, `a gate of type "${kind}" is not read; known are ${GATES.join(', ')}`);
    }
  }
}

const ROLES: Readonly<Record<string, string>> = {
  forwardRate: 'alpha',
  reverseRate: 'beta',
  timeCourse: 'tau',
  steadyState: 'inf',
};

const GATES = [
  ...['gateHHrates', 'gateHHtauInf', 'gateHHInstantaneous', 'gateHHratesInstantaneous', 'gateHHratesTau'],
  ...['gateHHratesInf', 'gateHHratesTauInf', 'gateFractional', 'gateKS'],
];

/** A time course of 0, with which authors write a gate that follows V at once. */
const isImmediate = (timeCourse: XmlElement): boolean =>
  typeOf(timeCourse) === 'fixedTimeCourse' && numberOf(timeCourse, 'tau', 'ms') === 0;

/** The sub-gates of a gate of which each has a part of the conductance; their states are named already. */
export function readFractionalGate(
  gate: XmlElement,
  states: readonly string[],
  context: GateContext,
): Expression {
  requireKnownChildren(gate, ['q10Settings', 'subGate']);
  const { draft } = context;
  const q10 = productOf(childrenOf(gate, 'q10Settings'), 'q10', 'q10', context);
  const scope: Scope = (of) => (of === 'rateScale' ? (q10 ?? pure(1)) : context.scope(of));
  const parts = childrenOf(gate, 'subGate').map((sub, i) => {
    requireKnownChildren(sub, ['timeCourse', 'steadyState']);
    const exposed = (child: string, exposure: string) => {
      const element = requiredChild(sub, child);
      const role = `${states[i]}_${ROLES[child]}`;
      return new Component(draft, context.types, element, typeOf(element), role, scope).exposed(exposure);
    };
    const inf = draft.formula(exposed('steadyState', 'x'), PURE_NUMBER, `inf of ${states[i]}`, sub);
    const course = exposed('timeCourse', 't');
    const tau = draft.formula(q10 ? over(course, q10) : course, MS, `tau of ${states[i]}`, sub);
    draft.state(states[i], { inf, tau }, sub);
    return times(pure(numberOf(sub, 'fractionalConductance', '1')), name(states[i]));
  });
  if (parts.length === 0) refuse(gate, `<${gate.name} id="${required(gate, 'id')}"> has no <subGate>`);
  return raised(parts.reduce(plus), numberOf(gate, 'instances', '1'));
}

/** 1 - x. */
export const complement = (of: Expression): Expression => minus(pure(1), of);

import type { Expression } from '../../language/expression.js';
import { dimensionOf } from '../../language/units.js';
import { name } from '../../mechanism/formulas.js';
import { Component } from './component.js';
import type { LemsType } from './lems_types.js';
import type { GateContext } from './read_gate.js';
import { refuse, requireKnownChildren } from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

const PER_MS = dimensionOf('1/ms');

/** A channel whose type has states and an open share (`fopen`) of its own, rather than gates; gives the open share. */
export function readOwnChannel(channel: XmlElement, type: LemsType, context: GateContext): Expression {
  const { draft, types } = context;
  requireKnownChildren(channel, []);
  const [jump] = type.jumps;
  if (jump) refuse(jump, `a jump of ${type.name} is not read`);
  const states = new Map([...type.states.keys()].map((state) => [state, draft.reserve(state)]));
  const scope: GateContext['scope'] = (of) => {
    const state = states.get(of);
    return state === undefined ? context.scope(of) : name(state);
  };
  const component = new Component(draft, types, channel, type.name, 'own', scope);
  for (const [state, { rate }] of type.states) {
    if (!rate) return refuse(channel, `the state ${state} of ${type.name} has no <TimeDerivative>`);
    const own = states.get(state)!;
    draft.state(
      own,
      { rate: draft.formula(component.formula(rate), PER_MS, `the rate of ${own}`, rate) },
      rate,
    );
  }
  return component.exposed('fopen');
}

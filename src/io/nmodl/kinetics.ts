import { type Expression, namesIn, type Place } from '../../language/expression.js';
import { minus, name, number, plus, times } from '../../mechanism/formulas.js';
import { constantValue } from './formula_tools.js';
import type { ModText } from './mod_text.js';
import { type ExecutedReaction, fluxOf, type Pass } from './pass.js';
import { termsOf } from './products.js';
import type { FileStateForm } from './state_forms.js';

/** A kinetic scheme whose states share out 1. */
export interface FileScheme {
  readonly states: readonly string[];
  readonly reactions: readonly ExecutedReaction[];
}

export interface Kinetics {
  readonly scheme: FileScheme | null;
  /** States of other reactions. */
  readonly states: ReadonlyMap<string, { readonly form: FileStateForm; readonly place: Place }>;
}

const MOST_STATES = 20;

/**
 * The reactions of KINETIC blocks: the largest group that is a linear scheme of shares of 1 becomes a scheme, two states that
 * share out 1 a gate; all others become rates. A conserved sum gives the last of its states.
 */
export function kineticsOf(
  pass: Pass,
  source: ModText,
  namesNeeded: (formula: Expression) => ReadonlySet<string>,
  initial: ReadonlyMap<string, Expression>,
): Kinetics {
  const groups = groupsOf(pass.reactions);
  const linear = groups.filter((group) => isScheme(group, pass, namesNeeded, initial));
  const largest = linear.reduce<Group | null>(
    (a, b) => (a && a.states.length >= b.states.length ? a : b),
    null,
  );
  const scheme = largest && largest.states.length > 2 ? largest : null;
  if (scheme && scheme.states.length > MOST_STATES)
    source.fail(
      scheme.reactions[0].place,
      `a kinetic scheme of ${scheme.states.length} states cannot be taken over; at most ${MOST_STATES} can`,
    );
  const states = new Map<string, { form: FileStateForm; place: Place }>();
  for (const group of groups) {
    if (group === scheme) continue;
    if (linear.includes(group) && group.states.length === 2) addGate(group, states);
    else {
      addRates(group.states, pass, states);
      requireSum(group, pass, source);
    }
  }
  const others = pass.fluxes.map(({ state }) => state).filter((state) => !states.has(state));
  addRates([...new Set(others)], pass, states);
  for (const { sum, total, place } of pass.conserved) {
    const terms = termsOf(sum);
    const members = terms.flatMap(({ formula }) => (formula.kind === 'name' ? [formula.name] : []));
    if (members.length !== terms.length || terms.some((term) => term.isNegative))
      source.fail(place, 'CONSERVE takes a plain sum of states');
    const last = members[members.length - 1];
    if (!states.has(last) || states.get(last)?.form.kind === 'is' || scheme?.states.includes(last)) continue;
    if (linear.some((group) => group.states.length === 2 && group.states.includes(last))) continue;
    const others = members.slice(0, -1);
    states.set(last, {
      form: { kind: 'is', is: others.reduce((rest, member) => minus(rest, name(member)), total) },
      place,
    });
  }
  return { scheme, states };
}

/** States that only change into each other settle at a sum that has to be known. */
function requireSum({ states, reactions }: Group, pass: Pass, source: ModText): void {
  const isOpen =
    reactions.some(({ right }) => right.length === 0) ||
    pass.fluxes.some(({ state }) => states.includes(state)) ||
    pass.derivatives.size > 0;
  const isConserved = pass.conserved.some(({ sum }) =>
    [...namesIn(sum)].some((state) => states.includes(state)),
  );
  if (!isOpen && !isConserved)
    source.fail(
      reactions[0].place,
      `the sum of ${states.join(', ')} is not known; add CONSERVE ${states.join(' + ')} = 1`,
    );
}

interface Group {
  readonly states: readonly string[];
  readonly reactions: readonly ExecutedReaction[];
}

/** Reactions that have states in common. */
function groupsOf(reactions: readonly ExecutedReaction[]): Group[] {
  let groups: Group[] = [];
  for (const reaction of reactions) {
    const own = [...reaction.left, ...reaction.right].map(({ state }) => state);
    const touching = groups.filter((group) => group.states.some((state) => own.includes(state)));
    groups = groups.filter((group) => !touching.includes(group));
    groups.push({
      states: [...new Set([...touching.flatMap((group) => group.states), ...own])],
      reactions: [...touching.flatMap((group) => group.reactions), reaction],
    });
  }
  return groups;
}

function isScheme(
  { states, reactions }: Group,
  pass: Pass,
  namesNeeded: (formula: Expression) => ReadonlySet<string>,
  initial: ReadonlyMap<string, Expression>,
): boolean {
  const isOne = (side: ExecutedReaction['left']) => side.length === 1 && side[0].count === 1;
  const isFree = (rate: Expression | null) =>
    rate === null || [...namesNeeded(rate)].every((key) => !states.includes(key));
  const isLinear = reactions.every(
    ({ left, right, forward, backward }) =>
      isOne(left) && isOne(right) && isFree(forward) && isFree(backward),
  );
  if (!isLinear || pass.fluxes.some(({ state }) => states.includes(state))) return false;
  const isConserved = pass.conserved.some(({ sum, total }) => {
    const members = termsOf(sum).flatMap(({ formula }) => (formula.kind === 'name' ? [formula.name] : []));
    return (
      members.length === states.length &&
      members.every((state) => states.includes(state)) &&
      constantValue(total) === 1
    );
  });
  return isConserved || startsAsOne(states, initial);
}

/** Whether INITIAL sets the states to numbers whose sum is 1. */
function startsAsOne(states: readonly string[], initial: ReadonlyMap<string, Expression>): boolean {
  const sum = states.reduce<number | null>((total, state) => {
    const value = constantValue(initial.get(state) ?? number(0));
    return total === null || value === null ? null : total + value;
  }, 0);
  return sum !== null && Math.abs(sum - 1) < 1e-6;
}

function addGate(
  { states, reactions }: Group,
  into: Map<string, { form: FileStateForm; place: Place }>,
): void {
  const [closed, open] = states;
  const sumOf = (parts: (Expression | null)[]) =>
    parts
      .filter((part) => part !== null)
      .reduce<Expression | null>((sum, part) => (sum ? plus(sum, part) : part), null) ?? number(0);
  const from = (state: string) =>
    sumOf(
      reactions.flatMap(({ left, forward, backward }) => (left[0].state === state ? [forward] : [backward])),
    );
  const { place } = reactions[0];
  into.set(open, { form: { kind: 'rates', alpha: from(closed), beta: from(open) }, place });
  into.set(closed, { form: { kind: 'is', is: minus(number(1), name(open)) }, place });
}

function addRates(
  states: readonly string[],
  pass: Pass,
  into: Map<string, { form: FileStateForm; place: Place }>,
): void {
  for (const state of states) {
    let rate: Expression | null = null;
    let place: Place | null = null;
    const add = (flux: Expression, count: number, isLost: boolean, at: Place): void => {
      const part = count === 1 ? flux : times(number(count), flux);
      const lost: Expression = { kind: 'negative', of: part, place: at };
      rate = rate === null ? (isLost ? lost : part) : isLost ? minus(rate, part) : plus(rate, part);
      place ??= at;
    };
    for (const reaction of pass.reactions) {
      const { left, right, forward, backward, place: at } = reaction;
      for (const [side, isLeft] of [
        [left, true],
        [right, false],
      ] as const)
        for (const { count, state: member } of side) {
          if (member !== state) continue;
          add(fluxOf(forward, left), count, isLeft, at);
          if (backward) add(fluxOf(backward, right), count, !isLeft, at);
        }
    }
    for (const { state: member, flux, place: at } of pass.fluxes)
      if (member === state) add(flux, 1, false, at);
    if (rate !== null && place !== null) into.set(state, { form: { kind: 'rate', rate }, place });
  }
}

import { type Expression, namesIn } from '../language/expression.js';
import { keysOf, type StateGroup } from './cell_model.js';

/**
 * The groups sorted so that each comes after those whose states it reads, which lets a step of a reader take their values
 * at its middle. Groups that read each other stay in the order of the file and are reported in `circular`.
 */
export function orderOfStates(
  groups: readonly StateGroup[],
  formulas: ReadonlyMap<string, Expression>,
): { readonly groups: StateGroup[]; readonly circular: string[] } {
  const groupOf = new Map(groups.flatMap((group) => keysOf(group).map((key) => [key, group])));
  const reads = new Map(
    groups.map((group) => {
      const names = namesNeeded(formulasOf(group), formulas);
      const others = [...names].flatMap((name) => groupOf.get(name) ?? []).filter((other) => other !== group);
      return [group, new Set(others)];
    }),
  );
  const left = new Set(groups);
  const ordered: StateGroup[] = [];
  const circular: string[] = [];
  while (left.size > 0) {
    const isReady = (group: StateGroup) => [...(reads.get(group) ?? [])].every((other) => !left.has(other));
    const [first] = left;
    const next = [...left].find(isReady) ?? first;
    if (!isReady(next)) circular.push(...keysOf(next));
    ordered.push(next);
    left.delete(next);
  }
  return { groups: ordered, circular };
}

const formulasOf = (group: StateGroup): Expression[] =>
  group.kind === 'state' ? [group.rate] : group.transitions.map(({ rate }) => rate);

/** Every name that formulas read, directly or by other formulas. */
export function namesNeeded(
  of: readonly Expression[],
  formulas: ReadonlyMap<string, Expression>,
): Set<string> {
  const found = new Set<string>();
  const open = of.flatMap((formula) => [...namesIn(formula)]);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const formula = formulas.get(name);
    if (formula) open.push(...namesIn(formula));
  }
  return found;
}

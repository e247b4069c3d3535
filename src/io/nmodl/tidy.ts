import { type Expression, partsOf } from '../../language/expression.js';
import { sizeOf } from './formula_tools.js';
import { type ModMeaning, Writer } from './meaning.js';
import type { Outline, OutlineState } from './outline.js';
import type { Definition } from './pass.js';
import type { FileStateForm } from './state_forms.js';

/** Parts up to which a definition that is used once is written where it is used. */
const SHORT = 12;

export interface TidyOutline {
  readonly outline: Outline;
  /** What the outline needs, in the order in which it was set. */
  readonly definitions: readonly Definition[];
}

/** The outline with the definitions that it needs; one that is short, or a whole formula, is written out if it is used once. */
export function tidied(
  outline: Outline,
  { pass }: ModMeaning,
  change: (formula: Expression) => Expression = (formula) => formula,
): TidyOutline {
  const definitions = new Map(
    pass.definitions.map((definition) => [
      definition.key,
      { ...definition, formula: change(definition.formula) },
    ]),
  );
  const changed = mapped(outline, change);
  const whole = formulasOf(changed);
  const uses = new Map<string, number>();
  const needed = new Set<Definition>();
  const visit = (formula: Expression): void =>
    countNames(formula, (key) => {
      uses.set(key, (uses.get(key) ?? 0) + 1);
      const definition = definitions.get(key);
      if (!definition || needed.has(definition)) return;
      needed.add(definition);
      visit(definition.formula);
    });
  whole.forEach(visit);
  const isWhole = new Set(whole.flatMap((formula) => (formula.kind === 'name' ? [formula.name] : [])));
  const isWrittenOut = ({ key, formula }: Definition) =>
    uses.get(key) === 1 && (isWhole.has(key) || sizeOf(formula) <= SHORT);
  const all = [...definitions.values()];
  const writer = new Writer(all);
  const write = (formula: Expression) => writer.inFull(formula, isWrittenOut);
  return {
    outline: mapped(changed, write),
    definitions: all
      .filter((definition) => needed.has(definition) && !isWrittenOut(definition))
      .map((definition) => ({ ...definition, formula: write(definition.formula) })),
  };
}

function countNames(formula: Expression, count: (key: string) => void): void {
  if (formula.kind === 'name') count(formula.name);
  else for (const part of partsOf(formula)) countNames(part, count);
}

/** Every formula of an outline. */
export function formulasOf({ states, scheme, currents }: Outline): Expression[] {
  return [
    ...[...states.values()].flatMap(({ form }) => Object.values(partsOfForm(form))),
    ...(scheme?.reactions ?? []).flatMap(({ forward, backward }) =>
      backward ? [forward, backward] : [forward],
    ),
    ...[...currents.values()].map(({ formula }) => formula),
  ];
}

/** The formulas of a state by their keys. */
export function partsOfForm(form: FileStateForm): Record<string, Expression> {
  const { kind: _, ...parts } = form;
  return parts;
}

function mapped(outline: Outline, write: (formula: Expression) => Expression): Outline {
  const { states, scheme, currents } = outline;
  const form = ({ form: of, place }: OutlineState): OutlineState => ({
    place,
    form: { kind: of.kind, ...mapValues(partsOfForm(of), write) } as FileStateForm,
  });
  return {
    ...outline,
    states: new Map([...states].map(([state, of]) => [state, form(of)])),
    scheme: scheme && {
      ...scheme,
      reactions: scheme.reactions.map((reaction) => ({
        ...reaction,
        forward: write(reaction.forward),
        backward: reaction.backward && write(reaction.backward),
      })),
    },
    currents: new Map([...currents].map(([ion, of]) => [ion, { ...of, formula: write(of.formula) }])),
  };
}

const mapValues = <T>(values: Record<string, T>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));

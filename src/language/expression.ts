import type { Quantity } from './units.js';

/** Where an expression was written: offsets in the text that it was parsed from. */
export interface Place {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | '&&' | '||' | Comparison;

/** A formula as written: the tree that {@link parseExpression} makes of a text. */
export type Expression =
  /** `unit` is null where none was written; `value` is then in the unit that its place requires. */
  | { readonly kind: 'number'; readonly value: number; readonly unit: Quantity | null; readonly place: Place }
  | { readonly kind: 'name'; readonly name: string; readonly place: Place }
  | { readonly kind: 'negative'; readonly of: Expression; readonly place: Place }
  | { readonly kind: 'not'; readonly of: Expression; readonly place: Place }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly place: Place;
    }
  | {
      readonly kind: 'choice';
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
      readonly place: Place;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly place: Place;
    };

/** The text that an expression was written as. */
export function sourceOf({ place }: Expression): string {
  return place.text.slice(place.start, place.end);
}

/** The expressions that an expression is made of, from left to right. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return [];
    case 'negative':
    case 'not':
      return [expression.of];
    case 'binary':
      return [expression.left, expression.right];
    case 'choice':
      return [expression.condition, expression.yes, expression.no];
    case 'call':
      return expression.args;
    default:
      return expression satisfies never;
  }
}

/** Levels of an expression; `depthOfName` gives those of what a name stands for. */
export function depthOf(expression: Expression, depthOfName: (name: string) => number): number {
  if (expression.kind === 'name') return 1 + depthOfName(expression.name);
  return 1 + Math.max(0, ...partsOf(expression).map((part) => depthOf(part, depthOfName)));
}

/** Every name that an expression reads. */
export function namesIn(expression: Expression, names: Set<string> = new Set()): Set<string> {
  if (expression.kind === 'name') names.add(expression.name);
  for (const part of partsOf(expression)) namesIn(part, names);
  return names;
}

/** An expression with its parts replaced; places stay as they were. */
export function withParts(expression: Expression, replace: (part: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'number':
    case 'name':
      return expression;
    case 'negative':
    case 'not':
      return { ...expression, of: replace(expression.of) };
    case 'binary':
      return { ...expression, left: replace(expression.left), right: replace(expression.right) };
    case 'choice':
      return {
        ...expression,
        condition: replace(expression.condition),
        yes: replace(expression.yes),
        no: replace(expression.no),
      };
    case 'call':
      return { ...expression, args: expression.args.map(replace) };
    default:
      return expression satisfies never;
  }
}

/** The expression with other names; places stay as they were. */
export function renamed(expression: Expression, rename: (name: string) => string): Expression {
  if (expression.kind === 'name') return { ...expression, name: rename(expression.name) };
  return withParts(expression, (part) => renamed(part, rename));
}

/** The expression with other expressions in the place of some names. */
export function replaced(expression: Expression, by: ReadonlyMap<string, Expression>): Expression {
  if (expression.kind === 'name') return by.get(expression.name) ?? expression;
  return withParts(expression, (part) => replaced(part, by));
}

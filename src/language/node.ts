/** Function nodes; `linoid` is x / (exp(x) - 1), continued by 1 at 0, and `linoidSlope` its derivative. */
export type NodeFunction =
  | 'exp'
  | 'log'
  | 'abs'
  | 'sign'
  | 'min'
  | 'max'
  | 'sin'
  | 'cos'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'linoid'
  | 'linoidSlope';
export type ConditionOperator = '<' | '<=' | '>' | '>=' | '==' | '!=' | '&&' | '||';

export interface Term {
  readonly node: Node;
  readonly factor: number;
}
export interface Power {
  readonly node: Node;
  readonly power: number;
}

interface Common {
  readonly id: number;
  /** Names of the variables that it depends on. */
  readonly variables: ReadonlySet<string>;
}
export type NumberNode = Common & { readonly kind: 'number'; readonly value: number };
export type VariableNode = Common & { readonly kind: 'variable'; readonly name: string };
export type SumNode = Common & {
  readonly kind: 'sum';
  readonly constant: number;
  readonly terms: readonly Term[];
};
export type ProductNode = Common & {
  readonly kind: 'product';
  readonly factor: number;
  readonly powers: readonly Power[];
};
export type CallNode = Common & {
  readonly kind: 'call';
  readonly name: NodeFunction;
  readonly args: readonly Node[];
};
export type ChoiceNode = Common & {
  readonly kind: 'choice';
  readonly condition: Node;
  readonly yes: Node;
  readonly no: Node;
};
export type ConditionNode = Common & {
  readonly kind: 'condition';
  readonly operator: ConditionOperator;
  readonly left: Node;
  readonly right: Node;
};
/** One expression in canonical form: equal expressions of one {@link ExpressionGraph} are the same object. */
export type Node = NumberNode | VariableNode | SumNode | ProductNode | CallNode | ChoiceNode | ConditionNode;

/** The nodes that a node is made of. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'number':
    case 'variable':
      return [];
    case 'sum':
      return node.terms.map((term) => term.node);
    case 'product':
      return node.powers.map((power) => power.node);
    case 'call':
      return node.args;
    case 'choice':
      return [node.condition, node.yes, node.no];
    case 'condition':
      return [node.left, node.right];
    default:
      return node satisfies never;
  }
}

/** Whether a node is at least 0 wherever it is defined, as far as its form shows. */
export function isPositive(node: Node): boolean {
  switch (node.kind) {
    case 'number':
      return node.value >= 0;
    case 'sum':
      return node.constant >= 0 && node.terms.every((term) => term.factor > 0 && isPositive(term.node));
    case 'product':
      return (
        node.factor >= 0 &&
        node.powers.every(({ node: base, power }) => power % 2 === 0 || power % 1 !== 0 || isPositive(base))
      );
    case 'call':
      return ['exp', 'abs', 'cosh', 'linoid'].includes(node.name);
    case 'choice':
      return isPositive(node.yes) && isPositive(node.no);
    default:
      return false;
  }
}

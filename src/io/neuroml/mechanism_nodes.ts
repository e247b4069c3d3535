import { ExpressionGraph } from '../../language/canonical.js';
import type { Expression } from '../../language/expression.js';
import type { Node } from '../../language/node.js';
import { removeSingularities } from '../../language/singularities.js';
import { translate } from '../../language/translate.js';
import { FARADAY, GAS_CONSTANT, type Mechanism } from '../../mechanism/mechanism.js';

/**
 * The formulas of a mechanism in canonical form, without removable singularities: over V, celsius, its states (also those
 * that follow at once) and what else the membrane has; parameters and named formulas are worked into them.
 */
export class MechanismNodes {
  readonly graph = new ExpressionGraph();
  private readonly named = new Map<string, Node>();
  private readonly removed = new Map<Node, Node>();

  /** `values` are those of parameters and of other constants, such as E_Na, in coherent units. */
  constructor(
    readonly mechanism: Mechanism,
    private readonly values: ReadonlyMap<string, number>,
  ) {}

  node(formula: Expression): Node {
    const node = translate(this.graph, formula, (name) => this.value(name));
    return removeSingularities(this.graph, node, this.removed);
  }

  private value(name: string): Node {
    const known = this.named.get(name);
    if (known) return known;
    const formula = this.mechanism.formulas.get(name);
    const constant = this.values.get(name) ?? CONSTANTS[name];
    const node = formula
      ? this.node(formula)
      : constant === undefined
        ? this.graph.variable(name)
        : this.graph.number(constant);
    this.named.set(name, node);
    return node;
  }
}

const CONSTANTS: Readonly<Record<string, number>> = { F: FARADAY, R: GAS_CONSTANT };

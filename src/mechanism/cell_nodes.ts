import { ExpressionGraph } from '../language/canonical.js';
import type { Expression } from '../language/expression.js';
import type { Node } from '../language/node.js';
import { removeSingularities } from '../language/singularities.js';
import { translate } from '../language/translate.js';
import type { CellModel } from './cell_model.js';

/**
 * The formulas of a cell in canonical form, without removable singularities: over V, its states and the constants of
 * `variables`; other constants are numbers in it.
 */
export class CellNodes {
  readonly graph = new ExpressionGraph();
  private readonly done = new Map<string, Node>();
  private readonly removed = new Map<Node, Node>();

  constructor(
    private readonly model: CellModel,
    private readonly variables: ReadonlySet<string> = new Set(),
  ) {}

  value(name: string): Node {
    const known = this.done.get(name);
    if (known) return known;
    const constant = this.model.constants.get(name);
    const formula = this.model.formulas.get(name);
    const node = formula
      ? this.formula(formula)
      : constant === undefined || this.variables.has(name)
        ? this.graph.variable(name)
        : this.graph.number(constant);
    this.done.set(name, node);
    return node;
  }

  formula(formula: Expression): Node {
    const node = translate(this.graph, formula, (name) => this.value(name));
    return removeSingularities(this.graph, node, this.removed);
  }
}

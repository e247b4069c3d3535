import { ExpressionGraph } from '../language/canonical.js';
import type { Expression } from '../language/expression.js';
import type { Node } from '../language/node.js';
import { removeSingularities } from '../language/singularities.js';
import { translate } from '../language/translate.js';
import { CAPACITANCE, type CellModel } from './cell_model.js';

/**
 * The formulas of a cell in canonical form, without removable singularities: over V, its states and the variables that
 * constants are; other constants are numbers in it.
 */
export class CellNodes {
  readonly graph = new ExpressionGraph();
  private readonly done = new Map<string, Node>();
  private readonly removed = new Map<Node, Node>();

  constructor(
    private readonly model: CellModel,
    /** The variable that a constant is, by name: constants that are always equal may be one. */
    private readonly variables: ReadonlyMap<string, string> = new Map(),
  ) {}

  value(name: string): Node {
    const known = this.done.get(name);
    if (known) return known;
    const constant = this.model.constants.get(name);
    const formula = this.model.formulas.get(name);
    const node = formula ? this.formula(formula) : this.constant(name, constant);
    this.done.set(name, node);
    return node;
  }

  /** C_uF_cm2. */
  capacitance(): Node {
    return this.constant(CAPACITANCE, this.model.C_uF_cm2);
  }

  private constant(name: string, value: number | undefined): Node {
    const variable = this.variables.get(name);
    if (variable !== undefined) return this.graph.variable(variable);
    return value === undefined ? this.graph.variable(name) : this.graph.number(value);
  }

  formula(formula: Expression): Node {
    const node = translate(this.graph, formula, (name) => this.value(name));
    return removeSingularities(this.graph, node, this.removed);
  }
}

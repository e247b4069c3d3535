import { formulaAt, type LemsFormula } from './lems_formula.js';
import { attributeOf, childrenOf, optional, refuse, required, requireKnownChildren } from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

/** A variable that follows from others at every moment. */
export type LemsVariable =
  | { readonly kind: 'value'; readonly formula: LemsFormula }
  /** What children expose: `steadyState/x`, or `subGate[*]/q` multiplied or added. */
  | { readonly kind: 'select'; readonly path: string; readonly element: XmlElement }
  | { readonly kind: 'cases'; readonly cases: readonly LemsCase[] };

/** The first case whose condition holds gives the value; one without a condition always holds. */
export interface LemsCase {
  readonly condition: LemsFormula | null;
  readonly value: LemsFormula;
}

export interface LemsState {
  /** Its derivative; null where it stays as it starts. */
  readonly rate: LemsFormula | null;
}

/** A ComponentType with what it inherits from others of its document. */
export interface LemsType {
  readonly name: string;
  /** The first type above it that NeuroML itself defines. */
  readonly standard: string;
  readonly parameters: ReadonlySet<string>;
  readonly constants: ReadonlyMap<string, XmlElement>;
  readonly variables: ReadonlyMap<string, LemsVariable>;
  readonly states: ReadonlyMap<string, LemsState>;
  /** Variables and states by the name under which others see them. */
  readonly exposed: ReadonlyMap<string, string>;
  /** Conditions on which states jump. */
  readonly jumps: readonly XmlElement[];
}

const CONTENT = [
  ...['Parameter', 'Constant', 'Requirement', 'Exposure', 'Text', 'Child', 'Children', 'Dynamics'],
  ...['Link', 'ComponentReference'],
];
const DYNAMICS = [
  ...['DerivedVariable', 'ConditionalDerivedVariable', 'StateVariable', 'TimeDerivative'],
  ...['OnStart', 'OnCondition'],
];
/** Longest chain of types that extend each other. */
const MOST_LEVELS = 20;

/** The ComponentTypes of a document and what it includes. */
export class LemsTypes {
  private readonly elements = new Map<string, XmlElement>();
  private readonly done = new Map<string, LemsType>();

  add(element: XmlElement): void {
    const name = required(element, 'name');
    // Files that include each other often repeat a type.
    if (!this.elements.has(name)) this.elements.set(name, element);
  }

  /** The first type above one that NeuroML itself defines, found without reading what it does. */
  standardOf(name: string): string {
    let standard = name;
    for (let level = 0; level <= MOST_LEVELS; level++) {
      const element = this.elements.get(standard);
      if (!element) return standard;
      standard = optional(element, 'extends') ?? '';
    }
    return '';
  }

  /** The type of a name, or null where the document does not define it. Throws CircuitError where it is not understood. */
  type(name: string, below = 0): LemsType | null {
    const known = this.done.get(name);
    const element = this.elements.get(name);
    if (known || !element) return known ?? null;
    if (below > MOST_LEVELS) refuse(element, `"${name}" extends more than ${MOST_LEVELS} types, or itself`);
    const base = required(element, 'extends');
    const above = this.type(base, below + 1);
    const type = readType(element, name, above?.standard ?? base, above);
    this.done.set(name, type);
    return type;
  }
}

function readType(element: XmlElement, name: string, standard: string, above: LemsType | null): LemsType {
  requireKnownChildren(element, CONTENT);
  const parameters = new Set(above?.parameters);
  for (const parameter of childrenOf(element, 'Parameter')) parameters.add(required(parameter, 'name'));
  const constants = new Map(above?.constants);
  for (const constant of childrenOf(element, 'Constant')) constants.set(required(constant, 'name'), constant);
  const variables = new Map(above?.variables);
  const states = new Map(above?.states);
  const exposed = new Map(above?.exposed);
  const jumps = [...(above?.jumps ?? [])];
  for (const dynamics of childrenOf(element, 'Dynamics')) {
    requireKnownChildren(dynamics, DYNAMICS);
    const rates = new Map(
      childrenOf(dynamics, 'TimeDerivative').map((rate) => [
        required(rate, 'variable'),
        formulaAt(rate.file, attributeOf(rate, 'value')),
      ]),
    );
    for (const child of dynamics.children) {
      if (child.name === 'OnCondition') jumps.push(child);
      const isState = child.name === 'StateVariable';
      if (!isState && !child.name.endsWith('DerivedVariable')) continue;
      const variable = required(child, 'name');
      const exposure = optional(child, 'exposure');
      if (exposure !== null) exposed.set(exposure, variable);
      if (isState) {
        states.set(variable, { rate: rates.get(variable) ?? null });
        variables.delete(variable);
      } else {
        variables.set(variable, readVariable(child));
        states.delete(variable);
      }
    }
  }
  return { name, standard, parameters, constants, variables, states, exposed, jumps };
}

function readVariable(element: XmlElement): LemsVariable {
  const { file } = element;
  if (element.name === 'ConditionalDerivedVariable') {
    const cases = childrenOf(element, 'Case').map((one): LemsCase => {
      const condition = one.attributes.get('condition');
      return {
        condition: condition ? formulaAt(file, condition) : null,
        value: formulaAt(file, attributeOf(one, 'value')),
      };
    });
    if (cases.length === 0) refuse(element, '<ConditionalDerivedVariable> needs a <Case>');
    return { kind: 'cases', cases };
  }
  const select = optional(element, 'select');
  if (select !== null) return { kind: 'select', path: select, element };
  return { kind: 'value', formula: formulaAt(file, attributeOf(element, 'value')) };
}

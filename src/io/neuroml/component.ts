import type { Expression, Place } from '../../language/expression.js';
import { call, minus, name, number, over, plus, power, pure, times } from '../../mechanism/formulas.js';
import { CircuitError } from '../../text/circuit_error.js';
import { type LemsFormula, substituted } from './lems_formula.js';
import { parseQuantity } from './lems_quantity.js';
import type { LemsCase, LemsType, LemsTypes, LemsVariable } from './lems_types.js';
import type { MechanismDraft, Origin } from './mechanism_draft.js';
import { attributeOf, numberOf, quantityOf, refuse, required } from './xml_access.js';
import type { XmlElement } from './xml_reader.js';

/** What a name of LEMS stands for around a component; null where it is unknown. */
export type Scope = (name: string) => Expression | null;

/** A type that NeuroML defines: what it exposes, from the attributes of an element. */
type Standard = (element: XmlElement) => Expression;

/** A number without a unit, which takes that of its place. */
const bare = number;
const negative = (of: Expression): Expression => ({ kind: 'negative', of, place: of.place });

/** A variable less a number. */
export const shifted = (of: string, by: number): Expression => {
  if (by === 0) return name(of);
  return by > 0 ? minus(name(of), bare(by)) : plus(name(of), bare(-by));
};

/** (V - midpoint) / scale, or minus that, as papers write it. */
function slope(midpoint: number, scale: number, sign = 1): Expression {
  const above = shifted('V', midpoint);
  return over(sign * scale < 0 ? negative(above) : above, bare(Math.abs(scale)));
}

interface Shape {
  readonly rate: number;
  readonly midpoint: number;
  readonly scale: number;
  readonly isPure: boolean;
}
const SHAPES: Readonly<Record<string, (shape: Shape) => Expression>> = {
  HHExp: ({ rate, midpoint, scale, isPure }) => {
    const exponential = call('exp', slope(midpoint, scale));
    return isPure && rate === 1 ? exponential : times(bare(rate), exponential);
  },
  HHSigmoid: ({ rate, midpoint, scale }) =>
    over(bare(rate), plus(bare(1), call('exp', slope(midpoint, scale, -1)))),
  // x / (1 - exp(-x)) is 1 / exprel(-x), which has its limit at x = 0.
  HHExpLinear: ({ rate, midpoint, scale }) => over(bare(rate), call('exprel', slope(midpoint, scale, -1))),
};

const shaped =
  (shape: string, unit: '1' | '1/ms'): Standard =>
  (element) =>
    SHAPES[shape]({
      rate: numberOf(element, 'rate', unit),
      midpoint: numberOf(element, 'midpoint', 'mV'),
      scale: numberOf(element, 'scale', 'mV'),
      isPure: unit === '1',
    });

/** q10^((celsius - T) / 10). */
const q10: Standard = (element) => {
  const celsius = numberOf(element, 'experimentalTemp', 'K') - 273.15;
  const tenths = over(shifted('celsius', Number(celsius.toFixed(9))), bare(10));
  return power(pure(numberOf(element, 'q10Factor', '1')), tenths);
};

type Exposed = readonly [exposes: string, meaning: Standard];

/** NeuroML's own types by name: what each exposes, and how. */
const STANDARD: ReadonlyMap<string, Exposed> = new Map<string, Exposed>([
  ...Object.keys(SHAPES).flatMap((shape): [string, Exposed][] => [
    [`${shape}Rate`, ['r', shaped(shape, '1/ms')]],
    [`${shape}Variable`, ['x', shaped(shape, '1')]],
  ]),
  ['fixedTimeCourse', ['t', (element) => bare(numberOf(element, 'tau', 'ms'))]],
  ['q10Fixed', ['q10', (element) => pure(numberOf(element, 'fixedQ10', '1'))]],
  ['q10ExpTemp', ['q10', q10]],
  ['q10ConductanceScaling', ['factor', q10]],
]);

const MOST_IN_A_ROW = 100;

/**
 * What the component of an element exposes: one of NeuroML's own types, or one that the document defines, whose variables
 * become named formulas of the mechanism. `role` begins their names where they would be ambiguous.
 */
export class Component {
  readonly type: LemsType | null;
  private readonly named = new Map<string, Expression>();
  private readonly open = new Set<string>();

  constructor(
    private readonly draft: MechanismDraft,
    types: LemsTypes,
    readonly element: XmlElement,
    private readonly typeName: string,
    private readonly role: string,
    private readonly scope: Scope,
    /** Changes formulas as they are written, before names get their meaning. */
    private readonly rewrite: (formula: Expression) => Expression = (formula) => formula,
  ) {
    this.type = types.type(typeName);
  }

  /** The type that NeuroML defines, above that of the element. */
  get standard(): string {
    return this.type?.standard ?? this.typeName;
  }

  exposed(exposure: string): Expression {
    const variable = this.type?.exposed.get(exposure);
    if (this.type && variable !== undefined) {
      const known = this.named.get(variable);
      if (known) return known;
      const definition = this.type.variables.get(variable);
      if (definition) return this.within(variable, () => this.meaning(definition));
    }
    const [exposes, standard] = STANDARD.get(this.standard) ?? [];
    if (standard && exposes === exposure && variable === undefined) return standard(this.element);
    return refuse(
      this.element,
      this.type || standard
        ? `the ComponentType ${this.typeName} exposes no ${exposure}`
        : `no ComponentType is called "${this.typeName}" here; add the file that defines it`,
    );
  }

  /** A formula of the component's type over the names of the mechanism. */
  formula(formula: LemsFormula): Expression {
    const written = this.rewrite(this.draft.parse(formula));
    return substituted(written, (of, place) => this.resolve(of, place, formula));
  }

  private resolve(of: string, place: Place, formula: LemsFormula): Expression {
    const { type, element } = this;
    const constant = type?.constants.get(of);
    if (constant) {
      const { value, offset } = attributeOf(constant, 'value');
      const quantity = parseQuantity(value);
      if (!quantity)
        throw new CircuitError([constant.file.issue(offset, `"${value}" is no quantity of NeuroML`)]);
      return { kind: 'number', ...quantity, place };
    }
    if (type?.parameters.has(of)) return { kind: 'number', ...quantityOf(element, of), place };
    const variable = type?.variables.get(of);
    if (variable) return { ...this.variable(of, variable), place } as Expression;
    const around = this.scope(of);
    if (around) return { ...around, place } as Expression;
    const { file, offset } = formula;
    throw new CircuitError([file.issue(offset + place.start, `nothing is called "${of}" here`)]);
  }

  private variable(of: string, definition: LemsVariable): Expression {
    const known = this.named.get(of);
    if (known) return known;
    const meaning = this.within(of, () => this.meaning(definition));
    const isSimple = meaning.kind === 'name' || meaning.kind === 'number';
    const result = isSimple ? meaning : this.draft.let(this.namesFor(of), meaning, this.originOf(definition));
    this.named.set(of, result);
    return result;
  }

  /** `V` is nearly always v in units of 1 mV; other names of one letter say nothing without the component's. */
  private namesFor(of: string): string[] {
    if (of === 'V') return ['Vm', `${this.role}_Vm`];
    return of.length > 1 ? [of, `${this.role}_${of}`] : [`${this.role}_${of}`];
  }

  private within<T>(of: string, work: () => T): T {
    if (this.open.has(of)) refuse(this.element, `"${of}" of ${this.typeName} needs itself`);
    if (this.open.size >= MOST_IN_A_ROW)
      refuse(
        this.element,
        `more than ${MOST_IN_A_ROW} variables of ${this.typeName} need each other in a row`,
      );
    this.open.add(of);
    const result = work();
    this.open.delete(of);
    return result;
  }

  private meaning(definition: LemsVariable): Expression {
    switch (definition.kind) {
      case 'value':
        return this.formula(definition.formula);
      case 'cases': {
        const { cases } = definition;
        const last = cases[cases.length - 1];
        if (last.condition && !isOpposite(cases))
          this.draft.note(last.condition, 'where no case holds, this last one is taken');
        return cases.slice(0, -1).reduceRight<Expression>(
          (otherwise, { condition, value }) => {
            if (!condition) return this.formula(value);
            const [when, then] = [this.formula(condition), this.formula(value)];
            return { kind: 'choice', condition: when, yes: then, no: otherwise, place: then.place };
          },
          this.formula(cases[cases.length - 1].value),
        );
      }
      case 'select':
        return (
          this.scope(definition.path) ??
          refuse(definition.element, `select="${definition.path}" is not understood here`)
        );
      default:
        return definition satisfies never;
    }
  }

  private originOf(definition: LemsVariable): Origin {
    if (definition.kind === 'value') return definition.formula;
    return definition.kind === 'cases' ? definition.cases[0].value : definition.element;
  }
}

/** Whether two cases say opposite conditions, of which one always holds. */
function isOpposite(cases: readonly LemsCase[]): boolean {
  const [one, other] = cases.map(({ condition }) => condition?.text.replace(/[\s()]/g, '') ?? '');
  if (cases.length !== 2 || /[&|]/.test(one)) return false;
  return one.replace(/[<>=!]=?/g, (operator) => OPPOSITES[operator]) === other;
}
const OPPOSITES: Readonly<Record<string, string>> = {
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  '==': '!=',
  '!=': '==',
};

/** The component of a child such as <forwardRate type="HHExpRate" .../>. */
export const typeOf = (element: XmlElement): string => required(element, 'type');

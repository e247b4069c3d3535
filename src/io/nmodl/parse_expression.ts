import type { BinaryOperator, Expression, Place } from '../../language/expression.js';
import { textOfUnit } from '../../language/units.js';
import type { Cursor } from './cursor.js';
import { parseModUnit } from './units.js';

/** How strongly NMODL's operators bind. */
const BINDING: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '^': 7,
};
const SIGN_BINDING = 6;
const MOST_LEVELS = 200;

/**
 * Reads the formula that begins at the cursor; it ends before the first token that cannot continue it. An element `a[i]` is a
 * call of `a[]`, a derivative `m'` is a name.
 */
export class ExpressionParser {
  private level = 0;

  constructor(
    private readonly cursor: Cursor,
    private readonly units: ReadonlyMap<string, string>,
  ) {}

  parse(binding = 0): Expression {
    const { cursor } = this;
    if (++this.level > MOST_LEVELS) cursor.fail(`nested more than ${MOST_LEVELS} levels deep`);
    let left = this.operand();
    for (;;) {
      const token = cursor.peek();
      if (token.kind !== 'symbol') break;
      const strength = BINDING[token.symbol];
      if (strength === undefined || strength < binding) break;
      cursor.take();
      const right = this.parse(strength + 1);
      left = {
        kind: 'binary',
        operator: token.symbol as BinaryOperator,
        left,
        right,
        place: joined(left.place, right.place),
      };
    }
    this.level--;
    return left;
  }

  private operand(): Expression {
    const { cursor } = this;
    const token = cursor.take();
    const { place } = token;
    if (token.kind === 'number') return this.quantity(token.value, place);
    if (token.kind === 'name') return this.named(token.name, place);
    if (token.kind === 'symbol')
      switch (token.symbol) {
        case '(': {
          const inner = this.parse();
          cursor.expect(')');
          return inner;
        }
        case '-':
        case '!': {
          const of = this.parse(SIGN_BINDING);
          return { kind: token.symbol === '-' ? 'negative' : 'not', of, place: joined(place, of.place) };
        }
        case '+':
          return this.parse(SIGN_BINDING);
        default:
      }
    return cursor.fail('expected a number, a name or "("', place);
  }

  /** A number; what follows it in parentheses is its unit. Its value is kept in the unit, as NEURON computes. */
  private quantity(value: number, place: Place): Expression {
    const text = this.cursor.unit();
    const unit = text === null ? null : parseModUnit(text, this.units);
    return unit && textOfUnit(unit) !== null
      ? { kind: 'number', value, unit, place }
      : { kind: 'number', value, unit: null, place };
  }

  private named(name: string, place: Place): Expression {
    const { cursor } = this;
    if (cursor.accept("'")) return { kind: 'name', name: `${name}'`, place };
    if (cursor.accept('[')) {
      const index = this.parse();
      cursor.expect(']');
      return { kind: 'call', name: `${name}[]`, args: [index], place };
    }
    if (!cursor.isAt('(')) return { kind: 'name', name, place };
    cursor.take();
    const args: Expression[] = [];
    while (!cursor.isAt(')')) {
      const token = cursor.peek();
      if (token.kind === 'string') {
        cursor.take();
        args.push({ kind: 'number', value: 0, unit: null, place: token.place });
      } else args.push(this.parse());
      if (!cursor.accept(',')) break;
    }
    cursor.expect(')');
    return { kind: 'call', name, args, place };
  }
}

function joined(a: Place, b: Place): Place {
  return a.text === b.text ? { text: a.text, start: a.start, end: b.end } : a;
}

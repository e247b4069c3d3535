import { BINDING, CHOICE_BINDING, SIGN_BINDING } from './binding.js';
import type { BinaryOperator, Expression } from './expression.js';
import { LanguageError } from './language_error.js';
import { type Token, tokenize } from './tokens.js';
import { NO_UNIT, parseAtom, powerOf, type Quantity, times } from './units.js';

/** Deepest nesting that is read. */
const MOST_LEVELS = 200;

/**
 * Parses a formula: numbers, names, + - * / ^, comparisons, `condition ? a : b`, calls. A unit after a number belongs to
 * it (`40 mV`, `0.1/ms`, `5*mV`), unless `isDeclared` knows that name as a variable. Throws LanguageError.
 */
export function parseExpression(text: string, isDeclared: (name: string) => boolean): Expression {
  return new Parser(text, isDeclared).parse();
}

/** Pratt's top-down operator precedence over the tokens of one text. */
class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private level = 0;

  constructor(
    private readonly text: string,
    private readonly isDeclared: (name: string) => boolean,
  ) {
    this.tokens = tokenize(text);
  }

  parse(): Expression {
    const expression = this.expression(0);
    if (this.peek().kind !== 'end') this.fail('expected an operator', this.peek());
    return expression;
  }

  private peek(): Token {
    return this.tokens[this.next];
  }

  private take(): Token {
    const token = this.tokens[this.next];
    if (token.kind !== 'end') this.next++;
    return token;
  }

  private isAt(symbol: string): boolean {
    const token = this.peek();
    return token.kind === 'symbol' && token.symbol === symbol;
  }

  private expect(symbol: string): Token {
    if (!this.isAt(symbol)) this.fail(`expected "${symbol}"`, this.peek());
    return this.take();
  }

  private fail(problem: string, { start, end }: Token): never {
    throw new LanguageError(problem, this.text, start, end);
  }

  private place(start: number, end: number) {
    return { text: this.text, start, end };
  }

  private expression(binding: number): Expression {
    if (++this.level > MOST_LEVELS) this.fail(`nested more than ${MOST_LEVELS} levels deep`, this.peek());
    let left = this.operand();
    for (;;) {
      const token = this.peek();
      if (token.kind !== 'symbol') break;
      const { symbol } = token;
      const start = left.place.start;
      if (symbol === '?' && binding === CHOICE_BINDING) {
        this.take();
        const yes = this.expression(0);
        this.expect(':');
        const no = this.expression(0);
        left = { kind: 'choice', condition: left, yes, no, place: this.place(start, no.place.end) };
        continue;
      }
      const strength = BINDING[symbol as BinaryOperator] as number | undefined;
      if (strength === undefined || strength < binding) break;
      this.take();
      const right = this.expression(symbol === '^' ? strength : strength + 1);
      left = {
        kind: 'binary',
        operator: symbol as BinaryOperator,
        left,
        right,
        place: this.place(start, right.place.end),
      };
    }
    this.level--;
    return left;
  }

  private operand(): Expression {
    const token = this.take();
    const { start } = token;
    switch (token.kind) {
      case 'number':
        return this.quantity(token.value, token);
      case 'name':
        return this.isAt('(') ? this.call(token.name, start) : this.name(token.name, token);
      case 'symbol':
        break;
      default:
        return this.fail('the formula ends too early', token);
    }
    switch (token.symbol) {
      case '(': {
        const inner = this.expression(0);
        const close = this.expect(')');
        return { ...inner, place: this.place(start, close.end) };
      }
      case '-': {
        const of = this.expression(SIGN_BINDING);
        return { kind: 'negative', of, place: this.place(start, of.place.end) };
      }
      case '+':
        return this.expression(SIGN_BINDING);
      case '!': {
        const of = this.expression(SIGN_BINDING);
        return { kind: 'not', of, place: this.place(start, of.place.end) };
      }
      default:
        return this.fail(`unexpected "${token.symbol}"`, token);
    }
  }

  private name(name: string, { start, end }: Token): Expression {
    return { kind: 'name', name, place: this.place(start, end) };
  }

  private call(name: string, start: number): Expression {
    this.expect('(');
    const args: Expression[] = [];
    if (!this.isAt(')')) {
      do args.push(this.expression(0));
      while (this.isAt(',') && this.take());
    }
    const close = this.expect(')');
    return { kind: 'call', name, args, place: this.place(start, close.end) };
  }

  /** A number with the unit that follows it, if any: one or more units joined by `*` and `/`. */
  private quantity(value: number, { start, end }: Token): Expression {
    let unit: Quantity | null = null;
    let last = end;
    for (;;) {
      const joined = this.isAt('*') || this.isAt('/');
      if (!joined && unit !== null) break;
      const atom = this.unitAt(joined ? this.next + 1 : this.next);
      if (!atom) break;
      const isDivided = joined && this.isAt('/');
      unit = times(unit ?? NO_UNIT, isDivided ? powerOf(atom.unit, -1) : atom.unit);
      this.next = atom.next;
      last = this.tokens[atom.next - 1].end;
    }
    const place = this.place(start, last);
    return unit
      ? { kind: 'number', value: value * unit.scale, unit, place }
      : { kind: 'number', value, unit: null, place };
  }

  /** The unit that begins at a token, with a power such as ^2, and the token after it. */
  private unitAt(index: number): { readonly unit: Quantity; readonly next: number } | null {
    const token = this.tokens[index];
    if (token?.kind !== 'name' || this.isDeclared(token.name)) return null;
    const unit = parseAtom(token.name);
    if (!unit) return null;
    const [caret, power] = [this.tokens[index + 1], this.tokens[index + 2]];
    if (caret?.kind === 'symbol' && caret.symbol === '^' && power?.kind === 'number' && power.value % 1 === 0)
      return { unit: powerOf(unit, power.value), next: index + 3 };
    return { unit, next: index + 1 };
  }
}

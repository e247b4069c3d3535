import type { Place } from '../../language/expression.js';
import type { Cursor } from './cursor.js';
import { ExpressionParser } from './parse_expression.js';
import type { Reactant, Statement, Target } from './syntax.js';
import { isEmptyCode, readsIonDirectly } from './verbatim.js';

const MOST_LEVELS = 100;

/** Reads blocks of statements. */
export class StatementParser {
  private readonly expressions: ExpressionParser;
  private level = 0;

  constructor(
    private readonly cursor: Cursor,
    units: ReadonlyMap<string, string>,
  ) {
    this.expressions = new ExpressionParser(cursor, units);
  }

  /** `{ ... }` */
  block(): Statement[] {
    const { cursor } = this;
    const open = cursor.expect('{');
    if (++this.level > MOST_LEVELS) cursor.fail(`nested more than ${MOST_LEVELS} levels deep`, open.place);
    const statements: Statement[] = [];
    while (!cursor.accept('}')) {
      if (cursor.peek().kind === 'end') cursor.fail('a "{" is not closed', open.place);
      const statement = this.statement();
      if (statement) statements.push(statement);
    }
    this.level--;
    return statements;
  }

  private statement(): Statement | null {
    const { cursor } = this;
    const token = cursor.peek();
    const { place } = token;
    if (token.kind === 'verbatim') {
      cursor.take();
      return this.verbatim(token.code, place);
    }
    if (cursor.accept(';')) return null;
    if (cursor.accept('~')) return this.reaction(place);
    if (token.kind !== 'name') return cursor.fail(`expected a statement; got ${cursor.described()}`);
    switch (token.name) {
      case 'LOCAL':
        cursor.take();
        return { kind: 'local', names: this.localNames(), place };
      case 'SOLVE':
        return this.solve();
      case 'TABLE':
        this.table();
        return null;
      case 'IF':
      case 'if':
        return this.conditional();
      case 'FROM':
        return this.loop();
      case 'CONSERVE': {
        cursor.take();
        const sum = this.expressions.parse();
        cursor.expect('=');
        return { kind: 'conserve', sum, total: this.expressions.parse(), place };
      }
      case 'UNITSOFF':
      case 'UNITSON':
        cursor.take();
        if (token.name === 'UNITSOFF') cursor.source.note(place, 'UNITSOFF is ignored');
        return null;
      case 'PROTECT':
        cursor.take();
        return this.statement();
      case 'MUTEXLOCK':
      case 'MUTEXUNLOCK':
        cursor.take();
        return null;
      case 'CONDUCTANCE':
        cursor.take();
        cursor.name();
        if (cursor.accept('USEION')) cursor.name();
        return null;
      case 'COMPARTMENT':
      case 'LONGITUDINAL_DIFFUSION':
        return this.spatial(token.name);
      case 'WHILE':
      case 'while': {
        cursor.take();
        cursor.skipBlock('(', ')');
        cursor.skipBlock('{', '}');
        return {
          kind: 'refused',
          message: 'a loop whose end is computed cannot be taken over; unroll it',
          place,
        };
      }
      default:
        return this.assignmentOrCall();
    }
  }

  /** What is wrong with C code between blocks, or null where it has no meaning. */
  outside(): string | null {
    const token = this.cursor.take();
    const statement = token.kind === 'verbatim' ? this.verbatim(token.code, token.place) : null;
    return statement?.kind === 'refused' ? statement.message : null;
  }

  /** Names of a LOCAL statement; an array stands for all its elements. */
  localNames(): string[] {
    const names: string[] = [];
    do {
      names.push(this.cursor.name().name);
      if (this.cursor.accept('[')) {
        this.expressions.parse();
        this.cursor.expect(']');
      }
    } while (this.cursor.accept(','));
    return names;
  }

  private verbatim(code: string, place: Place): Statement | null {
    const { source } = this.cursor;
    if (isEmptyCode(code)) return /\breturn\b/.test(code) ? { kind: 'return', place } : null;
    const reads = readsIonDirectly(code);
    if (reads) {
      source.note(place, `VERBATIM that reads ${reads.join(', ')} is taken for what USEION says`);
      return null;
    }
    const message = 'VERBATIM holds C code, which cannot be taken over; write it in NMODL or remove it';
    return { kind: 'refused', message, place };
  }

  private solve(): Statement {
    const { cursor } = this;
    const { place } = cursor.take();
    const block = cursor.name('the name of a block').name;
    const method =
      cursor.accept('METHOD') || cursor.accept('STEADYSTATE') ? cursor.name('a method').name : null;
    if (cursor.accept('IFERROR')) cursor.skipBlock('{', '}');
    return { kind: 'solve', block, method, place };
  }

  private table(): void {
    const { cursor } = this;
    const { place } = cursor.take();
    cursor.source.note(place, 'TABLE is ignored: rates are computed, not looked up');
    const isName = () => cursor.peek().kind === 'name';
    if (isName() && !cursor.isAt('DEPEND') && !cursor.isAt('FROM')) this.localNames();
    if (cursor.accept('DEPEND') && isName() && !cursor.isAt('FROM')) this.localNames();
    if (!cursor.accept('FROM')) return;
    this.expressions.parse();
    cursor.expect('TO');
    this.expressions.parse();
    cursor.expect('WITH');
    this.expressions.parse();
  }

  private conditional(): Statement {
    const { cursor } = this;
    const { place } = cursor.take();
    cursor.expect('(');
    const condition = this.expressions.parse();
    cursor.expect(')');
    const yes = this.branch();
    const no = cursor.accept('ELSE') || cursor.accept('else') ? this.branch() : [];
    return { kind: 'if', condition, yes, no, place };
  }

  private branch(): readonly Statement[] {
    if (this.cursor.isAt('{')) return this.block();
    const statement = this.statement();
    return statement ? [statement] : [];
  }

  private loop(): Statement {
    const { cursor } = this;
    const { place } = cursor.take();
    const variable = cursor.name().name;
    cursor.expect('=');
    const from = this.expressions.parse();
    cursor.expect('TO');
    const to = this.expressions.parse();
    const by = cursor.accept('BY') ? this.expressions.parse() : null;
    return { kind: 'loop', variable, from, to, by, body: this.block(), place };
  }

  private spatial(word: string): Statement {
    const { cursor } = this;
    const { place } = cursor.take();
    while (!cursor.isAt('{') && cursor.peek().kind !== 'end') cursor.take();
    cursor.expect('{');
    const states: string[] = [];
    while (!cursor.accept('}')) {
      states.push(cursor.name('the name of a state').name);
      cursor.accept(',');
    }
    const what =
      word === 'COMPARTMENT' ? 'shells of different volume (COMPARTMENT)' : 'diffusion along a cable';
    const message = `${what} cannot be taken over: a cell here is one point`;
    return { kind: 'spatial', states, message, place };
  }

  private reaction(place: Place): Statement {
    const { cursor } = this;
    const left = this.reactants();
    if (cursor.accept('<<')) {
      cursor.expect('(');
      const flux = this.expressions.parse();
      cursor.expect(')');
      return { kind: 'flux', into: left[0].target, flux, place };
    }
    if (cursor.accept('->')) {
      cursor.expect('(');
      const forward = this.expressions.parse();
      cursor.expect(')');
      return { kind: 'reaction', left, right: [], forward, backward: null, place };
    }
    if (cursor.isAt('=') || cursor.isAt('-') || cursor.isAt('*') || cursor.isAt('/')) {
      // An equation of a LINEAR or NONLINEAR block.
      while (!['~', '}'].some((end) => cursor.isAt(end)) && cursor.peek().kind !== 'end') cursor.take();
      const message =
        'equations (LINEAR, NONLINEAR) cannot be taken over; write them as a DERIVATIVE or KINETIC block';
      return { kind: 'refused', message, place };
    }
    cursor.expect('<->');
    const right = this.reactants();
    cursor.expect('(');
    const forward = this.expressions.parse();
    cursor.expect(',');
    const backward = this.expressions.parse();
    cursor.expect(')');
    return { kind: 'reaction', left, right, forward, backward, place };
  }

  private reactants(): Reactant[] {
    const { cursor } = this;
    const all: Reactant[] = [];
    do {
      const token = cursor.peek();
      const count = token.kind === 'number' ? token.value : 1;
      if (token.kind === 'number') cursor.take();
      all.push({ count, target: this.target() });
    } while (cursor.accept('+'));
    return all;
  }

  private target(): Target {
    const { cursor } = this;
    const { name, place } = cursor.name();
    if (!cursor.accept('[')) return { name, index: null, place };
    const index = this.expressions.parse();
    cursor.expect(']');
    return { name, index, place };
  }

  private assignmentOrCall(): Statement {
    const { cursor } = this;
    const { place } = cursor.peek();
    const following = cursor.peek(1);
    if (following.kind === 'symbol' && following.symbol === '(') {
      const call = this.expressions.parse();
      if (call.kind !== 'call') return cursor.fail('expected the call of a procedure', place);
      return { kind: 'call', call, place };
    }
    let target = this.target();
    const isDerivative = cursor.accept("'");
    if (isDerivative && target.index === null && cursor.accept('[')) {
      target = { ...target, index: this.expressions.parse() };
      cursor.expect(']');
    }
    if (cursor.isAt("'")) cursor.fail('a second derivative cannot be taken over; write two states');
    cursor.expect('=');
    const value = this.expressions.parse();
    cursor.unit();
    return { kind: isDerivative ? 'derivative' : 'assign', target, value, place };
  }
}

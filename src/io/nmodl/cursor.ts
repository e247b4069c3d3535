import type { Place } from '../../language/expression.js';
import type { ModText } from './mod_text.js';
import type { ModToken } from './scan.js';
import type { Named } from './syntax.js';

/** Walks over the tokens of a text. */
export class Cursor {
  private next = 0;

  constructor(
    readonly source: ModText,
    private readonly tokens: readonly ModToken[],
  ) {}

  peek(ahead = 0): ModToken {
    return this.tokens[Math.min(this.next + ahead, this.tokens.length - 1)];
  }

  take(): ModToken {
    const token = this.peek();
    if (token.kind !== 'end') this.next++;
    return token;
  }

  /** Whether the next token is this symbol or word. */
  isAt(text: string): boolean {
    return this.textOf(this.peek()) === text;
  }

  /** Takes the next token if it is this symbol or word. */
  accept(text: string): boolean {
    const isThere = this.isAt(text);
    if (isThere) this.take();
    return isThere;
  }

  expect(text: string): ModToken {
    if (!this.isAt(text)) this.fail(`expected "${text}"; got ${this.described()}`);
    return this.take();
  }

  name(what = 'a name'): Named {
    const token = this.peek();
    if (token.kind !== 'name') return this.fail(`expected ${what}; got ${this.described()}`);
    this.take();
    return { name: token.name, place: token.place };
  }

  /** Names separated by commas. */
  names(): Named[] {
    const names = [this.name()];
    while (this.accept(',')) names.push(this.name());
    return names;
  }

  fail(message: string, place: Place = this.peek().place): never {
    return this.source.fail(place, `syntax: ${message}`);
  }

  described(): string {
    const token = this.peek();
    return token.kind === 'end'
      ? 'the end of the file'
      : `"${token.place.text.slice(token.place.start, token.place.end)}"`;
  }

  /** The text of a unit in parentheses that may follow here, or null. */
  unit(): string | null {
    if (!this.isAt('(')) return null;
    const open = this.take();
    while (!this.isAt(')')) {
      if (this.peek().kind === 'end') this.fail('a parenthesis is not closed', open.place);
      this.take();
    }
    const close = this.take();
    return open.place.text.slice(open.place.end, close.place.start).trim();
  }

  /** Skips from `open` to the `close` that belongs to it. */
  skipBlock(open: string, close: string): void {
    const first = this.expect(open);
    for (let level = 1; level > 0; ) {
      const token = this.take();
      if (token.kind === 'end') this.fail(`"${open}" is not closed`, first.place);
      const text = this.textOf(token);
      if (text === open) level++;
      if (text === close) level--;
    }
  }

  private textOf(token: ModToken): string | null {
    return token.kind === 'symbol' ? token.symbol : token.kind === 'name' ? token.name : null;
  }
}

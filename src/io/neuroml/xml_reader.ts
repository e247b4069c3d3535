import { CircuitError, type CircuitIssue } from '../../text/circuit_error.js';

/** XML with the place of everything, so that what is wrong with its content can be shown where it stands. */

export interface XmlAttribute {
  readonly value: string;
  /** Where the value begins in the file's text. */
  readonly offset: number;
}

export interface XmlElement {
  /** Without the prefix of a namespace. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly children: readonly XmlElement[];
  /** The text directly within it. */
  readonly text: string;
  /** Where its tag begins in the file's text. */
  readonly offset: number;
  readonly file: XmlFile;
}

/** A text that was read, and the name that messages give it. */
export class XmlFile {
  private lineStarts: readonly number[] | null = null;

  constructor(
    readonly text: string,
    readonly source: string | null,
  ) {}

  /** Line and column of an offset, from 1. */
  place(offset: number): { readonly line: number; readonly column: number } {
    this.lineStarts ??= [0, ...[...this.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    let [low, high] = [0, this.lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.lineStarts[middle] <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.lineStarts[low] + 1 };
  }

  issue(offset: number, message: string, marked?: CircuitIssue['marked']): CircuitIssue {
    return { path: '', source: this.source, ...this.place(offset), message, ...(marked && { marked }) };
  }
}

/** Deepest nesting that is read; NeuroML has about 10 levels. */
const MOST_LEVELS = 100;
/** Longest text that is read: the largest published cells have 5 MB. */
const MOST_CHARACTERS = 50_000_000;

const NAME = /[A-Za-z_:][\w:.-]*/y;
const SPACE = /[ \t\r\n]*/y;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The root element of an XML text. Throws CircuitError where it is not well-formed. */
export function readXml(text: string, source: string | null): XmlElement {
  return new XmlReader(new XmlFile(text, source)).root();
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
  readonly fullName: string;
}

class XmlReader {
  private at = 0;
  private readonly open: OpenElement[] = [];
  private result: XmlElement | null = null;

  constructor(private readonly file: XmlFile) {}

  root(): XmlElement {
    const { text } = this.file;
    if (text.length > MOST_CHARACTERS) this.fail(0, `the file has over ${MOST_CHARACTERS} characters`);
    if (text.startsWith('\ufeff')) this.at = 1;
    while (this.at < text.length) this.next();
    const unclosed = this.open.at(-1);
    if (unclosed) this.fail(unclosed.offset, `<${unclosed.fullName}> is never closed`);
    return this.result ?? this.fail(0, 'expected XML; the file has no element');
  }

  private fail(offset: number, message: string): never {
    throw new CircuitError([this.file.issue(offset, message)]);
  }

  /** Reads up to the next tag and this tag. */
  private next(): void {
    const { text } = this.file;
    const begin = text.indexOf('<', this.at);
    this.content(this.at, begin < 0 ? text.length : begin);
    if (begin < 0) this.at = text.length;
    else if (text.startsWith('<!--', begin)) this.at = this.endOf('-->', begin, 'comment');
    else if (text.startsWith('<?', begin)) this.at = this.endOf('?>', begin, 'instruction');
    else if (text.startsWith('<![CDATA[', begin)) {
      this.at = this.endOf(']]>', begin, 'CDATA section');
      const parent = this.open.at(-1);
      if (parent) parent.text += text.slice(begin + 9, this.at - 3);
    } else if (text.startsWith('<!', begin)) this.documentType(begin);
    else if (text.startsWith('</', begin)) this.closingTag(begin);
    else this.openingTag(begin);
  }

  private endOf(mark: string, begin: number, what: string): number {
    const end = this.file.text.indexOf(mark, begin);
    return end < 0 ? this.fail(begin, `the ${what} is never closed`) : end + mark.length;
  }

  private content(from: number, to: number): void {
    const text = this.file.text.slice(from, to);
    const parent = this.open.at(-1);
    if (parent) parent.text += this.decoded(text, from);
    else if (text.trim() !== '')
      this.fail(from + text.search(/\S/), 'expected XML; text stands outside of every element');
  }

  /** Definitions of entities could make a short text a huge one. */
  private documentType(begin: number): void {
    const end = this.endOf('>', begin, 'document type');
    if (this.file.text.slice(begin, end).includes('['))
      this.fail(begin, 'a document type with definitions of its own is not read; remove it');
    this.at = end;
  }

  private closingTag(begin: number): void {
    this.at = begin + 2;
    const name = this.name('the name of an element');
    this.space();
    if (this.file.text[this.at] !== '>') this.fail(this.at, `expected ">" after </${name}`);
    this.at++;
    const element = this.open.pop();
    if (element?.fullName !== name)
      this.fail(
        begin,
        element ? `expected </${element.fullName}>; got </${name}>` : `</${name}> closes nothing`,
      );
  }

  private openingTag(begin: number): void {
    if (this.result && this.open.length === 0) this.fail(begin, 'a second root element; XML has one');
    if (this.open.length >= MOST_LEVELS) this.fail(begin, `nested more than ${MOST_LEVELS} levels deep`);
    const { text } = this.file;
    this.at = begin + 1;
    const fullName = this.name('the name of an element');
    const attributes = new Map<string, XmlAttribute>();
    for (;;) {
      this.space();
      if (text[this.at] === '>' || text.startsWith('/>', this.at)) break;
      const offset = this.at;
      const name = this.name(`an attribute of <${fullName}> or ">"`);
      if (attributes.has(name)) this.fail(offset, `<${fullName}> has "${name}" twice`);
      attributes.set(name, this.attribute(name));
    }
    const element: OpenElement = {
      name: fullName.slice(fullName.indexOf(':') + 1),
      fullName,
      attributes,
      children: [],
      text: '',
      offset: begin,
      file: this.file,
    };
    this.open.at(-1)?.children.push(element);
    this.result ??= element;
    if (text[this.at] === '>') this.open.push(element);
    this.at += text[this.at] === '>' ? 1 : 2;
  }

  private attribute(name: string): XmlAttribute {
    const { text } = this.file;
    this.space();
    if (text[this.at] !== '=') this.fail(this.at, `expected "=" after the attribute ${name}`);
    this.at++;
    this.space();
    const quote = text[this.at];
    if (quote !== '"' && quote !== "'") this.fail(this.at, `expected the value of ${name} in quotes`);
    const offset = this.at + 1;
    const end = text.indexOf(quote, offset);
    if (end < 0) this.fail(this.at, `the value of ${name} is never closed`);
    const raw = text.slice(offset, end);
    if (raw.includes('<')) this.fail(offset + raw.indexOf('<'), `"<" in the value of ${name}; write &lt;`);
    this.at = end + 1;
    return { value: this.decoded(raw, offset), offset };
  }

  private name(expected: string): string {
    NAME.lastIndex = this.at;
    const match = NAME.exec(this.file.text);
    if (!match) return this.fail(this.at, `expected ${expected}`);
    this.at = NAME.lastIndex;
    return match[0];
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.file.text);
    this.at = SPACE.lastIndex;
  }

  private decoded(raw: string, offset: number): string {
    if (!raw.includes('&')) return raw;
    return raw.replace(/&([^;&\s]{0,32});?/g, (whole, entity: string, index: number) => {
      const code = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(entity);
      const point = code ? Number.parseInt(code[1] ?? code[2], code[1] ? 16 : 10) : null;
      const character =
        point === null
          ? Object.hasOwn(ENTITIES, entity) && ENTITIES[entity]
          : point > 0 && point <= 0x10ffff && String.fromCodePoint(point);
      if (!character || !whole.endsWith(';'))
        return this.fail(offset + index, `"${whole}" is no character; write &amp; for "&"`);
      return character;
    });
  }
}

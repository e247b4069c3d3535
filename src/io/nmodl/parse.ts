import type { Place } from '../../language/expression.js';
import { Cursor } from './cursor.js';
import { ModText } from './mod_text.js';
import { parseNeuronBlock } from './neuron_block.js';
import { StatementParser } from './parse_statements.js';
import { scanMod } from './scan.js';
import type { BlockKind, Declared, ModFile, Procedure } from './syntax.js';

/** Texts of files that a .mod file includes, by name. */
export type IncludedFiles = ReadonlyMap<string, string>;

const BLOCKS: readonly BlockKind[] = [
  'DERIVATIVE',
  'KINETIC',
  'PROCEDURE',
  'FUNCTION',
  'LINEAR',
  'NONLINEAR',
  'DISCRETE',
];
const MOST_INCLUDES = 10;

export interface ParsedMod {
  readonly file: ModFile;
  readonly source: ModText;
  readonly title: string;
  readonly opening: string;
}

/** Reads the text of a .mod file. Throws CircuitError where it is no NMODL. */
export function parseMod(text: string, name: string | null, includes: IncludedFiles): ParsedMod {
  const source = new ModText(text, name);
  const { tokens, title, opening } = scanMod(source, text);
  const parser = new ModParser(new Cursor(source, tokens), includes);
  parser.parse();
  return { file: parser.file, source, title, opening };
}

class ModParser {
  readonly file: ModFile;
  private statements: StatementParser;
  private included = 0;

  constructor(
    private cursor: Cursor,
    private readonly includes: IncludedFiles,
  ) {
    this.file = {
      suffix: null,
      ions: [],
      nonspecific: [],
      electrode: [],
      units: new Map(),
      unitConstants: new Map(),
      parameters: new Map(),
      constants: new Map(),
      assigned: new Map(),
      states: new Map(),
      blocks: new Map(),
      breakpoint: null,
      breakpointPlace: null,
      initial: [],
    };
    this.statements = new StatementParser(cursor, this.file.units);
  }

  parse(): void {
    while (this.cursor.peek().kind !== 'end') this.section();
  }

  private section(): void {
    const { cursor, file } = this;
    const token = cursor.peek();
    if (token.kind === 'verbatim') {
      const statement = this.statements.outside();
      if (statement) cursor.source.fail(token.place, statement);
      return;
    }
    const { name, place } = cursor.name('a block, such as NEURON or BREAKPOINT');
    const kind = BLOCKS.find((block) => block === name);
    if (kind) {
      this.block(kind);
      return;
    }
    switch (name) {
      case 'NEURON':
        parseNeuronBlock(cursor, file);
        return;
      case 'UNITS':
        this.units();
        return;
      case 'PARAMETER':
        this.declarations(file.parameters);
        return;
      case 'CONSTANT':
        this.declarations(file.constants);
        return;
      case 'ASSIGNED':
        this.declarations(file.assigned);
        return;
      case 'STATE':
        this.declarations(file.states);
        return;
      case 'BREAKPOINT':
        file.breakpointPlace = place;
        file.breakpoint = this.statements.block();
        return;
      case 'INITIAL':
        file.initial = this.statements.block();
        return;
      case 'INDEPENDENT':
        cursor.skipBlock('{', '}');
        return;
      case 'LOCAL':
        for (const local of this.statements.localNames())
          file.assigned.set(local, { name: local, place, value: null, unit: null, size: null });
        return;
      case 'DEFINE': {
        const defined = cursor.name();
        file.constants.set(defined.name, { ...defined, value: this.number(), unit: null, size: null });
        return;
      }
      case 'INCLUDE':
        this.include(place);
        return;
      case 'UNITSOFF':
        cursor.source.note(place, 'UNITSOFF is ignored');
        return;
      case 'UNITSON':
      case 'THREADSAFE':
        return;
      case 'PLOT':
        while (!cursor.accept('VS')) if (cursor.take().kind === 'end') cursor.fail('PLOT without VS', place);
        cursor.name();
        return;
      default:
        this.refuse(name, place);
    }
  }

  private refuse(name: string, place: Place): never {
    const known: Readonly<Record<string, string>> = {
      NET_RECEIVE: 'NET_RECEIVE belongs to synapses, which cannot be taken over yet',
      FUNCTION_TABLE: 'FUNCTION_TABLE gets its values from a hoc program; write the function out',
      BEFORE: 'BEFORE blocks cannot be taken over; move what they compute into BREAKPOINT',
      AFTER: 'AFTER blocks cannot be taken over; move what they compute into BREAKPOINT',
      CONSTRUCTOR: 'CONSTRUCTOR cannot be taken over; remove it if the mechanism works without',
      DESTRUCTOR: 'DESTRUCTOR cannot be taken over; remove it if the mechanism works without',
      TERMINAL: 'TERMINAL cannot be taken over; remove it if the mechanism works without',
      EXTERNAL: 'EXTERNAL reads variables of other mechanisms, which cannot be taken over',
    };
    if (Object.hasOwn(known, name)) this.cursor.source.fail(place, known[name]);
    return this.cursor.fail(`nothing of NMODL is called "${name}" here`, place);
  }

  private block(kind: BlockKind): void {
    const { cursor, file } = this;
    const { name, place } = cursor.name('the name of a block');
    const parameters: string[] = [];
    if (cursor.accept('(')) {
      while (!cursor.isAt(')')) {
        parameters.push(cursor.name().name);
        cursor.unit();
        if (!cursor.accept(',')) break;
      }
      cursor.expect(')');
    }
    cursor.unit();
    if (cursor.accept('SOLVEFOR')) cursor.names();
    const procedure: Procedure & { kind: BlockKind } = {
      kind,
      name,
      place,
      parameters,
      body: this.statements.block(),
    };
    file.blocks.set(name, procedure);
  }

  private units(): void {
    const { cursor, file } = this;
    const open = cursor.expect('{');
    while (!cursor.accept('}')) {
      if (cursor.peek().kind === 'end') cursor.fail('UNITS is not closed', open.place);
      if (cursor.accept('UNITSOFF') || cursor.accept('UNITSON')) continue;
      const unit = cursor.unit();
      if (unit !== null) {
        cursor.expect('=');
        const meaning = cursor.unit();
        if (meaning === null) cursor.fail('expected a unit in parentheses');
        else file.units.set(unit, meaning);
        continue;
      }
      const constant = cursor.name('a unit or a constant');
      cursor.expect('=');
      const of = cursor.unit() ?? this.number();
      file.unitConstants.set(constant.name, { ...constant, of, unit: cursor.unit() });
    }
  }

  /** PARAMETER, CONSTANT, ASSIGNED and STATE: names with sizes, values, units and limits. */
  private declarations(into: Map<string, Declared>): void {
    const { cursor } = this;
    const open = cursor.expect('{');
    while (!cursor.accept('}')) {
      if (cursor.peek().kind === 'end') cursor.fail('a block is not closed', open.place);
      if (cursor.accept(';') || cursor.accept(',') || cursor.accept('UNITSOFF') || cursor.accept('UNITSON'))
        continue;
      const { name, place } = cursor.name();
      let size: number | null = null;
      if (cursor.accept('[')) {
        size = this.size();
        cursor.expect(']');
      }
      let value = cursor.accept('=') ? this.number() : null;
      const unit = cursor.unit();
      if (cursor.isAt('<')) cursor.skipBlock('<', '>');
      if (cursor.accept('START')) value = this.number();
      if (cursor.accept('FROM')) {
        this.number();
        cursor.expect('TO');
        this.number();
        if (cursor.accept('START')) value = this.number();
      }
      into.set(name, { name, place, value, unit: unit ?? cursor.unit(), size });
    }
  }

  private size(): number {
    const token = this.cursor.peek();
    if (token.kind !== 'name') return this.number();
    this.cursor.take();
    const defined = this.file.constants.get(token.name)?.value;
    return defined ?? this.cursor.fail(`"${token.name}" has no DEFINE above it`, token.place);
  }

  private number(): number {
    const { cursor } = this;
    const sign = cursor.accept('-') ? -1 : 1;
    cursor.accept('+');
    const token = cursor.take();
    if (token.kind !== 'number') return cursor.fail('expected a number', token.place);
    return sign * token.value;
  }

  private include(place: Place): void {
    const cursor: Cursor = this.cursor;
    const source: ModText = cursor.source;
    const token = cursor.take();
    if (token.kind !== 'string') cursor.fail('INCLUDE needs the name of a file in quotes', token.place);
    const base = token.value.replace(/^.*[\\/]/, '');
    const text = this.includes.get(token.value) ?? this.includes.get(base);
    if (text === undefined) source.fail(place, `INCLUDE needs the file "${base}": put it beside this one`);
    if (++this.included > MOST_INCLUDES) source.fail(place, `more than ${MOST_INCLUDES} files are included`);
    source.include(text, base);
    const outer = [this.cursor, this.statements] as const;
    this.cursor = new Cursor(source, scanMod(source, text).tokens);
    this.statements = new StatementParser(this.cursor, this.file.units);
    this.parse();
    [this.cursor, this.statements] = outer;
  }
}

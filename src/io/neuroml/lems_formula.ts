import { type Expression, type Place, withParts } from '../../language/expression.js';
import { LanguageError } from '../../language/language_error.js';
import { parseExpression } from '../../language/parse.js';
import { NO_UNIT } from '../../language/units.js';
import type { XmlAttribute, XmlFile } from './xml_reader.js';

/** A formula of LEMS and where it stands. */
export interface LemsFormula {
  readonly text: string;
  readonly file: XmlFile;
  readonly offset: number;
}

export const formulaAt = (file: XmlFile, { value, offset }: XmlAttribute): LemsFormula => ({
  // Operators are replaced without a change of length, so that places are those of the file.
  text: value
    .replace(OPERATOR, (whole, name) => ` ${OPERATORS[name]}`.padEnd(whole.length))
    .replace(/\s/g, ' '),
  file,
  offset,
});

const OPERATORS: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  leq: '<=',
  geq: '>=',
  eq: '==',
  neq: '!=',
  and: '&&',
  or: '||',
};
const OPERATOR = /\.(lt|gt|leq|geq|eq|neq|and|or)\./g;

/**
 * The expression that a formula says. Its numbers are pure numbers, as they are in LEMS, except 0, which has every unit.
 * Throws LanguageError.
 */
export function parseLems({ text }: LemsFormula): Expression {
  return mapped(
    parseExpression(text, () => true),
    (part) => {
      if (part.kind === 'number' && part.value !== 0) return { ...part, unit: NO_UNIT };
      const base = part.kind === 'negative' ? part.of : part.kind === 'binary' ? part.right : null;
      const isPower = part.kind === 'negative' || (part.kind === 'binary' && part.operator === '^');
      if (isPower && base) requireClear(base);
      // Both logarithms of LEMS are natural.
      return part.kind === 'call' && part.name === 'ln' ? { ...part, name: 'log' } : part;
    },
  );
}

/** What -x^2 and x^y^z are differs between programs that read LEMS. */
function requireClear(power: Expression): void {
  if (power.kind !== 'binary' || power.operator !== '^') return;
  const { text, start, end } = power.place;
  if (!isInParentheses(text.slice(start, end)))
    throw new LanguageError(
      'programs that read LEMS differ in what a sign or a power before this power does; write parentheses',
      text,
      start,
      end,
    );
}

function isInParentheses(text: string): boolean {
  let level = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') level++;
    if (text[i] === ')') level--;
    if (level === 0) return i === text.length - 1;
  }
  return false;
}

/** An expression with names replaced by what they stand for. */
export const substituted = (
  formula: Expression,
  meaning: (name: string, place: Place) => Expression,
): Expression => mapped(formula, (part) => (part.kind === 'name' ? meaning(part.name, part.place) : part));

/** An expression rebuilt from below, each part replaced by what `change` makes of it. */
export const mapped = (formula: Expression, change: (part: Expression) => Expression): Expression =>
  change(withParts(formula, (part) => mapped(part, change)));

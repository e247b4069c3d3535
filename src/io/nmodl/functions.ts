import type { Expression } from '../../language/expression.js';
import { call, number, over } from '../../mechanism/formulas.js';

/** NMODL's functions and what they are called here. */
const NAMES: Readonly<Record<string, string>> = {
  ...{
    exp: 'exp',
    log: 'log',
    log10: 'log10',
    sqrt: 'sqrt',
    fabs: 'abs',
    abs: 'abs',
    fmin: 'min',
    fmax: 'max',
  },
  ...{ sin: 'sin', cos: 'cos', sinh: 'sinh', cosh: 'cosh', tanh: 'tanh' },
};

/** The formula of a call of one of NMODL's own functions; null for one that has no counterpart here. */
export function builtIn(
  formula: Expression & { readonly kind: 'call' },
  args: readonly Expression[],
): Expression | null {
  const { name, place } = formula;
  if (name === 'pow' && args.length === 2)
    return { kind: 'binary', operator: '^', left: args[0], right: args[1], place };
  // exprelr(x) = x / (exp(x) - 1)
  if (name === 'exprelr' && args.length === 1) return over(number(1), call('exprel', args[0]));
  return Object.hasOwn(NAMES, name) ? { ...formula, name: NAMES[name], args } : null;
}

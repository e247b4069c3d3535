/** What the units of a function's arguments and of its value are. */
export type FunctionUnits =
  /** Pure numbers in, a pure number out. */
  | 'pure'
  /** The value has the unit of the arguments, which share one. */
  | 'same'
  /** The value has the square root of the argument's unit. */
  | 'root';

export interface LanguageFunction {
  readonly parameters: number;
  readonly units: FunctionUnits;
  /** In float64. */
  readonly evaluate: (a: number, b: number) => number;
}

/** (exp(x) - 1) / x, continued by 1 at x = 0. */
const exprel = (x: number): number => (x === 0 ? 1 : Math.expm1(x) / x);

/** The functions that formulas may call. */
export const FUNCTIONS = {
  exp: { parameters: 1, units: 'pure', evaluate: Math.exp },
  log: { parameters: 1, units: 'pure', evaluate: Math.log },
  log10: { parameters: 1, units: 'pure', evaluate: Math.log10 },
  sqrt: { parameters: 1, units: 'root', evaluate: Math.sqrt },
  abs: { parameters: 1, units: 'same', evaluate: Math.abs },
  min: { parameters: 2, units: 'same', evaluate: Math.min },
  max: { parameters: 2, units: 'same', evaluate: Math.max },
  sin: { parameters: 1, units: 'pure', evaluate: Math.sin },
  cos: { parameters: 1, units: 'pure', evaluate: Math.cos },
  sinh: { parameters: 1, units: 'pure', evaluate: Math.sinh },
  cosh: { parameters: 1, units: 'pure', evaluate: Math.cosh },
  tanh: { parameters: 1, units: 'pure', evaluate: Math.tanh },
  /** (exp(x) - 1) / x, 1 at x = 0: a way to write rates without their singularity. */
  exprel: { parameters: 1, units: 'pure', evaluate: exprel },
} as const satisfies Record<string, LanguageFunction>;

export type FunctionName = keyof typeof FUNCTIONS;

export function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

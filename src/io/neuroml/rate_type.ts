import type { Node } from '../../language/node.js';
import { InputError } from '../input_error.js';
import { constants, LemsText, type Quantity } from './lems_text.js';
import { each, element, leaf } from './xml.js';

/** What a ComponentType computes: a rate (1/ms), a pure number, a time (ms). */
export type Exposure = 'r' | 'x' | 't';

const BASES: Readonly<Record<Exposure, string>> = { r: 'Rate', x: 'Variable', t: 'Time' };
const DIMENSIONS: Readonly<Record<Exposure, string>> = { r: 'per_time', x: 'none', t: 'time' };

/** The quantities that formulas read, as pure numbers in the units of mechanisms. */
const QUANTITIES: Readonly<Record<string, Quantity>> = {
  V: { value: 'v / MV', unit: 'MV' },
  celsius: {
    value: 'temperature / KELVIN - 273.15',
    unit: 'KELVIN',
    requires: { name: 'temperature', dimension: 'temperature' },
  },
  Ca_in: { value: 'caConc / MM', unit: 'MM' },
  Ca_out: {
    value: 'caConcExt / MM',
    unit: 'MM',
    requires: { name: 'caConcExt', dimension: 'concentration' },
  },
};

/** A ComponentType that exposes a node, for rates and gates that NeuroML has no name for. Throws InputError. */
export function* rateType(name: string, node: Node, exposure: Exposure): Iterable<string> {
  const unknown = [...node.variables].find((variable) => !Object.hasOwn(QUANTITIES, variable));
  if (unknown !== undefined)
    throw new InputError(
      `${name}: a rate of NeuroML cannot read "${unknown}", only V, calcium and the temperature`,
    );
  const text = new LemsText(QUANTITIES);
  const value = text.of(node);
  const [open, close] = { r: ['(', ') / MS'], x: ['', ''], t: ['MS * (', ')'] }[exposure];
  const reads = (variable: string) => node.variables.has(variable);
  const base = `baseVoltage${reads('Ca_in') ? 'Conc' : ''}Dep${BASES[exposure]}`;
  yield* element(
    'ComponentType',
    { name, extends: base },
    constants([...text.units, ...(exposure === 'x' ? [] : ['MS'])]),
    each(
      text.read.flatMap((variable) => QUANTITIES[variable].requires ?? []),
      ({ name: required, dimension }) => leaf('Requirement', { name: required, dimension }),
    ),
    element(
      'Dynamics',
      {},
      text.derived(),
      leaf('DerivedVariable', {
        name: exposure,
        dimension: DIMENSIONS[exposure],
        exposure,
        value: `${open}${value}${close}`,
      }),
      text.conditional(),
    ),
  );
}

import { linearIn } from '../../language/linear.js';
import type { Node } from '../../language/node.js';
import type { Mechanism } from '../../mechanism/mechanism.js';
import { InputError } from '../input_error.js';
import { constants, LemsText } from './lems_text.js';
import { MechanismNodes } from './mechanism_nodes.js';
import { digits } from './write_gate.js';
import { element, leaf } from './xml.js';

/** A concentration model of NeuroML. */
export interface WrittenPool {
  /** One that NeuroML defines. */
  readonly lines: readonly string[];
  /** A model and a ComponentType of its own, which the schema of NeuroML allows in files of LEMS only. */
  readonly lems: readonly string[];
}

/**
 * A pool of calcium; `values` are those of its parameters by name, in coherent units. Throws InputError where NeuroML has
 * no form for it.
 */
export function writePool(
  id: string,
  mechanism: Mechanism,
  values: ReadonlyMap<string, number>,
): WrittenPool {
  const nodes = new MechanismNodes(mechanism, values);
  const [state, other] = mechanism.states.values();
  if (mechanism.ion !== 'Ca' || other !== undefined || state.form.kind !== 'rate')
    throw new InputError(`${mechanism.name}: a pool of NeuroML is of calcium alone, with a rate`);
  const rate = nodes.node(state.form.rate);
  const fixed = fixedFactor(nodes, rate);
  if (!fixed) return { lines: [], lems: [...ownModel(id, rate, mechanism)] };
  const attributes = {
    id,
    ion: 'ca',
    restingConc: `${digits(fixed.rest_mM)}mM`,
    decayConstant: `${digits(fixed.tau_ms)}ms`,
    // umol/(cm uA ms), of which 1e6 are 1 mol/(cm uA ms).
    rho: `${digits(fixed.rho * 1e-6)}mol_per_cm_per_uA_per_ms`,
  };
  return { lines: [...leaf('fixedFactorConcentrationModel', attributes)], lems: [] };
}

interface FixedFactor {
  readonly rho: number;
  readonly rest_mM: number;
  readonly tau_ms: number;
}

/** A rate of -rho I_Ca - (Ca_in - rest)/tau, or null where it is another. */
function fixedFactor({ graph }: MechanismNodes, rate: Node): FixedFactor | null {
  const own = linearIn(graph, rate, 'Ca_in');
  const current = own && linearIn(graph, own.rest, 'I_Ca');
  if (own?.slope.kind !== 'number' || current?.slope.kind !== 'number' || current.rest.kind !== 'number')
    return null;
  const tau_ms = -1 / own.slope.value;
  const rest_mM = current.rest.value * tau_ms;
  return tau_ms > 0 && rest_mM >= 0 && Number.isFinite(tau_ms)
    ? { rho: -current.slope.value, rest_mM, tau_ms }
    : null;
}

const QUANTITIES = {
  V: { value: 'v / MV', unit: 'MV' },
  celsius: { value: 'temperature / KELVIN - 273.15', unit: 'KELVIN' },
  Ca_in: { value: 'concentration / MM', unit: 'MM' },
  Ca_out: { value: 'extConcentration / MM', unit: 'MM' },
  // Inward currents are positive in NeuroML.
  I_Ca: { value: '0 - iCa / surfaceArea / DENSITY', unit: 'DENSITY' },
};
const REQUIRED = [
  ...[
    ['iCa', 'current'],
    ['surfaceArea', 'area'],
    ['initialConcentration', 'concentration'],
    ['initialExtConcentration', 'concentration'],
  ],
] as const;

/** A ComponentType with the rate as it is, and the model of this type. */
function* ownModel(id: string, rate: Node, mechanism: Mechanism): Iterable<string> {
  const unknown = [...rate.variables].find((name) => !Object.hasOwn(QUANTITIES, name));
  if (unknown !== undefined)
    throw new InputError(`${mechanism.name}: a pool of NeuroML cannot read "${unknown}"`);
  const text = new LemsText(QUANTITIES);
  const value = text.of(rate);
  const type = `${id}_type`;
  const states = ['concentration', 'extConcentration'];
  yield* element(
    'ComponentType',
    { name: type, extends: 'concentrationModel' },
    constants([...text.units, 'MM', 'MS']),
    ...REQUIRED.map(([name, dimension]) => leaf('Requirement', { name, dimension })),
    ...(rate.variables.has('celsius')
      ? [leaf('Requirement', { name: 'temperature', dimension: 'temperature' })]
      : []),
    ...(rate.variables.has('V') ? [leaf('Requirement', { name: 'v', dimension: 'voltage' })] : []),
    leaf('Text', { name: 'ion' }),
    element(
      'Dynamics',
      {},
      ...states.map((name) => leaf('StateVariable', { name, exposure: name, dimension: 'concentration' })),
      text.derived(),
      text.conditional(),
      leaf('TimeDerivative', { variable: 'concentration', value: `(${value}) * MM / MS` }),
      element(
        'OnStart',
        {},
        leaf('StateAssignment', { variable: 'concentration', value: 'initialConcentration' }),
        leaf('StateAssignment', { variable: 'extConcentration', value: 'initialExtConcentration' }),
      ),
    ),
  );
  yield* leaf('concentrationModel', { id, type, ion: 'ca' });
}

import { type Circuit, isKinetic } from '../../model/circuit.js';
import { InputError } from '../input_error.js';

/** A receptor as NeuroML has it: the component of its synapses, without id, gbase and erev. */
export interface NeuroMlSynapse {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly block: Readonly<Record<string, string>> | null;
}

/** The order that the schema has for synapses. */
const IN_SCHEMA = ['alphaSynapse', 'expOneSynapse', 'expTwoSynapse', 'blockingPlasticSynapse'];

export const placeInSchema = (receptor: string, circuit: Circuit): number =>
  IN_SCHEMA.indexOf(synapseOf(receptor, circuit).name);

/** 1 / 0.062 mV of the magnesium block of Jahr & Stevens 1990. */
const BLOCK_SCALE_mV = 1 / 0.062;

/** The synapse that a receptor is. Throws InputError for kinetics of which NeuroML has no component. */
export function synapseOf(name: string, { receptors }: Circuit): NeuroMlSynapse {
  const receptor = receptors[name];
  const plain = (component: string, attributes: Record<string, string>) => ({
    name: component,
    attributes,
    block: null,
  });
  if (!isKinetic(receptor)) return plain('expOneSynapse', { tauDecay: `${receptor.tau_ms}ms` });
  const ms = (key: string) => `${receptor[key]}ms`;
  switch (receptor.mechanism) {
    case 'exponential':
      return plain('expOneSynapse', { tauDecay: ms('tau_ms') });
    case 'alpha':
      return plain('alphaSynapse', { tau: ms('tau_ms') });
    case 'double-exponential':
      return plain('expTwoSynapse', { tauRise: ms('tauRise_ms'), tauDecay: ms('tauDecay_ms') });
    case 'nmda':
      return {
        name: 'blockingPlasticSynapse',
        attributes: { tauRise: ms('tauRise_ms'), tauDecay: ms('tauDecay_ms') },
        block: {
          type: 'voltageConcDepBlockMechanism',
          species: 'mg',
          blockConcentration: `${receptor.Mg_mM}mM`,
          scalingConc: '3.57mM',
          scalingVolt: `${BLOCK_SCALE_mV}mV`,
        },
      };
    default:
      throw new InputError(
        `receptors.${name}: NeuroML has no synapse like "${receptor.mechanism}"; of the mechanisms, exponential, double-exponential, alpha and nmda are written`,
      );
  }
}

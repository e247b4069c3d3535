import { type Circuit, isKinetic, type Receptor } from '../../model/circuit.js';
import { InputError } from '../input_error.js';

/** A synapse as SONATA has it: NEURON's point process, and its parameters in ms and mV. */
export interface SynapseModel {
  readonly template: string;
  readonly parameters: Readonly<Record<string, number>>;
}

/** NEURON's point processes that are receptors here: their parameters with NEURON's defaults, and the receptor that they make. */
const MODELS = {
  ExpSyn: {
    defaults: { tau: 0.1, e: 0 },
    receptor: ({ tau }: Record<string, number>) => ({ tau_ms: tau }),
  },
  Exp2Syn: {
    defaults: { tau1: 0.1, tau2: 10, e: 0 },
    receptor: ({ tau1, tau2 }: Record<string, number>) => ({
      mechanism: 'double-exponential',
      tauRise_ms: tau1,
      tauDecay_ms: tau2,
    }),
  },
} as const;

/** Reversal potentials above it excite, mV. */
const EXCITES_ABOVE_mV = -50;

/** The synapse that a receptor is. Throws InputError for kinetics that NEURON's own point processes do not have. */
export function synapseModelOf(name: string, { receptors }: Circuit): SynapseModel {
  const receptor = receptors[name];
  const e = receptor.reversal_mV;
  if (!isKinetic(receptor)) return { template: 'ExpSyn', parameters: { tau: receptor.tau_ms, e } };
  const value = (key: string) => receptor[key] as number;
  if (receptor.mechanism === 'exponential')
    return { template: 'ExpSyn', parameters: { tau: value('tau_ms'), e } };
  if (receptor.mechanism === 'double-exponential')
    return {
      template: 'Exp2Syn',
      parameters: { tau1: value('tauRise_ms'), tau2: value('tauDecay_ms'), e },
    };
  throw new InputError(
    `receptors.${name}: SONATA has no synapse like "${receptor.mechanism}"; of the mechanisms, exponential and double-exponential are written`,
  );
}

/** The receptor that a synapse of an edge type makes. Throws InputError for another model or an unknown parameter. */
export function receptorOfModel(
  template: string,
  { level_of_detail: _, erev, ...given }: Readonly<Record<string, number>>,
  writtenSign: string | undefined,
  where: string,
): Receptor {
  const name = Object.keys(MODELS).find((model) => model.toLowerCase() === template.toLowerCase());
  if (name === undefined)
    throw new InputError(
      `${where}: model_template: expected ${Object.keys(MODELS).join(' or ')}; got ${template || 'none'}`,
    );
  const { defaults, receptor } = MODELS[name as keyof typeof MODELS];
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(defaults, key));
  if (unknown.length > 0) throw new InputError(`${where}: ${name} has no parameter ${unknown.join(', ')}`);
  const parameters: Record<string, number> = {
    ...defaults,
    ...(erev !== undefined && { e: erev }),
    ...given,
  };
  const reversal_mV = parameters.e;
  const byPotential = reversal_mV > EXCITES_ABOVE_mV ? 'excitatory' : 'inhibitory';
  const sign = writtenSign === 'excitatory' || writtenSign === 'inhibitory' ? writtenSign : byPotential;
  return { ...receptor(parameters), reversal_mV, sign } as Receptor;
}

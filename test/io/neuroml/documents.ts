import { readNeuroml } from '../../../src/io/neuroml/read_neuroml.js';
import { checkMechanism } from '../../../src/mechanism/check_mechanism.js';
import { gatingCurves } from '../../../src/mechanism/gating.js';
import type { Mechanism } from '../../../src/mechanism/mechanism.js';
import type { MechanismData } from '../../../src/mechanism/mechanism_schema.js';

/** A document of NeuroML around some elements. */
export const neuroml = (...elements: readonly string[]): string =>
  ['<neuroml xmlns="http://www.neuroml.org/schema/neuroml2" id="test">', ...elements, '</neuroml>'].join(
    '\n',
  );

/** A document of one channel `x` of sodium. */
export const channelOf = (...gates: readonly string[]): string =>
  neuroml(
    '<ionChannel id="x" conductance="10pS" type="ionChannelHH" species="na">',
    ...gates,
    '</ionChannel>',
  );

export function mechanismOf(data: MechanismData): Mechanism {
  const { mechanism, problems } = checkMechanism('x', data);
  if (!mechanism) throw new Error(JSON.stringify(problems));
  return mechanism;
}

export const POTENTIALS_mV = [-100, -80, -65, -40, -39.3, -20, 0, 35, 60];

/** Steady state and time constant of a state of the channel `x` at {@link POTENTIALS_mV}. */
export function gate(text: string, state: string, temperature_C = 36) {
  const { mechanisms } = readNeuroml(text, 'x.nml');
  const curve = gatingCurves(mechanismOf(mechanisms.x), POTENTIALS_mV, temperature_C).find(
    (one) => one.state === state,
  );
  if (!curve) throw new Error(`no state ${state}`);
  return { inf: [...curve.inf], tauMs: curve.tauMs && [...curve.tauMs] };
}

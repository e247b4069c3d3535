import { readFile, writeFile } from 'node:fs/promises';
import { type CellType, cellTypeSchema } from '../../model/cell_type.js';
import type { Kinetics } from '../../model/kinetics.js';
import { fileError, InputError } from '../input_error.js';

/**
 * Parameters of a SONATA single-compartment node: names and units of the NEURON section that it represents, a
 * cylinder of length = diameter = D (um) with "pas" and one mechanism, conductances in S/cm2. The squid axon is
 * NEURON's own mechanism "hh" (at 6.3 degrees C); the others are named after their kinetics and have no leak of their
 * own.
 */

const MECHANISMS = {
  'hodgkin-huxley-1952': 'hh',
  'traub-miles': 'traub_miles',
  'wang-buzsaki': 'wang_buzsaki',
} as const satisfies Record<Kinetics, string>;

export const mechanismOf = (kinetics: Kinetics): string => MECHANISMS[kinetics];

/** Values of parameters that a file leaves out: NEURON's, where the mechanism is NEURON's. */
const DEFAULTS: Readonly<Record<string, number>> = {
  D: 1,
  cm: 1,
  g_pas: 0.001,
  e_pas: -70,
  ena: 50,
  ek: -77,
  gnabar_hh: 0.12,
  gkbar_hh: 0.036,
  gl_hh: 0.0003,
  el_hh: -54.3,
};
const MILLI = 1e-3;
/** Threshold where neither the cell nor the configuration has one. */
const SPIKE_THRESHOLD_mV = -20;
/** The temperature of NEURON's "hh" here, whose rates are those of Hodgkin and Huxley's own. */
export const HH_CELSIUS = 6.3;

/** The parameters of a cell under the names above. */
export function dynamicsOf(cell: CellType): Record<string, number> {
  const mechanism = mechanismOf(cell.kinetics);
  const density = (mS_cm2: number) => tidy(mS_cm2 * MILLI);
  const common = {
    D: Math.sqrt(cell.area_um2 / Math.PI),
    cm: cell.C_uF_cm2,
    ena: cell.ENa_mV,
    ek: cell.EK_mV,
    [`gnabar_${mechanism}`]: density(cell.gNa_mS_cm2),
    [`gkbar_${mechanism}`]: density(cell.gK_mS_cm2),
    [`gmbar_${mechanism}`]: density(cell.gM_mS_cm2),
    [`taumax_${mechanism}`]: cell.tauMaxM_ms,
    spike_threshold: cell.spikeThreshold_mV,
    refractory: cell.refractory_ms,
  };
  if (cell.kinetics === 'hodgkin-huxley-1952')
    return { ...common, g_pas: 0, e_pas: cell.EL_mV, gl_hh: density(cell.gL_mS_cm2), el_hh: cell.EL_mV };
  const leak = { g_pas: density(cell.gL_mS_cm2), e_pas: cell.EL_mV };
  return cell.kinetics === 'traub-miles'
    ? { ...common, ...leak, vt_traub_miles: cell.VT_mV }
    : { ...common, ...leak, phi_wang_buzsaki: cell.phi };
}

/** 56 mS/cm2 are 0.056 S/cm2, not 0.056000000000000001. */
const tidy = (value: number): number => Number(value.toPrecision(15));

export const writeDynamics = (path: string, cell: CellType): Promise<void> =>
  writeFile(path, `${JSON.stringify(dynamicsOf(cell), null, 2)}\n`);

/** A file of parameters. Throws InputError where it is not a JSON object of numbers. */
export async function readParameters(path: string): Promise<Record<string, number>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path} is not JSON: ${error.message}`);
    throw fileError('read', path, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`${path}: expected an object of parameters`);
  for (const [name, number] of Object.entries(value))
    if (name !== 'level_of_detail' && typeof number !== 'number')
      throw new InputError(`${path}: ${name}: expected a number; got ${JSON.stringify(number)}`);
  return value as Record<string, number>;
}

/**
 * The cell of a node type. Throws InputError for a mechanism other than the three, for a parameter that it does not
 * have, and where one is missing that has no default. `fallbackThreshold_mV` is the threshold of a cell without its own.
 */
export function cellOf(
  template: string,
  parameters: Readonly<Record<string, number>>,
  where: string,
  fallbackThreshold_mV = SPIKE_THRESHOLD_mV,
): CellType {
  const mechanism = template.replace(/^nrn:/, '');
  const kinetics = (Object.keys(MECHANISMS) as Kinetics[]).find((name) => MECHANISMS[name] === mechanism);
  if (!kinetics)
    throw new InputError(
      `${where}: model_template: expected ${Object.values(MECHANISMS)
        .map((name) => `nrn:${name}`)
        .join(', ')}; got ${template}`,
    );
  const unused = new Set(Object.keys(parameters));
  const get = (name: string, fallback = DEFAULTS[name]): number => {
    unused.delete(name);
    const value = parameters[name] ?? fallback;
    if (value === undefined) throw new InputError(`${where}: there is no parameter ${name}`);
    return value;
  };
  const density = (name: string, fallback?: number) => tidy(get(name, fallback) / MILLI);
  const own = kinetics === 'hodgkin-huxley-1952';
  const [gPas, gOwn] = [density('g_pas'), own ? density('gl_hh') : 0];
  const [ePas, eOwn] = [get('e_pas'), own ? get('el_hh') : 0];
  const gL = gPas + gOwn;
  const cell = {
    kinetics,
    C_uF_cm2: get('cm'),
    gNa_mS_cm2: density(`gnabar_${mechanism}`),
    gK_mS_cm2: density(`gkbar_${mechanism}`),
    gM_mS_cm2: density(`gmbar_${mechanism}`, 0),
    gL_mS_cm2: gL,
    ENa_mV: get('ena'),
    EK_mV: get('ek'),
    // Two leaks side by side are one, at the mean of their potentials.
    EL_mV: gL === 0 || gOwn === 0 ? ePas : gPas === 0 ? eOwn : (gPas * ePas + gOwn * eOwn) / gL,
    tauMaxM_ms: get(`taumax_${mechanism}`, 1000),
    area_um2: tidy(Math.PI * get('D') ** 2),
    spikeThreshold_mV: get('spike_threshold', fallbackThreshold_mV),
    refractory_ms: get('refractory', 0),
    ...(kinetics === 'traub-miles' && { VT_mV: get('vt_traub_miles') }),
    ...(kinetics === 'wang-buzsaki' && { phi: get('phi_wang_buzsaki') }),
  };
  if (unused.size > 0)
    throw new InputError(`${where}: the mechanism ${mechanism} has no parameter ${[...unused].join(', ')}`);
  const parsed = cellTypeSchema.safeParse(cell);
  if (!parsed.success)
    throw new InputError(`${where}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
  return parsed.data;
}

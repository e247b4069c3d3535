import { readFile, writeFile } from 'node:fs/promises';
import { type CellData, cellSchema } from '../../mechanism/cell_schema.js';
import { messageOf } from '../../text/circuit_problems.js';
import { fileError, InputError } from '../input_error.js';

/**
 * The cell of a SONATA single-compartment node. Cells of circuits are written whole, as in a circuit file, under the template
 * `nce:NAME`. NEURON's squid axon, `nrn:hh` (at 6.3 degrees C), is read too: a cylinder of length = diameter = D (um) with "pas"
 * and "hh", conductances in S/cm2.
 */
const OWN_TEMPLATE = 'nce:';
const NEURON_HH = 'nrn:hh';

/** Values of parameters of `nrn:hh` that a file leaves out: NEURON's. */
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

export const templateOf = (cellName: string): string => `${OWN_TEMPLATE}${cellName}`;
export const isNeuronHh = (template: string): boolean => template === NEURON_HH;

/** Writes the parameters of a cell of a circuit. */
export const writeDynamics = (path: string, cell: CellData): Promise<void> =>
  writeFile(path, `${JSON.stringify(cell, null, 2)}\n`);

/** A file of parameters. Throws InputError where it is not a JSON object. */
export async function readParameters(path: string): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InputError(`${path} is not JSON: ${error.message}`);
    throw fileError('read', path, error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`${path}: expected an object of parameters`);
  return value as Record<string, unknown>;
}

/** Parameters that are all numbers. Throws InputError where one is not. */
export async function readNumbers(path: string): Promise<Record<string, number>> {
  const parameters = await readParameters(path);
  for (const [name, value] of Object.entries(parameters))
    if (name !== 'level_of_detail' && typeof value !== 'number')
      throw new InputError(`${path}: ${name}: expected a number; got ${JSON.stringify(value)}`);
  return parameters as Record<string, number>;
}

/**
 * The cell of a node type. Throws InputError for another template, for a parameter that it does not have, and where a value is
 * wrong. `fallbackThreshold_mV` is the threshold of a squid axon without its own.
 */
export function cellOf(
  template: string,
  parameters: Readonly<Record<string, unknown>>,
  where: string,
  fallbackThreshold_mV = SPIKE_THRESHOLD_mV,
): CellData {
  if (!template.startsWith(OWN_TEMPLATE) && !isNeuronHh(template))
    throw new InputError(
      `${where}: model_template: expected ${NEURON_HH} or ${OWN_TEMPLATE}NAME; got ${template}`,
    );
  const cell = isNeuronHh(template) ? squidAxon(parameters, where, fallbackThreshold_mV) : parameters;
  const parsed = cellSchema.safeParse(cell, { error: messageOf });
  if (!parsed.success)
    throw new InputError(
      `${where}: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
    );
  return parsed.data;
}

function squidAxon(
  parameters: Readonly<Record<string, unknown>>,
  where: string,
  fallbackThreshold_mV: number,
): CellData {
  const unused = new Set(Object.keys(parameters));
  unused.delete('level_of_detail');
  const get = (name: string, fallback = DEFAULTS[name]): number => {
    unused.delete(name);
    const value = parameters[name] ?? fallback;
    if (typeof value !== 'number')
      throw new InputError(`${where}: ${name}: expected a number; got ${JSON.stringify(value)}`);
    return value;
  };
  // 0.056 S/cm2 are 56 mS/cm2, not 56.00000000000001.
  const tidy = (value: number): number => Number(value.toPrecision(15));
  const density = (name: string) => tidy(get(name) / MILLI);
  const cell: CellData = {
    C_uF_cm2: get('cm'),
    area_um2: tidy(Math.PI * get('D') ** 2),
    temperature_C: HH_CELSIUS,
    spikeThreshold_mV: get('spike_threshold', fallbackThreshold_mV),
    refractory_ms: get('refractory', 0),
    ions: { Na: { E_mV: get('ena') }, K: { E_mV: get('ek') } },
    membrane: {
      na: { mechanism: 'na-hh52', g_mS_cm2: density('gnabar_hh') },
      k: { mechanism: 'k-hh52', g_mS_cm2: density('gkbar_hh') },
      leak: { mechanism: 'leak', g_mS_cm2: density('gl_hh'), E_mV: get('el_hh') },
      pas: { mechanism: 'leak', g_mS_cm2: density('g_pas'), E_mV: get('e_pas') },
    },
  };
  if (unused.size > 0)
    throw new InputError(`${where}: the mechanism hh has no parameter ${[...unused].join(', ')}`);
  return cell;
}

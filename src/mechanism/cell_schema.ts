import * as z from 'zod';
import { quantity } from '../text/quantity.js';

const ionSchema = z.strictObject({
  E_mV: quantity('mV', 'reversal potential; without it that of Nernst', { min: -300, max: 300 }).optional(),
  in_mM: quantity('mM', 'concentration inside, where no pool computes it', {
    above: 0,
    max: 1000,
  }).optional(),
  out_mM: quantity('mM', 'concentration outside', { above: 0, max: 1000 }).optional(),
});

/** A mechanism in a membrane, and values of its parameters: a number under every other key. */
export interface MembraneEntry {
  mechanism: string;
  [parameter: string]: string | number;
}

const membraneEntrySchema = z
  .object({ mechanism: z.string().meta({ description: 'name of a mechanism' }) })
  .catchall(z.number({ error: (issue) => `expected a number; got ${JSON.stringify(issue.input)}` }))
  .meta({
    description: 'a mechanism with its g_mS_cm2, E_mV where it is not that of its ion, and its parameters',
  }) as unknown as z.ZodType<MembraneEntry, MembraneEntry>;

/** A temperature that formulas know as `celsius`. */
export const temperature = quantity('degC', 'what `celsius` is in formulas', { min: -20, max: 60 });

/** A single-compartment cell: C dV/dt = I - the currents of its membrane. */
export const cellSchema = z.strictObject({
  about: z.string().optional().meta({ description: 'what it is, in one line' }),
  paper: z.string().optional().meta({ description: 'where its values come from' }),
  C_uF_cm2: quantity('uF/cm2', 'specific membrane capacitance', { above: 0, max: 100 }),
  area_um2: quantity('um2', 'membrane area, turns nS into mS/cm2', { above: 0, max: 1e7 }),
  temperature_C: temperature
    .meta({ description: 'what `celsius` is; without it that of the simulation' })
    .optional(),
  spikeThreshold_mV: quantity('mV', 'a spike is the upward crossing of this potential', {
    min: -200,
    max: 200,
  }).default(-20),
  refractory_ms: quantity(
    'ms',
    'if above 0, a neuron spikes whenever V is above the threshold and its last spike was at least this long ago (as in Brian2), instead of at upward crossings',
    { min: 0, max: 100 },
  ).default(0),
  ions: z
    .record(z.string(), ionSchema)
    .default({})
    .meta({ description: 'reversal potentials and concentrations' }),
  membrane: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/), membraneEntrySchema)
    .meta({ description: 'the mechanisms in the membrane, by a label' }),
});

export type CellData = z.infer<typeof cellSchema>;

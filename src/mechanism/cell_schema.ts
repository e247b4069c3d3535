import * as z from 'zod';
import { quantity } from '../text/quantity.js';
import { DEFAULT_TEMPERATURE_C } from './mechanism.js';

const ionSchema = z.strictObject({
  E_mV: quantity('mV', 'reversal potential; without it that of Nernst', { min: -300, max: 300 }).optional(),
  in_mM: quantity('mM', 'concentration inside, where no pool computes it', {
    above: 0,
    max: 1000,
  }).optional(),
  out_mM: quantity('mM', 'concentration outside', { above: 0, max: 1000 }).optional(),
});

const membraneEntrySchema = z
  .object({ mechanism: z.string().meta({ description: 'name of a mechanism' }) })
  .catchall(z.number({ error: (issue) => `expected a number; got ${JSON.stringify(issue.input)}` }))
  .meta({
    description: 'a mechanism with its g_mS_cm2, E_mV where it is not that of its ion, and its parameters',
  });

/** A single-compartment cell: C dV/dt = I - the currents of its membrane. */
export const cellSchema = z.strictObject({
  about: z.string().optional().meta({ description: 'what it is, in one line' }),
  paper: z.string().optional().meta({ description: 'where its values come from' }),
  C_uF_cm2: quantity('uF/cm2', 'specific membrane capacitance', { above: 0, max: 100 }),
  area_um2: quantity('um2', 'membrane area, turns nS into mS/cm2', { above: 0, max: 1e7 }),
  temperature_C: quantity('degC', 'what `celsius` is', { min: -20, max: 60 }).default(DEFAULT_TEMPERATURE_C),
  spikeThreshold_mV: quantity('mV', 'a spike is the upward crossing of this potential', {
    min: -200,
    max: 200,
  }).default(-20),
  ions: z
    .record(z.string(), ionSchema)
    .default({})
    .meta({ description: 'reversal potentials and concentrations' }),
  membrane: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/), membraneEntrySchema)
    .meta({ description: 'the mechanisms in the membrane, by a label' }),
});

export type CellData = z.infer<typeof cellSchema>;

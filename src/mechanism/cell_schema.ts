import * as z from 'zod';
import { type Limits, quantity } from '../text/quantity.js';

/** What the quantities of a membrane may be. */
export const LIMITS = {
  capacitance: { unit: 'uF/cm2', range: { above: 0, max: 100 } },
  conductance: { unit: 'mS/cm2', range: { min: 0, max: 10000 } },
  reversal: { unit: 'mV', range: { min: -300, max: 300 } },
  concentration: { unit: 'mM', range: { above: 0, max: 1000 } },
} as const satisfies Record<string, Limits>;

const limited = ({ unit, range }: Limits, description: string) => quantity(unit, description, range);

const ionSchema = z.strictObject({
  E_mV: limited(LIMITS.reversal, 'reversal potential; without it that of Nernst').optional(),
  in_mM: limited(LIMITS.concentration, 'concentration inside, where no pool computes it').optional(),
  out_mM: limited(LIMITS.concentration, 'concentration outside').optional(),
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
  C_uF_cm2: limited(LIMITS.capacitance, 'specific membrane capacitance'),
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

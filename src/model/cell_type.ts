import * as z from 'zod';
import { quantity } from '../text/quantity.js';
import { KINETICS } from './kinetics.js';

const conductanceDensity = (current: string) =>
  quantity('mS/cm2', `maximal conductance of the ${current}`, { min: 0, max: 1000 });
const potential = (what: string) => quantity('mV', what, { min: -200, max: 200 });

/**
 * Single-compartment cell: C dV/dt = -gNa m^3 h (V-ENa) - gK n^4 (V-EK) - gM p (V-EK) - gL (V-EL) - sum_r g_r (V-E_r) + I.
 */
export const cellTypeSchema = z.strictObject({
  kinetics: z.enum(KINETICS).meta({ description: 'rate functions of m, h and n' }),
  C_uF_cm2: quantity('uF/cm2', 'specific membrane capacitance', { above: 0, max: 100 }),
  gNa_mS_cm2: conductanceDensity('transient sodium current'),
  gK_mS_cm2: conductanceDensity('delayed-rectifier potassium current'),
  gM_mS_cm2: conductanceDensity('slow potassium (M) current').default(0),
  gL_mS_cm2: conductanceDensity('leak'),
  ENa_mV: potential('sodium reversal potential'),
  EK_mV: potential('potassium reversal potential'),
  EL_mV: potential('leak reversal potential'),
  VT_mV: potential('threshold shift of the Traub-Miles rates (unused by other kinetics)').default(0),
  tauMaxM_ms: quantity('ms', 'largest time constant of the M current', { above: 0, max: 100_000 }).default(
    1000,
  ),
  phi: quantity('1', 'temperature factor of h and n (Wang-Buzsaki kinetics)', { above: 0, max: 100 }).default(
    1,
  ),
  area_um2: quantity('um2', 'membrane area, turns nS into mS/cm2', { above: 0, max: 1e7 }),
  spikeThreshold_mV: potential('a spike is the upward crossing of this potential').default(-20),
  refractory_ms: quantity(
    'ms',
    'if above 0, a neuron spikes whenever V is above the threshold and its last spike was at least this long ago (as in Brian2), instead of at upward crossings',
    { min: 0, max: 100 },
  ).default(0),
});

export type CellType = z.infer<typeof cellTypeSchema>;

const pospischil = { kinetics: 'traub-miles', C_uF_cm2: 1, ENa_mV: 50, EK_mV: -90 } as const;

/** Named cells, each with the paper its parameters come from. */
export const CELL_LIBRARY = {
  /** Hodgkin & Huxley 1952, J Physiol 117:500, squid axon shifted to a rest of -65 mV; area: any (1000 um2). */
  'hodgkin-huxley-1952': cellTypeSchema.parse({
    kinetics: 'hodgkin-huxley-1952',
    C_uF_cm2: 1,
    gNa_mS_cm2: 120,
    gK_mS_cm2: 36,
    gL_mS_cm2: 0.3,
    ENa_mV: 50,
    EK_mV: -77,
    EL_mV: -54.387,
    area_um2: 1000,
  }),
  /** Pospischil et al. 2008, Biol Cybern 99:427, regular-spiking pyramidal cell with M current. */
  'pyramidal-rs': cellTypeSchema.parse({
    ...pospischil,
    gNa_mS_cm2: 56,
    gK_mS_cm2: 6,
    gM_mS_cm2: 0.075,
    gL_mS_cm2: 0.0205,
    EL_mV: -70.3,
    VT_mV: -56.2,
    tauMaxM_ms: 608,
    area_um2: 11843,
  }),
  /** Wang & Buzsaki 1996, J Neurosci 16:6402, fast-spiking interneuron. */
  'pv-wang-buzsaki': cellTypeSchema.parse({
    kinetics: 'wang-buzsaki',
    C_uF_cm2: 1,
    gNa_mS_cm2: 35,
    gK_mS_cm2: 9,
    gL_mS_cm2: 0.1,
    ENa_mV: 55,
    EK_mV: -90,
    EL_mV: -65,
    phi: 5,
    area_um2: 8000,
  }),
  /** Pospischil et al. 2008, low-threshold-spiking cell without its T current. */
  'sst-lts': cellTypeSchema.parse({
    ...pospischil,
    gNa_mS_cm2: 50,
    gK_mS_cm2: 4,
    gM_mS_cm2: 0.028,
    gL_mS_cm2: 0.019,
    EL_mV: -50,
    VT_mV: -50,
    tauMaxM_ms: 4000,
    area_um2: 8000,
  }),
  /** Pospischil et al. 2008, regular-spiking inhibitory cell. */
  'vip-rs-inhibitory': cellTypeSchema.parse({
    ...pospischil,
    gNa_mS_cm2: 10,
    gK_mS_cm2: 2.1,
    gM_mS_cm2: 0.098,
    gL_mS_cm2: 0.0133,
    EL_mV: -56.2,
    VT_mV: -67.9,
    tauMaxM_ms: 934,
    area_um2: 8000,
  }),
  /** Brette et al. 2007, J Comput Neurosci 23:349, benchmark 3 (COBAHH), as in Brian2's example: 3 ms refractory detection. */
  'traub-miles': cellTypeSchema.parse({
    kinetics: 'traub-miles',
    C_uF_cm2: 1,
    gNa_mS_cm2: 100,
    gK_mS_cm2: 30,
    gL_mS_cm2: 0.05,
    ENa_mV: 50,
    EK_mV: -90,
    EL_mV: -60,
    VT_mV: -63,
    area_um2: 20000,
    refractory_ms: 3,
  }),
} satisfies Record<string, CellType>;

/**
 * Layout of a synapse in two 32-bit words, defined only here; {@link SYNAPSE_WORD_WGSL} gives the shaders the same.
 *
 * word 0: target neuron (28 bits), receptor (4 bits); word 1: weight in quanta (18 bits), delay in steps (14 bits).
 */

const TARGET_BITS = 28;
const WEIGHT_BITS = 18;

export const MAX_TARGET = 2 ** TARGET_BITS - 1;
export const MAX_WEIGHT_QUANTA = 2 ** WEIGHT_BITS - 1;
export const MAX_DELAY_STEPS = 2 ** (32 - WEIGHT_BITS) - 1;
/** Bytes of a synapse on the host and on the GPU. */
export const BYTES_PER_SYNAPSE = 8;

export const packTarget = (target: number, receptor: number): number =>
  (target | (receptor << TARGET_BITS)) >>> 0;
export const packWeight = (quanta: number, delaySteps: number): number =>
  (quanta | (delaySteps << WEIGHT_BITS)) >>> 0;

export const targetOf = (word0: number): number => word0 & MAX_TARGET;
export const receptorOf = (word0: number): number => word0 >>> TARGET_BITS;
export const weightQuantaOf = (word1: number): number => word1 & MAX_WEIGHT_QUANTA;
export const delayStepsOf = (word1: number): number => word1 >>> WEIGHT_BITS;

/** The same accessors for the delivery kernel. */
export const SYNAPSE_WORD_WGSL = `fn synapse_target(word0: u32) -> u32 { return word0 & ${MAX_TARGET}u; }
fn synapse_receptor(word0: u32) -> u32 { return word0 >> ${TARGET_BITS}u; }
fn synapse_weight(word1: u32) -> i32 { return i32(word1 & ${MAX_WEIGHT_QUANTA}u); }
fn synapse_delay(word1: u32) -> u32 { return word1 >> ${WEIGHT_BITS}u; }
`;

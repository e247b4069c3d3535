/**
 * Layout of a synapse in two 32-bit words, defined only here; {@link SYNAPSE_WORD_WGSL} gives the shaders the same.
 *
 * word 0: target neuron (28 bits), receptor (4 bits); word 1: weight in quanta (18 bits), delay in steps (14 bits). The weight is a
 * number of 15 bits, shifted by twice a number of 3 bits: light and heavy weights stand side by side, each to 1 part in 16,384 or
 * better, and up to 32,767 quanta are exact.
 */

const TARGET_BITS = 28;
const WEIGHT_BITS = 18;
const MANTISSA_BITS = 15;
const MANTISSA = 2 ** MANTISSA_BITS - 1;
const MOST_SHIFT = 2 * (2 ** (WEIGHT_BITS - MANTISSA_BITS) - 1);

export const MAX_TARGET = 2 ** TARGET_BITS - 1;
export const MAX_WEIGHT_QUANTA = MANTISSA * 2 ** MOST_SHIFT;
export const MAX_DELAY_STEPS = 2 ** (32 - WEIGHT_BITS) - 1;
/** Bytes of a synapse on the host and on the GPU. */
export const BYTES_PER_SYNAPSE = 8;

export const packTarget = (target: number, receptor: number): number =>
  (target | (receptor << TARGET_BITS)) >>> 0;
/** `quanta` may be rounded, to at most {@link MAX_WEIGHT_QUANTA}; {@link weightQuantaOf} gives what was stored. */
export function packWeight(quanta: number, delaySteps: number): number {
  let shift = 0;
  while (Math.round(quanta / 2 ** shift) > MANTISSA && shift < MOST_SHIFT) shift += 2;
  const mantissa = Math.min(Math.round(quanta / 2 ** shift), MANTISSA);
  return (mantissa | ((shift / 2) << MANTISSA_BITS) | (delaySteps << WEIGHT_BITS)) >>> 0;
}

export const targetOf = (word0: number): number => word0 & MAX_TARGET;
export const receptorOf = (word0: number): number => word0 >>> TARGET_BITS;
export const weightQuantaOf = (word1: number): number =>
  (word1 & MANTISSA) << (2 * ((word1 >>> MANTISSA_BITS) & (2 ** (WEIGHT_BITS - MANTISSA_BITS) - 1)));
/** Whether so many quanta are stored exactly. */
export const isExactWeight = (quanta: number): boolean => weightQuantaOf(packWeight(quanta, 0)) === quanta;
export const delayStepsOf = (word1: number): number => word1 >>> WEIGHT_BITS;

/** The same accessors for the delivery kernel. */
export const SYNAPSE_WORD_WGSL = `fn synapse_target(word0: u32) -> u32 { return word0 & ${MAX_TARGET}u; }
fn synapse_receptor(word0: u32) -> u32 { return word0 >> ${TARGET_BITS}u; }
fn synapse_weight(word1: u32) -> i32 {
  return i32((word1 & ${MANTISSA}u) << (2u * ((word1 >> ${MANTISSA_BITS}u) & ${2 ** (WEIGHT_BITS - MANTISSA_BITS) - 1}u)));
}
fn synapse_delay(word1: u32) -> u32 { return word1 >> ${WEIGHT_BITS}u; }
`;

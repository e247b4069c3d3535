/**
 * Layout of the input ring, defined only here; {@link ringWordWgsl} gives the shaders the same: [slot][word][neuron],
 * where a word holds one receptor's quanta, or those of two of 16 bits each. Two halve what every step reads and
 * clears.
 */

const SHARED_BITS = 16;

/** How many receptors share a word of the ring, if a receptor gets at most `largestInput` quanta in one step. */
export const receptorsPerWord = (receptors: number, largestInput: number): 1 | 2 =>
  receptors > 1 && largestInput < 2 ** SHARED_BITS ? 2 : 1;

export interface RingLayout {
  readonly ringSlots: number;
  readonly receptors: number;
  readonly receptorsPerWord: 1 | 2;
  readonly neurons: number;
}

/** Words of one neuron in one slot. */
export const ringWords = ({ receptors, receptorsPerWord }: RingLayout): number =>
  Math.ceil(receptors / receptorsPerWord);

export const ringBytes = (layout: RingLayout): number =>
  4 * layout.ringSlots * ringWords(layout) * layout.neurons;

/** The ring's words from quanta [slot][receptor][neuron]. */
export function packRing(quanta: Int32Array<ArrayBuffer>, layout: RingLayout): Int32Array<ArrayBuffer> {
  if (layout.receptorsPerWord === 1) return quanta;
  const words = new Int32Array(ringBytes(layout) / 4);
  forEachReceptor(layout, (shift, from, to) => {
    for (let i = 0; i < layout.neurons; i++) words[to + i] += quanta[from + i] << shift;
  });
  return words;
}

/** Quanta [slot][receptor][neuron] from the ring's words. */
export function unpackRing(words: Int32Array<ArrayBuffer>, layout: RingLayout): Int32Array<ArrayBuffer> {
  if (layout.receptorsPerWord === 1) return words;
  const quanta = new Int32Array(layout.ringSlots * layout.receptors * layout.neurons);
  forEachReceptor(layout, (shift, to, from) => {
    for (let i = 0; i < layout.neurons; i++)
      quanta[to + i] = (words[from + i] >>> shift) & (2 ** SHARED_BITS - 1);
  });
  return quanta;
}

/** Every slot of every receptor: its place in quanta and in words, and its shift in a word. */
function forEachReceptor(
  layout: RingLayout,
  visit: (shift: number, ofQuanta: number, ofWords: number) => void,
): void {
  const { ringSlots, receptors, receptorsPerWord, neurons } = layout;
  for (let slot = 0; slot < ringSlots; slot++)
    for (let r = 0; r < receptors; r++) {
      const word = slot * ringWords(layout) + Math.floor(r / receptorsPerWord);
      visit(SHARED_BITS * (r % receptorsPerWord), (slot * receptors + r) * neurons, word * neurons);
    }
}

/** The same for the shaders. */
export const ringWordWgsl = (layout: RingLayout): string => `const RING_WORDS = ${ringWords(layout)}u;
const RECEPTORS_PER_WORD = ${layout.receptorsPerWord}u;
// The receptor's word in a slot, and what is added to it for some quanta.
fn ring_word(receptor: u32) -> u32 { return receptor / RECEPTORS_PER_WORD; }
fn in_ring_word(receptor: u32, quanta: i32) -> i32 { return quanta << (${SHARED_BITS}u * (receptor % RECEPTORS_PER_WORD)); }
// The receptor's quanta in its word.
fn quanta_of(receptor: u32, word: i32) -> i32 {
  if (RECEPTORS_PER_WORD == 1u) { return word; }
  return (word >> (${SHARED_BITS}u * (receptor % RECEPTORS_PER_WORD))) & ${2 ** SHARED_BITS - 1};
}
`;

/** The set of a graph's edges, for rewiring: which nodes are joined, changing step by step. */

export interface EdgeSet {
  has(source: number, target: number): boolean;
  add(source: number, target: number): void;
  delete(source: number, target: number): void;
}

/** One bit per ordered pair is the faster set as long as it fits the processor's caches: 32 MiB here. */
const BIT_MATRIX_MAX_NODES = 16_384;

/** An empty set for edges between `nodes` nodes with room for `edges` of them. */
export function emptyEdgeSet(nodes: number, edges: number): EdgeSet {
  return nodes <= BIT_MATRIX_MAX_NODES ? new BitMatrix(nodes) : new EdgeHash(nodes, edges);
}

class BitMatrix implements EdgeSet {
  private readonly bits: Uint32Array;
  private readonly wordsPerRow: number;

  constructor(nodes: number) {
    this.wordsPerRow = (nodes + 31) >>> 5;
    this.bits = new Uint32Array(nodes * this.wordsPerRow);
  }

  has(source: number, target: number): boolean {
    return ((this.bits[source * this.wordsPerRow + (target >>> 5)] >>> (target & 31)) & 1) === 1;
  }

  add(source: number, target: number): void {
    this.bits[source * this.wordsPerRow + (target >>> 5)] |= 1 << (target & 31);
  }

  delete(source: number, target: number): void {
    this.bits[source * this.wordsPerRow + (target >>> 5)] &= ~(1 << (target & 31));
  }
}

/** Open addressing with linear probing; deletion moves later entries back (Knuth, vol. 3, algorithm 6.4R). */
class EdgeHash implements EdgeSet {
  /** source * nodes + target + 1, or 0 where the slot is free. */
  private readonly keys: Float64Array;
  private readonly mask: number;

  constructor(
    private readonly nodes: number,
    edges: number,
  ) {
    const slots = 2 ** Math.ceil(Math.log2(2 * edges + 2));
    this.keys = new Float64Array(slots);
    this.mask = slots - 1;
  }

  has(source: number, target: number): boolean {
    return this.keys[this.slotOf(source, target)] !== 0;
  }

  add(source: number, target: number): void {
    this.keys[this.slotOf(source, target)] = source * this.nodes + target + 1;
  }

  delete(source: number, target: number): void {
    const { keys, mask, nodes } = this;
    let free = this.slotOf(source, target);
    if (keys[free] === 0) return;
    for (let slot = (free + 1) & mask; keys[slot] !== 0; slot = (slot + 1) & mask) {
      const key = keys[slot] - 1;
      const home = this.home(Math.floor(key / nodes), key % nodes);
      // The entry may move back unless its home lies after the free slot.
      if (((slot - home) & mask) >= ((slot - free) & mask)) {
        keys[free] = keys[slot];
        free = slot;
      }
    }
    keys[free] = 0;
  }

  /** Where the edge is, or the free slot where it would go. */
  private slotOf(source: number, target: number): number {
    const { keys, mask } = this;
    const key = source * this.nodes + target + 1;
    let slot = this.home(source, target);
    while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private home(source: number, target: number): number {
    const mixed = Math.imul(Math.imul(source, 0x9e3779b1) ^ target, 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & this.mask;
  }
}

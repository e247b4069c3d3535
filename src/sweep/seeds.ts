const MAX_SEED = 2 ** 32 - 1;
const MAX_SEEDS = 1_000_000;

/**
 * The seeds of a text such as `1..64` (both ends included) or `1,2,10..12`, in this order. Throws RangeError where it is
 * none, where a seed comes twice, is above 2^32 - 1, or where there are more than a million.
 */
export function seedsOf(text: string): number[] {
  const seeds: number[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d+)(?:\s*\.\.\s*(\d+))?\s*$/.exec(part);
    if (!match) throw new RangeError(`expected seeds such as 1..64 or 1,2,5; got "${text}"`);
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (first > last) throw new RangeError(`expected the smaller seed first; got "${part.trim()}"`);
    if (last > MAX_SEED) throw new RangeError(`expected seeds up to ${MAX_SEED}; got "${part.trim()}"`);
    if (seeds.length + last - first >= MAX_SEEDS)
      throw new RangeError(`expected at most ${MAX_SEEDS} seeds; got "${text}"`);
    for (let seed = first; seed <= last; seed++) seeds.push(seed);
  }
  const seen = new Set<number>();
  for (const seed of seeds) {
    if (seen.has(seed)) throw new RangeError(`seed ${seed} occurs twice in "${text}"`);
    seen.add(seed);
  }
  return seeds;
}

/** Number of single-character edits (Levenshtein 1966) that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}

const plain = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]/g, '');
/** A key without its unit: gNa of gNa_mS_cm2. */
const stem = (key: string): string => plain(key.split('_')[0]);

/**
 * The candidate that `word` most likely meant, or null if none is similar. Case, "_" and "-" do not count, nor does
 * the unit at the end of a key; otherwise the beginning of a candidate, or up to one typing error for each three
 * letters.
 */
export function closest(word: string, candidates: readonly string[]): string | null {
  const written = plain(word);
  const isBeginning = (candidate: string) => written.length >= 3 && plain(candidate).startsWith(written);
  const distance = (candidate: string) =>
    stem(candidate) === written || (word.includes('_') && stem(candidate) === stem(word))
      ? 0.5
      : Math.min(
          isBeginning(candidate) ? 1 : Infinity,
          editDistance(written, plain(candidate)),
          editDistance(written, stem(candidate)) + 0.5,
          editDistance(stem(word), stem(candidate)) + 1,
        );
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(candidate) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(1, Math.floor(written.length / 3)) ? best.candidate : null;
}

/** `; did you mean "x"?`, or all candidates if none is similar. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const best = closest(word, candidates);
  if (best !== null) return `; did you mean "${best}"?`;
  if (candidates.length === 0) return '; there are none';
  return `; allowed: ${candidates.join(', ')}`;
}

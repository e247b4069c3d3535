import fc from 'fast-check';

/** A way in for data that anyone may have written. */
export interface FuzzedReader<T = unknown> {
  readonly name: string;
  readonly input: fc.Arbitrary<T>;
  /** Reads an input; resolves where it is valid. */
  read(input: T): unknown;
  /** The errors with which it may refuse. */
  readonly refusals: readonly (abstract new (
    ...args: never[]
  ) => Error)[];
  /** Computing time that a case may take, s. */
  readonly limitSeconds: number;
  /** A case that costs much more than others has a smaller part of all; 1 where it is not said. */
  readonly share?: number;
}

export interface FuzzFigures {
  readonly valid: number;
  readonly refused: number;
  readonly seconds: number;
  /** Computing time of the longest case. */
  readonly longestSeconds: number;
}

/** Characters of a refusal that still inform. */
const LONGEST_MESSAGE = 100_000;

/**
 * Gives a reader so many inputs. Throws, with the smallest input that does it, where one ends in an error other than a
 * refusal, in a refusal whose cause is a mistake of the program, or takes too long.
 */
export async function fuzz<T>(reader: FuzzedReader<T>, cases: number, seed: number): Promise<FuzzFigures> {
  const startedAt = performance.now();
  let [valid, refused, longestSeconds] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(reader.input, async (input) => {
      const begin = process.cpuUsage();
      try {
        await reader.read(input);
        valid++;
      } catch (error) {
        requireRefusal(error, reader.refusals);
        refused++;
      }
      const { user, system } = process.cpuUsage(begin);
      const seconds = (user + system) / 1e6;
      longestSeconds = Math.max(longestSeconds, seconds);
      if (seconds > reader.limitSeconds) throw new Error(`took ${seconds} s of computing time`);
    }),
    { numRuns: cases, seed, endOnFailure: cases > 1000 },
  );
  return { valid, refused, seconds: (performance.now() - startedAt) / 1000, longestSeconds };
}

function requireRefusal(error: unknown, refusals: FuzzedReader['refusals']): void {
  const isRefusal = refusals.some((kind) => error instanceof kind);
  if (!isRefusal) throw error;
  const { message, cause } = error as Error;
  if (message === '' || message.length > LONGEST_MESSAGE)
    throw new Error(`the refusal has ${message.length} characters`, { cause: error });
  if (cause instanceof TypeError || cause instanceof RangeError || cause instanceof ReferenceError)
    throw new Error(`the refusal hides a mistake: ${cause.stack}`, { cause: error });
}

import { defineConfig } from 'vitest/config';

/** Many cases, by hand: `FUZZ_CASES=100000 npm run fuzz`; a reader by its name with `-t`. */
export default defineConfig({
  test: {
    include: ['test/fuzz/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 12 * 3600 * 1000,
    hookTimeout: 120_000,
  },
});

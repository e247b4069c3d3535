import { defineConfig } from 'vitest/config';

/** Long checks, by hand: `npx vitest run --config test/soak/vitest.config.ts`. */
export default defineConfig({
  test: {
    include: ['test/soak/*.soak.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 12 * 3600 * 1000,
    hookTimeout: 120_000,
  },
});

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Browser and queue tests wait for wall-clock time; a CI machine may be held up once.
    retry: process.env.CI ? 1 : 0,
    // Tests run each of many kernels for a short time: lavapipe compiles narrow vectors in half the time.
    env: { LP_NATIVE_VECTOR_WIDTH: '256' },
  },
});

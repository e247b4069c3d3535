import { defineConfig } from 'vitest/config';
import { SkippedTests } from './test/runner/skipped_tests.js';
import { testFiles } from './test/runner/unit_tests.js';

const { unit, system } = testFiles();

export default defineConfig({
  test: {
    reporters: ['default', new SkippedTests()],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Browser and queue tests wait for wall-clock time; a CI machine may be held up once.
    retry: process.env.CI ? 1 : 0,
    projects: [
      { extends: true, test: { name: 'unit', include: unit, isolate: false } },
      { extends: true, test: { name: 'system', include: system } },
    ],
  },
});

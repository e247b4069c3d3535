import type { StepWgslOptions } from '../../src/mechanism/step_wgsl.js';

/** Options of a text in which numbers are numbers. */
export const stepOptions = (changes: Partial<StepWgslOptions> = {}): StepWgslOptions => ({
  name: 'Test',
  dtMs: 0.025,
  integrator: 'exponential-euler',
  fields: new Map(),
  C: null,
  vary: 0,
  compensated: new Set(),
  hoistedField: (index) => `cell.hoisted_${index}`,
  ...changes,
});

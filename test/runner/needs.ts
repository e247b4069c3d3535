/** A test that needs something which a machine may lack. */

declare module '@vitest/runner' {
  interface TaskMeta {
    /** Why the test was skipped; SkippedTests prints it. */
    skipReason?: string;
  }
}

/** Options of a `test` or `describe` that is skipped, and reported with this reason, where something is missing. */
export function needs(missing: string | null) {
  return missing === null ? {} : { skip: true, meta: { skipReason: missing } };
}

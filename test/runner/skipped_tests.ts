import type { Reporter, TestModule } from 'vitest/node';
import './needs.js';

/** Names the skipped tests at the end of a run, each group under its reason. */
export class SkippedTests implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const byReason = new Map<string, string[]>();
    for (const module of modules)
      for (const test of module.children.allTests('skipped')) {
        // A test that -t left out is no news.
        if (test.options.mode !== 'skip') continue;
        const reason = test.meta().skipReason ?? 'no reason given';
        byReason.set(reason, [
          ...(byReason.get(reason) ?? []),
          `${module.relativeModuleId}: ${test.fullName}`,
        ]);
      }
    for (const [reason, names] of byReason)
      console.log(`\nSkipped (${names.length}): ${reason}\n${names.map((name) => `  ${name}`).join('\n')}`);
  }
}

/** Which test files are unit tests: decided by what they import, so that no list has to be kept. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { importsOf } from './imports.js';

/** What reaches outside the test's own process: a WebGPU device, a browser, Redis or a child process. */
const OUTSIDE = new Set(['webgpu', 'playwright-core', 'bullmq', 'ioredis', 'node:child_process']);

/** Files below `test`, relative to the root of the repository: `unit` reaches nothing outside, `system` the rest. */
export function testFiles(): { readonly unit: string[]; readonly system: string[] } {
  const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((file) => `test/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.test.ts'))
    .sort();
  const isUnit = (file: string) => !reachesOutside(file);
  return { unit: files.filter(isUnit), system: files.filter((file) => !isUnit(file)) };
}

/** Whether a file imports, directly or through other files, something of `OUTSIDE`. */
function reachesOutside(file: string): boolean {
  const loaded = new Set([file]);
  for (const each of loaded) {
    if (!existsSync(each)) continue;
    for (const { target, isTypeOnly } of importsOf(each, readFileSync(each, 'utf8'))) {
      if (isTypeOnly) continue;
      if (OUTSIDE.has(target)) return true;
      if (target.endsWith('.ts')) loaded.add(target.replaceAll('\\', '/'));
    }
  }
  return false;
}

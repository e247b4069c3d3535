import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
}

const lockfile: { packages: Record<string, LockedPackage> } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
);
const packages = Object.entries(lockfile.packages).filter(([place]) => place !== '');

/** npm leaves hashes out where it writes the lockfile beside a node_modules that lacks a platform's packages. */
test('every package of the lockfile has the hash of its content, those of other platforms too', () => {
  expect(packages.length).toBeGreaterThan(200);
  const without = packages.filter(
    ([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ''),
  );
  expect(without.map(([place]) => place)).toEqual([]);
});

test('the lockfile leaves the registry to the settings of npm', () => {
  expect(packages.filter(([, { resolved }]) => resolved !== undefined).map(([place]) => place)).toEqual([]);
});

import { createRequire } from 'node:module';

/** What computed: results are the same to the bit with the same versions only. */
export interface Versions {
  readonly nce: string;
  readonly node: string;
  readonly webgpu: string;
  readonly platform: string;
}

export function versions(): Versions {
  const require = createRequire(import.meta.url);
  return {
    nce: require('../../package.json').version,
    node: process.versions.node,
    webgpu: require('webgpu/package.json').version,
    platform: `${process.platform}-${process.arch}`,
  };
}

/** Width of lavapipe's vectors. Node only. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './vulkan_drivers.js';

/** What a device is opened for: kernels alone, or also drawing. */
export type DeviceUse = 'compute' | 'graphics';

/** Environment variables of lavapipe; undefined where they are not set. */
export interface LavapipeSettings {
  /** LP_NATIVE_VECTOR_WIDTH, bits. */
  readonly width: string | undefined;
  /** MESA_SHADER_CACHE_DIR. */
  readonly cache: string | undefined;
}

/** The widest vectors that lavapipe draws with, bits: with 512 it crashes (Mesa 25.0). */
const WIDEST_DRAWING = 256;

/**
 * The settings for a use, from what the user has set. By default lavapipe uses 256 bits; it computes faster with all
 * that the processor has, and draws with 256 at most. What the user has set is kept where lavapipe can draw with it.
 * Its cache of compiled kernels does not distinguish widths, so other widths get a separate one, in `folder` (null:
 * there is none).
 */
export function lavapipeSettings(
  use: DeviceUse,
  users: LavapipeSettings,
  hasAvx512: boolean,
  folder: string | null,
): LavapipeSettings {
  const own = (width: string) => (folder === null ? users.cache : join(folder, `lavapipe-${width}`));
  const width = users.width ?? (hasAvx512 ? '512' : undefined);
  if (use === 'graphics' && Number(width) > WIDEST_DRAWING)
    return { width: String(WIDEST_DRAWING), cache: own(String(WIDEST_DRAWING)) };
  if (width === users.width) return users;
  return { width, cache: users.cache ?? own('512') };
}

let users: LavapipeSettings | null = null;

/** Sets the environment of this process for a use, since lavapipe reads it whenever it makes a device. */
export async function setLavapipeVectors(use: DeviceUse): Promise<void> {
  users ??= { width: process.env.LP_NATIVE_VECTOR_WIDTH, cache: process.env.MESA_SHADER_CACHE_DIR };
  const folder = await cacheFolder().catch(() => null);
  const { width, cache } = lavapipeSettings(use, users, hasAvx512(), folder);
  setVariable('LP_NATIVE_VECTOR_WIDTH', width);
  setVariable('MESA_SHADER_CACHE_DIR', cache);
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

/** Whether the processor has the parts of AVX-512 that Mesa's compiler uses (Linux). */
function hasAvx512(): boolean {
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].split(' ') ?? [];
    return ['avx512f', 'avx512bw', 'avx512cd', 'avx512dq', 'avx512vl'].every((flag) => flags.includes(flag));
  } catch {
    return false;
  }
}

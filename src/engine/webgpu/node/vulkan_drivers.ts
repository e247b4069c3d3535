/**
 * Vulkan on Linux: which loader and drivers are there, and SwiftShader from a Chromium where nothing is installed.
 * Node only.
 */
import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, constants as osConstants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/** Where the Vulkan loader looks for driver manifests, in its own order. */
function manifestFolders(): string[] {
  const {
    XDG_CONFIG_HOME: configHome = join(homedir(), '.config'),
    XDG_CONFIG_DIRS: configDirs = '/etc/xdg',
    XDG_DATA_HOME: dataHome = join(homedir(), '.local', 'share'),
    XDG_DATA_DIRS: dataDirs = '/usr/local/share:/usr/share',
  } = process.env;
  const fixed = ['/etc', '/usr/local/etc'];
  const roots = [configHome, ...configDirs.split(':'), ...fixed, dataHome, ...dataDirs.split(':')].filter(
    Boolean,
  );
  return [...new Set(roots.map((root) => join(root, 'vulkan', 'icd.d')))];
}

/** Paths of the driver manifests (ICD json files) of this machine, or those the user names by the loader's variables. */
export function installedDrivers(): string[] {
  const named = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES;
  if (named !== undefined) return named.split(':').filter((path) => existsSync(path));
  return manifestFolders()
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .map((name) => join(folder, name)),
    );
}

const isLavapipe = (path: string): boolean => /lvp_icd[^/]*\.json$/.test(path);

/** Lavapipe's manifests, which Mesa names lvp_icd.json or lvp_icd.x86_64.json. */
export const lavapipeDrivers = (): string[] => installedDrivers().filter(isLavapipe);

/** Manifests of everything but lavapipe: Mesa installs drivers for all GPUs, present or not. */
export const gpuDrivers = (): string[] => installedDrivers().filter((path) => !isLavapipe(path));

/** Device files of GPUs: DRM, NVIDIA, WSL 2, Mali, Adreno, PowerVR. */
const GPU_DEVICE = /^(renderD|nvidia|dxg|mali|kgsl|pvr)/;

/** True if the kernel offers a GPU. Asking a GPU's driver without one prints errors that cannot be silenced. */
export function hasGpuDevice(): boolean {
  return ['/dev', '/dev/dri'].some(
    (folder) => existsSync(folder) && readdirSync(folder).some((name) => GPU_DEVICE.test(name)),
  );
}

const LOADER = 'libvulkan.so.1';
/** Folders of Chromium packages that ship SwiftShader and often a loader. */
const BROWSER_FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
const SWIFTSHADER_MANIFEST = 'vk_swiftshader_icd.json';
const SWIFTSHADER_LIBRARY = 'libvk_swiftshader.so';

/** True if the dynamic linker finds a Vulkan loader by its name, as Dawn would. */
export function hasSystemLoader(): boolean {
  return keepLibraryLoaded(LOADER);
}

/**
 * Makes the loader in `folder` the one Dawn gets. Dawn asks the dynamic linker for libvulkan.so.1, and the linker
 * returns a library of that name that is already loaded, so neither LD_LIBRARY_PATH (read once, at process start) nor
 * a copy beside dawn.node is needed.
 */
export function useLoaderFrom(folder: string): boolean {
  return keepLibraryLoaded(join(folder, LOADER));
}

const RTLD_NODELETE = 0x1000;

/** Loads a shared library into this process for good. */
function keepLibraryLoaded(path: string): boolean {
  try {
    process.dlopen({ exports: {} }, path, osConstants.dlopen.RTLD_NOW | RTLD_NODELETE);
    return true;
  } catch (error) {
    // Node complains about any library that is no addon, after having loaded it.
    return error instanceof Error && error.message.includes('did not self-register');
  }
}

export interface SwiftShaderLocation {
  /** Folder with the driver, its manifest and perhaps a Vulkan loader. */
  readonly folder: string;
  readonly manifest: string;
  /** Whose it is: the npm package or the browser's folder. */
  readonly source: string;
}

/**
 * Finds SwiftShader: in the npm package @sparticuz/chromium (unpacked once per user), else in an installed
 * browser. Null if there is none.
 * @throws Error if the package is there and cannot be unpacked.
 */
export async function findSwiftShader(): Promise<SwiftShaderLocation | null> {
  const archive = chromiumArchive();
  if (archive) {
    const folder = await unpackOnce(archive);
    return { folder, manifest: join(folder, SWIFTSHADER_MANIFEST), source: '@sparticuz/chromium' };
  }
  const folder = BROWSER_FOLDERS.find((path) => isSwiftShaderFolder(path));
  return folder ? { folder, manifest: join(folder, SWIFTSHADER_MANIFEST), source: folder } : null;
}

function isSwiftShaderFolder(folder: string): boolean {
  return existsSync(join(folder, SWIFTSHADER_MANIFEST)) && existsSync(join(folder, SWIFTSHADER_LIBRARY));
}

interface ChromiumArchive {
  readonly path: string;
  readonly version: string;
  /** Resolves modules as the package itself does: its tar-fs unpacks its archive. */
  readonly require: NodeJS.Require;
}

function chromiumArchive(): ChromiumArchive | null {
  // The npm file holds x64 libraries only.
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  } catch {
    return null;
  }
  const root = join(dirname(entry), '..', '..');
  const packageRequire = createRequire(entry);
  const path = join(root, 'bin', 'swiftshader.tar.br');
  if (!existsSync(path)) return null;
  const { version } = packageRequire(join(root, 'package.json')) as { version: string };
  return { path, version, require: packageRequire };
}

/** Unpacks the archive (3 MB) into the user's cache; parallel processes may do so at once, the first one wins. */
async function unpackOnce(archive: ChromiumArchive): Promise<string> {
  const folder = join(await cacheFolder(), `swiftshader-${archive.version}`);
  if (isSwiftShaderFolder(folder)) return folder;
  const { extract } = archive.require('tar-fs') as { extract(to: string): NodeJS.WritableStream };
  const partial = await mkdtemp(`${folder}.partial-`);
  try {
    await pipeline(createReadStream(archive.path), createBrotliDecompress(), extract(partial));
    if (!isSwiftShaderFolder(partial)) throw new Error(`${archive.path} holds no ${SWIFTSHADER_LIBRARY}`);
    // A folder that lost files (a cleaner of temporary folders) is replaced; a whole one is another process's.
    if (existsSync(folder) && !isSwiftShaderFolder(folder))
      await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!isSwiftShaderFolder(folder)) throw error;
  }
  return folder;
}

/**
 * A folder of ours that only this user can write: libraries are loaded from it.
 * @throws Error if neither the user's cache nor the temporary folder can be written.
 */
export async function cacheFolder(): Promise<string> {
  const user = process.getuid?.() ?? 0;
  const candidates = [
    join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'neural-circuit-engine'),
    join(tmpdir(), `neural-circuit-engine-${user}`),
  ];
  const problems: string[] = [];
  for (const folder of candidates) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { uid, mode } = statSync(folder);
      if (uid !== user || (mode & 0o022) !== 0) throw new Error('it can be written by another user');
      await rm(await mkdtemp(join(folder, 'writable-')), { recursive: true });
      return folder;
    } catch (error) {
      problems.push(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new Error(`no folder to unpack SwiftShader into (${problems.join('; ')})`);
}

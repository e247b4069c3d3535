/**
 * `nce doctor`: the adapters of this machine, which one would be chosen, and what could be improved.
 */
import { arch, cpus, platform, release } from 'node:os';
import { describeAdapter, type LimitName } from '../engine/webgpu/device/device.js';
import { driversToTry, findAdapter, type NodeDriver, takeTurn } from '../engine/webgpu/node/node_device.js';
import { hasSystemLoader, installedDrivers } from '../engine/webgpu/node/vulkan_drivers.js';

const SHOWN_LIMITS: readonly LimitName[] = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupStorageSize',
];

const DRIVERS: readonly NodeDriver[] = ['hardware', 'lavapipe', 'swiftshader'];

export interface DoctorCandidate {
  readonly candidate: NodeDriver;
  readonly works: boolean;
  /** Name of the adapter, or why there is none. */
  readonly outcome: string;
  readonly remedy: string | null;
  /** Limits of the adapter in WebGPU's units (bytes, counts); empty without one. */
  readonly limits: Readonly<Record<string, number>>;
  readonly features: readonly string[];
}

export interface DoctorReport {
  readonly node: string;
  readonly platform: string;
  readonly cpuCores: number;
  /** Whether the dynamic linker finds libvulkan.so.1; null where Vulkan is not used. */
  readonly hasVulkanLoader: boolean | null;
  /** Vulkan driver manifests (ICD files) installed. */
  readonly vulkanDrivers: readonly string[];
  readonly candidates: readonly DoctorCandidate[];
  /** What --device auto uses: a driver, or 'cpu' for the reference engine. */
  readonly chosen: NodeDriver | 'cpu';
  readonly why: string;
}

/**
 * Examines every candidate, including those that 'auto' would not try.
 * @throws DeviceError 'input' if NCE_SOFTWARE_ADAPTER is unknown.
 */
export async function doctorReport(): Promise<DoctorReport> {
  const order = driversToTry('auto');
  const isLinux = platform() === 'linux';
  // Before any candidate is tried: trying SwiftShader may load the loader that comes with it.
  const hasVulkanLoader = isLinux ? hasSystemLoader() : null;
  const candidates: DoctorCandidate[] = [];
  for (const driver of DRIVERS) candidates.push(await takeTurn(() => examine(driver)));
  const chosen = order.find((driver) => candidates.some((c) => c.candidate === driver && c.works));
  return {
    node: process.version,
    platform: `${platform()} ${release()} ${arch()}`,
    cpuCores: cpus().length,
    hasVulkanLoader,
    vulkanDrivers: isLinux ? installedDrivers() : [],
    candidates,
    chosen: chosen ?? 'cpu',
    why: explain(order, chosen),
  };
}

async function examine(driver: NodeDriver): Promise<DoctorCandidate> {
  const attempt = await findAdapter(driver);
  if (!('adapter' in attempt)) {
    return { candidate: driver, works: false, ...attempt, limits: {}, features: [] };
  }
  const { adapter } = attempt;
  const { vendor, architecture, description } = describeAdapter(adapter.info);
  return {
    candidate: driver,
    works: true,
    outcome: `${vendor} ${architecture} (${description})`,
    remedy: null,
    limits: Object.fromEntries(SHOWN_LIMITS.map((name) => [name, adapter.limits[name] as number])),
    features: [...adapter.features].sort(),
  };
}

function explain(order: readonly NodeDriver[], chosen: NodeDriver | undefined): string {
  const forced = process.env.NCE_SOFTWARE_ADAPTER;
  const rule = forced
    ? `NCE_SOFTWARE_ADAPTER=${forced} allows only ${forced}`
    : `the order is ${order.join(', ')}`;
  return chosen
    ? `${rule}; ${chosen} is the first that works`
    : `${rule}; none works, so the float64 reference engine is used`;
}

/** The report as text for a terminal. */
export function formatDoctorReport(report: DoctorReport): string {
  const lines = [
    `Node           ${report.node}`,
    `Platform       ${report.platform}, ${report.cpuCores} CPU cores`,
  ];
  if (report.hasVulkanLoader !== null) {
    lines.push(
      `Vulkan loader  ${report.hasVulkanLoader ? 'found (libvulkan.so.1)' : 'libvulkan.so.1 is not installed (SwiftShader brings its own)'}`,
      `Vulkan drivers ${report.vulkanDrivers.join('\n               ') || 'none installed'}`,
    );
  }
  for (const candidate of report.candidates) {
    lines.push('', `${candidate.works ? '[works]' : '[no]'} ${candidate.candidate}: ${candidate.outcome}`);
    for (const [name, value] of Object.entries(candidate.limits)) {
      lines.push(`    ${name.padEnd(34)} ${formatLimit(name, value)}`);
    }
    if (candidate.features.length > 0) lines.push(`    features: ${candidate.features.join(', ')}`);
    if (candidate.remedy) lines.push(`    remedy: ${candidate.remedy}`);
  }
  lines.push('', `--device auto uses: ${report.chosen} (${report.why})`);
  return lines.join('\n');
}

function formatLimit(name: string, value: number): string {
  return name.endsWith('Size') ? `${value} bytes (${(value / 2 ** 20).toPrecision(4)} MiB)` : String(value);
}

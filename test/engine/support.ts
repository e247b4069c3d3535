import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Engine, RecordedBlock } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { type DevicePreference, openNodeDevice } from '../../src/engine/webgpu/node/node_device.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import type { CellData } from '../../src/mechanism/cell_schema.js';
import { LIBRARY_CELLS, libraryCellData } from '../../src/mechanism/library.js';
import { type Circuit, circuitSchema, type Integrator } from '../../src/model/circuit.js';
import type { CircuitFile } from '../../src/model/circuit_file.js';
import { buildNetwork } from '../../src/network/build.js';

export const CELL_NAMES = LIBRARY_CELLS;

/** The cells of the library as circuits say them. */
export const CELL_LIBRARY: Readonly<Record<string, CellData>> = Object.fromEntries(
  LIBRARY_CELLS.map((name) => [name, libraryCellData(name)!]),
);

/**
 * The device that the tests run on. NCE_TEST_DEVICE says which: auto, gpu, software, lavapipe or swiftshader. By default
 * auto: a hardware adapter where there is one, as a Mac or a PC has, and a software adapter elsewhere.
 */
export async function testDevice(): Promise<DeviceHandle> {
  const preference = (process.env.NCE_TEST_DEVICE ?? 'auto') as DevicePreference;
  const { handle, considered } = await openNodeDevice({ preference });
  if (!handle) throw new Error(`no adapter for the tests: ${JSON.stringify(considered)}`);
  return handle;
}

export function referenceValues<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`reference_values/${file}`, import.meta.url), 'utf8')) as T;
}

/** Spike times of isolated_spikes_dt*.txt, ms. */
export function isolatedSpikesMs(dtMs: number): number[] {
  const text = readFileSync(
    new URL(`reference_values/isolated_spikes_dt${dtMs}.txt`, import.meta.url),
    'utf8',
  );
  return text.trim().split(/\s+/).map(Number);
}

/** A cell of the library with values of its own, all but those of its membrane. */
function basedOn({ base, membrane, ...values }: { base: string; membrane?: unknown }): object {
  if (membrane) throw new Error('only resolveCircuit merges membranes');
  return { ...CELL_LIBRARY[base], ...values };
}

/** A circuit without the checks of resolveCircuit. */
export function circuitOf(input: CircuitFile, simulation: Partial<Circuit['simulation']> = {}): Circuit {
  const own = Object.entries(input.cellTypes ?? {}).map(([name, cell]) =>
    'base' in cell ? [name, basedOn(cell)] : [name, cell],
  );
  return circuitSchema.parse({
    ...input,
    cellTypes: { ...CELL_LIBRARY, ...Object.fromEntries(own) },
    simulation: { ...input.simulation, ...simulation },
  });
}

/** Unconnected cells at rest, one a current that is switched on at `onMs`. */
export function cellsUnderCurrent(
  cell: string,
  currents_uA_cm2: readonly number[],
  simulation: { dt_ms: number; integrator?: Integrator; onMs?: number; offMs?: number },
): Circuit {
  const { onMs = 0, offMs, dt_ms, integrator = 'exponential-euler' } = simulation;
  return circuitOf({
    name: 'cells',
    simulation: { dt_ms, integrator },
    populations: Object.fromEntries(currents_uA_cm2.map((_, i) => [`cell${i}`, { cell, neurons: 1 }])),
    stimuli: currents_uA_cm2.map((amplitude_uA_cm2, i) => ({
      kind: 'step-current' as const,
      to: `cell${i}`,
      amplitude_uA_cm2,
      start_ms: onMs,
      ...(offMs !== undefined && { stop_ms: offMs }),
    })),
  });
}

/** Runs a circuit from time 0 for `durationMs` and joins the blocks. */
export async function run(engine: Engine, durationMs: number): Promise<RecordedBlock[]> {
  const blocks: RecordedBlock[] = [];
  const steps = Math.round(durationMs / engine.network.circuit.simulation.dt_ms);
  await engine.advance(steps, { onBlock: (block) => blocks.push(block) });
  return blocks;
}

/** The records of a run as if they had come in one block: how they are cut depends on the machine's speed. */
export function joined(blocks: readonly RecordedBlock[]) {
  const all = (field: 'spikeSteps' | 'spikeNeurons' | 'populationSums' | 'lfp_uV' | 'traces') =>
    blocks.flatMap((block) => [...block[field]]);
  return {
    stepsDone: blocks.at(-1)!.stepsDone,
    firstSample: blocks[0].firstSample,
    samples: blocks.reduce((sum, { samples }) => sum + samples, 0),
    spikeSteps: all('spikeSteps'),
    spikeNeurons: all('spikeNeurons'),
    populationSums: all('populationSums'),
    lfp_uV: all('lfp_uV'),
    traces: all('traces'),
  };
}

/** The same with a hash in the place of each long list: equal where the bits are, and compared in no time. */
export const hashed = (
  records: Readonly<Record<string, number | Iterable<number>>>,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(records).map(([field, values]) => [
      field,
      typeof values === 'number'
        ? values
        : createHash('sha256')
            .update(new Uint8Array(Float64Array.from(values).buffer))
            .digest('hex'),
    ]),
  );

export function spikesOf(blocks: readonly RecordedBlock[]): { steps: number[]; neurons: number[] } {
  return {
    steps: blocks.flatMap((block) => [...block.spikeSteps]),
    neurons: blocks.flatMap((block) => [...block.spikeNeurons]),
  };
}

/** Steps in which each neuron fired. */
export function spikeStepsByNeuron(blocks: readonly RecordedBlock[], neurons: number): number[][] {
  const byNeuron: number[][] = Array.from({ length: neurons }, () => []);
  for (const block of blocks)
    block.spikeNeurons.forEach((neuron, k) => {
      byNeuron[neuron].push(block.spikeSteps[k]);
    });
  return byNeuron;
}

/** Both engines on the same network; the caller destroys them. */
export async function bothEngines(
  circuit: Circuit,
  device: DeviceHandle,
): Promise<{ gpu: Engine; reference: Engine }> {
  const network = buildNetwork(circuit);
  return { gpu: await createWebGpuEngine(network, device), reference: createReferenceEngine(network) };
}

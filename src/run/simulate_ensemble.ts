import type { EngineSnapshot } from '../engine/engine.js';
import { openedOn } from '../engine/open_engine.js';
import type { DeviceHandle } from '../engine/webgpu/device/device.js';
import { createEnsemble } from '../engine/webgpu/ensemble.js';
import { type DevicePreference, openNodeDevice } from '../engine/webgpu/node/node_device.js';
import type { Circuit } from '../model/circuit.js';
import { type CircuitFile, resolveCircuit } from '../model/circuit_file.js';
import { assembleNetwork } from '../network/assemble.js';
import type { Network } from '../network/network.js';
import { BlocksInMemory } from '../recording/block_store.js';
import { assembleRecording } from '../recording/record.js';
import { CircuitError } from '../text/circuit_error.js';
import { machineBytes, networkBytes, requireMemory } from './memory_need.js';
import { type OpenedRestorable, RecoveringEngine } from './recovering_engine.js';
import {
  runToEnd,
  type SimulateOptions,
  type Simulation,
  simulate,
  stepsOf,
  timed,
  whileMaking,
} from './simulate.js';

/**
 * Simulates circuits side by side on one device. Each gives exactly the results that it would give alone; its timings
 * are its share of the wall-clock time of all. They have the same duration, dt, integrator, sample rate and number of
 * receptors. On the float64 reference, one after the other. A lost device is replaced, as in {@link simulate}.
 *
 * Rejects as {@link simulate}, for all where one is at fault; with CircuitError where they cannot run side by side.
 */
export async function simulateEnsemble(
  given: readonly Circuit[],
  { device = 'auto', ...options }: SimulateOptions = {},
): Promise<Simulation[]> {
  if (given.length === 0) return [];
  // They may have been changed since they were resolved.
  const circuits = given.map((circuit) => resolveCircuit(circuit as CircuitFile));
  requireEqualDurations(circuits);
  if (device === 'cpu') return simulateInTurn(circuits, { device, ...options });
  const startedAt = new Date();
  requireMemoryForAll(circuits);
  const [handle, openSeconds] = await timed(() => deviceOf(device));
  if (!handle) return simulateInTurn(circuits, { device, ...options });
  const [networks, buildSeconds] = await timed(() =>
    whileMaking(async () => circuits.map(assembleNetwork)).catch((error) => {
      handle.destroy();
      throw error;
    }),
  );
  const [opened, compileSeconds] = await timed(() => whileMaking(() => openOn(handle, networks, null)));
  const blocks = networks.map(() => new BlocksInMemory());
  const [circuit] = circuits;
  const engine = new RecoveringEngine(
    circuit.simulation.dt_ms,
    opened,
    async (choice, restorePoint) => {
      const other = choice === 'cpu' ? null : await deviceOf(choice);
      if (!other) throw new Error('there is no adapter');
      return openOn(other, networks, restorePoint);
    },
    {
      append: (block, member = 0) => blocks[member].append(block),
      mark: () => {
        for (const store of blocks) store.mark();
      },
      rewind: () => {
        for (const store of blocks) store.rewind();
      },
    },
    null,
  );
  try {
    const { restarts, simulateSeconds } = await runToEnd(engine, { circuit, startedAt }, options);
    const complete = engine.stepsDone === stepsOf(circuit);
    const share = {
      buildSeconds: buildSeconds / networks.length,
      compileSeconds: (openSeconds + compileSeconds) / networks.length,
      simulateSeconds: simulateSeconds / networks.length,
    };
    return networks.map((network, member) => ({
      startedAt,
      network,
      engine: opened.record,
      recording: assembleRecording(network, blocks[member], complete),
      ensembleMembers: networks.length,
      restarts,
      ...share,
    }));
  } finally {
    engine.close();
  }
}

const deviceOf = async (preference: DevicePreference): Promise<DeviceHandle | null> =>
  (await openNodeDevice({ preference })).handle;

/** The networks side by side on a device, which is theirs from now on. */
const openOn = (
  handle: DeviceHandle,
  networks: readonly Network[],
  resumeFrom: EngineSnapshot | null,
): Promise<OpenedRestorable> =>
  openedOn(handle, () => createEnsemble(networks, handle, resumeFrom ? { resumeFrom } : {}));

async function simulateInTurn(
  circuits: readonly Circuit[],
  { onProgress, ...options }: SimulateOptions,
): Promise<Simulation[]> {
  const simulations: Simulation[] = [];
  for (const circuit of circuits) {
    const earlierMs = simulations.length * circuit.simulation.duration_ms;
    const progress = onProgress && {
      onProgress: (simulatedMs: number) => onProgress((earlierMs + simulatedMs) / circuits.length),
    };
    simulations.push(await simulate(circuit, { ...options, ...progress }));
  }
  return simulations;
}

function requireMemoryForAll(circuits: readonly Circuit[]): void {
  let availableBytes = machineBytes();
  for (const circuit of circuits) {
    requireMemory(circuit, availableBytes);
    availableBytes -= networkBytes(circuit);
  }
}

function requireEqualDurations(circuits: readonly Circuit[]): void {
  const [{ simulation: first }] = circuits;
  const other = circuits.find(({ simulation }) => simulation.duration_ms !== first.duration_ms);
  if (!other) return;
  const message = `members of an ensemble share duration_ms: ${first.duration_ms} and ${other.simulation.duration_ms}`;
  throw new CircuitError([
    { path: 'simulation.duration_ms', source: null, line: null, column: null, message },
  ]);
}

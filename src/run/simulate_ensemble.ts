import type { RecordedBlock } from '../engine/engine.js';
import { adapterRecord } from '../engine/open_engine.js';
import { createEnsemble } from '../engine/webgpu/ensemble.js';
import { openNodeDevice } from '../engine/webgpu/node/node_device.js';
import type { Circuit } from '../model/circuit.js';
import { CircuitError } from '../model/circuit_error.js';
import { buildNetwork } from '../network/build.js';
import { assembleRecording } from '../recording/record.js';
import { machineBytes, networkBytes, requireMemory } from './memory_need.js';
import { type SimulateOptions, type Simulation, simulate, timed, whileMaking } from './simulate.js';

/**
 * Simulates circuits side by side on one device. Each gives the bits that it would give alone; its timings are its share
 * of the wall-clock time of all. They have the same duration, dt, integrator, sample rate and number of receptors. Where
 * the float64 reference computes, one after the other.
 *
 * Rejects as {@link simulate}, for all where one is at fault; with CircuitError where they cannot run side by side.
 */
export async function simulateEnsemble(
  circuits: readonly Circuit[],
  { device = 'auto', ...options }: SimulateOptions = {},
): Promise<Simulation[]> {
  if (circuits.length === 0) return [];
  requireEqualDurations(circuits);
  if (device === 'cpu') return simulateInTurn(circuits, { device, ...options });
  const startedAt = new Date();
  requireMemoryForAll(circuits);
  const [opened, openSeconds] = await timed(() => openNodeDevice({ preference: device }));
  const { handle } = opened;
  if (!handle) return simulateInTurn(circuits, { device, ...options });
  try {
    const [networks, buildSeconds] = await timed(() => whileMaking(async () => circuits.map(buildNetwork)));
    const [ensemble, compileSeconds] = await timed(() => whileMaking(() => createEnsemble(networks, handle)));
    try {
      const { duration_ms, dt_ms } = circuits[0].simulation;
      const steps = Math.round(duration_ms / dt_ms);
      const blocks: RecordedBlock[][] = networks.map(() => []);
      const [, simulateSeconds] = await timed(() =>
        ensemble.advance(steps, {
          ...(options.signal && { signal: options.signal }),
          onBlock: (block, member) => {
            blocks[member].push(block);
            if (member === networks.length - 1) options.onProgress?.(block.stepsDone * dt_ms);
          },
        }),
      );
      const share = {
        buildSeconds: buildSeconds / networks.length,
        compileSeconds: (openSeconds + compileSeconds) / networks.length,
        simulateSeconds: simulateSeconds / networks.length,
      };
      const engine = adapterRecord(ensemble.description, handle);
      const complete = ensemble.stepsDone === steps;
      return networks.map((network, member) => ({
        startedAt,
        network,
        engine,
        recording: assembleRecording(network, blocks[member], complete),
        ensembleMembers: networks.length,
        restarts: [],
        ...share,
      }));
    } finally {
      ensemble.destroy();
    }
  } finally {
    handle.destroy();
  }
}

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

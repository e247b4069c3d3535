import type { RecordedBlock } from '../engine/engine.js';
import { createEnsemble } from '../engine/webgpu/ensemble.js';
import { openNodeDevice } from '../engine/webgpu/node/node_device.js';
import { InputError } from '../io/input_error.js';
import { assembleNetwork } from '../network/assemble.js';
import type { Network } from '../network/network.js';
import { assembleRecording } from '../recording/record.js';
import type { BenchmarkRun } from './benchmark_run.js';
import { type BenchmarkCase, circuitOf, WARM_UP_MS } from './benchmarks.js';
import { Clock } from './clock.js';
import { deliveries } from './deliveries.js';

/** Measures circuits of the seeds 1 to `members`, side by side on one device. Rejects as createEnsemble does. */
export async function measureEnsemble(benchmarkCase: BenchmarkCase): Promise<BenchmarkRun> {
  const circuit = circuitOf(benchmarkCase);
  const { dt_ms: dtMs, integrator } = circuit.simulation;
  const { device } = benchmarkCase;
  const clock = new Clock();
  const networks = Array.from({ length: benchmarkCase.members }, (_, member) =>
    assembleNetwork({ ...circuit, simulation: { ...circuit.simulation, seed: member + 1 } }),
  );
  const buildSeconds = clock.lap();
  const { handle } = device === 'cpu' ? { handle: null } : await openNodeDevice({ preference: device });
  if (!handle) throw new InputError('an ensemble needs an adapter; the float64 reference has none');
  const deviceSeconds = clock.lap();
  try {
    const ensemble = await createEnsemble(networks, handle);
    const { compileSeconds, uploadSeconds } = ensemble.setup;
    clock.lap();
    const blocks: RecordedBlock[][] = networks.map(() => []);
    const onBlock = (block: RecordedBlock, member: number) => {
      blocks[member].push(block);
    };
    await ensemble.advance(Math.round(WARM_UP_MS / dtMs), { onBlock });
    const warmUpSeconds = clock.lap();
    const warmUpBlocks = blocks[0].length;
    const steps = Math.round((benchmarkCase.seconds * 1000) / dtMs);
    await ensemble.advance(steps, { onBlock });
    const simulateSeconds = clock.lap();
    const delivered = networks.map((network, m) => deliveries(network, blocks[m].slice(warmUpBlocks)));
    clock.lap();
    networks.forEach((network, m) => {
      assembleRecording(network, blocks[m], true);
    });
    const readbackSeconds = clock.lap();
    const total = (of: (network: Network) => number) => networks.reduce((sum, n) => sum + of(n), 0);
    const neurons = total((network) => network.neurons);
    const synapses = total((network) => network.synapses.count);
    const simulatedSeconds = (steps * dtMs) / 1000;
    return {
      adapter: ensemble.description,
      integrator,
      neurons,
      synapses,
      dtMs,
      delayMs: Math.min(...networks.map((network) => network.synapses.minDelaySteps)) * dtMs,
      simulatedSeconds,
      buildSeconds,
      deviceSeconds,
      uploadSeconds,
      compileSeconds,
      warmUpSeconds,
      simulateSeconds,
      readbackSeconds,
      analysisSeconds: null,
      nsPerNeuronStep: (1e9 * simulateSeconds) / (neurons * steps),
      synapticEventsPerSecond: delivered.reduce((sum, { events }) => sum + events, 0) / simulateSeconds,
      meanRateHz: delivered.reduce((sum, { spikes }) => sum + spikes, 0) / neurons / simulatedSeconds,
      realTimeFactor: simulatedSeconds / simulateSeconds,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      deviceMemoryBytes: ensemble.memoryBytes,
      bytesPerSynapse:
        total(({ synapses: { words, rowPointers } }) => words.byteLength + rowPointers.byteLength) / synapses,
    };
  } finally {
    handle.destroy();
  }
}

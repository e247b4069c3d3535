/** Measures one network in this process. Node only. */
import { analyzeCircuit } from '../analysis/analyze_circuit.js';
import type { RecordedBlock } from '../engine/engine.js';
import { openEngine } from '../engine/open_engine.js';
import { assembleNetwork } from '../network/assemble.js';
import { activityOf } from '../recording/activity.js';
import { assembleRecording } from '../recording/record.js';
import type { BenchmarkRun } from './benchmark_run.js';
import { type BenchmarkCase, circuitOf, WARM_UP_MS } from './benchmarks.js';
import { Clock } from './clock.js';
import { deliveries } from './deliveries.js';
import { measureEnsemble } from './measure_ensemble.js';

/** The analysis takes windows from 200 ms: two counting windows. */
const SHORTEST_ANALYSIS_MS = 200;

/** Rejects as assembleNetwork, openEngine and Engine.advance do. */
export async function measure(benchmarkCase: BenchmarkCase): Promise<BenchmarkRun> {
  if (benchmarkCase.members > 1) return measureEnsemble(benchmarkCase);
  const circuit = circuitOf(benchmarkCase);
  const { dt_ms: dtMs, integrator } = circuit.simulation;
  const clock = new Clock();
  const network = assembleNetwork(circuit);
  const buildSeconds = clock.lap();
  const { engine, record, close } = await openEngine(network, benchmarkCase.device);
  const openSeconds = clock.lap();
  try {
    const { compileSeconds, uploadSeconds: fillSeconds } = engine.setup;
    // Returns only when everything that was sent before has arrived.
    await engine.readState();
    const transferSeconds = clock.lap();
    const blocks: RecordedBlock[] = [];
    const onBlock = (block: RecordedBlock) => {
      blocks.push(block);
    };
    await engine.advance(Math.round(WARM_UP_MS / dtMs), { onBlock });
    const warmUpSeconds = clock.lap();
    const warmUpBlocks = blocks.length;
    const steps = Math.round((benchmarkCase.seconds * 1000) / dtMs);
    await engine.advance(steps, { onBlock });
    const simulateSeconds = clock.lap();
    const { spikes, events } = deliveries(network, blocks.slice(warmUpBlocks));
    clock.lap();
    await engine.readState();
    const recording = assembleRecording(network, blocks, true);
    const readbackSeconds = clock.lap();
    const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
    let analysisSeconds: number | null = null;
    if (benchmarkCase.analyzes && recording.stopMs >= SHORTEST_ANALYSIS_MS) {
      clock.lap();
      analyzeCircuit(activityOf(recording, network, { startMs: 0, stopMs: recording.stopMs }));
      analysisSeconds = clock.lap();
    }
    const simulatedSeconds = (steps * dtMs) / 1000;
    const { neurons, synapses } = network;
    return {
      adapter: record.description,
      integrator,
      neurons,
      synapses: synapses.count,
      dtMs,
      delayMs: synapses.minDelaySteps * dtMs,
      simulatedSeconds,
      buildSeconds,
      deviceSeconds: openSeconds - fillSeconds - compileSeconds,
      uploadSeconds: fillSeconds + transferSeconds,
      compileSeconds,
      warmUpSeconds,
      simulateSeconds,
      readbackSeconds,
      analysisSeconds,
      nsPerNeuronStep: (1e9 * simulateSeconds) / (neurons * steps),
      synapticEventsPerSecond: events / simulateSeconds,
      meanRateHz: spikes / neurons / simulatedSeconds,
      realTimeFactor: simulatedSeconds / simulateSeconds,
      peakMemoryBytes,
      deviceMemoryBytes: engine.memoryBytes,
      bytesPerSynapse:
        synapses.count === 0
          ? null
          : (synapses.words.byteLength + synapses.rowPointers.byteLength) / synapses.count,
    };
  } finally {
    close();
  }
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { irregularity } from '../../src/analysis/spiketrain/isi.js';
import { spikeTrainsFromEvents } from '../../src/analysis/spiketrain/trains.js';
import { COBAHH_AS_PUBLISHED, cobahh } from '../../src/bench/cobahh.js';
import type { RecordedBlock } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createEnsemble } from '../../src/engine/webgpu/ensemble.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { PRESETS } from '../../src/model/presets.js';
import { buildNetwork } from '../../src/network/build.js';
import type { Network } from '../../src/network/network.js';
import { assembleRecording } from '../../src/recording/record.js';
import { circuitOf, referenceValues, run, testDevice } from './support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

type Statistic = 'rate' | 'cv' | 'rE' | 'rPV' | 'rSST' | 'rVIP' | 'EI';

/** The statistics of the reference, over the 5 s after the transient. */
function statisticsOf(network: Network, blocks: readonly RecordedBlock[]): Record<Statistic, number> {
  const { spikes, populations } = assembleRecording(network, blocks, true);
  const window = { startMs: 500, stopMs: 5500 };
  const timesMs = Float64Array.from(spikes.steps, (step) => (step + 1) * 0.025);
  const trains = spikeTrainsFromEvents(spikes.neurons, timesMs, network.neurons);
  const { spikes: counts, cv } = irregularity(trains, window);
  const mean = (values: ArrayLike<number>, first: number, end: number) => {
    let sum = 0;
    for (let i = first; i < end; i++) sum += values[i];
    return sum / (end - first);
  };
  const rateOf = (name: string) => {
    const { first, count } = network.populations.find((p) => p.name === name)!;
    return mean(counts, first, first + count) / 5;
  };
  const active = [...counts.keys()].filter((i) => counts[i] >= 10).map((i) => cv[i]);
  const { excitatoryCurrent_nA, inhibitoryCurrent_nA } = populations.E;
  return {
    rate: mean(counts, 0, network.neurons) / 5,
    cv: mean(active, 0, active.length),
    rE: rateOf('E'),
    rPV: rateOf('PV'),
    rSST: rateOf('SST'),
    rVIP: rateOf('VIP'),
    EI: mean(excitatoryCurrent_nA, 500, 5500) / mean(inhibitoryCurrent_nA, 500, 5500),
  };
}

const meanAndSd = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  return { mean, sd };
};

/** Standard errors by which two means may differ: one false alarm in 16,000. */
const MOST_STANDARD_ERRORS = 4;

describe('network statistics within the spread over seeds', () => {
  it('cortical gamma: means of 8 seeds against 24 seeds of the independent float64 prototype', async () => {
    const reference = referenceValues<{ per_seed: Record<Statistic, number>[] }>(
      'network_f64_ee_dt0.025.json',
    ).per_seed;
    const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
    const networks = seeds.map((seed) => buildNetwork(circuitOf(PRESETS['cortical-gamma'], { seed })));
    const blocks: RecordedBlock[][] = networks.map(() => []);
    const ensemble = await createEnsemble(networks, device);
    await ensemble.advance(220_000, { onBlock: (block, member) => blocks[member].push(block) });
    ensemble.destroy();
    const ours = networks.map((network, i) => statisticsOf(network, blocks[i]));
    for (const statistic of ['rate', 'cv', 'rE', 'rPV', 'rSST', 'rVIP', 'EI'] as const) {
      const expected = meanAndSd(reference.map((seed) => seed[statistic]));
      const measured = meanAndSd(ours.map((seed) => seed[statistic]));
      const standardError = expected.sd * Math.sqrt(1 / reference.length + 1 / seeds.length);
      expect(Math.abs(measured.mean - expected.mean) / standardError, statistic).toBeLessThan(
        MOST_STANDARD_ERRORS,
      );
    }
  }, 600_000);

  // Field value: total spikes in 1 s over 10 seeds of an independent float64 C++ program, dt 0.1 ms, simultaneous
  // exponential Euler: 141,680 +- 10,565.
  it.each(['WebGPU', 'reference'])(
    'COBAHH as published on the %s engine: total spikes in 1 s',
    async (kind) => {
      const network = buildNetwork(circuitOf(cobahh(COBAHH_AS_PUBLISHED), { seed: 1 }));
      const engine =
        kind === 'WebGPU' ? await createWebGpuEngine(network, device) : createReferenceEngine(network);
      const total = (await run(engine, 1000)).reduce((sum, block) => sum + block.spikeSteps.length, 0);
      engine.destroy();
      expect(Math.abs(total - 141_680)).toBeLessThan(MOST_STANDARD_ERRORS * 10_565 * Math.sqrt(1 + 1 / 10));
    },
    600_000,
  );
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { stateKeys } from '../../src/mechanism/cell_model.js';
import { HalfStepBack } from '../../src/mechanism/moved_back.js';
import { buildNetwork } from '../../src/network/build.js';
import type { Network } from '../../src/network/network.js';
import { referenceCases } from '../mechanism/reference_cases.js';
import { REFERENCE_MECHANISMS, referenceCellData } from '../mechanism/reference_run.js';
import { circuitOf, run, spikeStepsByNeuron, testDevice } from './support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const DT_MS = 0.01;
const DURATION_MS = 245;

/** Of 01 to 05, cells with an A current, with a T current, a scheme and a pool, and with instantaneous gates and a KCa current. */
const CASES = referenceCases().filter(({ name }) =>
  [
    'Connor-Stevens, A 47.7, 10 uA/cm2',
    'thalamic cell, scheme of its h current, -0.3 nA',
    'Golomb 2006, 4 uA/cm2',
  ].includes(name),
);

/** All of them in one circuit; each starts from the state that its file gives. */
function network(): Network {
  const circuit = circuitOf(
    {
      name: 'reference-cells',
      mechanisms: REFERENCE_MECHANISMS,
      cellTypes: Object.fromEntries(CASES.map(({ cell }) => [cell.name, referenceCellData(cell.name)])),
      populations: Object.fromEntries(CASES.map(({ cell }) => [cell.name, { cell: cell.name, neurons: 1 }])),
      stimuli: CASES.map(({ cell, stimulus: { constant = 0 } }) => ({
        kind: 'constant-current' as const,
        to: cell.name,
        amplitude_uA_cm2: constant,
      })),
      recording: { sampleRate_hz: 100 },
    },
    { dt_ms: DT_MS },
  );
  const built = buildNetwork(circuit);
  const V_mV = Float64Array.from(CASES, ({ start }) => start.V);
  const states = built.start.states.map((column) => column.slice());
  CASES.forEach(({ cell, start }, i) => {
    const back = new HalfStepBack(cell, DT_MS);
    const keys = stateKeys(cell);
    back.V[0] = start.V;
    for (const [k, key] of keys.entries()) back.states[k][0] = start.states[key];
    back.run();
    for (const k of keys.keys()) states[k][i] = back.states[k][0];
  });
  return { ...built, start: { ...built.start, V_mV, states } };
}

/**
 * The engines, and how far off they may be, ms: the scheme up to 0.033 ms after 245 ms; float32 another 0.1 ms where the thalamic
 * cell creeps to its threshold, and four times that is allowed.
 */
const engines: [string, (network: Network) => Promise<Engine>, number][] = [
  ['WebGPU', (of) => createWebGpuEngine(of, device), 0.4],
  ['reference', async (of) => createReferenceEngine(of), 0.06],
];

it.each(engines)('%s engine: spike times of published cells', async (_, open, thalamicMs) => {
  const engine = await open(network());
  const spikes = spikeStepsByNeuron(await run(engine, DURATION_MS), CASES.length);
  engine.destroy();
  CASES.forEach(({ name, spikes: expected }, i) => {
    const within = expected.filter((timeMs) => timeMs < DURATION_MS);
    expect(within.length, name).toBeGreaterThan(2);
    expect(spikes[i], name).toHaveLength(within.length);
    const late = Math.max(...within.map((timeMs, k) => Math.abs((spikes[i][k] + 1) * DT_MS - timeMs)));
    // A spike is told at the end of its step.
    expect(late, name).toBeLessThan(DT_MS + (name.startsWith('thalamic') ? thalamicMs : 0.06));
  });
});

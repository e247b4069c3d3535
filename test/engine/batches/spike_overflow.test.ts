/** A batch with more spikes than its list holds is computed again: the results are those of a run with a long list, to the bit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordedBlock } from '../../../src/engine/engine.js';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { createEnsemble } from '../../../src/engine/webgpu/ensemble.js';
import { createWebGpuEngine } from '../../../src/engine/webgpu/webgpu_engine.js';
import type { CircuitFile } from '../../../src/model/circuit_file.js';
import { buildNetwork } from '../../../src/network/build.js';
import { circuitOf, testDevice } from '../support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = { ...(await testDevice()), processors: 1 };
});
afterAll(() => device.destroy());

/** Driven cells that excite each other, with noise, an electrode and a recorded neuron: everything that has to be restored. */
const busy = (seed: number, change: Partial<CircuitFile> = {}) =>
  buildNetwork(
    circuitOf(
      {
        name: 'busy',
        receptors: { AMPA: { tau_ms: 3, reversal_mV: 0, sign: 'excitatory' } },
        populations: { E: { cell: 'pyramidal-rs', neurons: 60 } },
        projections: [
          {
            from: 'E',
            to: 'E',
            receptor: 'AMPA',
            connector: { kind: 'fixed-probability', probability: 0.2 },
            weight_nS: 1,
            delay_ms: { distribution: 'uniform', low: 0.5, high: 4 },
          },
        ],
        stimuli: [
          { kind: 'constant-current', to: 'E', amplitude_uA_cm2: 8 },
          { kind: 'ornstein-uhlenbeck-current', to: 'E', mean_uA_cm2: 1, sd_uA_cm2: 3, tau_ms: 5 },
        ],
        recording: {
          sampleRate_hz: 1000,
          traces: [{ population: 'E', neurons: [0, 59] }],
          lfp: {
            conductivity_S_m: 0.3,
            minimumDistance_um: 10,
            populations: ['E'],
            electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }],
          },
        },
        ...change,
      },
      { dt_ms: 0.05, seed },
    ),
  );

const joined = (blocks: readonly RecordedBlock[]) => ({
  spikeSteps: blocks.flatMap(({ spikeSteps }) => [...spikeSteps]),
  spikeNeurons: blocks.flatMap(({ spikeNeurons }) => [...spikeNeurons]),
  firstSamples: blocks.flatMap(({ firstSample, samples }) =>
    Array.from({ length: samples }, (_, k) => firstSample + k),
  ),
  populationSums: blocks.flatMap(({ populationSums }) => [...populationSums]),
  lfp_uV: blocks.flatMap(({ lfp_uV }) => [...lfp_uV]),
  traces: blocks.flatMap(({ traces }) => [...traces]),
});

/** Pieces of a run, steps; the first and third end within a sample of 20 steps. */
const PIECES = [610, 5, 400, 905, 80];

async function everything(dispatch: 'epochs' | 'networks', spikeCapacity?: number) {
  const engine = await createWebGpuEngine(busy(1), device, {
    dispatch,
    ...(spikeCapacity && { spikeCapacity }),
  });
  const blocks: RecordedBlock[] = [];
  for (const [i, steps] of PIECES.entries()) {
    if (i === 3) await engine.injectCurrent(7, 5);
    await engine.advance(steps, { onBlock: (block) => blocks.push(block) });
  }
  const outcome = {
    ...joined(blocks),
    stepsDone: engine.stepsDone,
    state: await engine.readState(),
    snapshot: await engine.snapshot(),
  };
  engine.destroy();
  return outcome;
}

describe.each(['epochs', 'networks'] as const)('%s', (dispatch) => {
  it('lists of 2 and of 40 spikes give what a long list gives', async () => {
    const expected = await everything(dispatch);
    expect(expected.stepsDone).toBe(2000);
    expect(expected.firstSamples).toEqual(Array.from({ length: 100 }, (_, k) => k));
    expect(expected.spikeSteps.length).toBeGreaterThan(300);
    // Within one sample more than 2 fire, within a first batch of more samples more than 40.
    expect(await everything(dispatch, 40)).toEqual(expected);
    expect(await everything(dispatch, 2)).toEqual(expected);
  });
});

it('members of an ensemble whose lists are too short give what they give alone', async () => {
  const networks = [1, 2, 3].map((seed) => busy(seed));
  const outcomes = [];
  for (const spikeCapacity of [10_000, 3]) {
    const ensemble = await createEnsemble(networks, device, { spikeCapacity, dispatch: 'networks' });
    const blocks: RecordedBlock[][] = [[], [], []];
    await ensemble.advance(1000, { onBlock: (block, member) => blocks[member].push(block) });
    outcomes.push(blocks.map(joined));
    ensemble.destroy();
  }
  expect(outcomes[1]).toEqual(outcomes[0]);
});

it('a current injected since the restore point is there after the return', async () => {
  const outcomes = [];
  for (const spikeCapacity of [10_000, 40]) {
    const engine = await createWebGpuEngine(busy(1), device, { spikeCapacity, dispatch: 'epochs' });
    const blocks: RecordedBlock[] = [];
    for (const [steps, current_uA_cm2] of [
      [1, 1],
      [1, 20],
      [998, 0],
    ]) {
      await engine.advance(steps, { onBlock: (block) => blocks.push(block) });
      await engine.injectCurrent(7, current_uA_cm2);
    }
    outcomes.push(joined(blocks));
    engine.destroy();
  }
  expect(outcomes[1]).toEqual(outcomes[0]);
});

it('an abort while a batch is computed again leaves state and records at the same step', async () => {
  const engine = await createWebGpuEngine(busy(1), device, { spikeCapacity: 20 });
  const blocks: RecordedBlock[] = [];
  const abort = new AbortController();
  await engine.advance(2000, {
    signal: abort.signal,
    onBlock: (block) => {
      blocks.push(block);
      if (block.stepsDone >= 600) abort.abort();
    },
  });
  expect(engine.stepsDone).toBe(blocks.at(-1)!.stepsDone);
  const { stepsDone } = await engine.snapshot();
  expect(stepsDone).toBe(engine.stepsDone);
  await engine.advance(2000 - engine.stepsDone, { onBlock: (block) => blocks.push(block) });
  engine.destroy();
  const whole = await createWebGpuEngine(busy(1), device);
  const expected: RecordedBlock[] = [];
  await whole.advance(2000, { onBlock: (block) => expected.push(block) });
  whole.destroy();
  expect(joined(blocks)).toEqual(joined(expected));
});

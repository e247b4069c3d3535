import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cobahh } from '../../../src/bench/cobahh.js';
import type { RecordedBlock } from '../../../src/engine/engine.js';
import { planEngine } from '../../../src/engine/plan.js';
import type { DeviceHandle } from '../../../src/engine/webgpu/device/device.js';
import { createEnsemble } from '../../../src/engine/webgpu/ensemble.js';
import { adapterTraits } from '../../../src/engine/webgpu/software/adapter_traits.js';
import { workgroupsRunAtOnce } from '../../../src/engine/webgpu/software/barrier_probe.js';
import { createWebGpuEngine } from '../../../src/engine/webgpu/webgpu_engine.js';
import { PRESETS } from '../../../src/model/presets.js';
import { buildNetwork } from '../../../src/network/build.js';
import { circuitOf, run, testDevice } from '../support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const cortical = (seed = 42) =>
  buildNetwork(
    circuitOf(
      {
        ...PRESETS['cortical-gamma'],
        stimuli: [
          ...(PRESETS['cortical-gamma'].stimuli ?? []),
          { kind: 'ornstein-uhlenbeck-current', to: 'E', mean_uA_cm2: 0.1, sd_uA_cm2: 0.3, tau_ms: 5 },
        ],
        recording: {
          ...PRESETS['cortical-gamma'].recording,
          traces: [{ population: 'PV', neurons: [0, 39] }],
        },
      },
      { seed },
    ),
  );

const balanced = (neurons: number, delayMs: number) =>
  buildNetwork(circuitOf(cobahh({ neurons, synapsesPerNeuron: 80, delayMs, live: true })));

/** Everything that a network gives in pieces of the given lengths, ms. */
async function everything(
  network: ReturnType<typeof cortical>,
  dispatch: 'epochs' | 'networks',
  piecesMs: readonly number[],
  processors = 1,
) {
  const engine = await createWebGpuEngine(network, { ...device, processors }, { dispatch });
  const blocks: RecordedBlock[] = [];
  for (const piece of piecesMs) blocks.push(...(await run(engine, piece)));
  const state = await engine.readState();
  const snapshot = await engine.snapshot();
  engine.destroy();
  return {
    spikes: blocks.flatMap(({ spikeSteps, spikeNeurons }) =>
      [...spikeSteps].map((s, i) => [s, spikeNeurons[i]]),
    ),
    sums: blocks.flatMap(({ populationSums }) => [...populationSums]),
    lfp: blocks.flatMap(({ lfp_uV }) => [...lfp_uV]),
    traces: blocks.flatMap(({ traces }) => [...traces]),
    state,
    snapshot,
  };
}

describe('one workgroup per network gives exactly the results of one dispatch per epoch', () => {
  it.each([
    ['kinetics of several kinds, noise, traces, pieces within a sample', cortical(), [13, 0.5, 7.225, 20]],
    ['several neurons per thread, epochs longer than a sample', balanced(1200, 1.5), [40]],
    ['no delay: an epoch a step', balanced(1200, 0), [20.3, 5]],
  ])('%s', async (_, network, pieces) => {
    const networks = await everything(network, 'networks', pieces);
    expect(networks.spikes.length).toBeGreaterThan(10);
    expect(networks).toEqual(await everything(network, 'epochs', pieces));
  });

  it.each([
    ['epochs longer than a sample', balanced(1200, 1.5), [40]],
    ['no delay: an epoch a step', balanced(1200, 0), [20.3, 5]],
  ])('also two workgroups that share it: %s', async (_, network, pieces) => {
    const plan = planEngine(network);
    const workgroups = await adapterTraits({ ...device, processors: 2 }).workgroupsPerNetwork(plan);
    const runAtOnce = device.adapter.driver === 'lavapipe' && (await workgroupsRunAtOnce(device, 2));
    if (runAtOnce) expect(workgroups).toBe(2);
    const shared = await everything(network, 'networks', pieces, 2);
    expect(shared.spikes.length).toBeGreaterThan(10);
    expect(shared).toEqual(await everything(network, 'epochs', pieces));
  });

  it('members of an ensemble, each with its own spikes', async () => {
    const members = [cortical(1), cortical(2), cortical(3)];
    const ensemble = await createEnsemble(members, device, { dispatch: 'networks' });
    const spikes: number[][][] = members.map(() => []);
    const steps = 50 / 0.025;
    await ensemble.advance(steps, {
      onBlock: ({ spikeSteps, spikeNeurons }, member) =>
        spikeSteps.forEach((step, i) => {
          spikes[member].push([step, spikeNeurons[i]]);
        }),
    });
    ensemble.destroy();
    for (const [m, network] of members.entries())
      expect(spikes[m], `member ${m}`).toEqual((await everything(network, 'epochs', [50])).spikes);
  });

  it('one continues where the other stopped', async () => {
    const network = cortical();
    const whole = await everything(network, 'epochs', [30]);
    const first = await everything(network, 'networks', [11.3]);
    const engine = await createWebGpuEngine(network, device, {
      dispatch: 'epochs',
      resumeFrom: first.snapshot,
    });
    const rest = await run(engine, 30 - 11.3);
    engine.destroy();
    const spikes = rest.flatMap(({ spikeSteps, spikeNeurons }) =>
      [...spikeSteps].map((s, i) => [s, spikeNeurons[i]]),
    );
    expect([...first.spikes, ...spikes]).toEqual(whole.spikes);
  });

  it('input under way reaches a network that has no synapses itself', async () => {
    const before = await createWebGpuEngine(balanced(400, 1.5), device);
    await run(before, 20);
    const resumeFrom = await before.snapshot();
    before.destroy();
    expect(resumeFrom.ring.some((quanta) => quanta > 0)).toBe(true);
    const input = cobahh({ neurons: 400, synapsesPerNeuron: 80, delayMs: 1.5, live: true });
    const bare = buildNetwork(
      circuitOf({
        ...input,
        projections: [],
        stimuli: (['excitatory', 'inhibitory'] as const).map((receptor) => ({
          kind: 'poisson' as const,
          to: 'E',
          receptor,
          rate_hz: 0,
          weight_nS: 0,
        })),
      }),
    );
    const states = [];
    for (const dispatch of ['networks', 'epochs'] as const) {
      const engine = await createWebGpuEngine(bare, device, { dispatch, resumeFrom });
      await run(engine, 3);
      states.push(await engine.readState());
      engine.destroy();
    }
    expect(states[0]).toEqual(states[1]);
    const without = { ...resumeFrom, ring: new Int32Array(resumeFrom.ring.length) };
    const engine = await createWebGpuEngine(bare, device, { resumeFrom: without });
    await run(engine, 3);
    expect(states[0]).not.toEqual(await engine.readState());
    engine.destroy();
  });

  it.each(['networks', 'epochs'] as const)('%s: a blow-up names neuron and time', async (dispatch) => {
    const circuit = circuitOf({
      name: 'blow-up',
      simulation: { dt_ms: 0.025 },
      populations: {
        calm: { cell: 'pyramidal-rs', neurons: 9 },
        driven: { cell: 'pyramidal-rs', neurons: 2 },
      },
      stimuli: [{ kind: 'step-current', to: 'driven', amplitude_uA_cm2: 1e4, start_ms: 2 }],
    });
    const engine = await createWebGpuEngine(buildNetwork(circuit), device, { dispatch });
    await expect(run(engine, 5)).rejects.toThrow(/driven\[0\] is not finite or left .* by (2|3)(\.\d+)? ms/);
    engine.destroy();
  });
});

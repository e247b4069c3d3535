import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineSnapshot, RecordedBlock } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createEnsemble } from '../../src/engine/webgpu/ensemble.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import type { CircuitFile } from '../../src/model/circuit_file.js';
import { PRESETS } from '../../src/model/presets.js';
import { buildNetwork } from '../../src/network/build.js';
import { bothEngines, circuitOf, run, spikesOf, testDevice } from './support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const cortical = (seed = 42, change: (input: CircuitFile) => CircuitFile = (input) => input) =>
  buildNetwork(circuitOf(change(PRESETS['cortical-gamma']), { seed }));

/** Runs in pieces of the given lengths (ms); returns all spikes and the LFP at the first electrode. */
async function recordPieces(
  engine: Awaited<ReturnType<typeof createWebGpuEngine>> | ReturnType<typeof createReferenceEngine>,
  piecesMs: readonly number[],
) {
  const blocks: RecordedBlock[] = [];
  for (const piece of piecesMs) blocks.push(...(await run(engine, piece)));
  return { ...spikesOf(blocks), lfp: blocks.flatMap((block) => [...block.lfp_uV]) };
}

describe('delivery', () => {
  // A source that fires in a known step, targets with delays from 0 to 100 ms: g jumps in the step after the delay.
  const delays = [0, 0.025, 1.5, 3, 25, 100];
  const circuit = circuitOf(
    {
      name: 'delays',
      receptors: { AMPA: { tau_ms: 5, reversal_mV: 0, sign: 'excitatory' } },
      populations: {
        source: { cell: 'pyramidal-rs', neurons: 1 },
        ...Object.fromEntries(
          delays.map((_, i) => [`target${i}`, { cell: 'pyramidal-rs' as const, neurons: 1 }]),
        ),
      },
      projections: delays.map((delay_ms, i) => ({
        from: 'source',
        to: `target${i}`,
        receptor: 'AMPA',
        connector: { kind: 'list' as const, pairs: [[0, 0] as [number, number]] },
        weight_nS: 2,
        delay_ms,
      })),
      stimuli: [{ kind: 'step-current', to: 'source', amplitude_uA_cm2: 20, start_ms: 1, stop_ms: 3 }],
    },
    { dt_ms: 0.025 },
  );

  it.each(['WebGPU', 'reference'])(
    '%s: a weight arrives whole, in its step, after delays of 0 to 100 ms',
    async (kind) => {
      const network = buildNetwork(circuit);
      const engine =
        kind === 'WebGPU' ? await createWebGpuEngine(network, device) : createReferenceEngine(network);
      const blocks: RecordedBlock[] = [];
      await engine.advance(400, { onBlock: (block) => blocks.push(block) });
      const { steps, neurons } = spikesOf(blocks);
      expect(neurons).toEqual([0]);
      const decay = Math.exp(-0.025 / 5);
      for (const [i, delay] of delays.entries()) {
        const arrival = steps[0] + 1 + Math.round(delay / 0.025);
        if (arrival > engine.stepsDone)
          await engine.advance(arrival - engine.stepsDone, { onBlock: () => {} });
        const before = (await engine.readState()).conductance_nS[0][1 + i];
        if (arrival === engine.stepsDone) {
          expect(before, `delay ${delay} ms`).toBe(0);
          await engine.advance(1, { onBlock: () => {} });
        }
        const now = (await engine.readState()).conductance_nS[0][1 + i];
        const expected = 2 * decay ** (engine.stepsDone - arrival);
        // Weight rounding is half a quantum in 2^18; float32 decay adds a relative 6e-8 a step.
        expect(Math.abs(now - expected) / expected).toBeLessThan(
          2 ** -18 + 6e-8 * (engine.stepsDone - arrival),
        );
      }
      engine.destroy();
    },
  );
});

describe('cortical gamma circuit', () => {
  it('the first 15 ms fire the same neurons in both engines, to one step', async () => {
    const { gpu, reference } = await bothEngines(cortical().circuit, device);
    const [onGpu, expected] = [spikesOf(await run(gpu, 15)), spikesOf(await run(reference, 15))];
    gpu.destroy();
    expect(expected.neurons.length).toBeGreaterThan(50);
    const key = ({ steps, neurons }: typeof expected) =>
      new Map(neurons.map((neuron, k) => [neuron, steps[k]]));
    const [first, second] = [key(onGpu), key(expected)];
    expect([...first.keys()].sort()).toEqual([...second.keys()].sort());
    for (const [neuron, step] of second) expect(Math.abs(first.get(neuron)! - step)).toBeLessThanOrEqual(1);
  });

  it('one seed gives the same spikes and LFP to the bit, in one piece or in odd ones', async () => {
    const runs = [];
    for (const pieces of [[150], [150], [13.025, 41.975, 95]]) {
      const engine = await createWebGpuEngine(cortical(), device);
      runs.push(await recordPieces(engine, pieces));
      engine.destroy();
    }
    expect(runs[0].neurons.length).toBeGreaterThan(1000);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });

  it('another seed gives other spikes', async () => {
    const spikes = [];
    for (const seed of [42, 43]) {
      const engine = await createWebGpuEngine(cortical(seed), device);
      spikes.push(await recordPieces(engine, [30]));
      engine.destroy();
    }
    expect(spikes[0].neurons).not.toEqual(spikes[1].neurons);
  });
});

describe('snapshots', () => {
  it.each(['WebGPU', 'reference'])(
    '%s: a resumed run equals the uninterrupted one to the bit',
    async (kind) => {
      const open = async (resumeFrom?: EngineSnapshot) =>
        kind === 'WebGPU'
          ? createWebGpuEngine(cortical(), device, resumeFrom ? { resumeFrom } : {})
          : createReferenceEngine(cortical(), resumeFrom ? { resumeFrom } : {});
      const whole = await open();
      const expected = await recordPieces(whole, [40]);
      whole.destroy();
      const first = await open();
      const begun = await recordPieces(first, [17.325]);
      const snapshot = await first.snapshot();
      first.destroy();
      const second = await open(snapshot);
      const rest = await recordPieces(second, [22.675]);
      second.destroy();
      expect(begun.steps.concat(rest.steps)).toEqual(expected.steps);
      expect(begun.neurons.concat(rest.neurons)).toEqual(expected.neurons);
      expect(begun.lfp.concat(rest.lfp)).toEqual(expected.lfp);
    },
  );

  it('refuses a snapshot of another engine or another size', async () => {
    const reference = createReferenceEngine(cortical());
    const snapshot = await reference.snapshot();
    await expect(createWebGpuEngine(cortical(), device, { resumeFrom: snapshot })).rejects.toThrow(
      /float64 snapshot/,
    );
    const smaller = cortical(42, (input) => ({
      ...input,
      populations: { ...input.populations, VIP: { ...input.populations.VIP, neurons: 20 } },
    }));
    expect(() => createReferenceEngine(smaller, { resumeFrom: snapshot })).toThrow(
      /another engine or network/,
    );
  });
});

describe('retuning', () => {
  it('with the same network changes nothing; with other parameters it continues from the same state', async () => {
    const plain = await createWebGpuEngine(cortical(), device);
    const expected = await recordPieces(plain, [20, 20]);
    plain.destroy();

    const updated = await createWebGpuEngine(cortical(), device);
    const buffer = updated.stateBuffer;
    const begun = await recordPieces(updated, [20]);
    await updated.updateParameters(cortical());
    expect(updated.stateBuffer).toBe(buffer);
    const rest = await recordPieces(updated, [20]);
    expect(begun.neurons.concat(rest.neurons)).toEqual(expected.neurons);

    const silent = (input: CircuitFile) => ({
      ...input,
      stimuli: [],
      cellTypes: { quiet: { base: 'pyramidal-rs' } },
    });
    await updated.updateParameters(cortical(42, (input) => ({ ...silent(input), cellTypes: {} })));
    const quiet = await recordPieces(updated, [200]);
    expect(updated.stepsDone).toBe(9600);
    // Without background only the spontaneously firing VIP cells go on.
    const lateSpikesOfE = quiet.neurons.filter((neuron, k) => neuron < 400 && quiet.steps[k] > 6000);
    expect(lateSpikesOfE).toHaveLength(0);
    updated.destroy();
  });

  it('injects current into one neuron', async () => {
    const engine = await createWebGpuEngine(
      buildNetwork(circuitOf({ name: 'pair', populations: { cell: { cell: 'pyramidal-rs', neurons: 2 } } })),
      device,
    );
    await engine.injectCurrent(1, 5);
    const { neurons } = await recordPieces(engine, [50]);
    expect(neurons.length).toBeGreaterThan(0);
    expect(neurons.every((neuron) => neuron === 1)).toBe(true);
    await expect(engine.injectCurrent(2, 5)).rejects.toThrow(/there is no neuron 2/);
    engine.destroy();
  });
});

describe('ensembles', () => {
  it('each member gives exactly what it gives alone', async () => {
    const weaker = (input: CircuitFile): CircuitFile => ({
      ...input,
      receptors: { ...input.receptors, GABA_A_fast: { tau_ms: 4, reversal_mV: -75, sign: 'inhibitory' } },
      projections: input.projections?.map((p) => ({ ...p, delay_ms: (p.delay_ms as number) + 0.5 })),
    });
    const members = [cortical(1), cortical(2, weaker), cortical(3)];
    const blocks: RecordedBlock[][] = members.map(() => []);
    const ensemble = await createEnsemble(members, device);
    await ensemble.advance(1600, { onBlock: (block, member) => blocks[member].push(block) });
    ensemble.destroy();
    for (const [i, network] of members.entries()) {
      const engine = await createWebGpuEngine(network, device);
      const alone = await run(engine, 40);
      engine.destroy();
      expect(spikesOf(blocks[i])).toEqual(spikesOf(alone));
      expect(blocks[i].flatMap((b) => [...b.lfp_uV])).toEqual(alone.flatMap((b) => [...b.lfp_uV]));
      expect(blocks[i].flatMap((b) => [...b.populationSums])).toEqual(
        alone.flatMap((b) => [...b.populationSums]),
      );
    }
  });

  it('refuses members that cannot share a kernel', async () => {
    const other = buildNetwork(circuitOf(PRESETS['cortical-gamma'], { dt_ms: 0.05 }));
    await expect(createEnsemble([cortical(), other], device)).rejects.toThrow(/share dtMs/);
  });
});

describe('faults', () => {
  it.each(['WebGPU', 'reference'])('%s: a blow-up names population, neuron and time', async (kind) => {
    const circuit = circuitOf(
      {
        name: 'blow-up',
        populations: {
          calm: { cell: 'pyramidal-rs', neurons: 3 },
          wild: { cell: 'pyramidal-rs', neurons: 2 },
        },
        stimuli: [{ kind: 'step-current', to: 'wild', amplitude_uA_cm2: 9000, start_ms: 2 }],
      },
      { integrator: 'rk4' },
    );
    const { leak } = circuit.cellTypes['pyramidal-rs'].membrane;
    circuit.cellTypes['pyramidal-rs'].membrane = { leak };
    const network = buildNetwork(circuit);
    const engine =
      kind === 'WebGPU' ? await createWebGpuEngine(network, device) : createReferenceEngine(network);
    await expect(run(engine, 50)).rejects.toThrow(
      /membrane potential of wild\[0\] is not finite or left .* by \d+(\.\d+)? ms/,
    );
    engine.destroy();
  });

  it('an abort keeps what was computed', async () => {
    const engine = await createWebGpuEngine(cortical(), device);
    const abort = new AbortController();
    const blocks: RecordedBlock[] = [];
    await engine.advance(220_000, {
      signal: abort.signal,
      onBlock: (block) => {
        blocks.push(block);
        abort.abort();
      },
    });
    expect(engine.stepsDone).toBe(blocks.at(-1)!.stepsDone);
    expect(engine.stepsDone).toBeLessThan(220_000);
    engine.destroy();
  });
});

import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { EngineSnapshot } from '../../src/engine/engine.js';
import { DeviceError, type DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { UnfinishedRun } from '../../src/io/run_folder/unfinished_run.js';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { BlocksInMemory } from '../../src/recording/block_store.js';
import { runIntoFolder } from '../../src/run/folder_run.js';
import { prepare, type Simulation, simulate } from '../../src/run/simulate.js';
import { simulateEnsemble } from '../../src/run/simulate_ensemble.js';
import { ensembleExecutor } from '../../src/sweep/ensemble_executor.js';
import type { SweepOutcome } from '../../src/sweep/result.js';
import { runCli } from '../cli/run_cli.js';
import { temporaryFolder } from '../temporary_folder.js';
import { outputsOf, SMALL_CIRCUIT } from './small_circuit.js';

/** Devices in the order in which they were opened, and how many there are in all. */
const devices = vi.hoisted(() => ({
  opened: [] as DeviceHandle[],
  available: Number.POSITIVE_INFINITY,
  /** The next device is lost after its third submit. */
  losing: false,
}));

vi.mock('../../src/engine/webgpu/node/node_device.js', async (original) => {
  const module = await original<typeof import('../../src/engine/webgpu/node/node_device.js')>();
  return {
    ...module,
    openNodeDevice: async (...args: Parameters<typeof module.openNodeDevice>) => {
      if (devices.opened.length >= devices.available)
        throw new DeviceError('unavailable', 'No adapter is left.', 'wait');
      const choice = await module.openNodeDevice(...args);
      devices.opened.push(choice.handle!);
      if (devices.losing) loseAfterSubmits(choice.handle!.device, 3);
      devices.losing = false;
      return choice;
    },
  };
});

afterEach(() => {
  devices.opened.length = 0;
  devices.available = Number.POSITIVE_INFINITY;
});

/** Loses a device when it has been given so many submits. */
function loseAfterSubmits(device: GPUDevice, submits: number): void {
  const { queue } = device;
  const submit = queue.submit.bind(queue);
  let left = submits;
  queue.submit = (commands) => {
    submit(commands);
    if (--left === 0) device.destroy();
  };
}

const CIRCUIT = resolveCircuit(SMALL_CIRCUIT);
/** Past the 10 s after which a run has its first restore point of its own accord. */
const LONG_CIRCUIT = `name: long
simulation: { duration_ms: 10200, transient_ms: 0, dt_ms: 0.1, seed: 3 }
receptors: { AMPA: { tau_ms: 3, reversal_mV: 0, sign: excitatory } }
populations: { E: { cell: pyramidal-rs, neurons: 4 } }
stimuli: [{ kind: poisson, to: E, receptor: AMPA, rate_hz: 450, weight_nS: 3 }]
projections: [{ from: E, to: E, receptor: AMPA, connector: { kind: fixed-in-degree, inDegree: 1 }, weight_nS: 1, delay_ms: 20 }]
recording: { sampleRate_hz: 100 }
`;
const loseDevice = () => devices.opened.at(-1)!.device.destroy();

/** Calls `act` once at each of the given simulated times. */
function at(timesMs: readonly number[], act: () => void): (simulatedMs: number) => void {
  const left = [...timesMs];
  return (simulatedMs) => {
    if (left.length === 0 || simulatedMs < left[0]) return;
    left.shift();
    act();
  };
}

const recorded = ({ recording }: Simulation) => recording;

describe('a device that is lost while a run is under way', () => {
  test('is replaced: the run continues from its last restore point with the same recording to the bit', async () => {
    const whole = await simulate(CIRCUIT, { device: 'software' });
    expect(whole.restarts).toEqual([]);
    devices.opened.length = 0;

    const prepared = await prepare(CIRCUIT, 'software');
    const kept: number[] = [];
    const lost = await prepared.run(
      { onProgress: at([180, 620], loseDevice) },
      {
        store: new BlocksInMemory(),
        everyMs: 100,
        onRestorePoint: ({ snapshot }: { snapshot: EngineSnapshot }) => kept.push(snapshot.stepsDone * 0.05),
      },
    );
    prepared.close();
    expect(devices.opened).toHaveLength(3);
    expect(lost.restarts).toMatchObject(
      [{ simulatedMs: 100 }, { simulatedMs: 600 }].map((restart) => ({
        ...restart,
        reason: expect.stringContaining('The GPU device was lost'),
      })),
    );
    expect(kept).toEqual(Array.from({ length: 13 }, (_, k) => 100 * k));
    expect(recorded(lost)).toEqual(recorded(whole));
  });

  test('without a restore point it starts over', async () => {
    const whole = await simulate(CIRCUIT, { device: 'software' });
    const lost = await simulate(CIRCUIT, { device: 'software', onProgress: at([500], loseDevice) });
    expect(lost.restarts).toMatchObject([{ simulatedMs: 0 }]);
    expect(recorded(lost)).toEqual(recorded(whole));
  });

  test('again and again without progress ends the run with the loss', async () => {
    const failing = simulate(CIRCUIT, { device: 'software', onProgress: loseDevice });
    await expect(failing).rejects.toMatchObject({ code: 'lost' });
    expect(devices.opened).toHaveLength(4);
  });
});

describe('a device that is lost while an ensemble is under way', () => {
  const members = [3, 4, 5].map((seed) =>
    resolveCircuit(LONG_CIRCUIT, {
      overrides: [
        { path: 'simulation.seed', value: seed, source: 'test' },
        { path: 'projections.0.weight_nS', value: seed / 3, source: 'test' },
      ],
    }),
  );

  test('is replaced: every member has the same recording to the bit, from the start and from a restore point', async () => {
    const whole = await simulateEnsemble(members, { device: 'software' });
    for (const { recording, restarts } of whole) {
      expect(recording.spikes.steps.length).toBeGreaterThan(100);
      expect(restarts).toEqual([]);
    }
    devices.opened.length = 0;
    const lost = await simulateEnsemble(members, {
      device: 'software',
      onProgress: at([4000, 10_050], loseDevice),
    });
    expect(devices.opened).toHaveLength(3);
    for (const [member, { recording, restarts, network }] of lost.entries()) {
      expect(recording).toEqual(whole[member].recording);
      expect(network.circuit).toEqual(members[member]);
      expect(restarts.map(({ simulatedMs }) => simulatedMs)).toEqual([0, 10_000]);
      expect(restarts[0].reason).toContain('The GPU device was lost');
    }
  });

  test('again and again without progress ends the ensemble with the loss', async () => {
    const failing = simulateEnsemble(members, { device: 'software', onProgress: loseDevice });
    await expect(failing).rejects.toMatchObject({ code: 'lost' });
    expect(devices.opened).toHaveLength(4);
  });

  test('--seeds and a sweep write what they write without the loss', async () => {
    const folder = await temporaryFolder();
    const circuit = join(folder, 'small.yaml');
    await writeFile(circuit, SMALL_CIRCUIT);
    const seeds = (out: string) =>
      runCli([
        'run',
        circuit,
        '--device',
        'software',
        '--seeds',
        '1,2',
        '--quiet',
        '--out',
        join(folder, out),
      ]);
    expect((await seeds('whole')).code).toBe(0);
    devices.losing = true;
    expect((await seeds('lost')).code).toBe(0);
    for (const seed of ['seed-1', 'seed-2'])
      expect(await outputsOf(join(folder, 'lost', seed))).toEqual(
        await outputsOf(join(folder, 'whole', seed)),
      );

    const tasks = [1, 2].map((seed) => {
      const overrides = [{ path: 'simulation.seed', value: seed, source: 'test' }];
      return {
        hash: String(seed),
        configuration: {
          circuit: resolveCircuit(SMALL_CIRCUIT, { overrides }),
          analysis: { segmentMs: 200, nullGraphs: 0 },
        },
      };
    });
    const sweep = async () => {
      const outcomes: SweepOutcome[] = [];
      await ensembleExecutor({ device: 'software', maxMembers: 2 }).execute(tasks, {
        signal: new AbortController().signal,
        onUnderWay: () => {},
        onOutcome: async (outcome) => {
          outcomes.push(outcome);
        },
      });
      return outcomes.map((outcome) => ('result' in outcome ? outcome.result.results : outcome.failure));
    };
    const whole = await sweep();
    devices.losing = true;
    expect(await sweep()).toEqual(whole);
    expect(devices.losing).toBe(false);
  });
});

describe('if no other device can be opened', () => {
  test.each([
    ['a checkpoint is written even if none was asked for', null, 10_200],
    ['the last checkpoint remains', 100, 1200],
  ])('%s, and resumed it gives the same files', async (_, checkpointEveryMs, durationMs) => {
    const folder = await temporaryFolder();
    const [whole, out] = ['whole', 'run'].map((name) => join(folder, name));
    const circuit = resolveCircuit(durationMs > 2000 ? LONG_CIRCUIT : SMALL_CIRCUIT);
    const options = { csv: false, segmentMs: 1000, force: false };
    const run = async (to: string, everyMs: number | null, onProgress: (simulatedMs: number) => void) => {
      const unfinished = await UnfinishedRun.create(to, { force: false });
      const prepared = await prepare(circuit, 'software');
      try {
        return await runIntoFolder(
          prepared,
          unfinished,
          { ...options, checkpointEveryMs: everyMs },
          { onProgress },
        );
      } finally {
        prepared.close();
      }
    };
    await run(whole, null, () => {});

    devices.available = devices.opened.length + 1;
    const kept = durationMs > 2000 ? 10_000 : 700;
    const lose = at([kept + 60], loseDevice);
    await expect(run(out, checkpointEveryMs, lose)).rejects.toThrow(
      new RegExp(
        `device was lost.*No other device.*No adapter is left.*\\nthe run up to ${kept} ms is kept`,
        's',
      ),
    );
    expect((await readdir(folder)).sort()).toEqual(['.run.unfinished', 'whole']);
    devices.available = Number.POSITIVE_INFINITY;
    const { code, err } = await runCli(['run', '--resume', out, '--quiet']);
    expect(code, err).toBe(0);
    expect(await outputsOf(out)).toEqual(await outputsOf(whole));
  });
});

/** Receptors whose kinetics are mechanisms, on both engines, against closed forms and NEURON. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createEnsemble } from '../../src/engine/webgpu/ensemble.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { type CircuitFile, resolveCircuit } from '../../src/model/circuit_file.js';
import { buildNetwork } from '../../src/network/build.js';
import type { Network } from '../../src/network/network.js';
import { record } from '../../src/recording/record.js';
import { hashed, joined, referenceValues, run, testDevice } from './support.js';

interface Values {
  readonly double_exponential: {
    readonly times_after_spike_ms: readonly number[];
    readonly values: readonly {
      readonly tau_rise_ms: number;
      readonly tau_decay_ms: number;
      readonly g_over_weight: readonly number[];
    }[];
  };
  readonly double_exponential_train: {
    readonly spikes_ms: number[];
    readonly psp: { readonly times_ms: readonly number[]; readonly V_mV: readonly number[] };
  };
  readonly alpha: {
    readonly tau_ms: readonly number[];
    readonly times_after_spike_ms: readonly number[];
    readonly g_over_weight: readonly (readonly number[])[];
  };
  readonly nmda: {
    readonly psp: readonly {
      readonly weight_mS_cm2: number;
      readonly spikes_ms: number[];
      readonly 'V_mV at times': readonly (readonly [number, number])[];
    }[];
  };
}
const VALUES = referenceValues<Values>('synapses.json');

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const AREA_um2 = 10_000;
const NS_PER_MS_CM2 = 1e-2 * AREA_um2;

/** Passive cells, one for each receptor, that get the spikes of a source without delay; every step is recorded. */
function passive(
  receptors: readonly NonNullable<CircuitFile['receptors']>[string][],
  { spikes_ms, weight_mS_cm2, dt_ms }: { spikes_ms: number[]; weight_mS_cm2: number; dt_ms: number },
): Network {
  const names = receptors.map((_, i) => `r${i}`);
  return buildNetwork(
    resolveCircuit({
      name: 'passive',
      simulation: { dt_ms, transient_ms: 0 },
      cellTypes: {
        passive: {
          C_uF_cm2: 1,
          area_um2: AREA_um2,
          membrane: { leak: { mechanism: 'leak', g_mS_cm2: 0.1, E_mV: -70 } },
        },
      },
      receptors: Object.fromEntries(receptors.map((receptor, i) => [names[i], receptor])),
      populations: Object.fromEntries(names.map((name) => [name, { cell: 'passive', neurons: 1 }])),
      spikeSources: { source: { trains_ms: [spikes_ms] } },
      projections: names.map((name) => ({
        from: 'source',
        to: name,
        receptor: name,
        connector: { kind: 'list', pairs: [[0, 0]] },
        weight_nS: weight_mS_cm2 * NS_PER_MS_CM2,
        delay_ms: 0,
      })),
      recording: {
        sampleRate_hz: 1000 / dt_ms,
        traces: names.map((name) => ({ population: name, neurons: [0] })),
      },
    }),
  );
}

async function recordingOf(network: Network, kind: string, durationMs: number) {
  const engine: Engine =
    kind === 'WebGPU' ? await createWebGpuEngine(network, device) : createReferenceEngine(network);
  const recording = await record(engine, { durationMs });
  engine.destroy();
  return recording;
}

describe.each(['reference', 'WebGPU'])('%s', (kind) => {
  test('a double exponential is exact, whatever its time constants', async () => {
    const { values, times_after_spike_ms } = VALUES.double_exponential;
    const receptors = values.map(({ tau_rise_ms, tau_decay_ms }) => ({
      mechanism: 'double-exponential',
      tauRise_ms: tau_rise_ms,
      tauDecay_ms: tau_decay_ms,
    }));
    const dt_ms = 0.05;
    const network = passive(receptors, { spikes_ms: [0], weight_mS_cm2: 0.01, dt_ms });
    const { traces } = await recordingOf(network, kind, 100);
    values.forEach(({ g_over_weight }, i) => {
      const g = traces[i].conductance_nS[`r${i}`];
      times_after_spike_ms.forEach((t, k) => {
        if (t > 100 || !Number.isInteger(Math.round((t / dt_ms) * 1e6) / 1e6)) return;
        const got = g[Math.round(t / dt_ms) - 1] / (0.01 * NS_PER_MS_CM2);
        // Recorded in float32; computed in it, the difference of two exponentials is rounded in every step.
        expect(Math.abs(got - g_over_weight[k]), `receptor ${i} at ${t} ms`).toBeLessThan(
          kind === 'WebGPU' ? 2e-5 : 1e-7,
        );
      });
    });
  });

  test('an alpha function converges in second order', async () => {
    const { tau_ms, times_after_spike_ms, g_over_weight } = VALUES.alpha;
    const errorAt = async (dt_ms: number) => {
      const receptors = tau_ms.map((tau) => ({ mechanism: 'alpha', tau_ms: tau }));
      const network = passive(receptors, { spikes_ms: [0], weight_mS_cm2: 0.01, dt_ms });
      const { traces } = await recordingOf(network, kind, 10);
      return tau_ms.map((_, i) => {
        const g = traces[i].conductance_nS[`r${i}`];
        const errors = times_after_spike_ms.map((t, k) =>
          t > 10 || Math.abs(Math.round(10 * t) - 10 * t) > 1e-9
            ? 0
            : Math.abs(g[Math.round(t / dt_ms) - 1] / (0.01 * NS_PER_MS_CM2) - g_over_weight[i][k]),
        );
        return Math.max(...errors);
      });
    };
    const [coarse, fine] = [await errorAt(0.1), await errorAt(0.05)];
    tau_ms.forEach((tau, i) => {
      expect(coarse[i], `tau ${tau} ms`).toBeLessThan(0.7 * (0.1 / tau) ** 2);
      if (kind === 'reference') expect(coarse[i] / fine[i], `tau ${tau} ms`).toBeGreaterThan(3.5);
    });
  });

  test('postsynaptic potentials of double exponentials and of NMDA converge in second order', async () => {
    const { spikes_ms, psp } = VALUES.double_exponential_train;
    const cases = [
      {
        receptor: { mechanism: 'double-exponential', tauRise_ms: 0.5, tauDecay_ms: 2 },
        given: { spikes_ms, weight_mS_cm2: 0.05 },
        expected: psp.times_ms.map((t, k): readonly [number, number] => [t, psp.V_mV[k]]),
      },
      ...[VALUES.nmda.psp[0], VALUES.nmda.psp.at(-1)!].map((of) => ({
        receptor: { mechanism: 'nmda' },
        given: { spikes_ms: of.spikes_ms, weight_mS_cm2: of.weight_mS_cm2 },
        expected: of['V_mV at times'],
      })),
    ];
    for (const { receptor, given, expected } of cases) {
      const wanted = expected.filter(([t]) => t > 0 && t <= 60);
      const errorAt = async (dt_ms: number) => {
        const { traces } = await recordingOf(passive([receptor], { ...given, dt_ms }), kind, 60);
        return Math.max(...wanted.map(([t, V]) => Math.abs(traces[0].V_mV[Math.round(t / dt_ms) - 1] - V)));
      };
      const [coarse, fine] = [await errorAt(0.05), await errorAt(0.025)];
      const what = `${receptor.mechanism}, ${given.spikes_ms.length} spikes: ${coarse}, ${fine} mV`;
      // At 1e-5 mV the digits of the values count, and in float32 the last place of V, 7.6e-6 mV, of every step.
      if (kind === 'reference' && fine > 1e-5) expect(coarse / fine, what).toBeGreaterThan(3.5);
      expect(fine, what).toBeLessThan(2e-3);
    }
  });
});

describe('a network with receptors of every kind', () => {
  const network = (seed: number) =>
    buildNetwork(
      resolveCircuit({
        name: 'receptors',
        simulation: { dt_ms: 0.05, transient_ms: 0, seed },
        receptors: {
          AMPA: { tau_ms: 2, reversal_mV: 0, sign: 'excitatory' },
          NMDA: { mechanism: 'nmda', Mg_mM: 1.2 },
          GABA: { mechanism: 'double-exponential', tauDecay_ms: 8, reversal_mV: -75, sign: 'inhibitory' },
        },
        populations: {
          E: { cell: 'pyramidal-rs', neurons: 60 },
          I: { cell: 'pv-wang-buzsaki', neurons: 15 },
        },
        projections: (
          [
            ['E', 'E', 'NMDA', 2],
            ['E', 'I', 'AMPA', 2],
            ['E', 'I', 'NMDA', 1],
            ['I', 'E', 'GABA', 6],
          ] as const
        ).map(([from, to, receptor, weight_nS]) => ({
          from,
          to,
          receptor,
          connector: { kind: 'fixed-probability' as const, probability: 0.4 },
          weight_nS,
          delay_ms: 1,
        })),
        stimuli: [
          { kind: 'poisson', to: 'E', receptor: 'AMPA', rate_hz: 2500, weight_nS: 6 },
          { kind: 'poisson', to: 'I', receptor: 'NMDA', rate_hz: 200, weight_nS: 2 },
        ],
        recording: {
          lfp: { populations: ['E'], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }] },
          traces: [
            { population: 'E', neurons: [3] },
            { population: 'I', neurons: [0] },
          ],
        },
      }),
    );

  test('has the same bits by epochs and by networks, in an ensemble and after resume', async () => {
    const recordsOf = async (engine: Engine) => {
      const records = hashed(joined(await run(engine, 40)));
      engine.destroy();
      return records;
    };
    const epochs = await recordsOf(await createWebGpuEngine(network(1), device, { dispatch: 'epochs' }));
    expect(await recordsOf(await createWebGpuEngine(network(1), device, { dispatch: 'networks' }))).toEqual(
      epochs,
    );
    const ensemble = await createEnsemble([network(2), network(1)], device);
    const blocks: Parameters<typeof joined>[0][number][] = [];
    await ensemble.advance(800, { onBlock: (block, member) => member === 1 && blocks.push(block) });
    ensemble.destroy();
    expect(hashed(joined(blocks))).toEqual(epochs);
    const first = await createWebGpuEngine(network(1), device);
    const begun = await run(first, 17);
    const resumeFrom = await first.snapshot();
    first.destroy();
    const second = await createWebGpuEngine(network(1), device, { resumeFrom });
    const rest = await run(second, 23);
    second.destroy();
    expect(hashed(joined([...begun, ...rest]))).toEqual(epochs);
  });

  test('agrees with float64: spikes, sums of every population, LFP and traces', async () => {
    const [gpu, reference] = [
      await createWebGpuEngine(network(1), device),
      createReferenceEngine(network(1)),
    ];
    const [a, b] = [joined(await run(gpu, 40)), joined(await run(reference, 40))];
    expect(a.spikeNeurons.length).toBeGreaterThan(20);
    expect([a.spikeSteps, a.spikeNeurons]).toEqual([b.spikeSteps, b.spikeNeurons]);
    for (const key of ['populationSums', 'lfp_uV', 'traces'] as const) {
      const most = Math.max(...b[key].map(Math.abs));
      const difference = Math.max(...a[key].map((value, i) => Math.abs(value - b[key][i])));
      // Measured over seeds 1 to 8: up to 2.1e-4.
      expect(difference / most, key).toBeLessThan(8e-4);
    }
    const [ofGpu, ofReference] = [await gpu.readState(), await reference.readState()];
    ofReference.conductance_nS.forEach((values, r) => {
      const most = Math.max(...values);
      expect(most).toBeGreaterThan(0.1);
      // Measured over seeds 1 to 8: up to 8.3e-7; 4.2e-4 where the conductance depends on V, on the flank of a spike.
      const tolerance = network(1).receptors[r] === 'NMDA' ? 1.7e-3 : 3.3e-6;
      values.forEach((value, i) => {
        expect(Math.abs(ofGpu.conductance_nS[r][i] - value)).toBeLessThan(tolerance * most);
      });
    });
    gpu.destroy();
    reference.destroy();
  });
});

describe('what is refused', () => {
  const problemOf =
    (receptor: object, mechanisms = {}) =>
    () =>
      resolveCircuit({
        name: 'x',
        mechanisms,
        receptors: { R: receptor as never },
        populations: { E: { cell: 'pyramidal-rs', neurons: 1 } },
      });

  test.each([
    [{ mechanism: 'nmdaa' }, /no mechanism is called "nmdaa"; did you mean "nmda"\?/],
    [{ mechanism: 'm-current' }, /receptors\.R\.mechanism: "m-current" is no receptor/],
    [{ mechanism: 'nmda', Mg: 1 }, /"nmda" has no parameter "Mg"; did you mean "Mg_mM"\?/],
  ])('%j', (receptor, words) => {
    expect(problemOf(receptor)).toThrow(words);
  });

  test('what arrives must add up', () => {
    const saturating = {
      receptor: { E_mV: 0, sign: 'excitatory' },
      parameters: { tau_ms: 2, gMax_nS: 10 },
      conductance: 'g',
      states: { g_nS: { rate: '-g/tau', arriving: 'g + w*(1 - g/gMax)' } },
    };
    expect(problemOf({ mechanism: 'mine' }, { mine: saturating })).toThrow(
      /mechanisms\.mine\.states\.g_nS\.arriving: g: what arrives must add up: "g \+ w\*\(1 - g\/gMax\)" is not g and a multiple of w that depends on parameters only/,
    );
  });

  test('a receptor in a membrane, and a start conductance of kinetics', () => {
    expect(() =>
      resolveCircuit({
        name: 'x',
        cellTypes: { a: { base: 'pyramidal-rs', membrane: { n: { mechanism: 'nmda' } } } },
        populations: { E: { cell: 'a', neurons: 1 } },
      }),
    ).toThrow(/"nmda" is a receptor of synapses; it belongs under receptors/);
    expect(() =>
      resolveCircuit({
        name: 'x',
        receptors: { N: { mechanism: 'nmda' } },
        populations: { E: { cell: 'pyramidal-rs', neurons: 1, initial: { conductance_nS: { N: 1 } } } },
      }),
    ).toThrow(/the conductance of "N" follows from the states of its mechanism/);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { type Circuit, INTEGRATORS, type Integrator } from '../../src/model/circuit.js';
import { buildNetwork } from '../../src/network/build.js';
import {
  bothEngines,
  CELL_NAMES,
  cellsUnderCurrent,
  circuitOf,
  isolatedSpikesMs,
  referenceValues,
  run,
  spikeStepsByNeuron,
  testDevice,
} from './support.js';

/** Name in the reference values, and the current (uA/cm2) at which integrator_convergence.json was measured. */
const REFERENCE_CELLS: [name: string, cell: string, current: number][] = [
  ['HH1952', 'hodgkin-huxley-1952', 10],
  ['E_RS', 'pyramidal-rs', 2],
  ['PV_WB', 'pv-wang-buzsaki', 3],
  ['SST_LTSnoT', 'sst-lts', 1],
  ['VIP_RSI', 'vip-rs-inhibitory', 0.5],
];
const REFERENCE_SCHEME: Record<Integrator, string> = {
  'exponential-euler': 'EE-staggered',
  'exponential-euler-simultaneous': 'EE-Jacobi',
  rk4: 'RK4',
};

interface FICurve {
  fI: { I: number; n_spikes_0_1000ms: number; first_spike_ms: number | null }[];
}
type Convergence = Record<string, Record<string, 'UNSTABLE' | { err1: number }>>;

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const engines: [string, (circuit: Circuit) => Promise<Engine>][] = [
  ['WebGPU', (circuit) => createWebGpuEngine(buildNetwork(circuit), device)],
  ['reference', async (circuit) => createReferenceEngine(buildNetwork(circuit))],
];

describe.each(engines)('%s engine against NEURON and SciPy', (_, createEngine) => {
  const curves = referenceValues<Record<string, FICurve>>('single_cell_fI.json');
  const convergence = referenceValues<Convergence>('integrator_convergence.json');
  const dt_ms = 0.025;

  // The scheme's own error of the first spike at this step, measured elsewhere at one current, grows with the time to
  // the spike; on top comes the step that a spike time is rounded up to.
  describe.each(INTEGRATORS)('%s', (integrator) => {
    it.each(REFERENCE_CELLS)('%s: first spikes along the f-I curve', async (name, cell, current) => {
      const points = curves[name].fI;
      const circuit = cellsUnderCurrent(
        cell,
        points.map((p) => p.I),
        { dt_ms, integrator },
      );
      const engine = await createEngine(circuit);
      const spikes = spikeStepsByNeuron(await run(engine, 250), points.length);
      engine.destroy();
      const scheme = convergence[name][`${REFERENCE_SCHEME[integrator]}_${dt_ms}`];
      if (scheme === 'UNSTABLE') throw new Error(`no reference error for ${integrator} at ${dt_ms} ms`);
      const timeAtCurrent = points.find((p) => p.I === current)!.first_spike_ms!;
      points.forEach(({ I, first_spike_ms }, i) => {
        if (first_spike_ms === null) {
          expect(spikes[i], `at ${I} uA/cm2`).toHaveLength(0);
          return;
        }
        const error = Math.abs((spikes[i][0] + 1) * dt_ms - first_spike_ms);
        const schemeError = Math.abs(scheme.err1) * Math.max(1, first_spike_ms / timeAtCurrent);
        expect(error, `at ${I} uA/cm2`).toBeLessThanOrEqual(dt_ms + schemeError);
      });
    });
  });

  it('rk4 gives the reference spike times of a current step to one time step', async () => {
    const steps =
      referenceValues<
        Record<
          string,
          { cell: string; I: number; t_on: number; t_off: number; T: number; spike_times_m20mV: number[] }
        >
      >('step_traces.json');
    for (const [name, { cell, I, t_on, t_off, T, spike_times_m20mV }] of Object.entries(steps)) {
      const cellName = REFERENCE_CELLS.find(([reference]) => reference === cell)![1];
      const circuit = cellsUnderCurrent(cellName, [I], {
        dt_ms,
        integrator: 'rk4',
        onMs: t_on,
        offMs: t_off,
      });
      const engine = await createEngine(circuit);
      const [spikes] = spikeStepsByNeuron(await run(engine, T), 1);
      engine.destroy();
      expect(spikes, name).toHaveLength(spike_times_m20mV.length);
      spikes.forEach((step, k) => {
        const late = (step + 1) * dt_ms - spike_times_m20mV[k];
        expect(late, `${name} spike ${k}`).toBeGreaterThan(-dt_ms);
        expect(late, `${name} spike ${k}`).toBeLessThan(2 * dt_ms);
      });
    }
  });

  // The spike at the end of a step is named by its start in those files (Brian2's clock), by its end here.
  it.each([0.1, 0.05, 0.025, 0.01])('COBAHH cell alone: 14 spikes to one step at dt %f ms', async (dt) => {
    const circuit = circuitOf(
      {
        name: 'isolated',
        populations: {
          cell: { cell: 'traub-miles', neurons: 1, initial: { V_mV: -60, gates: 'closed' } },
        },
      },
      { dt_ms: dt, integrator: 'exponential-euler-simultaneous' },
    );
    const engine = await createEngine(circuit);
    const [spikes] = spikeStepsByNeuron(await run(engine, 1000), 1);
    engine.destroy();
    const expected = isolatedSpikesMs(dt).map((timeMs) => Math.round(timeMs / dt));
    expect(spikes).toHaveLength(14);
    spikes.forEach((step, k) => {
      expect(Math.abs(step - expected[k])).toBeLessThanOrEqual(1);
    });
  });
});

describe('WebGPU against the float64 reference', () => {
  it.each(CELL_NAMES.flatMap((cell) => INTEGRATORS.map((integrator) => [cell, integrator] as const)))(
    '%s, %s: every spike of 250 ms to one step',
    async (cell, integrator) => {
      const circuit = cellsUnderCurrent(cell, [0.5, 1, 2, 5], { dt_ms: 0.025, integrator });
      const { gpu, reference } = await bothEngines(circuit, device);
      const [onGpu, expected] = [
        spikeStepsByNeuron(await run(gpu, 250), 4),
        spikeStepsByNeuron(await run(reference, 250), 4),
      ];
      gpu.destroy();
      expected.forEach((steps, neuron) => {
        expect(onGpu[neuron]).toHaveLength(steps.length);
        steps.forEach((step, k) => {
          expect(Math.abs(onGpu[neuron][k] - step), `neuron ${neuron} spike ${k}`).toBeLessThanOrEqual(1);
        });
      });
    },
  );
});

describe('convergence of the reference engine', () => {
  const ORDER: Record<Integrator, number> = {
    'exponential-euler': 2,
    'exponential-euler-simultaneous': 1,
    rk4: 4,
  };
  const potentialAt6Ms = async (cell: string, dt_ms: number, integrator: Integrator) => {
    const engine = createReferenceEngine(buildNetwork(cellsUnderCurrent(cell, [10], { dt_ms, integrator })));
    await run(engine, 6);
    return (await engine.readState()).V_mV[0];
  };

  // Two halvings of the step; the order is read off between the finest two, where higher terms have died out.
  it.each(CELL_NAMES.flatMap((cell) => INTEGRATORS.map((integrator) => [cell, integrator] as const)))(
    '%s, %s has its order',
    async (cell, integrator) => {
      const exact = await potentialAt6Ms(cell, 0.0005, 'rk4');
      const [coarse, fine] = await Promise.all(
        [0.01, 0.005].map(async (dt) => Math.abs((await potentialAt6Ms(cell, dt, integrator)) - exact)),
      );
      expect(Math.abs(Math.log2(coarse / fine) - ORDER[integrator])).toBeLessThan(0.25);
    },
  );

  it('exponential Euler stays finite at 0.5 ms for every cell, RK4 does not at 0.1 ms for the squid axon', async () => {
    for (const cell of CELL_NAMES)
      for (const integrator of ['exponential-euler', 'exponential-euler-simultaneous'] as const) {
        const engine = createReferenceEngine(
          buildNetwork(cellsUnderCurrent(cell, [10], { dt_ms: 0.5, integrator })),
        );
        await run(engine, 500);
        expect(Math.abs((await engine.readState()).V_mV[0])).toBeLessThan(150);
      }
    expect(() =>
      buildNetwork(cellsUnderCurrent('hodgkin-huxley-1952', [10], { dt_ms: 0.1, integrator: 'rk4' })),
    ).toThrow(
      /dt_ms 0.1 is too large for the integrator "rk4": .*"hodgkin-huxley-1952" .*; it does at 0.05 ms/,
    );
  });
});

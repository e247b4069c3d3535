import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { stateKeys } from '../../src/mechanism/cell_model.js';
import type { Circuit, Integrator } from '../../src/model/circuit.js';
import { cellOfPopulation } from '../../src/model/circuit_cells.js';
import { buildNetwork } from '../../src/network/build.js';
import type { Network } from '../../src/network/network.js';
import { REFERENCE_MECHANISMS, referenceCellData } from '../mechanism/reference_run.js';
import { CELL_LIBRARY, circuitOf, run, spikeStepsByNeuron, testDevice } from './support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const engines: [string, (circuit: Circuit) => Promise<Engine>][] = [
  ['WebGPU', (circuit) => createWebGpuEngine(buildNetwork(circuit), device)],
  ['reference', async (circuit) => createReferenceEngine(buildNetwork(circuit))],
];

/**
 * A library cell counts upward crossings: 417 action potentials in 1 s under 40 uA/cm2. With a refractory period of 3 ms, as COBAHH has
 * it, a cell over the threshold spikes when its last spike is that long ago, so every other action potential is one.
 */
it.each(engines)(
  "%s: the cell of Traub and Miles fires 417 times; with COBAHH's rule 209 times",
  async (_, open) => {
    const stimulus = (to: string) => ({ kind: 'constant-current' as const, to, amplitude_uA_cm2: 40 });
    const circuit = circuitOf({
      name: 'rules',
      simulation: { dt_ms: 0.025, integrator: 'rk4' },
      cellTypes: { cobahh: { ...CELL_LIBRARY['traub-miles'], refractory_ms: 3 } },
      populations: { crossings: { cell: 'traub-miles', neurons: 1 }, period: { cell: 'cobahh', neurons: 1 } },
      stimuli: [stimulus('crossings'), stimulus('period')],
    });
    const engine = await open(circuit);
    const counts = spikeStepsByNeuron(await run(engine, 1000), 2).map((steps) => steps.length);
    engine.destroy();
    expect(counts).toEqual([417, 209]);
  },
);

describe('slow states', () => {
  const SLOW = {
    slow: {
      channel: 'K',
      open: 'p',
      states: { p: { inf: '1/(1+exp(-(V+35)/10))', tau: '4000' } },
    },
    'slow-with-v': {
      channel: 'K',
      open: 'p',
      states: { p: { inf: '1/(1+exp(-(V+35)/10))', tau: '1 ms*(4000 + exp(V/50))' } },
    },
  };
  const cell = (mechanism: string) => ({
    C_uF_cm2: 1,
    area_um2: 1000,
    ions: { K: { E_mV: -90 } },
    membrane: {
      k: { mechanism, g_mS_cm2: 0.05 },
      leak: { mechanism: 'leak', g_mS_cm2: 0.1, E_mV: -40 },
    },
  });

  it('reach their steady state in float32, from below and from above', async () => {
    const dt_ms = 0.1;
    const circuit = circuitOf(
      {
        name: 'slow',
        mechanisms: SLOW,
        cellTypes: { constant: cell('slow'), varying: cell('slow-with-v') },
        populations: {
          constant: { cell: 'constant', neurons: 2 },
          varying: { cell: 'varying', neurons: 2 },
        },
        recording: { sampleRate_hz: 100 },
      },
      { dt_ms },
    );
    const network = buildNetwork(circuit);
    const states = network.start.states.map((column) => column.slice());
    states[0].set([0, 1, 0, 1]);
    const engine = await createWebGpuEngine({ ...network, start: { ...network.start, states } }, device);
    // 20 time constants; tau/dt is 40,000. A plain sum stops where a step is below half of the last place: 0.4 % off.
    await run(engine, 80_000);
    const { V_mV, states: after } = await engine.readState();
    engine.destroy();
    after[0].forEach((p, neuron) => {
      const steady = 1 / (1 + Math.exp(-(V_mV[neuron] + 35) / 10));
      expect(Math.abs(p / steady - 1), `neuron ${neuron}`).toBeLessThan(1e-6);
    });
  });
});

describe('a start with closed gates', () => {
  const CELLS = ['hodgkin-huxley-1952', 'pyramidal-rs', 'pv-wang-buzsaki', 'relay'];
  const network = (dt_ms: number, integrator: Integrator): Network =>
    buildNetwork(
      circuitOf(
        {
          name: 'closed',
          mechanisms: REFERENCE_MECHANISMS,
          cellTypes: { relay: referenceCellData('destexhe-tc') },
          populations: Object.fromEntries(
            CELLS.map((name) => [
              name,
              { cell: name, neurons: 1, initial: { V_mV: -50, gates: 'closed' as const } },
            ]),
          ),
        },
        { dt_ms, integrator },
      ),
    );

  it('is half a step back, so that staggered exponential Euler is of second order away from rest', async () => {
    const potentials = async (dt_ms: number, integrator: Integrator) => {
      const engine = createReferenceEngine(network(dt_ms, integrator));
      await run(engine, 6);
      return (await engine.readState()).V_mV;
    };
    const exact = await potentials(0.002, 'rk4');
    const [coarse, fine] = [
      await potentials(0.02, 'exponential-euler'),
      await potentials(0.01, 'exponential-euler'),
    ];
    CELLS.forEach((name, i) => {
      const order = Math.log2((coarse[i] - exact[i]) / (fine[i] - exact[i]));
      // Measured: 1.977 to 2.000.
      expect(Math.abs(order - 2), name).toBeLessThan(0.07);
    });
  });

  it('leaves concentrations and the shares of a scheme at their steady state', () => {
    const built = network(0.02, 'rk4');
    const keys = stateKeys(cellOfPopulation(built.circuit, 'relay'));
    const value = (key: string) => built.start.states[keys.indexOf(key)][3];
    expect(['na.m', 'na.h', 'k.n', 't.h', 'h.p1'].map(value)).toEqual([0, 0, 0, 0, 0]);
    expect(value('ca.Ca_in')).toBeGreaterThan(2e-4);
    expect(value('h.C') + value('h.O1') + value('h.O2')).toBeCloseTo(1, 12);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, SimulationFault } from '../../src/engine/engine.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { type CircuitFile, resolveCircuit } from '../../src/model/circuit_file.js';
import { buildNetwork } from '../../src/network/build.js';
import { run, testDevice } from './support.js';

/**
 * Calcium whose source doubles with every 0.014 mV from 100 mV on, which only the stimulated neuron reaches; the potential of a
 * calcium current of almost no conductance is Nernst's, so that V is not finite in the step in which calcium is not.
 * `seen` and `unseen` differ in whether there is that current.
 */
const cell = (hasCurrent: boolean) => ({
  C_uF_cm2: 1,
  area_um2: 1000,
  ions: { Ca: { out_mM: 2 } },
  membrane: {
    leak: { mechanism: 'leak', g_mS_cm2: 0.1, E_mV: -70 },
    ca: { mechanism: 'runaway' },
    ...(hasCurrent && { c: { mechanism: 'c', g_mS_cm2: 1e-6 } }),
  },
});
const CIRCUIT: CircuitFile = {
  name: 'blow-up',
  simulation: { dt_ms: 0.025, duration_ms: 100, transient_ms: 0 },
  mechanisms: {
    runaway: {
      pool: 'Ca',
      parameters: { rest_mM: 1e-4, tau_ms: 10, k_mM_ms: 1 },
      states: { Ca_in: { rate: 'k*exp((V - 100)/0.02) - (Ca_in - rest)/tau', start: 'rest' } },
    },
    c: { channel: 'Ca', open: '1' },
  },
  cellTypes: { seen: cell(true), unseen: cell(false) },
  populations: {
    calm: { cell: 'seen', neurons: 5 },
    relay: {
      cell: 'seen',
      neurons: 30,
      vary: { 'membrane.leak.E_mV': Array.from({ length: 30 }, (_, k) => (k === 17 ? -40 : -70)) },
    },
  },
  stimuli: [{ kind: 'step-current', to: 'relay', amplitude_uA_cm2: 15.9, start_ms: 5 }],
};
const REMEDY = 'a smaller dt_ms, weaker input or other parameters of ca may help';

let device: DeviceHandle;
beforeAll(async () => {
  device = { ...(await testDevice()), processors: 1 };
});
afterAll(() => device.destroy());

const KINDS = ['float64', 'epochs', 'networks'] as const;

async function faultOf(circuit: CircuitFile, kind: (typeof KINDS)[number]): Promise<SimulationFault> {
  const network = buildNetwork(resolveCircuit(circuit));
  const engine: Engine =
    kind === 'float64'
      ? createReferenceEngine(network)
      : await createWebGpuEngine(network, device, { dispatch: kind });
  const fault = await run(engine, 100).then(
    () => null,
    (error) => error,
  );
  engine.destroy();
  expect(fault).toBeInstanceOf(SimulationFault);
  return fault;
}

/** When V of the relay, E + 159 mV (1 - exp(-t/10 ms)) from 5 ms on, is where exp((V - 100)/0.02) overflows. */
const whenAt = (V_mV: number) => 5 - 10 * Math.log(1 - (V_mV + 40) / 159);

describe.each(KINDS)('%s: a blow-up names the state that was first', (kind) => {
  it.each([true, false])('also where V goes with it: %s', async (isSeen) => {
    const circuit = structuredClone(CIRCUIT);
    circuit.populations.relay.cell = isSeen ? 'seen' : 'unseen';
    const fault = await faultOf(circuit, kind);
    expect(fault).toMatchObject({ population: 'relay', neuron: 17, state: 'ca.Ca_in' });
    // The largest numbers are 3e38 and 2e308.
    const expected = whenAt(
      kind === 'float64' ? 100 + 0.02 * Math.log(Number.MAX_VALUE) : 100 + 0.02 * Math.log(3.4e38),
    );
    expect(Math.abs(fault.timeMs - expected)).toBeLessThan(0.5);
    expect(fault.message).toBe(
      `numerical blow-up: Ca_in of relay[17] (label ca) is not finite by ${Number(fault.timeMs.toFixed(3))} ms; ${REMEDY}`,
    );
  });

  it('and V where no state is', async () => {
    const circuit = structuredClone(CIRCUIT);
    circuit.cellTypes!.seen = { ...cell(true), membrane: { leak: cell(true).membrane.leak } };
    Object.assign(circuit.stimuli![0], { amplitude_uA_cm2: 9000 });
    const fault = await faultOf(circuit, kind);
    expect(fault).toMatchObject({ population: 'relay', neuron: 0, state: null });
    // 1070 mV at 9 mV/us.
    expect(Math.abs(fault.timeMs - 5 - 1070 / 9000)).toBeLessThan(0.03);
  });
});

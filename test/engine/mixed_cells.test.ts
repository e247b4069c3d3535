import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineSnapshot, RecordedBlock } from '../../src/engine/engine.js';
import { planEngine, traceWidth } from '../../src/engine/plan.js';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import { TRACE_VARIABLES } from '../../src/engine/signals.js';
import type { DeviceHandle } from '../../src/engine/webgpu/device/device.js';
import { createEnsemble } from '../../src/engine/webgpu/ensemble.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { buildNetwork } from '../../src/network/build.js';
import type { Network } from '../../src/network/network.js';
import { REFERENCE_MECHANISMS, referenceCellData } from '../mechanism/reference_run.js';
import { circuitOf, hashed, joined, run, testDevice } from './support.js';

let device: DeviceHandle;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => device.destroy());

const DT_MS = 0.025;
const RECEPTORS = {
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: 'excitatory' },
  GABA: { tau_ms: 6, reversal_mV: -80, sign: 'inhibitory' },
} as const;
const random = (probability: number) => ({ kind: 'fixed-probability' as const, probability });

/** What is recorded of a relay cell: gates, instantaneous ones, currents, a concentration, potentials, shares of a scheme, a formula. */
const RELAY_VARIABLES = ['na.m', 'na.I', 't.m', 't.I', 'h.O1', 'h.bound', 'ca.Ca_in', 'E_Ca', 'I_Ca', 'h.I'];
const SQUID_VARIABLES = ['k.n', 'na.I', 'I_membrane'];

/** Relay cells with a T current, a calcium pool and a Markov scheme that reads it, squid axons, and cells with an M current. */
const mixed = (seed = 3): Network =>
  buildNetwork(
    circuitOf(
      {
        name: 'mixed',
        mechanisms: REFERENCE_MECHANISMS,
        cellTypes: { relay: referenceCellData('destexhe-tc') },
        receptors: RECEPTORS,
        populations: {
          relay: {
            cell: 'relay',
            neurons: 24,
            initial: { V_mV: { distribution: 'uniform', low: -75, high: -55 } },
          },
          squid: { cell: 'hodgkin-huxley-1952', neurons: 12 },
          RS: { cell: 'pyramidal-rs', neurons: 40, initial: { V_mV: -60, gates: 'closed' } },
        },
        projections: [
          { from: 'RS', to: 'relay', receptor: 'AMPA', connector: random(0.3), weight_nS: 20, delay_ms: 1 },
          { from: 'relay', to: 'RS', receptor: 'AMPA', connector: random(0.3), weight_nS: 10, delay_ms: 0.5 },
          {
            from: 'squid',
            to: 'relay',
            receptor: 'GABA',
            connector: random(0.4),
            weight_nS: 60,
            delay_ms: 0.7,
          },
        ],
        stimuli: [
          { kind: 'poisson', to: 'RS', receptor: 'AMPA', rate_hz: 800, weight_nS: 10 },
          { kind: 'poisson', to: 'relay', receptor: 'AMPA', rate_hz: 200, weight_nS: 20 },
          { kind: 'step-current', to: 'squid', amplitude_uA_cm2: 12, start_ms: 5, stop_ms: 30 },
        ],
        recording: {
          traces: [
            { population: 'relay', neurons: [0, 17], variables: RELAY_VARIABLES },
            { population: 'squid', neurons: [3], variables: SQUID_VARIABLES },
            { population: 'RS', neurons: [8] },
          ],
        },
      },
      { seed, dt_ms: DT_MS },
    ),
  );

/** A neighbour of other cells; sst-lts has the equations of pyramidal-rs, with a state that is slow enough for a compensated sum. */
const neighbour = (): Network =>
  buildNetwork(
    circuitOf(
      {
        name: 'neighbour',
        receptors: RECEPTORS,
        populations: {
          SST: { cell: 'sst-lts', neurons: 10 },
          PV: { cell: 'pv-wang-buzsaki', neurons: 7 },
        },
        projections: [
          { from: 'SST', to: 'PV', receptor: 'GABA', connector: random(0.5), weight_nS: 5, delay_ms: 1.3 },
        ],
        stimuli: [
          { kind: 'poisson', to: 'SST', receptor: 'AMPA', rate_hz: 500, weight_nS: 3 },
          { kind: 'step-current', to: 'PV', amplitude_uA_cm2: 2, start_ms: 3 },
        ],
        recording: { traces: [{ population: 'SST', neurons: [4], variables: ['m.p', 'm.I'] }] },
      },
      { seed: 5, dt_ms: DT_MS },
    ),
  );

interface Opened {
  readonly dispatch: 'epochs' | 'networks';
  readonly resumeFrom?: EngineSnapshot;
}

/** All records of a run in pieces of the given lengths, ms, and the state after it. */
async function recordsOf(network: Network, options: Opened, piecesMs: readonly number[]) {
  const engine = await createWebGpuEngine(network, { ...device, processors: 1 }, options);
  const blocks: RecordedBlock[] = [];
  for (const piece of piecesMs) blocks.push(...(await run(engine, piece)));
  const [state, snapshot] = [await engine.readState(), await engine.snapshot()];
  engine.destroy();
  return { blocks, state, snapshot };
}

describe('a circuit of relay cells, squid axons and cells with an M current', () => {
  const MS = 40;
  let epochs: Awaited<ReturnType<typeof recordsOf>>;
  beforeAll(async () => {
    epochs = await recordsOf(mixed(), { dispatch: 'epochs' }, [MS]);
  }, 300_000);

  it('gives the same bits by epochs and by networks, in one piece or in odd ones', async () => {
    expect(joined(epochs.blocks).spikeNeurons.length).toBeGreaterThan(100);
    const networks = await recordsOf(mixed(), { dispatch: 'networks' }, [13.025, 0.5, MS - 13.525]);
    expect(hashed(joined(networks.blocks))).toEqual(hashed(joined(epochs.blocks)));
    expect(networks.state).toEqual(epochs.state);
  });

  it('goes on from a snapshot with the same bits, whichever way it was dispatched', async () => {
    const begun = await recordsOf(mixed(), { dispatch: 'networks' }, [17.325]);
    for (const dispatch of ['epochs', 'networks'] as const) {
      const rest = await recordsOf(mixed(), { dispatch, resumeFrom: begun.snapshot }, [MS - 17.325]);
      expect(rest.state, dispatch).toEqual(epochs.state);
      expect(hashed(joined([...begun.blocks, ...rest.blocks])), dispatch).toEqual(
        hashed(joined(epochs.blocks)),
      );
    }
  });

  it('gives the same bits beside a neighbour of other cells, and so does the neighbour', async () => {
    const members = [mixed(), neighbour(), mixed(4)];
    const blocks: RecordedBlock[][] = members.map(() => []);
    const options = { dispatch: 'networks' } as const;
    const ensemble = await createEnsemble(members, { ...device, processors: 1 }, options);
    await ensemble.advance(MS / DT_MS, { onBlock: (block, member) => blocks[member].push(block) });
    ensemble.destroy();
    const alone = await recordsOf(neighbour(), { dispatch: 'epochs' }, [MS]);
    expect(hashed(joined(blocks[0]))).toEqual(hashed(joined(epochs.blocks)));
    expect(hashed(joined(blocks[1]))).toEqual(hashed(joined(alone.blocks)));
    expect(joined(blocks[2]).spikeSteps).not.toEqual(joined(epochs.blocks).spikeSteps);
  });

  it('records any variable by its name as the float64 reference does', async () => {
    const network = mixed();
    const reference = createReferenceEngine(network);
    const expected = joined(await run(reference, MS));
    const got = joined(epochs.blocks);
    expect(got.spikeNeurons.length).toBe(expected.spikeNeurons.length);
    const width = traceWidth(planEngine(network));
    const before = TRACE_VARIABLES.length + network.receptors.length;
    const of = (traces: readonly number[], trace: number, column: number) =>
      traces.filter((_, i) => i % (4 * width) === trace * width + column);
    const recorded = [RELAY_VARIABLES, RELAY_VARIABLES, SQUID_VARIABLES, ['na.m', 'na.h', 'k.n', 'm.p']];
    recorded.forEach((variables, trace) => {
      variables.forEach((name, k) => {
        const [a, b] = [got, expected].map(({ traces }) => of(traces, trace, before + k));
        const most = Math.max(...b.map(Math.abs));
        expect(most, name).toBeGreaterThan(0);
        const difference = Math.max(...a.map((value, i) => Math.abs(value - b[i]))) / most;
        // Measured: up to 3.2e-4, a sodium current on the flank of a spike.
        expect(difference, `${name} of trace ${trace}`).toBeLessThan(1.3e-3);
      });
    });
  });
});

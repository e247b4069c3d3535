/** What becomes of the states of cells when their equations change. */
import { expect, it } from 'vitest';
import type { EngineSnapshot } from '../../src/engine/engine.js';
import { planEngine } from '../../src/engine/plan.js';
import { stateRows } from '../../src/engine/state_rows.js';
import { carriedStates } from '../../src/engine/webgpu/buffers/carried_states.js';
import { createWebGpuEngine } from '../../src/engine/webgpu/webgpu_engine.js';
import { resolveCircuit } from '../../src/index.js';
import type { MechanismData } from '../../src/mechanism/mechanism_schema.js';
import { buildNetwork } from '../../src/network/build.js';
import { run, testDevice } from './support.js';

/** Two populations: A of a channel with the states that are given, B of one that stays the same. */
const twoCells = (
  states: Readonly<Record<string, Partial<MechanismData['states'][string]>>>,
  open: string,
  scheme?: object,
) =>
  buildNetwork(
    resolveCircuit({
      name: 'two',
      simulation: { duration_ms: 10, transient_ms: 0 },
      mechanisms: {
        changing: scheme ? ({ channel: 'K', scheme } as never) : { channel: 'K', open, states },
      },
      cellTypes: {
        a: {
          C_uF_cm2: 1,
          area_um2: 1000,
          ions: { K: { E_mV: -90 } },
          membrane: {
            x: { mechanism: 'changing', g_mS_cm2: 1 },
            leak: { mechanism: 'leak', g_mS_cm2: 0.1, E_mV: -60 },
          },
        },
      },
      populations: { A: { cell: 'a', neurons: 2 }, B: { cell: 'hodgkin-huxley-1952', neurons: 1 } },
      recording: { sampleRate_hz: 1000 },
    }),
  );

const N = { inf: '1/(1+exp(-(V+40)/10))', tau: 5 };
const P = { inf: '1/(1+exp((V+60)/5))', tau: 50 };
const before = twoCells({ n: N, p: P }, 'n*p');

/** A snapshot whose row r has the value 100 r + neuron, but V = -70 and -50 mV and B's at -65. */
function snapshotOf(states: number): EngineSnapshot {
  const sizes = { states, receptors: 0, noiseSlots: 0 };
  const { count, V } = stateRows(sizes);
  const rows = Float32Array.from({ length: 3 * count }, (_, i) => 100 * Math.floor(i / 3) + (i % 3));
  rows.set([-70, -50, -65], 3 * V);
  return {
    kind: 'webgpu',
    stepsDone: 0,
    rows,
    ...sizes,
    ring: new Int32Array(0),
    ringSlots: 1,
    sampleSums: new Float32Array(0),
  };
}

const steady = (V: number) => 1 / (1 + Math.exp(-(V + 40) / 10));

it('a network whose cells have the same states continues with the same values', () => {
  const snapshot = snapshotOf(4);
  expect(carriedStates(snapshot, planEngine(before), [twoCells({ n: { ...N, tau: 7 }, p: P }, 'n')])).toBe(
    snapshot,
  );
});

it('states go by their names, and those that are new are at their steady state', () => {
  const after = twoCells({ p: P, q: N }, 'p*q');
  const { rows, states } = carriedStates(snapshotOf(4), planEngine(before), [after]);
  // B has 3 states, and one more row that its cell keeps something else in.
  expect(states).toBe(4);
  const row = (k: number) => [...rows.subarray(3 * k, 3 * k + 3)];
  expect(row(0)).toEqual([-70, -50, -65]);
  // p was the second state; B keeps its first.
  expect(row(1)).toEqual([200, 201, 102]);
  expect(row(2)[0]).toBeCloseTo(steady(-70), 6);
  expect(row(2)[1]).toBeCloseTo(steady(-50), 6);
  expect(row(2)[2]).toBe(202);
  expect(row(3)).toEqual([0, 0, 302]);
  expect(row(4)).toEqual([0, 0, 402]);
  // Rows after the states: the injected current, the steps since the last spike.
  expect(row(5)).toEqual([500, 501, 502]);
  expect(row(6)).toEqual([600, 601, 602]);
});

it('a scheme of which a state is missing is settled as a whole', () => {
  const scheme = { states: ['n', 'O'], reactions: ['n <-> O : 0.3, 0.1'], open: 'O' };
  const after = twoCells({}, '', scheme);
  const { rows } = carriedStates(snapshotOf(4), planEngine(before), [after]);
  expect(rows[3]).toBeCloseTo(0.25, 6);
  expect(rows[6]).toBeCloseTo(0.75, 6);
});

it('a running engine takes over a cell with more states where the old one was', async () => {
  const handle = await testDevice();
  const engine = await createWebGpuEngine(before, handle);
  await run(engine, 3);
  const old = await engine.readState();
  await engine.updateParameters(twoCells({ q: N, p: P, r: N, n: N }, 'n*p*q*r'));
  const now = await engine.readState();
  const [q, p, r, n] = now.states.map((row) => row[0]);
  expect([n, p]).toEqual(old.states.slice(0, 2).map((row) => row[0]));
  const [V] = old.V_mV;
  // Steady at V to 0.05 mV, where the slope is below 1/40 per mV.
  expect(q).toBeCloseTo(steady(V), 2);
  expect(r).toBe(q);
  expect(now.states.slice(0, 3).map((row) => row[2])).toEqual(old.states.slice(0, 3).map((row) => row[2]));
  await run(engine, 3);
  expect(engine.stepsDone).toBe(240);
  engine.destroy();
  handle.destroy();
});

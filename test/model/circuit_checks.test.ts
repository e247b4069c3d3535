import { describe, expect, test } from 'vitest';
import { MAX_DELAY_STEPS } from '../../src/model/circuit.js';
import { wholeSteps } from '../../src/model/circuit_checks.js';
import { type CircuitFile, resolveCircuit } from '../../src/model/circuit_file.js';
import * as synapseWord from '../../src/network/synapse_word.js';
import { CircuitError } from '../../src/text/circuit_error.js';

const VALID = {
  name: 'two',
  simulation: { duration_ms: 100, transient_ms: 10 },
  receptors: { AMPA: { tau_ms: 3, reversal_mV: 0, sign: 'excitatory' } },
  populations: { A: { cell: 'pyramidal-rs', neurons: 4 }, B: { cell: 'traub-miles', neurons: 3 } },
} satisfies CircuitFile;

function problemsOf(changes: Partial<CircuitFile>): string[] {
  try {
    resolveCircuit({ ...VALID, ...changes });
  } catch (error) {
    if (error instanceof CircuitError) return error.issues.map((issue) => `${issue.path}: ${issue.message}`);
    throw error;
  }
  return [];
}

type Projection = NonNullable<CircuitFile['projections']>[number];
const projection = (changes: Partial<Projection>): Partial<CircuitFile> => ({
  projections: [
    {
      from: 'A',
      to: 'B',
      receptor: 'AMPA',
      connector: { kind: 'fixed-total', synapses: 1 },
      weight_nS: 1,
      delay_ms: 1,
      ...changes,
    },
  ],
});

test('the valid circuit has no problem', () => {
  expect(problemsOf({})).toEqual([]);
  expect(problemsOf(projection({}))).toEqual([]);
});

describe('times against the step', () => {
  test.each([
    [
      { simulation: { dt_ms: 0.03, duration_ms: 99 }, cellTypes: {} },
      'recording.sampleRate_hz: the sample period 1 ms',
    ],
    [
      { simulation: { dt_ms: 0.2, duration_ms: 100.1, transient_ms: 0 } },
      'simulation.duration_ms: the duration 100.1 ms is not a whole number of steps of dt_ms 0.2',
    ],
    [
      { simulation: { dt_ms: 0.5, integrator: 'rk4' } },
      'simulation.dt_ms: dt_ms 0.5 is too large for the integrator "rk4": the membrane potential of the cell "traub-miles" does not stay within [-1000, 1000] mV; it does at 0.05 ms',
    ],
    [
      { simulation: { dt_ms: 0.1, integrator: 'rk4' } },
      'simulation.dt_ms: dt_ms 0.1 is too large for the integrator "rk4"',
    ],
    [
      { simulation: { duration_ms: 100, transient_ms: 100 } },
      'simulation.transient_ms: expected less than the duration 100 ms; got 100',
    ],
    [
      { simulation: { dt_ms: 0.001, duration_ms: 1e9 } },
      'simulation.duration_ms: expected at most 4294967295 steps',
    ],
    [
      { cellTypes: { C: { base: 'traub-miles', refractory_ms: 3.01 } } },
      'cellTypes.C.refractory_ms: the refractory time 3.01 ms',
    ],
    [
      projection({ delay_ms: 1.51 }),
      'projections.0.delay_ms: the delay 1.51 ms is not a whole number of steps of dt_ms 0.025',
    ],
    [
      { ...projection({ delay_ms: 100 }), simulation: { dt_ms: 0.005, duration_ms: 600 } },
      'projections.0.delay_ms: expected at most 16383 steps of dt_ms 0.005 (81.915 ms); got 100 ms',
    ],
    [
      {
        ...projection({ delay_ms: { distribution: 'uniform', low: 0, high: 90 } }),
        simulation: { dt_ms: 0.005, duration_ms: 600 },
      },
      'projections.0.delay_ms: expected at most 16383 steps',
    ],
    [
      { stimuli: [{ kind: 'step-current', to: 'A', amplitude_uA_cm2: 1, start_ms: 5, stop_ms: 5 }] },
      'stimuli.0.stop_ms: expected more than start_ms, 5; got 5',
    ],
    [
      { stimuli: [{ kind: 'step-current', to: 'A', amplitude_uA_cm2: 1, start_ms: 5.01 }] },
      'stimuli.0.start_ms: the start 5.01 ms',
    ],
  ] as [Partial<CircuitFile>, string][])('%j', (changes, problem) => {
    expect(problemsOf(changes).join('\n')).toContain(problem);
  });

  test('decimal fractions that floating point only nearly divides are whole', () => {
    expect(0.3 % 0.1).not.toBe(0);
    expect(wholeSteps(0.3, 0.1)).toBe(3);
    expect(wholeSteps(5500, 0.025)).toBe(220_000);
    expect(wholeSteps(1.9, 0.025)).toBe(76);
    expect(wholeSteps(1e7, 0.005)).toBe(2_000_000_000);
    expect(wholeSteps(0, 0.025)).toBe(0);
    expect(wholeSteps(1.501, 0.025)).toBeNull();
    expect(wholeSteps(100, 0.03)).toBeNull();
  });

  test('the longest delay is the longest that fits a synapse word', () => {
    expect(MAX_DELAY_STEPS).toBe(synapseWord.MAX_DELAY_STEPS);
  });
});

describe('sizes and names against each other', () => {
  const inDegree = (n: number, more = {}) => ({ kind: 'fixed-in-degree' as const, inDegree: n, ...more });
  test.each([
    [{ populations: {} }, 'populations: expected at least one population; got none'],
    [
      { populations: { A: { cell: 'sst-lts', neurons: 2 ** 28 }, B: { cell: 'sst-lts', neurons: 1 } } },
      'populations: expected at most 268435456 neurons in all; got 268435457',
    ],
    [
      {
        receptors: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`r${i}`, VALID.receptors.AMPA])),
      },
      'receptors: expected at most 16 receptors; got 17',
    ],
    [
      { populations: { A: { cell: 'sst-lts', neurons: 1, initial: { conductance_nS: { NMDA: 1 } } } } },
      'populations.A.initial.conductance_nS.NMDA: no receptor is called "NMDA"; allowed: AMPA',
    ],
    [projection({ connector: inDegree(5) }), 'projections.0.connector.inDegree: expected at most 4'],
    [
      projection({ from: 'B', connector: inDegree(3) }),
      'projections.0.connector.inDegree: expected at most 2',
    ],
    [
      projection({ connector: { kind: 'fixed-total', synapses: 13 } }),
      'projections.0.connector.synapses: expected at most 12',
    ],
    [
      projection({
        connector: {
          kind: 'list',
          pairs: [
            [0, 0],
            [3, 3],
          ],
        },
      }),
      'projections.0.connector.pairs.1.1: expected a neuron of B, from 0 to 2; got 3',
    ],
    [
      projection({ connector: { kind: 'list', pairs: [[4, 2]] } }),
      'projections.0.connector.pairs.0.0: expected a neuron of A, from 0 to 3; got 4',
    ],
    [
      { recording: { traces: [{ population: 'B', neurons: [0, 3] }] } },
      'recording.traces.0.neurons.1: expected a neuron of B, from 0 to 2; got 3',
    ],
    [
      { recording: { traces: [{ population: 'C', neurons: [0] }] } },
      'recording.traces.0.population: no population is called "C"',
    ],
    [
      { recording: { lfp: { populations: ['Z'], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }] } } },
      'recording.lfp.populations.0: no population is called "Z"',
    ],
    [
      { stimuli: [{ kind: 'poisson', to: 'A', receptor: 'GABA', rate_hz: 1, weight_nS: 1 }] },
      'stimuli.0.receptor: no receptor is called "GABA"',
    ],
    [
      { populations: { A: { cell: 'sst-lts', neurons: 3, initial: { V_mV: [-60, -61] } } } },
      'populations.A.initial.V_mV: expected 3 values, one for every neuron of A; got 2',
    ],
    [
      { populations: { A: { cell: 'sst-lts', neurons: 1, initial: { V_mV: [-600] } } } },
      'populations.A.initial.V_mV.0: expected a number in mV, at least -200, at most 200; got -600',
    ],
    [
      { populations: { A: { cell: 'sst-lts', neurons: 1, initial: { conductance_nS: { AMPA: [1, 2] } } } } },
      'populations.A.initial.conductance_nS.AMPA: expected 1 values, one for every neuron of A; got 2',
    ],
    [
      { geometry: { shape: 'given', positions_um: [[0, 0, 0]] } },
      'geometry.positions_um: expected 7 positions, one for every neuron; got 1',
    ],
    [
      projection({ connector: { kind: 'list', pairs: [[0, 0]] }, weight_nS: [1, 2] }),
      'projections.0.weight_nS: expected 1 values, one for every pair of the connector; got 2',
    ],
    [
      projection({ connector: { kind: 'list', pairs: [[0, 0]] }, delay_ms: [-1] }),
      'projections.0.delay_ms.0: expected a number in ms, at least 0, at most 100; got -1',
    ],
    [
      projection({ delay_ms: [1] }),
      'projections.0.delay_ms: a list of values needs the connector "list"; this one is "fixed-total"',
    ],
  ] as [Partial<CircuitFile>, string][])('%j', (changes, problem) => {
    expect(problemsOf(changes).join('\n')).toContain(problem);
  });

  const input = (...train: number[]) => ({ spikeSources: { input: { trains_ms: [[], train] } } });
  test.each([
    [input(1, -2), 'spikeSources.input.trains_ms.1.1: expected a number in ms, at least 0'],
    [input(1, Number.NaN), 'spikeSources.input.trains_ms.1.1: expected a number in ms'],
    [input(1, Number.POSITIVE_INFINITY), 'spikeSources.input.trains_ms.1.1: expected a number in ms'],
    [input(1, 3, 2, 1), 'spikeSources.input.trains_ms.1.2: expected times in ascending order; got 2 after 3'],
    [
      { spikeSources: { input: { trains_ms: [] } } },
      'spikeSources.input.trains_ms: expected at least 1 entries; got 0',
    ],
    [
      { spikeSources: { A: { trains_ms: [[1]] } } },
      'spikeSources.A: there is already a population called "A"',
    ],
    [
      { ...input(1), ...projection({ from: 'inptu' }) },
      'projections.0.from: no population or spike source is called "inptu"; allowed: A, B, input',
    ],
    [
      { ...input(1), ...projection({ to: 'input' }) },
      'projections.0.to: "input" is a spike source: spikes go to populations only',
    ],
    [
      { ...input(1), ...projection({ from: 'input', connector: inDegree(3) }) },
      'projections.0.connector.inDegree: expected at most 2',
    ],
    [
      { ...input(1), ...projection({ from: 'input', connector: { kind: 'list', pairs: [[2, 0]] } }) },
      'projections.0.connector.pairs.0.0: expected a source of input, from 0 to 1; got 2',
    ],
    [
      {
        ...input(1),
        ...projection({
          from: 'input',
          connector: { kind: 'distance-dependent', probability: 1, profile: 'gaussian', scale_um: 9 },
        }),
      },
      'projections.0.connector.kind: input is a spike source and has no position',
    ],
    [
      { ...input(1), stimuli: [{ kind: 'constant-current', to: 'input', amplitude_uA_cm2: 1 }] },
      'stimuli.0.to: no population is called "input"',
    ],
    [
      { spikeSources: { input: { file: 'in.csv' } } },
      'spikeSources.input.sources: expected a whole number from 1 to 268435456; the value is missing',
    ],
    [
      { spikeSources: { input: { file: 'in.csv', sources: 2 } } },
      'spikeSources.input.file: the spikes of "in.csv" were not read',
    ],
    [
      { spikeSources: { input: { file: 'in.csv', sources: 2, trains_ms: [] } } },
      'spikeSources.input.trains_ms: unknown key "trains_ms"',
    ],
  ] as [Partial<CircuitFile>, string][])('spike sources: %j', (changes, problem) => {
    expect(problemsOf(changes)).toEqual([expect.stringContaining(problem)]);
  });

  test('the spikes of a file become trains in ascending order, and none is dropped', () => {
    const spikeFiles = new Map([['in.csv', { timesMs: [5, 1, 2], neurons: [1, 1, 0] }]]);
    const resolve = (sources: number) =>
      resolveCircuit({ ...VALID, spikeSources: { input: { file: 'in.csv', sources } } }, { spikeFiles })
        .spikeSources;
    expect(resolve(3)).toEqual({ input: { trains_ms: [[2], [1, 5], []] } });
    expect(() => resolve(1)).toThrow(
      'spikeSources.input.sources: in.csv has a spike of source 1, but the sources are 0 to 0',
    );
  });

  test('times beyond the duration and several at once are fine', () => {
    expect(problemsOf(input(0, 0, 1e6))).toEqual([]);
  });

  test('multapses and autapses allow repeated pairs and self-connections', () => {
    expect(problemsOf(projection({ connector: inDegree(50, { multapses: true }) }))).toEqual([]);
    expect(problemsOf(projection({ from: 'B', connector: inDegree(3, { autapses: true }) }))).toEqual([]);
    const lonely = {
      ...projection({ to: 'A', connector: inDegree(1, { multapses: true }) }),
      populations: { A: { cell: 'sst-lts', neurons: 1 } },
    };
    expect(problemsOf(lonely)[0]).toContain('expected at most 0');
  });
});

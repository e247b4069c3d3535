import { describe, expect, test } from 'vitest';
import { MAX_DELAY_STEPS } from '../../src/model/circuit.js';
import { wholeSteps } from '../../src/model/circuit_checks.js';
import { CircuitError } from '../../src/model/circuit_error.js';
import { type CircuitFile, resolveCircuit } from '../../src/model/circuit_file.js';
import * as synapseWord from '../../src/network/synapse_word.js';

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
      { simulation: { dt_ms: 0.8, duration_ms: 100.8 } },
      'simulation.dt_ms: expected at most 0.5 ms, the largest stable step of the integrator "exponential-euler"; got 0.8',
    ],
    [
      { simulation: { dt_ms: 0.1, integrator: 'rk4' } },
      'simulation.dt_ms: expected at most 0.05 ms, the largest stable step of the integrator "rk4"; got 0.1',
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

  test('the longest delay is what a synapse word holds', () => {
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
  ] as [Partial<CircuitFile>, string][])('%j', (changes, problem) => {
    expect(problemsOf(changes).join('\n')).toContain(problem);
  });

  test('multapses and autapses allow what they say', () => {
    expect(problemsOf(projection({ connector: inDegree(50, { multapses: true }) }))).toEqual([]);
    expect(problemsOf(projection({ from: 'B', connector: inDegree(3, { autapses: true }) }))).toEqual([]);
    const lonely = {
      ...projection({ to: 'A', connector: inDegree(1, { multapses: true }) }),
      populations: { A: { cell: 'sst-lts', neurons: 1 } },
    };
    expect(problemsOf(lonely)[0]).toContain('expected at most 0');
  });
});

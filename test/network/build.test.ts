import { expect, test } from 'vitest';
import type { Circuit } from '../../src/model/circuit.js';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { buildNetwork } from '../../src/network/build.js';
import { simulate } from '../../src/run/simulate.js';
import { simulateEnsemble } from '../../src/run/simulate_ensemble.js';
import { CircuitError } from '../../src/text/circuit_error.js';
import { SMALL_CIRCUIT } from '../run/small_circuit.js';

const changes: Record<string, (circuit: Circuit) => void> = {
  'populations.E.neurons': ({ populations }) => {
    populations.E.neurons = -5;
  },
  'simulation.dt_ms': ({ simulation }) => {
    simulation.dt_ms = Number.NaN;
  },
  'simulation.duration_ms': ({ simulation }) => {
    simulation.duration_ms = Number.POSITIVE_INFINITY;
  },
  'projections.0.to': ({ projections }) => {
    projections[0].to = 'nowhere';
  },
  'projections.0.delay_ms': ({ projections }) => {
    projections[0].delay_ms = -1;
  },
  'stimuli.0.receptor': ({ stimuli }) => {
    Object.assign(stimuli[0], { receptor: 'none' });
  },
};

test.each(Object.keys(changes))(
  'a circuit that was changed after it was resolved is refused: %s',
  async (path) => {
    const circuit = resolveCircuit(SMALL_CIRCUIT);
    expect(circuit.stimuli[0].kind).toBe('poisson');
    changes[path](circuit);
    expect(() => buildNetwork(circuit)).toThrow(CircuitError);
    expect(() => buildNetwork(circuit)).toThrow(path);
    await expect(simulate(circuit, { device: 'cpu' })).rejects.toThrow(CircuitError);
    await expect(simulateEnsemble([circuit], { device: 'cpu' })).rejects.toThrow(CircuitError);
  },
);

test('a network keeps the circuit that it was built of', () => {
  const circuit = resolveCircuit(SMALL_CIRCUIT);
  const network = buildNetwork(circuit);
  expect(network.circuit).toEqual(circuit);
  circuit.simulation.dt_ms = 0.5;
  circuit.populations.E.neurons = 1;
  expect(network.circuit).toEqual(resolveCircuit(SMALL_CIRCUIT));
});

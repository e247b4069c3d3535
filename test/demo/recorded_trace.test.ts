import { expect, test } from 'vitest';
import { RecordedTrace } from '../../demo/simulation/recorded_trace.js';
import { buildNetwork, type RecordedBlock, resolveCircuit, TRACE_VARIABLES } from '../../src/index.js';

test('gates, states of schemes and concentrations are told apart; those of receptors are neither', () => {
  const circuit = (neuron: number) =>
    resolveCircuit({
      name: 'states',
      mechanisms: {
        markov: { channel: 'K', scheme: { states: ['C', 'O'], reactions: ['C <-> O : 1, 1'], open: 'O' } },
      },
      receptors: { NMDA: { mechanism: 'nmda' } },
      cellTypes: {
        c: {
          base: 'pyramidal-rs',
          ions: { Ca: { out_mM: 2 } },
          membrane: {
            m: { mechanism: 'markov', g_mS_cm2: 0.1 },
            t: { mechanism: 't-current', g_mS_cm2: 1 },
            ca: { mechanism: 'ca-pool' },
          },
        },
      },
      populations: { P: { cell: 'c', neurons: 2 } },
      stimuli: [{ kind: 'poisson', to: 'P', receptor: 'NMDA', rate_hz: 10, weight_nS: 1 }],
      recording: { traces: [{ population: 'P', neurons: [neuron] }] },
    });
  const network = buildNetwork(circuit(0));
  const trace = new RecordedTrace(network, 10);
  const names = (variables: readonly { readonly name: string }[]) => variables.map(({ name }) => name).sort();
  expect(names(trace.gates)).toEqual(['k.n', 'm.C', 'm.O', 'na.h', 'na.m', 't.h']);
  expect(names(trace.concentrations)).toEqual(['ca.Ca_in']);
  const receptors = trace.variables.filter(({ kind }) => kind === 'receptor');
  expect(names(receptors).map((name) => name.split('.')[0])).toEqual(['NMDA', 'NMDA']);
  expect(trace.continues(buildNetwork(circuit(0)))).toBe(true);
  expect(trace.continues(buildNetwork(circuit(1)))).toBe(false);

  // Two samples: V, the current, one conductance, then the variables in their order.
  const width = TRACE_VARIABLES.length + 1 + trace.variables.length;
  const traces = Float32Array.from({ length: 2 * width }, (_, i) => i);
  trace.append({ traces, samples: 2 } as RecordedBlock);
  expect([...trace.V_mV.last(5)]).toEqual([0, width]);
  trace.variables.forEach(({ series }, v) => {
    expect([...series.last(1)]).toEqual([width + TRACE_VARIABLES.length + 1 + v]);
  });
});

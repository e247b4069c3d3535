import { cellOfPopulation, type Network, type RecordedBlock, TRACE_VARIABLES } from '../../src/index.js';
import { isAtWholeSteps } from '../../src/mechanism/cell_model.js';
import { tracedNeurons } from '../../src/model/traced_neurons.js';
import { SampleSeries } from './sample_series.js';

/**
 * What the recorded variables of a cell are: shares such as gates and the states of schemes, concentrations in mM, or states of
 * receptors, which are conductances.
 */
export type VariableKind = 'gate' | 'concentration' | 'receptor';

export interface RecordedVariable {
  /** By its label in the membrane, such as na.m. */
  readonly name: string;
  readonly kind: VariableKind;
  readonly series: SampleSeries;
}

/** The latest records of the selected neuron: V and the states of its cell. */
export class RecordedTrace {
  readonly V_mV: SampleSeries;
  readonly variables: readonly RecordedVariable[];
  private readonly neuron: string;
  private readonly first: number;

  /** `capacity`: samples that are kept. */
  constructor(network: Network, capacity: number) {
    this.V_mV = new SampleSeries(capacity);
    this.first = TRACE_VARIABLES.length + network.receptors.length;
    this.neuron = keyOf(network);
    this.variables = variablesOf(network).map((variable) => ({
      ...variable,
      series: new SampleSeries(capacity),
    }));
  }

  get gates(): readonly RecordedVariable[] {
    return this.variables.filter(({ kind }) => kind === 'gate');
  }

  get concentrations(): readonly RecordedVariable[] {
    return this.variables.filter(({ kind }) => kind === 'concentration');
  }

  /** Whether what an updated network records belongs to this trace. */
  continues(network: Network): boolean {
    return keyOf(network) === this.neuron;
  }

  append({ traces, samples }: RecordedBlock): void {
    const width = traces.length / samples;
    for (let k = 0; k < samples; k++) {
      this.V_mV.push(traces[k * width + V_COLUMN]);
      this.variables.forEach(({ series }, v) => {
        series.push(traces[k * width + this.first + v]);
      });
    }
  }
}

const V_COLUMN = TRACE_VARIABLES.indexOf('V_mV');

/** Which neuron a network records, and what of it. */
const keyOf = ({ circuit }: Network): string => JSON.stringify(tracedNeurons(circuit)[0] ?? null);

function variablesOf({ circuit }: Network): { readonly name: string; readonly kind: VariableKind }[] {
  const [recorded] = tracedNeurons(circuit);
  if (!recorded) return [];
  const { groups } = cellOfPopulation(circuit, recorded.population);
  const kinds = new Map(
    groups.flatMap((group): [string, VariableKind][] => {
      if (group.kind === 'scheme') return [];
      if (isAtWholeSteps(group)) return [[group.key, 'receptor']];
      return group.isConcentration ? [[group.key, 'concentration']] : [];
    }),
  );
  return recorded.variables.map((name) => ({ name, kind: kinds.get(name) ?? 'gate' }));
}

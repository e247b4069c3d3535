import { TRACE_TABLE, type TraceVariable } from '../../engine/signals.js';
import type { Circuit } from '../../model/circuit.js';
import { tracedNeurons } from '../../model/traced_neurons.js';
import type { NeuronTrace, Recording } from '../../recording/recording.js';
import { InputError } from '../input_error.js';
import { type CsvValue, writeCsv } from './csv.js';
import { csvSlices } from './csv_slices.js';

/** Of every neuron in the order of their columns: V, then the conductances, then what are means over the sample. */
const STATE: TraceVariable[] = TRACE_TABLE.flatMap((row) => ('mean' in row ? [] : [row.name]));
const MEANS: TraceVariable[] = TRACE_TABLE.flatMap((row) => ('mean' in row ? [row.name] : []));

const conductanceColumn = (receptor: string): string => `g_${receptor}_nS`;

/**
 * traces.csv: V, conductances and variables of the recorded neurons at the end of each sample, and their mean |I| over it, one
 * neuron after another. A neuron whose cell has no such variable has an empty field.
 */
export function writeTraces(path: string, { traces, sampleRateHz }: Recording): Promise<void> {
  const receptors = Object.keys(traces[0]?.conductance_nS ?? {});
  const variables = [...new Set(traces.flatMap((trace) => Object.keys(trace.variables)))];
  function* rows(): Iterable<CsvValue[]> {
    for (const trace of traces) {
      const series = [
        ...STATE.map((name) => trace[name]),
        ...receptors.map((name) => trace.conductance_nS[name]),
        ...MEANS.map((name) => trace[name]),
        ...variables.map((name) => trace.variables[name]),
      ];
      for (let k = 0; k < trace.V_mV.length; k++)
        yield [
          ((k + 1) * 1000) / sampleRateHz,
          trace.population,
          trace.neuron,
          ...series.map((values) => values?.[k] ?? null),
        ];
    }
  }
  const header = ['time_ms', 'population', 'neuron', ...columnsOf(receptors, variables)];
  return writeCsv(path, header, rows());
}

const columnsOf = (receptors: readonly string[], variables: readonly string[]): string[] => [
  ...STATE,
  ...receptors.map(conductanceColumn),
  ...MEANS,
  ...variables,
];

/**
 * The traces that a run's circuit asked for. Throws InputError if the file does not have one row per neuron and
 * sample.
 */
export function readTraces(path: string, circuit: Circuit, samples: number): NeuronTrace[] {
  const names = Object.keys(circuit.receptors);
  const recorded = tracedNeurons(circuit);
  const variables = [...new Set(recorded.flatMap((trace) => trace.variables))];
  const columns = columnsOf(names, variables);
  const series = recorded.map(() => columns.map(() => new Float32Array(samples)));
  let row = 0;
  for (const slice of csvSlices(path)) {
    const values = slice.interleaved(columns);
    for (let r = 0; r < slice.rows; r++, row++) {
      const own = series[Math.floor(row / samples)];
      if (!own) break;
      for (let c = 0; c < columns.length; c++) own[c][row % samples] = values[r * columns.length + c];
    }
  }
  if (row !== recorded.length * samples)
    throw new InputError(
      `${path}: expected ${samples} rows for each of ${recorded.length} neurons; got ${row} or more rows`,
    );
  return recorded.map(({ population, neuron, variables: own }, t) => ({
    population,
    neuron,
    ...(Object.fromEntries(
      [...STATE, ...MEANS].map((name) => [name, series[t][columns.indexOf(name)]]),
    ) as Pick<NeuronTrace, TraceVariable>),
    conductance_nS: Object.fromEntries(names.map((name, r) => [name, series[t][STATE.length + r]])),
    variables: Object.fromEntries(own.map((name) => [name, series[t][columns.indexOf(name)]])),
  }));
}

import { TRACE_TABLE, type TraceVariable } from '../../engine/signals.js';
import type { Circuit } from '../../model/circuit.js';
import type { NeuronTrace, Recording } from '../../recording/recording.js';
import { InputError } from '../input_error.js';
import { type CsvValue, writeCsv } from './csv.js';
import { csvSlices } from './csv_slices.js';

/** Variables in the order of their columns: the state, then the conductances, then what are means over the sample. */
const STATE: TraceVariable[] = TRACE_TABLE.flatMap((row) => ('mean' in row ? [] : [row.name]));
const MEANS: TraceVariable[] = TRACE_TABLE.flatMap((row) => ('mean' in row ? [row.name] : []));

const conductanceColumn = (receptor: string): string => `g_${receptor}_nS`;

/**
 * traces.csv: V, gates and conductances of the recorded neurons at the end of each sample, and their mean |I| over it, one
 * neuron after another.
 */
export function writeTraces(path: string, { traces, sampleRateHz }: Recording): Promise<void> {
  const receptors = Object.keys(traces[0]?.conductance_nS ?? {});
  function* rows(): Iterable<CsvValue[]> {
    for (const trace of traces) {
      const series = [
        ...STATE.map((name) => trace[name]),
        ...receptors.map((name) => trace.conductance_nS[name]),
        ...MEANS.map((name) => trace[name]),
      ];
      for (let k = 0; k < trace.V_mV.length; k++)
        yield [
          ((k + 1) * 1000) / sampleRateHz,
          trace.population,
          trace.neuron,
          ...series.map((values) => values[k]),
        ];
    }
  }
  const header = ['time_ms', 'population', 'neuron', ...columnsOf(receptors)];
  return writeCsv(path, header, rows());
}

const columnsOf = (receptors: readonly string[]): string[] => [
  ...STATE,
  ...receptors.map(conductanceColumn),
  ...MEANS,
];

/**
 * The traces that a run's circuit asked for. Throws InputError if the file does not have one row per neuron and
 * sample.
 */
export function readTraces(path: string, { recording, receptors }: Circuit, samples: number): NeuronTrace[] {
  const names = Object.keys(receptors);
  const columns = columnsOf(names);
  const recorded = recording.traces.flatMap(({ population, neurons }) =>
    neurons.map((neuron) => ({ population, neuron })),
  );
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
  return recorded.map((place, t) => ({
    ...place,
    ...(Object.fromEntries(columns.map((column, c) => [column, series[t][c]])) as Pick<
      NeuronTrace,
      TraceVariable
    >),
    conductance_nS: Object.fromEntries(names.map((name, r) => [name, series[t][STATE.length + r]])),
  }));
}

import type { Coherence, PowerSpectrum } from '../../analysis/spectral/spectrum.js';
import type { Irregularity } from '../../analysis/spiketrain/isi.js';
import { POPULATION_SIGNALS, type PopulationSignal } from '../../engine/engine.js';
import type { Network } from '../../network/network.js';
import type { Recording } from '../../recording/recording.js';
import type { SpikeEvents } from '../hdf5/spikes_h5.js';
import { synapseValues } from '../synapse_values.js';
import { type CsvValue, writeCsv } from './csv.js';

/** A neuron's identity and position. */
export interface NeuronIdentity {
  readonly population: string;
  /** Soma position [x, y, z] in um; null where unknown. */
  readonly position_um: readonly [number, number, number] | null;
}

/** Firing of every neuron in the analysed window. */
export interface NeuronFiring {
  readonly ratesHz: Float64Array;
  readonly irregularity: Irregularity;
}

export function* neuronIdentities({ populations, positions_um }: Network): Iterable<NeuronIdentity> {
  for (const { name, first, count } of populations)
    for (let i = first; i < first + count; i++) {
      const [x, y, z] = positions_um.subarray(3 * i, 3 * i + 3);
      yield { population: name, position_um: [x, y, z] };
    }
}

/** neurons.csv; `firing` is null where nothing was analysed. Undefined values are empty. */
export function writeNeurons(
  path: string,
  identities: Iterable<NeuronIdentity>,
  firing: NeuronFiring | null,
): Promise<void> {
  function* rows(): Iterable<CsvValue[]> {
    let i = 0;
    for (const { population, position_um } of identities) {
      const measured = firing
        ? [
            firing.irregularity.spikes[i],
            firing.ratesHz[i],
            firing.irregularity.cv[i],
            firing.irregularity.cv2[i],
            firing.irregularity.lv[i],
          ]
        : [null, null, null, null, null];
      yield [i, population, ...(position_um ?? [null, null, null]), ...measured];
      i++;
    }
  }
  const header = 'neuron,population,x_um,y_um,z_um,spikes,rate_hz,cv,cv2,lv'.split(',');
  return writeCsv(path, header, rows());
}

/** spectrum.csv; a header alone where there is no spectrum. */
export function writeSpectrum(path: string, psd: PowerSpectrum | null): Promise<void> {
  const rows = psd ? Array.from(psd.frequenciesHz, (hz, k) => [hz, psd.power[k]]) : [];
  return writeCsv(path, ['frequency_hz', 'psd_uV2_per_hz'], rows);
}

/** coherence.csv; a header alone where there is no coherence. */
export function writeCoherence(
  path: string,
  pooled: Coherence | null,
  populations: Readonly<Record<string, Coherence | null>>,
): Promise<void> {
  const names = Object.keys(populations);
  const rows = pooled
    ? Array.from(pooled.frequenciesHz, (hz, k) => [
        hz,
        pooled.msc[k],
        ...names.map((name) => populations[name]?.msc[k] ?? null),
      ])
    : [];
  return writeCsv(path, ['frequency_hz', 'msc', ...names.map((name) => `msc_${name}`)], rows);
}

/** Column of electrode `e` in lfp.csv: the first is `lfp_uV`, as for external data. */
export const lfpColumn = (electrode: number): string =>
  electrode === 0 ? 'lfp_uV' : `lfp_${electrode + 1}_uV`;
/** The same electrode's potential from the signed sum of currents; a sink is negative. */
export const signedLfpColumn = (electrode: number): string => `signed_${lfpColumn(electrode)}`;

/** lfp.csv; `time_ms` is the start of a sample. */
export function writeLfp(path: string, { lfp, sampleRateHz }: Recording): Promise<void> {
  const electrodes = lfp ?? [];
  const header = [
    'time_ms',
    ...electrodes.map((_, e) => lfpColumn(e)),
    ...electrodes.map((_, e) => signedLfpColumn(e)),
  ];
  const columns = [...electrodes.map((e) => e.absolute_uV), ...electrodes.map((e) => e.signed_uV)];
  return writeCsv(path, lfp ? header : ['time_ms', lfpColumn(0)], samplesOf(columns, sampleRateHz));
}

/** Column of a population's signal in populations.csv. */
export const populationColumn = (population: string, signal: PopulationSignal): string =>
  `${population}_${signal}`;

/** populations.csv: synaptic currents, conductances and V, summed over the neurons of each population. */
export function writePopulations(path: string, { populations, sampleRateHz }: Recording): Promise<void> {
  const series = Object.entries(populations).flatMap(([name, signals]) =>
    POPULATION_SIGNALS.map((signal) => ({
      column: populationColumn(name, signal),
      values: signals[signal],
    })),
  );
  return writeCsv(
    path,
    ['time_ms', ...series.map(({ column }) => column)],
    samplesOf(
      series.map(({ values }) => values),
      sampleRateHz,
    ),
  );
}

function* samplesOf(columns: readonly Float32Array[], sampleRateHz: number): Iterable<number[]> {
  for (let k = 0; k < (columns[0]?.length ?? 0); k++)
    yield [(k * 1000) / sampleRateHz, ...columns.map((values) => values[k])];
}

/** spikes.csv, sorted by time. */
export function writeSpikes(path: string, { neurons, timesMs }: SpikeEvents): Promise<void> {
  function* rows(): Iterable<number[]> {
    for (let k = 0; k < neurons.length; k++) yield [neurons[k], timesMs[k]];
  }
  return writeCsv(path, ['neuron', 'time_ms'], rows());
}

/** edges.csv: every synapse between neurons with the weight and the delay that the engine uses. */
export function writeEdges(path: string, network: Network): Promise<void> {
  const { rowPointers } = network.synapses;
  const { target, weight_nS, delayMs } = synapseValues(network);
  function* rows(): Iterable<number[]> {
    for (let source = 0; source < network.neurons; source++)
      for (let k = rowPointers[source]; k < rowPointers[source + 1]; k++)
        yield [source, target(k), weight_nS(k), delayMs(k)];
  }
  return writeCsv(path, ['source', 'target', 'weight_nS', 'delay_ms'], rows());
}

import type { Dataset, Group, File as Hdf5File } from 'h5wasm/node';
import type { ElectrodeRecord } from '../../recording/recording.js';
import { emptyDataset, textAttribute, writeColumn, writeHdf5, writeSlices } from '../hdf5/hdf5.js';
import { csvHeader, csvSlices } from '../tables/csv_slices.js';
import { lfpColumn, signedLfpColumn } from '../tables/run_tables.js';
import { writeMagic } from './magic.js';

const MV_PER_UV = 1e-3;
/** Frames of one neuron in a chunk: traces.csv has one neuron after another. */
const FRAMES_PER_CHUNK = 1024;

/** A report of one variable of the recorded neurons. */
export interface TraceReport {
  /** Name of the report, which is that of its file without `.h5`. */
  readonly name: string;
  /** Column of traces.csv. */
  readonly column: string;
  readonly units: string;
}

/** The reports that a file of traces allows. */
export function traceReports(tracesCsv: string): TraceReport[] {
  return csvHeader(tracesCsv)
    .slice(3)
    .map((column) => {
      const [, name, units = ''] = /^(.*?)(?:_(mV|nS|nA))?$/.exec(column)!;
      return { name: `${name.replace(/^V$/, 'v')}_report`, column, units };
    });
}

export interface ReportSetting {
  /** Name of the node population. */
  readonly nodes: string;
  /** Node ids of the recorded neurons, in the order of the file. */
  readonly nodeIds: readonly number[];
  /** Frames of each neuron. */
  readonly frames: number;
  readonly sampleRateHz: number;
}

/**
 * Writes one report from traces.csv: `/report/<nodes>/data` [frame, neuron] and its mapping. A frame is the state at
 * the end of a sample, so the first is one sample after 0.
 */
export const writeTraceReport = (
  path: string,
  tracesCsv: string,
  { column, units }: TraceReport,
  { nodes, nodeIds, frames, sampleRateHz }: ReportSetting,
): Promise<void> =>
  writeHdf5(path, (file) => {
    writeMagic(file);
    const report = file.create_group('report').create_group(nodes);
    const width = nodeIds.length;
    const data = emptyDataset(report, 'data', new Float32Array(0), [width], [FRAMES_PER_CHUNK, 1]);
    data.resize([frames, width]);
    let at = 0;
    for (const slice of csvSlices(tracesCsv)) {
      writeByNeuron(data, at, slice.interleaved([column]), frames);
      at += slice.rows;
    }
    textAttribute(data, 'units', units);
    const mapping = report.create_group('mapping');
    const ascends = nodeIds.every((id, k) => k === 0 || id > nodeIds[k - 1]);
    writeColumn(mapping, 'node_ids', BigUint64Array.from(nodeIds, BigInt)).create_attribute(
      'sorted',
      ascends ? 1 : 0,
      null,
      '<b',
    );
    writeColumn(
      mapping,
      'index_pointers',
      BigUint64Array.from({ length: width + 1 }, (_, k) => BigInt(k)),
    );
    // The name before the specification took the plural, which BMTK still reads.
    mapping.create_hard_link(`/report/${nodes}/mapping/index_pointers`, 'index_pointer');
    writeColumn(mapping, 'element_ids', new Uint32Array(width));
    writeColumn(mapping, 'element_pos', new Float32Array(width).fill(0.5));
    const period = 1000 / sampleRateHz;
    writeTime(mapping, period, (frames + 1) * period, period);
  });

/** Writes values `at`, `at + 1`, ... of the neurons' traces laid end to end. */
function writeByNeuron(data: Dataset, at: number, values: Float32Array, frames: number): void {
  for (let k = 0; k < values.length; ) {
    const neuron = Math.floor((at + k) / frames);
    const frame = (at + k) % frames;
    const length = Math.min(values.length - k, frames - frame);
    data.write_slice(
      [
        [frame, frame + length],
        [neuron, neuron + 1],
      ],
      values.slice(k, k + length),
    );
    k += length;
  }
}

/**
 * Writes the electrodes' potential from lfp.csv as BMTK does: `/ecp/data` [sample, electrode] in mV (the specification's
 * text has the axes the other way round). `signed` chooses the potential of the signed sum of currents.
 */
export const writeEcp = (
  path: string,
  lfpCsv: string,
  electrodes: readonly Pick<ElectrodeRecord, 'x_um' | 'y_um' | 'z_um'>[],
  sampleRateHz: number,
  signed: boolean,
): Promise<void> =>
  writeHdf5(path, (file: Hdf5File) => {
    writeMagic(file);
    const ecp = file.create_group('ecp');
    let samples = 0;
    const columns = electrodes.map((_, e) => (signed ? signedLfpColumn : lfpColumn)(e));
    function* slices(): Iterable<Float32Array> {
      for (const slice of csvSlices(lfpCsv)) {
        samples += slice.rows;
        yield slice.interleaved(columns, MV_PER_UV);
      }
    }
    textAttribute(writeSlices(ecp, 'data', slices(), [electrodes.length]), 'units', 'mV');
    writeColumn(
      ecp,
      'channel_id',
      Int32Array.from(electrodes, (_, e) => e),
    );
    const positions = Float64Array.from(electrodes.flatMap(({ x_um, y_um, z_um }) => [x_um, y_um, z_um]));
    textAttribute(writeColumn(ecp, 'channel_position', positions, [electrodes.length, 3]), 'units', 'um');
    writeTime(ecp, 0, (samples * 1000) / sampleRateHz, 1000 / sampleRateHz);
  });

/** Start, stop (not included) and step in ms. */
function writeTime(group: Group, startMs: number, stopMs: number, stepMs: number): void {
  textAttribute(writeColumn(group, 'time', new Float64Array([startMs, stopMs, stepMs])), 'units', 'ms');
}

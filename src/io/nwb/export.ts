import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Dataset, Group, File as Hdf5File } from 'h5wasm/node';
import { textAttribute, writeColumn, writeHdf5, writeSlices } from '../hdf5/hdf5.js';
import { RECORDING_FILES } from '../run_folder/recording_files.js';
import type { RunSource } from '../run_folder/run_source.js';
import { csvSlices } from '../tables/csv_slices.js';
import { lfpColumn, signedLfpColumn } from '../tables/run_tables.js';
import { typed, writeRoot, writeStart, writeTable, writeTableColumn, writeText } from './nwb_file.js';
import { readTrains, type Trains, writeUnits } from './units.js';

const VOLTS_PER_UV = 1e-6;
const PROBE = 'virtual_probe';
const EPHYS = 'general/extracellular_ephys';

/**
 * Writes a run as NWB 2.7: its neurons as Units (one per neuron, including silent ones), its LFP as ElectricalSeries.
 * The LFP is linked a second time as a plain series under /acquisition, where Neo looks for it. The same run gives
 * the same bytes.
 */
export async function exportNwb(run: RunSource, path: string): Promise<void> {
  const { circuit, manifest, network, file } = run;
  const outputs = [RECORDING_FILES.spikes, RECORDING_FILES.lfp].map((name) => manifest.outputs[name].sha256);
  const content = createHash('sha256')
    .update([manifest.circuit.hash, ...outputs].join())
    .digest('hex');
  const source = await readFile(file(RECORDING_FILES.circuit), 'utf8');
  const trains = await readTrains(file(RECORDING_FILES.spikes), network.neurons);
  await writeHdf5(path, (nwb) => {
    writeRoot(nwb, content, {
      identifier: content,
      description: `Simulated circuit "${circuit.name}". ${circuit.description ?? ''}`.trim(),
      startedAt: manifest.startedAt,
    });
    const general = nwb.get('general') as Group;
    textAttribute(writeText(general, 'source_script', source), 'file_name', RECORDING_FILES.circuit);
    writeText(general, 'notes', provenance(run));
    if (circuit.recording.lfp) writeLfp(nwb, run, content);
    writeUnits(nwb, network, trains as Trains, manifest.simulatedMs, content);
  });
}

const provenance = ({ manifest }: RunSource): string =>
  `Simulated data, no recording. Circuit ${manifest.circuit.hash}, seed ${manifest.seed}, dt ${manifest.dtMs} ms, ` +
  `integrator ${manifest.integrator}, on ${manifest.engine.description}, version ${manifest.versions.nce}.`;

function writeLfp(nwb: Hdf5File, { circuit, file }: RunSource, content: string): void {
  const electrodes = circuit.recording.lfp!.electrodes;
  const table = writeElectrodes(nwb, electrodes, content);
  const module = typed((nwb.get('processing') as Group).create_group('ecephys'), 'ProcessingModule', content);
  textAttribute(module, 'description', 'simulated local field potential');
  const lfp = typed(module.create_group('LFP'), 'LFP', content);
  const acquisition = nwb.get('acquisition') as Group;
  const kinds = [
    {
      name: 'ElectricalSeries',
      plain: 'lfp',
      column: lfpColumn,
      from: 'of the summed |I_E| + |I_I| of each cell',
    },
    {
      name: 'SignedElectricalSeries',
      plain: 'lfp_signed',
      column: signedLfpColumn,
      from: 'of the signed sum of currents of each cell, sinks negative',
    },
  ];
  for (const { name, plain, column, from } of kinds) {
    const description = `Potential ${from} as a point source; a sample is the mean over its period.`;
    const series = typed(lfp.create_group(name), 'ElectricalSeries', content);
    textAttribute(series, 'description', description);
    textAttribute(series, 'comments', 'simulated');
    const columns = electrodes.map((_, e) => column(e));
    volts(writeSlices(series, 'data', samplesOf(file(RECORDING_FILES.lfp), columns), [columns.length]));
    writeStart(series, circuit.recording.sampleRate_hz);
    const region = writeColumn(
      series,
      'electrodes',
      Int32Array.from(columns, (_, e) => e),
    );
    typed(region, 'DynamicTableRegion', content, 'hdmf-common');
    textAttribute(region, 'description', 'all electrodes');
    region.create_attribute('table', table.create_reference(), null, 'Reference');

    const copy = typed(acquisition.create_group(plain), 'TimeSeries', content);
    textAttribute(copy, 'description', `The data of ${series.path}, for readers of /acquisition only.`);
    textAttribute(copy, 'comments', 'simulated');
    copy.create_hard_link(`${series.path}/data`, 'data');
    writeStart(copy, circuit.recording.sampleRate_hz);
  }
}

function* samplesOf(lfpCsv: string, columns: readonly string[]): Iterable<Float32Array> {
  for (const slice of csvSlices(lfpCsv)) yield slice.interleaved(columns, VOLTS_PER_UV);
}

function volts(data: Dataset): void {
  textAttribute(data, 'unit', 'volts');
  data.create_attribute('conversion', 1, null, '<d');
  data.create_attribute('offset', 0, null, '<d');
  // NWB's word for "unknown".
  data.create_attribute('resolution', -1, null, '<d');
}

function writeElectrodes(
  nwb: Hdf5File,
  electrodes: readonly { readonly x_um: number; readonly y_um: number; readonly z_um: number }[],
  content: string,
): Group {
  const general = nwb.get('general') as Group;
  const device = typed(general.create_group('devices').create_group('simulator'), 'Device', content);
  textAttribute(device, 'description', 'Hodgkin-Huxley circuit simulator');
  textAttribute(device, 'manufacturer', 'NeuralCircuitEngine');
  const ephys = general.create_group('extracellular_ephys');
  const probe = typed(ephys.create_group(PROBE), 'ElectrodeGroup', content);
  textAttribute(probe, 'description', 'point electrodes in a homogeneous medium');
  textAttribute(probe, 'location', 'in the simulated circuit');
  probe.create_soft_link('/general/devices/simulator', 'device');

  const n = electrodes.length;
  const columns = ['x', 'y', 'z', 'location', 'group', 'group_name'];
  const table = writeTable(
    ephys,
    'electrodes',
    'DynamicTable',
    'hdmf-common',
    'point electrodes',
    columns,
    n,
    content,
  );
  for (const axis of ['x', 'y', 'z'] as const)
    writeTableColumn(
      table,
      axis,
      `${axis} position in um`,
      Float32Array.from(electrodes, (e) => e[`${axis}_um`]),
      content,
    );
  writeTableColumn(table, 'location', 'where', Array(n).fill('in the simulated circuit'), content);
  const groups = Array.from({ length: n }, () => probe.create_reference());
  const group = table.create_dataset({ name: 'group', data: groups, shape: [n], dtype: 'Reference' });
  textAttribute(group, 'description', 'the electrode group');
  typed(group, 'VectorData', content, 'hdmf-common');
  writeTableColumn(table, 'group_name', 'name of the electrode group', Array(n).fill(PROBE), content);
  return nwb.get(`${EPHYS}/electrodes`) as Group;
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeColumn, writeHdf5 } from '../../../src/io/hdf5/hdf5.js';
import { readNwbLfp, readNwbUnits } from '../../../src/io/nwb/read.js';
import { readRun } from '../../../src/io/run_folder/recording_files.js';
import { openRun } from '../../../src/io/run_folder/run_source.js';
import { runCli } from '../../cli/run_cli.js';
import { needs } from '../../runner/needs.js';
import { python, pythonLacks, type SmallRun, smallRun } from './small_run.js';

const lacksH5py = await pythonLacks('h5py', 'python3-h5py', { required: true });

let small: SmallRun;
let nwb: string;
beforeAll(async () => {
  small = await smallRun();
  nwb = join(small.folder, 'small.nwb');
  const { code, err } = await runCli(['export', small.run, '--nwb', nwb]);
  expect(code, err).toBe(0);
});
afterAll(() => small.remove());

test('h5py finds what pynwb and Neo need', needs(lacksH5py), async () => {
  const { recording, manifest, circuit } = await readRun(small.run);
  const { network } = await openRun(small.run);
  const found = await python(
    `
import h5py, json, sys
f = h5py.File(sys.argv[1])
text = lambda v: v.decode() if isinstance(v, bytes) else v
untyped, ids = [], []
def visit(name, o):
    if 'neurodata_type' in o.attrs: ids.append(o.attrs['object_id'])
    for key in ('namespace', 'neurodata_type', 'object_id'):
        if ('neurodata_type' in o.attrs) != (key in o.attrs): untyped.append(name)
f.visititems(visit)
u, e = f['units'], f['general/extracellular_ephys']
s = f['processing/ecephys/LFP/ElectricalSeries']
deref = lambda d, key: f[d.attrs[key]].name
table = lambda t: dict(columns=list(t.attrs['colnames']), present=[c in t for c in t.attrs['colnames']], rows=[len(t[c]) for c in t.attrs['colnames'] if c + '_index' not in t], id=len(t['id']))
print(json.dumps(dict(root={k: text(v) for k, v in f.attrs.items()}, ids=ids, untyped=untyped,
  required=[k in f for k in ('identifier', 'session_description', 'session_start_time', 'timestamps_reference_time', 'file_create_date', 'acquisition', 'analysis', 'processing', 'general', 'stimulus/presentation', 'stimulus/templates')],
  started=text(f['session_start_time'][()]), created=[text(v) for v in f['file_create_date'][:]], created_shape=f['file_create_date'].shape,
  units=table(u), electrodes=table(e['electrodes']),
  times=u['spike_times'][:].tolist(), ends=u['spike_times_index'][:].tolist(), resolution=float(u['spike_times'].attrs['resolution']),
  targets=[deref(u['spike_times_index'], 'target'), deref(u['obs_intervals_index'], 'target'), deref(s['electrodes'], 'table')],
  obs=u['obs_intervals'][:].tolist(), obs_ends=u['obs_intervals_index'][:].tolist(), populations=[text(v) for v in u['population'][:]],
  group=f[e['electrodes/group'][0]].name, device=f['general/extracellular_ephys/virtual_probe/device'] == f['general/devices/simulator'],
  data=s['data'][:].tolist(), data_attrs={k: text(v) if isinstance(v, (str, bytes)) else float(v) for k, v in s['data'].attrs.items()},
  start=[float(s['starting_time'][()]), float(s['starting_time'].attrs['rate']), str(s['starting_time'].attrs['rate'].dtype), text(s['starting_time'].attrs['unit'])],
  linked=f['acquisition/lfp/data'] == s['data'], acquisition={k: text(f['acquisition'][k].attrs['neurodata_type']) for k in f['acquisition']})))`,
    nwb,
  );
  expect(found.root).toMatchObject({ namespace: 'core', neurodata_type: 'NWBFile', nwb_version: '2.7.0' });
  expect(found.required).not.toContain(false);
  expect(found.untyped).toEqual([]);
  expect(new Set(found.ids).size).toBe(found.ids.length);
  for (const id of found.ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([found.started, found.created]).toEqual([manifest.startedAt, [manifest.startedAt]]);

  for (const table of [found.units, found.electrodes]) {
    expect(table.present).not.toContain(false);
    expect(new Set(table.rows)).toEqual(new Set([table.id]));
  }
  expect(found.units.id).toBe(60);
  expect(found.targets).toEqual([
    '/units/spike_times',
    '/units/obs_intervals',
    '/general/extracellular_ephys/electrodes',
  ]);
  expect(found.group).toBe('/general/extracellular_ephys/virtual_probe');
  expect(found.device).toBe(true);
  expect(found.obs).toEqual(Array(60).fill([0, 0.4]));
  expect(found.obs_ends).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  expect(found.populations).toEqual(
    network.populations.flatMap(({ name, count }) => Array(count).fill(name)),
  );
  expect(found.resolution).toBeCloseTo(5e-5, 12);
  const trains: number[][] = Array.from({ length: 60 }, () => []);
  recording.spikes.neurons.forEach((neuron, k) => {
    trains[neuron].push(((recording.spikes.steps[k] + 1) * circuit.simulation.dt_ms) / 1000);
  });
  const written = found.ends.map((end: number, i: number) => found.times.slice(found.ends[i - 1] ?? 0, end));
  expect(written.map((train: number[]) => train.length)).toEqual(trains.map((train) => train.length));
  written.flat().forEach((time: number, k: number) => {
    expect(time).toBeCloseTo(trains.flat()[k], 9);
  });

  expect(found.data_attrs).toMatchObject({ unit: 'volts', conversion: 1, offset: 0, resolution: -1 });
  expect(found.start).toEqual([0, 1000, 'float32', 'seconds']);
  expect(found.data).toHaveLength(400);
  found.data.forEach((sample: number[], k: number) => {
    expect(sample).toEqual(recording.lfp!.map(({ absolute_uV }) => Math.fround(absolute_uV[k] * 1e-6)));
  });
  expect(found.linked).toBe(true);
  expect(found.acquisition).toEqual({ lfp: 'TimeSeries', lfp_signed: 'TimeSeries' });
});

test('the same run gives the same bytes, whenever it is exported', async () => {
  const again = join(small.folder, 'again.nwb');
  // HDF5 keeps times in whole seconds.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  expect((await runCli(['export', small.run, '--nwb', again])).code).toBe(0);
  expect((await readFile(again)).equals(await readFile(nwb))).toBe(true);
});

describe('read', () => {
  test('units and LFP come back as the run had them', async () => {
    const { recording } = await readRun(small.run);
    const { network } = await openRun(small.run);
    const { spikes, identities } = await readNwbUnits(nwb, 'all');
    expect(identities.map(({ population }) => population)).toEqual(
      network.populations.flatMap(({ name, count }) => Array(count).fill(name)),
    );
    expect(identities[7].position_um).toEqual([...network.positions_um.subarray(21, 24)]);
    expect(spikes.neurons.length).toBe(recording.spikes.neurons.length);
    const lfp = await readNwbLfp(nwb);
    expect(lfp).toMatchObject({ sampleRateHz: 1000, startMs: 0 });
    lfp.values.forEach((value, k) => {
      const written = recording.lfp![0].absolute_uV[k];
      // float32 of volts and of microvolts
      expect(Math.abs(value - written)).toBeLessThanOrEqual(2 ** -22 * Math.abs(written));
    });
  });

  test('the analysis of the file is that of the run', async () => {
    const analyze = async (...argv: string[]) => {
      const { code, out, err } = await runCli([
        'analyze',
        ...argv,
        '--transient',
        '100',
        '--segment',
        '200',
        '--json',
      ]);
      expect(code, err).toBe(0);
      return JSON.parse(out);
    };
    const ofRun = await analyze(small.run);
    const out = join(small.folder, 'analysis');
    const ofFile = await analyze('--spikes', nwb, '--lfp', nwb, '--duration', '400', '--out', out);
    expect(ofFile.firing.meanRateHz).toBeCloseTo(ofRun.firing.meanRateHz, 9);
    expect(ofFile.firing.cvIsi).toBeCloseTo(ofRun.firing.cvIsi, 9);
    expect(Object.keys(ofFile.firing.populations)).toEqual(['E', 'PV', 'squid']);
    expect(ofFile.oscillation.peakHz).toBe(ofRun.oscillation.peakHz);
  });

  test('a file of another program: own ids, timestamps, no groups', needs(lacksH5py), async () => {
    const path = join(small.folder, 'external.nwb');
    await python(
      `
import h5py, numpy as np, sys
with h5py.File(sys.argv[1], 'w') as f:
    u = f.create_group('units')
    u['id'] = np.array([17, 4]); u['spike_times'] = np.array([0.1, 0.3, 0.2]); u['spike_times_index'] = np.array([2, 3], 'u1')
    s = f.create_group('acquisition/probe'); s.attrs['neurodata_type'] = 'ElectricalSeries'
    s['data'] = np.array([[1, 9], [2, 9], [3, 9]], 'i2'); s['data'].attrs['conversion'] = 1e-6
    s['timestamps'] = np.array([0.5, 0.502, 0.504])
print('null')`,
      path,
    );
    const { spikes, identities } = await readNwbUnits(path, 'all');
    expect([...spikes.neurons]).toEqual([0, 0, 1]);
    expect([...spikes.timesMs]).toEqual([100, 300, 200]);
    expect(identities).toEqual(Array(2).fill({ population: 'all', position_um: null }));
    const lfp = await readNwbLfp(path);
    expect(lfp.sampleRateHz).toBeCloseTo(500, 6);
    expect(lfp.startMs).toBe(500);
    expect([...lfp.values].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([1, 2, 3]);
  });

  test('a population with a control character in its name is refused', async () => {
    const path = join(small.folder, 'control.nwb');
    await writeHdf5(path, (file) => {
      const units = file.create_group('units');
      writeColumn(units, 'spike_times', Float64Array.of(0.1, 0.2));
      writeColumn(units, 'spike_times_index', Uint32Array.of(1, 2));
      units.create_dataset({ name: 'population', data: ['E', 'I\u001b[31m'] });
    });
    await expect(readNwbUnits(path, 'all')).rejects.toThrow(
      `${path}: population of unit 1: expected a name without control characters; got "I\\u001b[31m"`,
    );
  });

  test('a file without units or LFP is refused', async () => {
    const spikes = join(small.run, 'spikes.h5');
    await expect(readNwbUnits(spikes, 'all')).rejects.toThrow('there is no dataset /units/spike_times_index');
    await expect(readNwbLfp(spikes)).rejects.toThrow('there is no ElectricalSeries');
  });
});

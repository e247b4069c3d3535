import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readManifest } from '../../../src/io/run_folder/manifest.js';
import { openRun } from '../../../src/io/run_folder/run_source.js';
import { readSonataCircuit } from '../../../src/io/sonata/read.js';
import { formatTypes, parseTypes } from '../../../src/io/sonata/types_csv.js';
import { synapseValues } from '../../../src/io/synapse_values.js';
import { buildNetwork } from '../../../src/network/build.js';
import { runCli } from '../../cli/run_cli.js';
import { needs } from '../../runner/needs.js';
import { externalNetwork } from './external_sonata.js';
import { python, pythonLacks, type SmallRun, smallRun } from './small_run.js';

const lacksH5py = await pythonLacks('h5py', 'python3-h5py', { required: true });
const lacksBmtk = lacksH5py ?? (await pythonLacks('bmtk', 'python3-bmtk', { required: false }));

let small: SmallRun;
let sonata: string;
beforeAll(async () => {
  small = await smallRun();
  sonata = join(small.folder, 'sonata');
  const { code, err } = await runCli(['export', small.run, '--sonata', sonata]);
  expect(code, err).toBe(0);
});
afterAll(() => small.remove());

describe('written', () => {
  test('h5py finds what the specification demands', needs(lacksH5py), async () => {
    const { network, manifest } = await openRun(small.run);
    const found = await python(
      `
import h5py, json, sys, glob, os
d = sys.argv[1]
magic = {os.path.basename(p): [int(h5py.File(p).attrs['magic']), h5py.File(p).attrs['version'].tolist(), str(h5py.File(p).attrs['magic'].dtype)]
         for p in glob.glob(d + '/**/*.h5', recursive=True)}
n = h5py.File(d + '/network/nodes.h5')['nodes/small']
e = h5py.File(d + '/network/edges.h5')['edges/small_to_small']
r = h5py.File(d + '/output/v_report.h5')['report/small']
c = h5py.File(d + '/output/ecp.h5')['ecp']
i = e['indices/target_to_source']
print(json.dumps(dict(magic=magic,
  types=n['node_type_id'][:].tolist(), ids=n['node_id'][:].tolist(), x=n['0/x'][:].tolist(), v=n['0/v_init'][:].tolist(),
  source=e['source_node_id'][:].tolist(), target=e['target_node_id'][:].tolist(), population=e['source_node_id'].attrs['node_population'],
  weight=e['0/syn_weight'][:].tolist(), delay=e['0/delay'][:].tolist(), edge_type=e['edge_type_id'][:].tolist(),
  group_index=e['edge_group_index'][:].tolist(), ranges=i['range_to_edge_id'][:].tolist(), nodes=i['node_id_to_ranges'][:].tolist(),
  same=[i['node_id_to_ranges'] == i['node_id_to_range'], e['indices'] == e['indicies'], r['mapping/index_pointers'] == r['mapping/index_pointer']],
  v_report=r['data'][:].tolist(), v_type=str(r['data'].dtype), units=r['data'].attrs['units'], report_ids=r['mapping/node_ids'][:].tolist(),
  id_type=str(r['mapping/node_ids'].dtype), sorted=int(r['mapping/node_ids'].attrs['sorted']), pointers=r['mapping/index_pointers'][:].tolist(), time=r['mapping/time'][:].tolist(),
  ecp=c['data'][:].tolist(), ecp_time=c['time'][:].tolist(), ecp_units=c['data'].attrs['units'])))`,
      sonata,
    );
    for (const [file, [magic, version, type]] of Object.entries<[number, number[], string]>(found.magic))
      expect([magic, version, type], file).toEqual([0x0a7a, [0, 1], 'uint32']);
    expect(Object.keys(found.magic)).toContain('spikes.h5');

    expect(found.ids).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(found.types).toEqual([...Array(40).fill(100), ...Array(12).fill(101), ...Array(8).fill(102)]);
    expect(found.x).toEqual(Array.from({ length: 60 }, (_, i) => network.positions_um[3 * i]));
    expect(found.v).toEqual([...network.start.V_mV]);

    const { rowPointers } = network.synapses;
    const { target, weight_nS, delayMs } = synapseValues(network);
    const expected = new Map<string, [number, number]>();
    for (let source = 0; source < network.neurons; source++)
      for (let k = rowPointers[source]; k < rowPointers[source + 1]; k++)
        expected.set(`${source}>${target(k)}`, [weight_nS(k), delayMs(k)]);
    expect(found.source).toHaveLength(manifest.synapses);
    found.source.forEach((source: number, k: number) => {
      const [weight, delay] = expected.get(`${source}>${found.target[k]}`)!;
      expect(found.weight[k] * 1000).toBeCloseTo(weight, 12);
      expect(found.delay[k]).toBe(delay);
    });
    expect(found.group_index).toEqual(found.source.map((_: number, k: number) => k));
    expect(found.population).toBe('small');
    found.nodes.forEach(([first, last]: [number, number], node: number) => {
      expect(last - first).toBe(1);
      const [start, end] = found.ranges[first];
      expect(new Set(found.target.slice(start, end))).toEqual(new Set(end > start ? [node] : []));
    });
    expect(found.ranges.at(-1)[1]).toBe(manifest.synapses);
    expect(found.same).toEqual([true, true, true]);

    expect(found.report_ids).toEqual([40, 43, 5]);
    expect(found.sorted).toBe(0);
    expect(found.pointers).toEqual([0, 1, 2, 3]);
    expect(found.time).toEqual([1, 401, 1]);
    expect([found.v_type, found.id_type, found.units]).toEqual(['float32', 'uint64', 'mV']);
    expect(found.ecp_time).toEqual([0, 400, 1]);
    expect(found.ecp_units).toBe('mV');
    const csv = await python(
      `
import csv, json, sys
t = list(csv.DictReader(open(sys.argv[1] + '/traces.csv')))
l = list(csv.DictReader(open(sys.argv[1] + '/lfp.csv')))
print(json.dumps(dict(v=[float(r['V_mV']) for r in t], lfp=[[float(r['lfp_uV']), float(r['lfp_2_uV'])] for r in l])))`,
      small.run,
    );
    const frames = found.v_report.length;
    expect(frames).toBe(400);
    csv.v.forEach((value: number, row: number) => {
      expect(found.v_report[row % frames][Math.floor(row / frames)]).toBe(Math.fround(value));
    });
    csv.lfp.forEach((values: number[], k: number) => {
      expect(found.ecp[k]).toEqual(values.map((value) => Math.fround(value * 1e-3)));
    });
  });

  test('BMTK reads the network, the spikes, the report and the configuration', needs(lacksBmtk), async () => {
    const { spikes, synapses } = await readManifest(small.run);
    const found = await python(
      `
import json, os, sys, contextlib
os.chdir(sys.argv[1])
with contextlib.redirect_stdout(sys.stderr):
    from bmtk.utils import sonata
    from bmtk.utils.reports.spike_trains import SpikeTrains
    from bmtk.utils.reports.compartment import CompartmentReport
    from bmtk.simulator.core.simulation_config import SimulationConfig
    n = 'network/'
    net = sonata.File(data_files=[n + 'nodes.h5', n + 'edges.h5'], data_type_files=[n + 'node_types.csv', n + 'edge_types.csv'])
    df = net.nodes['small'].to_dataframe()
    edges = net.edges['small_to_small']
    onto = [len(list(edges.get_target(i))) for i in range(60)]
    one = list(edges.get_target(45))[0]
    st = SpikeTrains.from_sonata('output/spikes.h5')
    r = CompartmentReport('output/v_report.h5', population='small', mode='r')
    c = SimulationConfig.from_json('simulation_config.json')
print(json.dumps(dict(names=df['pop_name'].value_counts().to_dict(), edges=sum(onto), params=one['dynamics_params'],
  spikes=len(st.to_dataframe()), report=[list(r.data().shape), r.tstart(), r.tstop(), r.dt()], run=[c.tstop, c.dt], sets=sorted(c.node_sets.keys()))))`,
      sonata,
    );
    expect(found).toMatchObject({
      names: { E: 40, PV: 12, squid: 8 },
      edges: synapses,
      params: 'AMPA.json',
      spikes,
      report: [[400, 3], 1, 401, 1],
      run: [400, 0.05],
    });
    expect(found.sets).toEqual(expect.arrayContaining(['E', 'PV', 'squid', 'recorded']));
  });
});

describe('read', () => {
  test.each(['simulation_config.json', 'circuit_config.json'])(
    '%s gives the network that was written',
    async (file) => {
      const { network: written, circuit } = await openRun(small.run);
      const { circuit: read, notes } = await readSonataCircuit(join(sonata, file));
      const network = buildNetwork(read);
      expect(notes).toEqual([]);
      expect(network.neurons).toBe(written.neurons);
      expect(network.populations).toEqual(written.populations);
      expect(network.receptors).toEqual(written.receptors);
      expect(network.circuit.receptors).toEqual(circuit.receptors);
      expect(network.positions_um).toEqual(written.positions_um);
      expect(network.start.V_mV).toEqual(written.start.V_mV);
      for (const { name } of written.populations) {
        const cell = circuit.cellTypes[circuit.populations[name].cell];
        expect(network.circuit.cellTypes[`cell_${name}`]).toEqual(cell);
      }
      const [a, b] = [synapseValues(network), synapseValues(written)];
      expect(network.synapses.rowPointers).toEqual(written.synapses.rowPointers);
      for (let k = 0; k < written.synapses.count; k++) {
        expect([a.target(k), a.receptor(k)]).toEqual([b.target(k), b.receptor(k)]);
        // Without a configuration of the simulation the step, and so the grid of delays, is the default one.
        expect(Math.abs(a.delayMs(k) - b.delayMs(k))).toBeLessThanOrEqual(
          network.circuit.simulation.dt_ms / 2,
        );
        expect(Math.abs(a.weight_nS(k) - b.weight_nS(k))).toBeLessThanOrEqual(
          network.synapses.quantum_nS[a.receptor(k)],
        );
      }
      if (file === 'simulation_config.json') {
        // Same step, same quanta: the same synapses to the bit.
        expect(network.synapses).toEqual(written.synapses);
        expect(network.circuit.stimuli).toEqual(circuit.stimuli);
        expect(network.circuit.simulation).toEqual(circuit.simulation);
      }
    },
  );

  test(
    "a network of NEURON's squid axons, weights in its types, with virtual input",
    needs(lacksH5py),
    async () => {
      const folder = await externalNetwork();
      const { circuit: read, notes } = await readSonataCircuit(join(folder, 'config.json'));
      const network = buildNetwork(read);
      expect(network.populations).toEqual([{ name: 'axons', first: 0, count: 3 }]);
      const cell = network.circuit.cellTypes.cell_axons;
      expect(cell).toMatchObject({
        ions: { Na: { E_mV: 50 }, K: { E_mV: -77 } },
        membrane: {
          na: { mechanism: 'na-hh52', g_mS_cm2: 120 },
          k: { mechanism: 'k-hh52', g_mS_cm2: 36 },
          // NEURON's own leak, 0.3 mS/cm2 at -54.3 mV, beside 0.1 mS/cm2 of "pas" at -70 mV.
          leak: { mechanism: 'leak', g_mS_cm2: 0.3, E_mV: -54.3 },
          pas: { mechanism: 'leak', g_mS_cm2: 0.1, E_mV: -70 },
        },
      });
      expect(cell.area_um2).toBeCloseTo(Math.PI * 100, 9);
      const { target, weight_nS, delayMs } = synapseValues(network);
      expect(network.spikeSources).toEqual([{ name: 'in', first: 3, count: 1 }]);
      expect([...network.synapses.rowPointers]).toEqual([0, 1, 2, 2, 3]);
      expect([target(0), target(1), target(2)]).toEqual([2, 0, 2]);
      expect(weight_nS(2)).toBeCloseTo(1, 4);
      // 0.0005 uS, three synapses at once
      expect(weight_nS(0)).toBeCloseTo(1.5, 4);
      expect(delayMs(0)).toBe(2);
      expect(network.circuit.receptors).toEqual({ exc: { tau_ms: 2, reversal_mV: 0, sign: 'excitatory' } });
      expect(network.circuit.stimuli).toEqual([
        {
          kind: 'step-current',
          to: 'axons',
          amplitude_uA_cm2: expect.closeTo(10, 9),
          start_ms: 5,
          stop_ms: 25,
        },
      ]);
      expect(network.circuit.simulation).toMatchObject({ duration_ms: 100, dt_ms: 0.1 });
      expect(read.spikeSources).toEqual({ in: { trains_ms: [[3, 12.05, 30]] } });
      expect(notes).toEqual(['9 coordinates of nodes are not given: taken as 0']);
    },
  );

  test.each([
    [
      'node_types.csv',
      'single_compartment',
      'biophysical',
      'model_type: expected single_compartment or virtual',
    ],
    ['node_types.csv', 'nrn:hh', 'nrn:IntFire1', 'expected nrn:hh or nce:NAME; got nrn:IntFire1'],
    ['edge_types.csv', 'ExpSyn', 'AlphaSynapse', 'expected ExpSyn or Exp2Syn; got AlphaSynapse'],
    ['edge_types.csv', '0.0005', 'much', 'edge type 7: syn_weight: expected a number; got much'],
    ['axon.json', '"D"', '"diam"', 'the mechanism hh has no parameter diam'],
    ['exc.json', '"erev"', '"tau2"', 'ExpSyn has no parameter tau2'],
    [
      'config.json',
      '"spikes"',
      '"noise"',
      'inputs.drive: expected spikes, or a current_clamp of the module IClamp',
    ],
    [
      'config.json',
      '"IClamp"',
      '"SEClamp"',
      'inputs.step: expected spikes, or a current_clamp of the module IClamp',
    ],
    ['config.json', '"sonata"', '"csv"', 'inputs.drive: module: expected sonata or h5; got csv'],
    [
      'config.json',
      '{"population":"net"}',
      '{"node_id":[10]}',
      'inputs.step: node_set: expected whole populations: axons',
    ],
    [
      'config.json',
      '"node_set":"in"',
      '"node_set":"out"',
      'inputs.drive: node_set: expected whole populations: in; got "out"',
    ],
    ['config.json', '"amp":', '"amp_start":', 'inputs.step: amp: expected a number; got none'],
    ['config.json', '"tstop":100', '"tstop":100,"tstart":50', 'run.tstart: expected 0; got 50'],
    ['config.json', '"inputs"', '"conditions":{"celsius":34},"inputs"', 'hh is computed at 6.3 degrees C'],
    ['config.json', '"tstop":100', '"tstop":-1', 'simulation.duration_ms: expected a number in ms, above 0'],
    ['config.json', '"$NET/', '"$NETS/', '$NETS/nodes.h5: the manifest does not say what this is'],
  ])('%s with %s as %s is refused', needs(lacksH5py), async (file, from, to, message) => {
    const folder = await externalNetwork((name, text) => (name === file ? text.replaceAll(from, to) : text));
    await expect(readSonataCircuit(join(folder, 'config.json'))).rejects.toThrow(message);
  });
});

test('the CSV of types keeps spaces, quotes and absent values', () => {
  const rows = [{ edge_type_id: 1, source_query: 'pop_name=="a b"', note: '' }];
  const text = formatTypes(rows);
  expect(text).toBe('edge_type_id source_query note\n1 "pop_name==""a b""" ""\n');
  expect(parseTypes(text, 'types.csv')).toEqual([{ edge_type_id: '1', source_query: 'pop_name=="a b"' }]);
  expect(parseTypes('a  b\n1 NULL\n', 'types.csv')).toEqual([{ a: '1' }]);
  expect(() => parseTypes('a b\n1\n', 'types.csv')).toThrow('row 1: expected 2 fields; got 1');
});

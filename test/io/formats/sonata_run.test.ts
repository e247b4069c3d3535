import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSpikesH5 } from '../../../src/io/hdf5/spikes_h5.js';
import { openRun } from '../../../src/io/run_folder/run_source.js';
import { readSonataCircuit } from '../../../src/io/sonata/read.js';
import { runCli } from '../../cli/run_cli.js';
import { needs } from '../../runner/needs.js';
import { temporaryFolder } from '../../temporary_folder.js';
import { externalNetwork } from './external_sonata.js';
import { python, pythonLacks } from './small_run.js';

const lacksH5py = await pythonLacks('h5py', 'python3-h5py', { required: true });
const lacksBmtk = lacksH5py ?? (await pythonLacks('bmtk', 'python3-bmtk', { required: false }));

/** Every part of the start and of the input that an export has to carry. */
const CIRCUIT = `name: net
simulation: { duration_ms: 300, transient_ms: 50, dt_ms: 0.05, seed: 7 }
receptors:
  unused: { tau_ms: 4, reversal_mV: -70, sign: inhibitory }
  background: { tau_ms: 3, reversal_mV: 0, sign: excitatory }
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: excitatory }
  GABA: { tau_ms: 6, reversal_mV: -75, sign: inhibitory }
populations:
  E:
    cell: pyramidal-rs
    neurons: 30
    initial: { V_mV: { distribution: normal, mean: -65, sd: 4, low: -90 }, conductance_nS: { AMPA: { distribution: uniform, low: 0, high: 6 } } }
  PV:
    cell: pv-wang-buzsaki
    neurons: 10
    initial: { gates: closed }
    vary: { membrane.k.g_mS_cm2: { distribution: normal, mean: 9, sd: 1, low: 0 } }
spikeSources:
  net: { trains_ms: [[0, 3.01, 10, 10, 150.05], [], [40.025, 41, 42, 80, 120, 160, 200, 240]] }
  thalamus: { trains_ms: [[5, 15, 25, 35, 45, 55, 65, 75, 85, 95, 105, 115]] }
projections:
  - { from: E, to: PV, receptor: AMPA, connector: { kind: fixed-probability, probability: 0.3 }, weight_nS: { distribution: lognormal, mean: 3, sigma: 0.8 }, delay_ms: { distribution: uniform, low: 0.5, high: 3 } }
  - { from: PV, to: E, receptor: GABA, connector: { kind: fixed-in-degree, inDegree: 4, multapses: true }, weight_nS: 2, delay_ms: 1 }
  - { from: net, to: E, receptor: AMPA, connector: { kind: fixed-probability, probability: 0.6 }, weight_nS: 30, delay_ms: 1.5 }
  - { from: thalamus, to: PV, receptor: AMPA, connector: { kind: fixed-probability, probability: 1 }, weight_nS: { distribution: uniform, low: 5, high: 9 }, delay_ms: 0.1 }
  - { from: thalamus, to: E, receptor: AMPA, connector: { kind: list, pairs: [[0, 3], [0, 3], [0, 8]] }, weight_nS: [8, 9, 10], delay_ms: [0.5, 0.6, 0.7] }
stimuli:
  - { kind: poisson, to: E, receptor: background, rate_hz: 400, weight_nS: 6 }
  - { kind: constant-current, to: PV, amplitude_uA_cm2: 0.3 }
  - { kind: step-current, to: E, amplitude_uA_cm2: 0.7, start_ms: 20, stop_ms: 180 }
  - { kind: ornstein-uhlenbeck-current, to: PV, mean_uA_cm2: 0.1, sd_uA_cm2: 0.3, tau_ms: 5 }
recording:
  sampleRate_hz: 500
  lfp: { populations: [E], electrodes: [{ x_um: 0, y_um: 0, z_um: 20 }] }
  traces: [{ population: PV, neurons: [2] }]
`;

async function runOf(source: string, out: string, device: string, ...more: string[]): Promise<string> {
  const args = ['run', source, '--device', device, '--out', out, '--quiet', ...more];
  const { code, err } = await runCli(args);
  expect(code, err).toBe(0);
  return out;
}

/** Runs the circuit and exports it as SONATA. */
async function exported(device: string): Promise<{ folder: string; run: string; config: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'net.yaml');
  await writeFile(file, CIRCUIT);
  const run = await runOf(file, join(folder, 'run'), device);
  const { code, err } = await runCli(['export', run, '--sonata', join(folder, 'sonata')]);
  expect(code, err).toBe(0);
  return { folder, run, config: join(folder, 'sonata', 'simulation_config.json') };
}

describe('a circuit exported and run again', () => {
  test.each(['cpu', 'software'])('on the device "%s" fires the same spikes to the bit', async (device) => {
    const { folder, run, config } = await exported(device);
    const again = await runOf(config, join(folder, 'again'), device);
    expect((await readSpikesH5(join(run, 'spikes.h5'))).neurons.length).toBeGreaterThan(200);
    for (const name of ['spikes.h5', 'lfp.csv', 'populations.csv', 'traces.csv', 'neurons.csv'])
      expect((await readFile(join(again, name))).equals(await readFile(join(run, name))), name).toBe(true);
    const [first, second] = [await openRun(run), await openRun(again)];
    expect(second.network.synapses).toEqual(first.network.synapses);
    expect(second.network.start).toEqual(first.network.start);
    expect(second.network.spikeSources).toEqual(first.network.spikeSources);
    expect(second.circuit.spikeSources).toEqual(first.circuit.spikeSources);

    // And exported once more, the network is the same file for file.
    const twice = join(folder, 'twice');
    const { code, err } = await runCli(['export', again, '--sonata', twice]);
    expect(code, err).toBe(0);
    for (const name of ['network/nodes.h5', 'network/edges.h5', 'inputs/net.h5', 'inputs/thalamus.h5'])
      expect(
        (await readFile(join(twice, name))).equals(await readFile(join(folder, 'sonata', name))),
        name,
      ).toBe(true);
  });

  test('a value may be set on top, and a clamp that was changed on one side only is refused', async () => {
    const { folder, config } = await exported('cpu');
    const out = await runOf(config, join(folder, 'again'), 'cpu', '--set', 'simulation.duration_ms=100');
    expect((await openRun(out)).manifest.simulatedMs).toBe(100);
    const written = JSON.parse(await readFile(config, 'utf8'));
    written.inputs.current_2.amp *= 2;
    await writeFile(config, JSON.stringify(written));
    const changed = await runCli(['run', config, '--device', 'cpu', '--out', join(folder, 'changed')]);
    expect(changed.code).toBe(2);
    expect(changed.err).toContain('inputs.current_2 differs from nce.stimuli');
  });

  test('h5py finds the sources as virtual nodes with edges and spikes', needs(lacksH5py), async () => {
    const { run, config } = await exported('cpu');
    const { network } = await openRun(run);
    const found = await python(
      `
import h5py, json, sys
d = sys.argv[1]
n = h5py.File(d + '/network/nodes.h5')['nodes']
e = h5py.File(d + '/network/edges.h5')['edges']
s = h5py.File(d + '/inputs/net.h5')['spikes']
t = e['net_source_to_net']
print(json.dumps(dict(nodes={k: n[k]['node_id'][:].tolist() for k in n}, edges={k: len(e[k]['source_node_id']) for k in e},
  ends=[t['source_node_id'].attrs['node_population'], t['target_node_id'].attrs['node_population'], max(t['source_node_id'][:].tolist())],
  spikes={k: [s[k]['timestamps'][:].tolist(), s[k]['node_ids'][:].tolist()] for k in s})))`,
      join(config, '..'),
    );
    const { rowPointers } = network.synapses;
    expect(found.nodes).toMatchObject({ net_source: [0, 1, 2], thalamus: [0] });
    expect(found.edges).toEqual({
      net_to_net: rowPointers[40],
      net_source_to_net: rowPointers[43] - rowPointers[40],
      thalamus_to_net: rowPointers[44] - rowPointers[43],
    });
    expect(found.ends).toEqual(['net_source', 'net', 2]);
    expect(found.spikes).toEqual({
      net_source: [
        [0, 3.01, 10, 10, 40.025, 41, 42, 80, 120, 150.05, 160, 200, 240],
        [0, 0, 0, 0, 2, 2, 2, 2, 2, 0, 2, 2, 2],
      ],
    });
  });

  test('BMTK reads the virtual nodes, their edges and their spikes', needs(lacksBmtk), async () => {
    const { config } = await exported('cpu');
    const found = await python(
      `
import json, os, sys, contextlib
os.chdir(sys.argv[1])
with contextlib.redirect_stdout(sys.stderr):
    from bmtk.utils import sonata
    from bmtk.utils.reports.spike_trains import SpikeTrains
    n = 'network/'
    net = sonata.File(data_files=[n + 'nodes.h5', n + 'edges.h5'], data_type_files=[n + 'node_types.csv', n + 'edge_types.csv'])
    node = net.nodes['thalamus'].get_node_id(0)
    edges = list(net.edges['thalamus_to_net'].get_target(3))
    spikes = SpikeTrains.from_sonata('inputs/thalamus.h5').get_times(0, population='thalamus')
print(json.dumps(dict(type=node['model_type'], name=node['pop_name'], edges=[[e['syn_weight'] * 1000, e['delay']] for e in edges], spikes=list(spikes))))`,
      join(config, '..'),
    );
    expect(found.type).toBe('virtual');
    expect(found.name).toBe('thalamus');
    expect(found.edges.map(([, delay]: number[]) => delay)).toEqual([0.5, 0.6]);
    expect(found.spikes).toEqual(Array.from({ length: 12 }, (_, k) => 5 + 10 * k));
  });
});

describe("another program's network", needs(lacksH5py), () => {
  test('runs like the circuit file that says the same', async () => {
    const folder = await externalNetwork((file, text) =>
      file === 'edge_types.csv' ? text.replace('0.001 ', '0.01 ') : text,
    );
    const out = await runOf(join(folder, 'config.json'), join(folder, 'run'), 'cpu');
    await writeFile(join(folder, 'in.csv'), 'neuron,time_ms\n0,12.05\n0,3\n0,30\n');
    await writeFile(
      join(folder, 'same.yaml'),
      `name: same
simulation: { duration_ms: 100, transient_ms: 0, dt_ms: 0.1 }
cellTypes:
  axon:
    base: hodgkin-huxley-1952
    area_um2: ${Math.PI * 100}
    membrane: { leak: { g_mS_cm2: 0.4, E_mV: ${(0.3 * -54.3 + 0.1 * -70) / 0.4} } }
receptors: { exc: { tau_ms: 2, reversal_mV: 0, sign: excitatory } }
populations: { axons: { cell: axon, neurons: 3 } }
spikeSources: { in: { file: in.csv, sources: 1 } }
projections:
  - { from: axons, to: axons, receptor: exc, connector: { kind: list, pairs: [[1, 0], [0, 2]] }, weight_nS: 1.5, delay_ms: 2 }
  - { from: in, to: axons, receptor: exc, connector: { kind: list, pairs: [[0, 2]] }, weight_nS: 10, delay_ms: 1 }
stimuli: [{ kind: step-current, to: axons, amplitude_uA_cm2: 10, start_ms: 5, stop_ms: 25 }]
`,
    );
    const same = await runOf(join(folder, 'same.yaml'), join(folder, 'same'), 'cpu');
    const [spikes, expected] = [
      await readSpikesH5(join(out, 'spikes.h5')),
      await readSpikesH5(join(same, 'spikes.h5')),
    ];
    expect(spikes).toEqual(expected);
    // The virtual node alone makes axon 2 fire before the clamp and after it.
    const driven = [...spikes.timesMs].filter((_, k) => spikes.neurons[k] === 2);
    expect(driven[0]).toBeLessThan(5.1);
    expect(driven.at(-1)).toBeGreaterThan(31);
  });

  test('reports and silent virtual nodes are said to be left out', async () => {
    const folder = await externalNetwork((file, text) =>
      file === 'config.json'
        ? JSON.stringify({
            ...JSON.parse(text),
            inputs: {},
            reports: { v: { variable_name: 'v' } },
            run: { tstop: 10, dt: 0.3 },
          })
        : text,
    );
    const { notes } = await readSonataCircuit(join(folder, 'config.json'), [
      { path: 'simulation.dt_ms', value: 0.3, source: '--dt 0.3' },
      { path: 'simulation.duration_ms', value: 9, source: '--duration 9' },
      { path: 'recording.sampleRate_hz', value: 1000 / 0.3, source: '--set' },
    ]);
    expect(notes).toEqual([
      'reports.v: not written; a run records what recording.traces and recording.lfp say',
      'the virtual nodes in have no spikes',
      '3 delays are rounded to whole steps of 0.3 ms',
      '9 coordinates of nodes are not given: taken as 0',
    ]);
  });

  test.each([
    [
      'a spike of a node that is not there',
      "g['node_ids'][...] = [0, 0, 5]",
      'node 5 of in is not in the node set',
    ],
    [
      'a time before 0',
      "g['timestamps'][...] = [-1, 2, 3]",
      'spikeSources.in.trains_ms.0.0: expected a number in ms, at least 0',
    ],
    [
      'a time that is not a number',
      "g['timestamps'][...] = [1, float('nan'), 3]",
      'timestamps: expected a finite number; got NaN',
    ],
    ['seconds', "g['timestamps'].attrs['units'] = 's'", 'units: expected ms; got s'],
    ['other nodes', "f.move('spikes/in', 'spikes/out')", 'has spikes of out; the node set is in'],
    ['no timestamps', "del g['timestamps']", 'there is no dataset /spikes/in/timestamps'],
  ])('%s among the spikes is refused', async (_, change, message) => {
    const folder = await externalNetwork();
    await python(
      `
import h5py, sys
with h5py.File(sys.argv[1] + '/net/in.h5', 'a') as f:
    g = f['spikes/in']
    ${change}
print('null')`,
      folder,
    );
    const { code, err } = await runCli(['run', join(folder, 'config.json'), '--out', join(folder, 'run')]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('a file of spikes that is missing is named by its place', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'circuits'));
    const path = join(folder, 'circuits', 'net.yaml');
    await writeFile(
      path,
      CIRCUIT.replace(
        '{ trains_ms: [[5, 15,',
        '{ file: thalamus.h5, sources: 2 }\n  rest: { trains_ms: [[5, 15,',
      ),
    );
    const { code, err } = await runCli(['validate', path]);
    expect(code).toBe(2);
    expect(err).toContain(`cannot read ${join(folder, 'circuits', 'thalamus.h5')}: there is no such file`);
  });
});

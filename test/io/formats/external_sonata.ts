import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../temporary_folder.js';
import { python } from './small_run.js';

/**
 * A network as another program would write it: three squid axons, one virtual node with three spikes; `change` may alter
 * its text files.
 */
export async function externalNetwork(
  change: (file: string, text: string) => string = (_, text) => text,
): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'net'));
  const files: Record<string, string> = {
    'config.json': JSON.stringify({
      manifest: { $BASE: '.', $NET: '$BASE/net' },
      components: { point_neuron_models_dir: '$NET', synaptic_models_dir: '$NET' },
      networks: {
        nodes: [{ nodes_file: '$NET/nodes.h5', node_types_file: '$NET/node_types.csv' }],
        edges: [{ edges_file: '$NET/edges.h5', edge_types_file: '$NET/edge_types.csv' }],
      },
      run: { tstop: 100, dt: 0.1 },
      inputs: {
        // 10 uA/cm2 over a cylinder of 10 um
        step: {
          input_type: 'current_clamp',
          module: 'IClamp',
          node_set: { population: 'net' },
          amp: Math.PI * 0.01,
          delay: 5,
          duration: 20,
        },
        drive: { input_type: 'spikes', module: 'sonata', input_file: '$NET/in.h5', node_set: 'in' },
      },
    }),
    'node_types.csv':
      'node_type_id population pop_name model_type model_template dynamics_params\n1 net axons single_compartment nrn:hh axon.json\n2 in NULL virtual NULL NULL\n',
    'edge_types.csv':
      'edge_type_id population model_template dynamics_params syn_weight delay nsyns\n7 net_to_net ExpSyn exc.json 0.0005 2.0 3\n8 in_to_net ExpSyn exc.json 0.001 1.0 1\n',
    'axon.json': JSON.stringify({ D: 10, g_pas: 0.0001, e_pas: -70 }),
    'exc.json': JSON.stringify({ level_of_detail: 'expsyn', tau: 2, erev: 0 }),
  };
  for (const [file, text] of Object.entries(files))
    await writeFile(join(folder, file === 'config.json' ? '' : 'net', file), change(file, text));
  await python(
    `
import h5py, numpy as np, sys
d = sys.argv[1]
def nodes(g, ids, t):
    n = len(ids)
    g['node_id'] = np.array(ids, 'u8'); g['node_type_id'] = np.full(n, t, 'i8')
    g['node_group_id'] = np.zeros(n, 'i8'); g['node_group_index'] = np.arange(n); g.create_group('0')
def edges(g, s, t, sp, tp, ty):
    n = len(s)
    g['source_node_id'] = np.array(s, 'u8'); g['source_node_id'].attrs['node_population'] = sp
    g['target_node_id'] = np.array(t, 'u8'); g['target_node_id'].attrs['node_population'] = tp
    g['edge_type_id'] = np.full(n, ty, 'i8'); g['edge_group_id'] = np.zeros(n, 'i8'); g['edge_group_index'] = np.arange(n); g.create_group('0')
with h5py.File(d + '/in.h5', 'w') as f:
    g = f.create_group('spikes/in')
    g['timestamps'] = np.array([12.05, 3.0, 30.0]); g['timestamps'].attrs['units'] = 'ms'; g['node_ids'] = np.zeros(3, 'u8')
with h5py.File(d + '/nodes.h5', 'w') as f:
    nodes(f.create_group('nodes/net'), [12, 10, 11], 1); nodes(f.create_group('nodes/in'), [0], 2)
with h5py.File(d + '/edges.h5', 'w') as f:
    edges(f.create_group('edges/net_to_net'), [10, 12], [12, 11], 'net', 'net', 7)
    edges(f.create_group('edges/in_to_net'), [0], [11], 'in', 'net', 8)
print('null')`,
    join(folder, 'net'),
  );
  return folder;
}

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readSpikesH5 } from '../../../src/io/hdf5/spikes_h5.js';
import { InputError } from '../../../src/io/input_error.js';
import { readNwbLfp, readNwbUnits } from '../../../src/io/nwb/read.js';
import { readSonataCircuit } from '../../../src/io/sonata/read.js';
import { CircuitError } from '../../../src/text/circuit_error.js';
import { damagedBytes, damagedText } from '../mutation.js';
import type { FuzzedReader } from '../reader.js';

/** One question may take 5 s until the library is given up. */
const limitSeconds = 20;
/** After a failure the library is started anew. */
const share = 0.15;

const requireFinite = (values: Float64Array): void => {
  if (!values.every(Number.isFinite)) throw new Error('values that are no numbers');
};

/** Valid HDF5 files with damaged bytes; `run` is a run's folder, `nwb` and `sonata` what was exported from it. */
export function hdf5Readers(folder: string, run: string, nwb: string, sonata: string): FuzzedReader[] {
  const damaged = (
    name: string,
    file: string,
    read: (path: string) => Promise<void>,
  ): FuzzedReader<Uint8Array> => {
    const path = join(folder, `damaged-${name.replace(/\W/g, '-')}${file.slice(file.lastIndexOf('.'))}`);
    return {
      name,
      input: damagedBytes(readFileSync(file)),
      read: (bytes) => {
        writeFileSync(path, bytes);
        return read(path);
      },
      refusals: [InputError],
      limitSeconds,
      share,
    };
  };
  return [
    damaged('spikes.h5 (SONATA)', join(run, 'spikes.h5'), async (path) =>
      requireFinite((await readSpikesH5(path)).timesMs),
    ),
    damaged('units (NWB)', nwb, async (path) =>
      requireFinite((await readNwbUnits(path, 'all')).spikes.timesMs),
    ),
    damaged('LFP (NWB)', nwb, async (path) => requireFinite((await readNwbLfp(path)).values)),
    ...sonataReaders(folder, sonata),
  ];
}

const TEXTS = [
  'circuit_config.json',
  'simulation_config.json',
  'node_sets.json',
  'network/node_types.csv',
  'network/edge_types.csv',
  'components/cells/E.json',
  'components/synapses/AMPA.json',
];

/** A SONATA network of which one file is damaged. */
function sonataReaders(folder: string, sonata: string): FuzzedReader[] {
  const copy = join(folder, 'damaged-sonata');
  cpSync(sonata, copy, { recursive: true });
  const readWith = async (name: string, content: Uint8Array | string): Promise<void> => {
    const path = join(copy, name);
    writeFileSync(path, content);
    try {
      const { circuit } = await readSonataCircuit(join(copy, 'simulation_config.json'));
      for (const { weight_nS, delay_ms } of circuit.projections)
        requireFinite(Float64Array.from([weight_nS, delay_ms].flat() as number[]));
    } finally {
      writeFileSync(path, readFileSync(join(sonata, name)));
    }
  };
  const refusals = [InputError, CircuitError];
  const tables = ['nodes.h5', 'edges.h5'].map((table): FuzzedReader<Uint8Array> => {
    const name = `network/${table}`;
    return {
      name: `${table} (SONATA)`,
      input: damagedBytes(readFileSync(join(sonata, name))),
      read: (bytes) => readWith(name, bytes),
      refusals,
      limitSeconds,
      share,
    };
  });
  const texts: FuzzedReader<readonly [string, string]> = {
    name: 'configuration (SONATA)',
    input: fc.oneof(
      ...TEXTS.map((name) =>
        damagedText(readFileSync(join(sonata, name), 'utf8')).map((text) => [name, text] as const),
      ),
    ),
    read: ([name, text]) => readWith(name, text),
    refusals,
    limitSeconds,
  };
  return [...tables, texts];
}

/** Circuits that import mechanisms: of YAML files, NMODL and NeuroML. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { createReferenceEngine } from '../../src/engine/reference/reference_engine.js';
import { readCircuit } from '../../src/io/read_circuit.js';
import { buildNetwork } from '../../src/network/build.js';
import { run, spikesOf } from '../engine/support.js';
import { temporaryFolder } from '../temporary_folder.js';

let folder = '';
beforeEach(async () => {
  folder = await temporaryFolder();
});

const MOD = `TITLE slow potassium current
NEURON { SUFFIX km USEION k READ ek WRITE ik RANGE gbar }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 0.0001 (S/cm2) }
STATE { m }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) minf mtau (ms) }
BREAKPOINT { SOLVE states METHOD cnexp ik = gbar*m*(v-ek) }
DERIVATIVE states { rates(v) m' = (minf-m)/mtau }
INITIAL { rates(v) m = minf }
PROCEDURE rates(v (mV)) {
  minf = 1/(1+exp(-(v+35)/10))
  mtau = 608/(3.3*exp((v+35)/20)+exp(-(v+35)/20))
}
`;
const YAML_MECHANISMS = `mechanisms:
  my-leak: { channel: nonspecific, open: 1 }
  unused: { channel: K, open: 0.5 }
`;

const circuit = (imports: string, membrane: string) => `name: imports
import: [${imports}]
simulation: { duration_ms: 100, transient_ms: 0 }
cellTypes: { a: { base: pyramidal-rs, membrane: { ${membrane} } } }
populations: { A: { cell: a, neurons: 1 } }
stimuli: [{ kind: constant-current, to: A, amplitude_uA_cm2: 5 }]
recording: { sampleRate_hz: 10 }
`;

function write(file: string, text: string): string {
  const path = join(folder, file);
  writeFileSync(path, text);
  return path;
}

const spikesOfFile = async (path: string) =>
  spikesOf(await run(createReferenceEngine(buildNetwork(await readCircuit(path))), 100));

describe('a circuit', () => {
  test('runs with an imported channel as with the same one of the library', async () => {
    write('km.mod', MOD);
    const own = write('own.yaml', circuit('', ''));
    const imported = write(
      'imported.yaml',
      circuit('km.mod', 'm: { g_mS_cm2: 0 }, km: { mechanism: km, gbar_S_cm2: 7.5e-5 }'),
    );
    const expected = await spikesOfFile(own);
    expect(expected.steps.length).toBeGreaterThan(8);
    expect(await spikesOfFile(imported)).toEqual(expected);
  });

  test('holds afterwards what its cells need of the files, and nothing else', async () => {
    write('mechanisms.yaml', YAML_MECHANISMS);
    const path = write(
      'yaml.yaml',
      circuit('mechanisms.yaml', 'leak: { mechanism: my-leak, g_mS_cm2: 0.02, E_mV: -70 }'),
    );
    const { mechanisms } = await readCircuit(path);
    expect(Object.keys(mechanisms)).toEqual(['my-leak']);
  });

  test.each([
    ['missing.mod', /cannot read .*missing\.mod/],
    [
      'circuit.txt',
      /circuit\.txt is of no kind that mechanisms are read from; names of such files end in \.mod/,
    ],
    ['broken.mod', /broken\.mod:3:/],
    ['twice.yaml, again.yaml', /again\.yaml and twice\.yaml both have a mechanism "my-leak"/],
  ])('that imports %s is refused with the reason', async (imports, words) => {
    write('circuit.txt', '');
    write('broken.mod', MOD.replace('UNITS {', 'UNITS ['));
    write('twice.yaml', YAML_MECHANISMS);
    write('again.yaml', YAML_MECHANISMS);
    await expect(readCircuit(write('bad.yaml', circuit(imports, '')))).rejects.toThrow(words);
  });

  test('that imports no list is refused', async () => {
    await expect(
      readCircuit(write('text.yaml', circuit('', '').replace('import: []', 'import: km.mod'))),
    ).rejects.toThrow('import: expected a list of files; got "km.mod"');
  });
});

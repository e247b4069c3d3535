import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

/** 60 neurons for 1.2 s, with an LFP: enough for every output, and done in a second. */
const CIRCUIT = `name: small
simulation: { duration_ms: 1200, transient_ms: 100, dt_ms: 0.05, seed: 3 }
receptors:
  AMPA: { tau_ms: 3, reversal_mV: 0, sign: excitatory }
  GABA: { tau_ms: 6, reversal_mV: -75, sign: inhibitory }
populations:
  E: { cell: pyramidal-rs, neurons: 48 }
  PV: { cell: pv-wang-buzsaki, neurons: 12 }
projections:
  - { from: E, to: PV, receptor: AMPA, connector: { kind: fixed-probability, probability: 0.3 }, weight_nS: 1, delay_ms: 1 }
  - { from: PV, to: E, receptor: GABA, connector: { kind: fixed-probability, probability: 0.3 }, weight_nS: 2, delay_ms: 1 }
stimuli:
  - { kind: poisson, to: E, receptor: AMPA, rate_hz: 450, weight_nS: 5 }
  - { kind: poisson, to: PV, receptor: AMPA, rate_hz: 300, weight_nS: 3 }
recording:
  lfp: { populations: [E], electrodes: [{ x_um: 0, y_um: 0, z_um: 0 }, { x_um: 0, y_um: 0, z_um: 50 }] }
  traces: [{ population: PV, neurons: [0, 3] }]
`;

async function circuitFile(text = CIRCUIT): Promise<{ folder: string; file: string; out: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'small.yaml');
  await writeFile(file, text);
  return { folder, file, out: join(folder, 'run') };
}

describe('nce run', () => {
  test('leaves every file of the contract, and the manifest knows them', async () => {
    const { file, out } = await circuitFile();
    const { code, out: printed, err } = await runCli(['run', file, '--device', 'cpu', '--out', out, '--csv']);
    expect(code, err).toBe(0);
    expect(printed).toContain(out);
    const files = await readdir(out);
    expect(files.sort()).toEqual(
      'circuit.resolved.json coherence.csv dashboard.png dashboard.svg edges.csv lfp.csv manifest.json neurons.csv populations.csv report.html results.json spectrum.csv spikes.csv spikes.h5 traces.csv'.split(
        ' ',
      ),
    );
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({
      status: 'complete',
      seed: 3,
      dtMs: 0.05,
      simulatedMs: 1200,
      integrator: 'exponential-euler',
    });
    expect(Object.keys(manifest.outputs).sort()).toEqual(
      files.filter((name) => name !== 'manifest.json').sort(),
    );
    for (const [name, { bytes, sha256 }] of Object.entries<{ bytes: number; sha256: string }>(
      manifest.outputs,
    )) {
      const content = await readFile(join(out, name));
      expect([bytes, sha256]).toEqual([content.length, createHash('sha256').update(content).digest('hex')]);
    }
    const headers = async (name: string) => (await readFile(join(out, name), 'utf8')).split('\n', 1)[0];
    expect(await headers('neurons.csv')).toBe('neuron,population,x_um,y_um,z_um,spikes,rate_hz,cv,cv2,lv');
    expect(await headers('lfp.csv')).toBe('time_ms,lfp_uV,lfp_2_uV,signed_lfp_uV,signed_lfp_2_uV');
    expect(await headers('spectrum.csv')).toBe('frequency_hz,psd_uV2_per_hz');
    expect(await headers('coherence.csv')).toBe('frequency_hz,msc,msc_E,msc_PV');
    expect(await headers('traces.csv')).toBe(
      'time_ms,population,neuron,V_mV,g_AMPA_nS,g_GABA_nS,absoluteCurrent_nA,na.h,k.n',
    );
  });

  test('gives the same bytes again, and analyze finds the same in the run and in its tables', async () => {
    const { folder, file, out } = await circuitFile();
    const [again, fromRun, fromTables] = ['again', 'from-run', 'from-tables'].map((name) =>
      join(folder, name),
    );
    const run = (to: string) =>
      runCli(['run', file, '--device', 'cpu', '--out', to, '--csv', '--quiet', '--json']);
    const { out: json, err } = await run(out);
    expect(err).toBe('');
    await run(again);
    const { outputs } = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
    expect(JSON.parse(await readFile(join(again, 'manifest.json'), 'utf8')).outputs).toEqual(outputs);

    await runCli(['analyze', out, '--out', fromRun]);
    for (const name of ['results.json', 'neurons.csv', 'spectrum.csv', 'coherence.csv', 'dashboard.png'])
      expect((await readFile(join(fromRun, name))).equals(await readFile(join(out, name))), name).toBe(true);

    const table = (name: string) => join(out, `${name}.csv`);
    const external = await runCli([
      'analyze',
      ...['spikes', 'neurons', 'lfp', 'edges'].flatMap((name) => [`--${name}`, table(name)]),
      ...['--duration', '1.2s', '--transient', '100', '--out', fromTables, '--json'],
    ]);
    expect(external.err).toBe('');
    const [results, expected] = [JSON.parse(external.out), JSON.parse(json).results];
    for (const section of ['circuit', 'window', 'firing', 'oscillation', 'connectivity'])
      expect(results[section], section).toEqual(expected[section]);
    expect(results.balance.eiRatio).toBeNull();
    expect(results.notes.balance ?? results.notes['balance.eiRatio']).toBeTruthy();
  });

  test('a seed, a duration and any value can be set from outside', async () => {
    const { file, out } = await circuitFile();
    const changes = [
      '--seed',
      '9',
      '--duration',
      '0.2s',
      '--transient',
      '0',
      '--set',
      'populations.PV.neurons=5',
    ];
    const { code, err } = await runCli(['run', file, '--device', 'cpu', '--out', out, ...changes]);
    expect(code, err).toBe(0);
    const circuit = JSON.parse(await readFile(join(out, 'circuit.resolved.json'), 'utf8'));
    expect(circuit.simulation).toMatchObject({ seed: 9, duration_ms: 200, transient_ms: 0 });
    expect(circuit.populations.PV.neurons).toBe(5);
  });

  test('stopped early, it keeps the results so far and marks them incomplete', async () => {
    const { file, out } = await circuitFile();
    const stopped = new AbortController();
    stopped.abort();
    const { code, err } = await runCli(['run', file, '--device', 'cpu', '--out', out], stopped.signal);
    expect(code).toBe(1);
    expect(err).toContain('stopped at 0 of 1200 ms');
    const manifest = JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({ status: 'incomplete', simulatedMs: 0, durationMs: 1200 });
    expect(manifest.outputs['results.json']).toBeUndefined();
  });

  test('a blow-up ends the run with population, neuron and time, and leaves no folder', async () => {
    const { folder, file, out } = await circuitFile(
      `${CIRCUIT.replace('stimuli:\n', 'stimuli:\n  - { kind: step-current, to: PV, amplitude_uA_cm2: 10000, start_ms: 20 }\n')}cellTypes: { pv-wang-buzsaki: { base: pv-wang-buzsaki, membrane: { na: { g_mS_cm2: 0 }, k: { g_mS_cm2: 0 } } } }\n`,
    );
    const { code, err } = await runCli(['run', file, '--device', 'cpu', '--out', out]);
    expect(err).toMatch(
      /numerical blow-up: the membrane potential of PV\[\d+\] is not finite or left \[-1000, 1000\] mV by 20\.\d+ ms/,
    );
    expect(code).toBe(1);
    expect(await readdir(folder)).toEqual(['small.yaml']);
  });
});

describe('wrong input ends with exit code 2 and leaves no folder', () => {
  test.each([
    [
      'an unknown key',
      ['neurons: 48', 'neurons: 48, size: 3'],
      'small.yaml:7:41 populations.E.size: unknown key "size"',
    ],
    ['a unit in a value', ['duration_ms: 1200', 'duration_ms: 1.2s'], 'the unit belongs in the key'],
    [
      'a negative conductance',
      ['recording:', 'cellTypes: { X: { base: sst-lts, membrane: { k: { g_mS_cm2: -4 } } } }\nrecording:'],
      'cellTypes.X.membrane.k.g_mS_cm2: expected a number in mS/cm2, at least 0',
    ],
    [
      'a negative duration',
      ['duration_ms: 1200', 'duration_ms: -1200'],
      'above 0, at most 1000000000; got -1200',
    ],
    ['duration 0', ['duration_ms: 1200', 'duration_ms: 0'], 'above 0, at most 1000000000; got 0'],
    [
      'an unstable step',
      ['dt_ms: 0.05', 'dt_ms: 1, integrator: rk4'],
      'dt_ms 1 is too large for the integrator "rk4"',
    ],
    [
      'a step that does not divide a delay',
      ['delay_ms: 1 }', 'delay_ms: 1.02 }'],
      'the delay 1.02 ms is not a whole number of steps of dt_ms 0.05',
    ],
    ['an unknown population', ['from: PV', 'from: VP'], 'projections.1.from: no population is called "VP"'],
    ['a probability over 1', ['probability: 0.3', 'probability: 30'], 'at least 0, at most 1; got 30'],
    ['an empty population', ['neurons: 12', 'neurons: 0'], 'whole number from 1 to 268435456; got 0'],
    ['text that is not YAML', ['name: small', 'name: [small'], 'syntax'],
  ] as [string, [string, string], string][])('%s', async (_, [from, to], words) => {
    expect(CIRCUIT).toContain(from);
    const { folder, file, out } = await circuitFile(CIRCUIT.replace(from, to));
    const { code, err, out: printed } = await runCli(['run', file, '--device', 'cpu', '--out', out]);
    expect(err).toContain(words);
    expect({ code, printed }).toEqual({ code: 2, printed: '' });
    expect(await readdir(folder)).toEqual(['small.yaml']);
  });

  test.each([
    [['--duration', '5 minutes'], 'expected a time such as 5.5s, 500ms or 500 (ms).'],
    [['--dt', '0,025'], 'expected a number.'],
    [['--segment', '0'], 'expected a time above 0.'],
    [['--seed', '-1'], '--seed -1 simulation.seed: expected a whole number from 0 to 4294967295; got -1'],
    [['--set', 'populations.E.neuron=3'], 'did you mean "neurons"?'],
    [['--set', 'seed'], 'expected path=value'],
    [['--sed', '3'], "unknown option '--sed'"],
  ])('%j', async (changes, words) => {
    const { folder, file, out } = await circuitFile();
    const { code, err } = await runCli(['run', file, '--device', 'cpu', '--out', out, ...changes]);
    expect(err).toContain(words);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual(['small.yaml']);
  });

  test('an output folder that exists', async () => {
    const { file, out } = await circuitFile();
    await mkdir(out);
    const { code, err } = await runCli(['run', file, '--device', 'cpu', '--out', out]);
    expect(err).toContain('exists; --force replaces a run in it');
    expect(code).toBe(2);
    expect(await readdir(out)).toEqual([]);
  });

  test('a file or preset that is not there', async () => {
    const { folder } = await circuitFile();
    const missing = await runCli(['run', join(folder, 'none.yaml')]);
    expect(missing).toMatchObject({
      code: 2,
      err: expect.stringContaining('none.yaml: there is no such file'),
    });
    const preset = await runCli(['run', 'cortical-gama']);
    expect(preset).toMatchObject({ code: 2, err: expect.stringContaining('did you mean "cortical-gamma"?') });
  });
});

describe('nce analyze', () => {
  test('refuses a run that was changed afterwards', async () => {
    const { file, out } = await circuitFile();
    await runCli(['run', file, '--device', 'cpu', '--out', out, '--duration', '50', '--transient', '0']);
    await writeFile(join(out, 'lfp.csv'), 'time_ms,lfp_uV\n');
    const { code, err } = await runCli(['analyze', out]);
    expect(err).toContain('lfp.csv was changed after the run wrote it');
    expect(code).toBe(2);
  });

  test.each([
    [['analyze'], "expected a run's folder or --spikes FILE"],
    [['analyze', 'nowhere'], 'nowhere/manifest.json: there is no such file'],
    [['analyze', '--spikes', 'x.csv', '--out', 'y'], '--spikes needs --duration'],
    [['analyze', '--spikes', 'x.csv', '--duration', '1s'], '--spikes needs --out'],
    [
      ['analyze', '--spikes', 'nowhere.csv', '--duration', '1s', '--out', 'nowhere'],
      'nowhere.csv: there is no such file',
    ],
    [
      ['analyze', '--spikes', 'x.csv', '--duration', '1s', '--transient', '1s', '--out', 'y'],
      '--transient: expected a time from 0 to below 1000 ms; got 1000',
    ],
  ])('%j is wrong input', async (argv, words) => {
    const { code, err } = await runCli(argv);
    expect(err).toContain(words);
    expect(code).toBe(2);
  });
});

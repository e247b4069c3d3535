import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

const modFile = (name: string): string => fileURLToPath(new URL(`../io/nmodl/${name}`, import.meta.url));

describe('nce import', () => {
  test('writes several files as one that nce mechanism reads, and says what was left out', async () => {
    const out = join(await temporaryFolder(), 'mine.yaml');
    const {
      code,
      out: printed,
      err,
    } = await runCli([...['import', modFile('kd.mod'), modFile('old_steps.mod'), '--out', out]]);
    expect(code, err).toBe(0);
    expect(printed).toBe(`${out}\n`);
    expect(err).toContain(`${modFile('old_steps.mod')}:39 UNITSOFF is ignored\n`);
    expect(await readFile(out, 'utf8')).toContain('    current: gbar*n^4*(V - E_K)\n');
    const mechanism = await runCli(['mechanism', `${out}#kd`]);
    // n of Hodgkin and Huxley at -80 mV, as in mechanisms/k-hh52.yaml.
    expect(mechanism.out).toMatch(/ -80 +0\.1291 +5\.776\n/);
  });

  test('finds an included file beside the file, and refuses where there is none', async () => {
    const folder = await temporaryFolder();
    const [file, out] = [join(folder, 'including.mod'), join(folder, 'out.yaml')];
    await copyFile(modFile('including.mod'), file);
    const alone = await runCli(['import', file, '--out', out]);
    expect(alone).toMatchObject({ code: 2, out: '' });
    expect(alone.err).toBe(`${file}:5:1 INCLUDE needs the file "shared.inc": put it beside this one\n`);
    await copyFile(modFile('shared.inc'), join(folder, 'shared.inc'));
    expect(await runCli(['import', file, '--out', out])).toMatchObject({ code: 0 });
  });

  test('takes files in old encodings', async () => {
    const folder = await temporaryFolder();
    const [file, out] = [join(folder, 'old.mod'), join(folder, 'out.yaml')];
    const text = await readFile(modFile('kd.mod'), 'utf8');
    await writeFile(
      file,
      Buffer.from(
        `: Universit\u00e9 de Gen\u00e8ve, 37 \u00b0C\r\n${text.replaceAll('\n', '\r\n')}`,
        'latin1',
      ),
    );
    expect(await runCli(['import', file, '--out', out])).toMatchObject({ code: 0 });
    expect(await readFile(out, 'utf8')).toContain('channel: K');
  });

  test('refuses other files, two mechanisms of one name, and what cannot be taken over', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'out.yaml');
    const run = async (...files: string[]) => (await runCli(['import', ...files, '--out', out])).err;
    expect(await run('cell.hoc')).toMatch(
      /^cell\.hoc is of no kind that can be taken over; names of such files end in \.mod or/,
    );
    expect(await run(modFile('kd.mod'), modFile('kd.mod'))).toContain(
      'another file has a mechanism "kd" too',
    );
    const synapse = join(folder, 'syn.mod');
    await writeFile(synapse, 'NEURON {\n\tPOINT_PROCESS syn\n}\n');
    expect(await run(synapse)).toMatch(/syn\.mod:2:2 a POINT_PROCESS/);
  });
});

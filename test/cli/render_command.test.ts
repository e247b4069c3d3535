import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, test } from 'vitest';
import { PRESETS, resolveCircuit } from '../../src/index.js';
import { buildCli, runBuiltCli } from '../sweep/built_cli.js';
import { temporaryFolder } from '../temporary_folder.js';
import { runCli } from './run_cli.js';

/** Pixels of a picture by colour. */
async function colors(file: string): Promise<{ width: number; height: number; counts: Map<number, number> }> {
  const image = await loadImage(await readFile(file));
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const counts = new Map<number, number>();
  for (const color of new Uint32Array(data.buffer, data.byteOffset, data.length / 4))
    counts.set(color, (counts.get(color) ?? 0) + 1);
  return { width: image.width, height: image.height, counts };
}

test('a picture of a run has the size that was asked for and shows the network; wrong input is refused', async () => {
  const folder = await temporaryFolder();
  const run = join(folder, 'run');
  await mkdir(run);
  await writeFile(join(run, 'circuit.resolved.json'), JSON.stringify(resolveCircuit(PRESETS.ping)));
  const out = join(folder, 'network.png');
  const draw = (...more: string[]) => runCli(['render', run, '--out', out, '--device', 'software', ...more]);
  // A width whose rows do not fill whole blocks of the readback.
  const { code, err } = await draw('--time', '20ms', '--width', '300', '--height', '200', '--neuron', '3');
  expect(code, err).toBe(0);
  const { width, height, counts } = await colors(out);
  expect([width, height]).toEqual([300, 200]);
  const background = Math.max(...counts.values());
  expect(counts.size).toBeGreaterThan(100);
  expect(background).toBeGreaterThan(0.4 * 300 * 200);
  expect(background).toBeLessThan(0.95 * 300 * 200);

  expect(await draw('--time', '20ms')).toMatchObject({ code: 2, err: expect.stringMatching(/--force/) });
  expect(await draw('--time', '20s', '--force')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--time is 20000; allowed: a number from 0 to 2500/),
  });
  expect(await draw('--neuron', '200', '--force')).toMatchObject({ code: 2 });
  expect(await draw('--width', '1.5', '--force')).toMatchObject({ code: 2 });
  const nowhere = await runCli(['render', join(folder, 'nowhere'), '--out', out]);
  expect(nowhere).toMatchObject({ code: 2 });
});

test('a picture is drawn where lavapipe computes with vectors of 512 bits, as on a processor with AVX-512', async () => {
  await buildCli();
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'circuit.resolved.json'), JSON.stringify(resolveCircuit(PRESETS.ping)));
  const argv = ['render', folder, '--out', 'a.png', '--device', 'software', '--time', '5ms'];
  // In a process of its own: what goes wrong there is a segmentation fault.
  const { code, err } = await runBuiltCli([...argv, '--width', '300', '--height', '200'], folder, {
    LP_NATIVE_VECTOR_WIDTH: '512',
    MESA_SHADER_CACHE_DIR: join(folder, 'cache'),
  });
  expect(code, err).toBe(0);
  expect((await colors(join(folder, 'a.png'))).counts.size).toBeGreaterThan(100);
}, 240_000);

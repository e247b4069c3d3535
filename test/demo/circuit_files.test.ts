import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type CircuitFile, PRESETS, resolveCircuit } from '../../src/index.js';
import { PageLab, type Visit } from './support.js';

let lab: PageLab;

beforeAll(async () => {
  lab = await PageLab.open();
});

afterAll(() => lab.close());

const choose = ({ page }: Visit, name: string, text: string | Buffer) =>
  page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/yaml', buffer: Buffer.from(text) });

test('a downloaded circuit opens again as it was, runs, and gives the same file', async () => {
  const visit = await lab.visit('v=1&preset=ping&seed=7&neuron=3&x.light.PV=1&x.temperature=5');
  const { page } = visit;
  await visit.until(0.01);
  const text = await visit.downloaded('Circuit');
  await choose(visit, 'mine.yaml', text);
  await page.waitForFunction(
    () => document.querySelector<HTMLSelectElement>('#preset')?.value === 'file: mine.yaml',
  );
  await visit.until(0.02);
  expect(await visit.downloaded('Circuit')).toBe(text);
  expect(await page.evaluate(() => location.hash)).toBe('');
  // What the file says is the default of its experiments.
  expect(await page.locator('#x-light\\.PV').inputValue()).toBe('1');
  expect(await page.locator('.experiment.changed').count()).toBe(0);
  await page.getByRole('button', { name: 'Copy link' }).click();
  expect(await page.textContent('#notices')).toContain('share the circuit file');

  await page.selectOption('#preset', 'sst-beta');
  await page.waitForFunction(() => location.hash.includes('sst-beta'));
  await visit.until(0.01);
  expect(visit.errors).toEqual([]);
  await visit.close();
});

const SMALL_CIRCUIT: CircuitFile = {
  ...(PRESETS.ping as CircuitFile),
  name: 'dropped',
  description: undefined,
  simulation: { seed: 3 },
};

test('a dropped file opens; problems of another are shown by path and reason while the run continues', async () => {
  const visit = await lab.visit('v=1&preset=ping');
  const { page } = visit;
  await visit.until(0.01);
  const drop = (name: string, text: string) =>
    page.evaluate(
      ([fileName, content]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content], fileName));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      },
      [name, text],
    );
  await drop('dropped.json', JSON.stringify(SMALL_CIRCUIT));
  await page.waitForFunction(
    () => document.querySelector<HTMLSelectElement>('#preset')?.value === 'file: dropped.json',
  );
  await visit.until(0.02);

  const wrong = parse(stringify(SMALL_CIRCUIT));
  wrong.populations.E.neurons = -5;
  await drop('<b>wrong</b>.yaml', stringify(wrong));
  const dialog = page.locator('#failure[open]');
  await dialog.waitFor();
  expect(await dialog.getAttribute('data-kind')).toBe('circuit-file');
  expect(await dialog.textContent()).toMatch(/<b>wrong<\/b>\.yaml:\d+:\d+ populations\.E\.neurons: .*-5/);
  await dialog.getByRole('button', { name: 'Close' }).click();

  await choose(visit, 'garbage.yaml', Buffer.from([0, 255, 254, 1, 2, 3]));
  await dialog.waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();

  const unmet = parse(stringify(SMALL_CIRCUIT));
  unmet.projections[0].connector = { kind: 'fixed-in-degree', inDegree: 100_000, autapses: false };
  await choose(visit, 'unmet.yaml', stringify(unmet));
  await dialog.waitFor();
  expect(await dialog.getAttribute('data-kind')).toMatch(/network|circuit-file/);
  await dialog.getByRole('button', { name: 'Close' }).click();

  const later = (await visit.simulatedSeconds()) as number;
  await visit.until(later + 0.02);
  expect(await page.inputValue('#preset')).toBe('file: dropped.json');
  expect(resolveCircuit(await visit.downloaded('Circuit')).simulation.seed).toBe(3);
  expect(visit.errors).toEqual([]);
  await visit.close();
});

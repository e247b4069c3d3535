import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type CircuitFile, resolveCircuit } from '../../src/index.js';
import { PageLab, type Visit } from './support.js';

let lab: PageLab;

beforeAll(async () => {
  lab = await PageLab.open();
});

afterAll(() => lab.close());

/** Counts the compute kernels that are compiled. */
const COUNT_KERNELS = `
  window.kernels = 0;
  for (const name of ['createComputePipeline', 'createComputePipelineAsync']) {
    const create = GPUDevice.prototype[name];
    GPUDevice.prototype[name] = function (...rest) {
      window.kernels++;
      return create.apply(this, rest);
    };
  }
`;

/** The editor of an opened page. */
class Editor {
  readonly field;
  readonly word;

  constructor(readonly visit: Visit) {
    this.field = visit.page.locator('#mechanisms textarea');
    this.word = visit.page.locator('#mechanisms .word');
  }

  static async open(visit: Visit, mechanism: string): Promise<Editor> {
    const editor = new Editor(visit);
    await visit.page.getByRole('button', { name: 'Mechanisms' }).click();
    const value = await visit.page
      .locator('#mechanisms option', { hasText: mechanism })
      .first()
      .getAttribute('value');
    await visit.page.locator('#mechanisms select').selectOption(value);
    await expect
      .poll(() => editor.field.inputValue(), { timeout: 30_000 })
      .toContain(mechanism.split(': ')[1]);
    return editor;
  }

  get kernels(): Promise<number> {
    return this.visit.page.evaluate('window.kernels') as Promise<number>;
  }

  async write(change: (text: string) => string, word: RegExp): Promise<void> {
    await this.field.fill(change(await this.field.inputValue()));
    await expect.poll(() => this.word.textContent(), { timeout: 30_000 }).toMatch(word);
  }

  async apply(): Promise<void> {
    await this.field.press('Control+Enter');
    await expect.poll(() => this.word.textContent(), { timeout: 60_000 }).toBe('applied');
    // Until the engine has taken it over.
    const now = (await this.visit.simulatedSeconds()) ?? 0;
    await this.visit.until(now + 0.02);
  }

  get hash(): Promise<string> {
    return this.visit.page.evaluate(() => location.hash);
  }
}

test('another number compiles nothing; other formulas run with the states of before; link and file hold both', async () => {
  const visit = await lab.visit('v=1&preset=ping', { before: COUNT_KERNELS });
  const { page } = visit;
  await visit.until(0.01);
  const editor = await Editor.open(visit, 'm: m-current');
  const compiled = await editor.kernels;

  await editor.write(
    (text) => text.replace('tauMax_ms: 608', 'tauMax_ms: 300'),
    /only numbers: nothing is compiled/,
  );
  await editor.apply();
  expect(await editor.hash).toBe('#v=1&preset=ping&p.pyramidal-rs.m.tauMax_ms=300');
  await page.locator('#parameter-tauMax_ms').press('ArrowRight');
  await expect.poll(() => editor.hash).toMatch(/tauMax_ms=(?!300$)/);
  await expect.poll(() => editor.word.textContent(), { timeout: 30_000 }).toBe('applied');
  const before = (await visit.simulatedSeconds()) as number;
  await visit.until(before + 0.02);
  expect(await editor.kernels).toBe(compiled);

  // A second state, whose rows the buffer of the state has no room for.
  await editor.write(
    (text) => `${text.replace('open: p', 'open: p*q')}      q: { inf: 1/(1+exp((V+50)/5)), tau: 20 }\n`,
    /other formulas/,
  );
  await editor.apply();
  expect(await editor.kernels).toBeGreaterThan(compiled);
  expect((await visit.simulatedSeconds()) as number).toBeGreaterThan(before);
  const gates = page.locator('figure', { hasText: 'Selected neuron: gates' }).locator('.note b');
  await expect.poll(() => gates.allTextContents(), { timeout: 30_000 }).toContain('m.q');
  expect((await visit.picture()).share((r, g, b) => Math.max(r, g, b) > 40)).toBeGreaterThan(0.01);

  const circuit = parse(await visit.downloaded('Circuit')) as CircuitFile;
  expect(circuit.mechanisms?.['m-current']?.open).toBe('p*q');
  expect(resolveCircuit(circuit).cellTypes['pyramidal-rs'].membrane.m.tauMax_ms).not.toBe(608);
  const hash = await editor.hash;
  expect(hash).toContain('m.m-current=mechanisms');
  expect(visit.errors).toEqual([]);

  await page.getByRole('button', { name: 'Revert' }).click();
  await expect.poll(() => editor.hash).toBe('#v=1&preset=ping');
  expect(await editor.field.inputValue()).toContain('tauMax_ms: 608');
  await visit.close();

  const restored = await lab.visit(hash.slice(1));
  await restored.until(0.005);
  expect(await restored.page.evaluate(() => location.hash)).toBe(hash);
  expect(parse(await restored.downloaded('Circuit'))).toEqual(circuit);
  await restored.close();
});

test('what is wrong is marked in the text, and nothing of it is applied; curves follow what is right', async () => {
  const visit = await lab.visit('v=1&preset=hodgkin-huxley');
  const { page } = visit;
  await visit.until(0.01);
  const editor = await Editor.open(visit, 'k: k-hh52');
  const curves = page.locator('#mechanisms .curves canvas').first();
  const drawn = () => curves.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await expect.poll(() => page.locator('#mechanisms figure b').allTextContents()).toContain('n');
  const first = await drawn();

  await editor.write((text) => text.replace('V+55', 'v+55'), /1 problem/);
  expect(await page.locator('#mechanisms mark').allTextContents()).toEqual(['v']);
  const issue = page.locator('#mechanisms .issues li');
  expect(await issue.textContent()).toMatch(/^\d+:\d+ nothing is called "v"; did you mean "V"\?$/);
  await issue.locator('button').click();
  const at = await editor.field.evaluate((field: HTMLTextAreaElement) =>
    field.value.slice(field.selectionStart),
  );
  expect(at.startsWith('v+55')).toBe(true);
  expect(await page.getByRole('button', { name: 'Apply', exact: true }).isDisabled()).toBe(true);
  await editor.field.press('Control+Enter');
  expect(await drawn()).toBe(first);

  await editor.write((text) => text.replace('v+55', 'V+65').replace('V+55', 'V+65'), /other formulas/);
  expect(await page.locator('#mechanisms mark').count()).toBe(0);
  await expect.poll(drawn).not.toBe(first);
  expect(await editor.hash).toBe('#v=1&preset=hodgkin-huxley');

  // The cell has no calcium: the circuit refuses it, and says why.
  await editor.write((text) => text.replace('channel: K', 'channel: Ca'), /1 problem/);
  expect(await issue.textContent()).toMatch(
    /the cell hodgkin-huxley-1952.*reversal potential of Ca is missing/,
  );
  // Another preset has other mechanisms.
  await page.selectOption('#preset', 'ping');
  await expect.poll(() => editor.field.inputValue(), { timeout: 60_000 }).toContain('traub-miles');
  expect(visit.errors).toEqual([]);
  await visit.close();
});

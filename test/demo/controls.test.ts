import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveCircuit } from '../../src/index.js';
import { PageLab } from './support.js';

let lab: PageLab;

beforeAll(async () => {
  lab = await PageLab.open();
});

afterAll(() => lab.close());

test('pause stops, step advances by 1 ms, reset starts the same run again, a new seed starts another', async () => {
  const visit = await lab.visit('v=1&preset=ping');
  const { page } = visit;
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await visit.until(0.06);
  await press('Pause');
  // The call that was under way is still delivered.
  await expect
    .poll(
      async () => {
        const before = await visit.simulatedSeconds();
        await page.waitForTimeout(300);
        return before === (await visit.simulatedSeconds());
      },
      { timeout: 30_000 },
    )
    .toBe(true);
  const first = await visit.downloaded('Spikes');
  await page.waitForTimeout(700);
  expect(await visit.downloaded('Spikes')).toBe(first);
  expect(await page.locator('#play').textContent()).toBe('Play');

  const paused = (await visit.simulatedSeconds()) as number;
  for (let i = 0; i < 20; i++) await press('Step');
  await expect.poll(() => visit.simulatedSeconds(), { timeout: 30_000 }).toBeCloseTo(paused + 0.02, 2);

  await press('Reset');
  await page.waitForFunction(() => /0\.00 s sim/.test(document.getElementById('hud')?.textContent ?? ''));
  await press('Play');
  await visit.until(paused + 0.01);
  const lines = first.trim().split('\n').length;
  const again = await visit.downloaded('Spikes');
  expect(lines).toBeGreaterThan(20);
  expect(again.split('\n').slice(0, lines)).toEqual(first.split('\n').slice(0, lines));

  await page.keyboard.press('n');
  await page.waitForFunction(() => /seed=/.test(location.hash));
  await visit.until(0.1);
  expect((await visit.downloaded('Spikes')).split('\n').slice(0, lines)).not.toEqual(
    first.split('\n').slice(0, lines),
  );
  expect(visit.errors).toEqual([]);
  await visit.close();
});

test('experiments, a pick and an injection act while it runs, are in the link, and the link restores them', async () => {
  const visit = await lab.visit('v=1&preset=ping');
  const { page } = visit;
  await visit.until(0.02);
  const experiment = page.locator('.experiment', { hasText: 'mean current into E' });
  await experiment.locator('input[type=number]').fill('6');
  await experiment.locator('input[type=number]').press('Enter');
  await page.locator('[data-shortcut="light.PV:stimulate"]').click();
  await page.keyboard.press(']');
  await page.locator('#injection').fill('12');
  await page.waitForFunction(() => /inject=12/.test(location.hash) && /light/.test(location.hash));
  const later = (await visit.simulatedSeconds()) as number;
  await visit.until(later + 0.05);
  const circuit = resolveCircuit(await visit.downloaded('Circuit'));
  expect(circuit.stimuli[0]).toMatchObject({ kind: 'ornstein-uhlenbeck-current', mean_uA_cm2: 6 });
  expect(circuit.stimuli.find((s) => s.to === 'PV')).toMatchObject({ amplitude_uA_cm2: 2 });
  expect(circuit.recording.traces).toEqual([{ population: 'E', neurons: [1] }]);
  const potential = page.locator('figure', { hasText: 'Selected neuron: V' }).locator('.note');
  await expect.poll(() => potential.textContent(), { timeout: 30_000 }).toBe('E 1');
  const hash = await page.evaluate(() => location.hash);
  expect(visit.errors).toEqual([]);
  await visit.close();

  const restored = await lab.visit(hash.slice(1));
  await restored.until(0.02);
  expect(await restored.page.evaluate(() => location.hash)).toBe(hash);
  expect(resolveCircuit(await restored.downloaded('Circuit'))).toEqual(circuit);
  expect(await restored.page.locator('.experiment.changed').count()).toBe(2);
  expect(await restored.page.inputValue('#injection')).toBe('12');
  const png = await restored.downloadedBytes('PNG');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  await restored.close();
});

test('an invalid link is reported and the default preset runs; another link can be pasted over it', async () => {
  const visit = await lab.visit('v=1&preset=ping&x.__proto__=1');
  const { page } = visit;
  await visit.until(0.005);
  const notices = page.locator('#notices');
  expect(await notices.textContent()).toContain('unknown key "x.__proto__"');
  expect(await notices.textContent()).toContain('hardware acceleration');
  expect(await page.inputValue('#preset')).toBe('cortical-gamma');

  const paste = (hash: string) => page.evaluate((text) => (location.hash = text), hash);
  await paste('v=1&preset=ping&seed=5');
  await page.waitForFunction(() => document.querySelector<HTMLSelectElement>('#preset')?.value === 'ping');
  for (const [hash, message] of [
    ['%E0%A4%A', 'version none'],
    [`v=1&preset=ping&x.${'a'.repeat(60)}=1`, 'unknown key "x.aaa'],
    // Each in its range, but 1.2345 ms is not a whole number of steps.
    ['v=1&preset=ping&x.delay.0=1.2345', 'not a whole number of steps'],
  ]) {
    await paste(hash);
    await expect.poll(() => notices.textContent(), { timeout: 20_000 }).toContain(message);
  }
  await page.waitForFunction(() => /^#v=1&preset=cortical-gamma$/.test(location.hash));
  expect(visit.errors).toEqual([]);
  await visit.close();
});

test('a value that contradicts the others is reported and restored', async () => {
  const visit = await lab.visit('v=1&preset=ping');
  const { page } = visit;
  await visit.until(0.01);
  await page.locator('summary', { hasText: 'Delays' }).click();
  const field = page.locator('.experiment:visible input[aria-label="E → PV, ms"]').last();
  await field.fill('1.2345');
  await field.press('Enter');
  await expect
    .poll(() => page.textContent('#notices'))
    .toContain('projections.0.delay_ms: the delay 1.2345 ms is not a whole number of steps');
  expect(await page.evaluate(() => location.hash)).toBe('#v=1&preset=ping');
  expect(await page.locator('.experiment.changed').count()).toBe(0);
  expect(visit.errors).toEqual([]);
  await visit.close();
});

test('a single cell has a phase plane and an f-I curve that starts at the threshold of the squid axon', async () => {
  const visit = await lab.visit('v=1&preset=hodgkin-huxley');
  await visit.until(0.03);
  const fi = visit.page.locator('figure', { hasText: 'f-I curve' }).locator('.note');
  await expect.poll(() => fi.textContent(), { timeout: 60_000 }).toMatch(/fires steadily from (6|8) /);
  const plane = visit.page.locator('figure', { hasText: 'Phase plane' }).locator('select');
  expect(await plane.locator('option').allTextContents()).toEqual(['na.m', 'na.h', 'k.n']);
  expect(await plane.inputValue()).toBe('k.n');
  await plane.selectOption('na.h');
  const gates = visit.page.locator('figure', { hasText: 'Selected neuron: gates' }).locator('.note b');
  expect(await gates.allTextContents()).toEqual(['na.m', 'na.h', 'k.n']);
  expect(visit.errors).toEqual([]);
  await visit.close();
});

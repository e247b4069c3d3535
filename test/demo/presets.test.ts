import { afterAll, beforeAll, expect, test } from 'vitest';
import { PRESETS, resolveCircuit } from '../../src/index.js';
import { PageLab } from './support.js';

let lab: PageLab;

beforeAll(async () => {
  lab = await PageLab.open();
});

afterAll(() => lab.close());

/** Networks of which a software adapter simulates a few ms in a minute: their first picture has to do. */
const LARGE = ['cobahh', 'cortical-gamma-10k', 'cortical-gamma-100k'];

test.each(Object.keys(PRESETS))('the preset %s has a picture and plots', async (preset) => {
  const visit = await lab.visit(`v=1&preset=${preset}`);
  const { page } = visit;
  if (LARGE.includes(preset)) await visit.untilShown();
  else await visit.until(0.02);
  await page.keyboard.press(' ');
  expect(await page.inputValue('#preset')).toBe(preset);
  const circuit = resolveCircuit(PRESETS[preset]);
  const neurons = Object.values(circuit.populations).reduce((sum, p) => sum + p.neurons, 0);
  expect(await page.textContent('#hud')).toMatch(new RegExp(`^${neurons} neurons?, \\d+ synapses`, 'm'));
  expect(await page.locator('#legend div').allTextContents()).toEqual(
    Object.entries(circuit.populations).map(([name, p]) => `${name} (${p.neurons})`),
  );
  expect(await page.textContent('#about')).toBe(circuit.description);
  expect(await page.locator('#plots figure').count()).toBeGreaterThan(3);
  const picture = await visit.picture();
  expect(picture.share((r, g, b) => Math.max(r, g, b) > 40)).toBeGreaterThan(0.01);
  expect(picture.colors).toBeGreaterThan(20);
  expect(visit.errors).toEqual([]);
  await visit.close();
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PageLab, type Visit } from './support.js';

let lab: PageLab;

beforeAll(async () => {
  lab = await PageLab.open();
});

afterAll(() => lab.close());

test.each([
  { width: 1280, height: 720 },
  { width: 1024, height: 768 },
])('everything can be reached in a window of $width x $height', async (size) => {
  const visit = await lab.visit('v=1&preset=ping', { size });
  const { page } = visit;
  await visit.until(0.01);
  await page.keyboard.press(' ');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(overflow).toBe(0);
  const controls = 'button:visible, select:visible, input:visible, summary, figure:visible';
  expect(await reachable(page, controls, size.width)).toBeGreaterThan(20);
  for (const [a, b] of [
    ['#hud', '#legend'],
    ['#hud', '#about'],
    ['#legend', '#about'],
  ])
    expect(overlap(await boxOf(visit, a), await boxOf(visit, b))).toBe(false);

  await page.getByRole('button', { name: 'Mechanisms' }).click();
  await page.locator('.parameters input').first().waitFor();
  await reachable(page, '#mechanisms :is(button, select, textarea, input, figure)', size.width);
  await visit.close();
});

/** Scrolls to each control; all of its width has to be in the window. */
async function reachable(page: Page, selector: string, width: number): Promise<number> {
  const controls = page.locator(selector);
  const count = await controls.count();
  for (let i = 0; i < count; i++) {
    const control = controls.nth(i);
    await control.scrollIntoViewIfNeeded();
    const box = await control.boundingBox();
    if (!box) throw new Error(`${await control.textContent()} has no place`);
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(width);
  }
  return count;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function boxOf({ page }: Visit, selector: string): Promise<Box> {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`${selector} has no place`);
  return box;
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test('hovering names a neuron with its cell type and rate, and clicking selects it', async () => {
  const visit = await lab.visit('v=1&preset=ping');
  const { page } = visit;
  await visit.until(0.05);
  await page.keyboard.press(' ');
  const { x, y, width, height } = await boxOf(visit, '#view');
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.move(x + width / 2 + 1, y + height / 2);
  await page.locator('#hover:visible').waitFor();
  const text = (await page.textContent('#hover')) ?? '';
  const [, neuron, population, cell] =
    /^neuron (\d+): (E|PV) \d+, ([a-z-]+), \d+\.\d Hz$/.exec(text) ?? expect.fail(text);
  expect({ E: 'pyramidal-rs', PV: 'wang-buzsaki' }[population]).toBe(cell);
  await page.mouse.click(x + width / 2 + 1, y + height / 2);
  await page.waitForFunction((wanted) => location.hash.includes(`neuron=${wanted}`), neuron);
  await page.mouse.move(x + width / 2, y - 30);
  await page.locator('#hover').waitFor({ state: 'hidden' });
  await visit.close();
});

test('keys run, step, reset and pick, but not while a field is being filled in', async () => {
  const visit = await lab.visit('v=1&preset=ping');
  const { page } = visit;
  const isPlaying = async () => (await page.textContent('#play')) === 'Pause';
  await visit.until(0.02);
  expect(await isPlaying()).toBe(true);
  await page.keyboard.press(' ');
  await expect.poll(isPlaying).toBe(false);
  await page.keyboard.press('r');
  await page.waitForFunction(() => /0\.00 s sim/.test(document.getElementById('hud')?.textContent ?? ''));
  for (let i = 0; i < 10; i++) await page.keyboard.press('.');
  await expect.poll(() => visit.simulatedSeconds(), { timeout: 30_000 }).toBe(0.01);
  await page.keyboard.press(']');
  await page.keyboard.press(']');
  await page.keyboard.press('[');
  await page.waitForFunction(() => location.hash.includes('neuron=1'));

  const seed = await page.evaluate(() => location.hash);
  const field = page.locator('.experiment input[type=number]').first();
  await field.focus();
  for (const key of [' ', 'n', 'r', ']']) await page.keyboard.press(key);
  await page.waitForTimeout(300);
  expect(await page.evaluate(() => location.hash)).toBe(seed);
  expect(await isPlaying()).toBe(false);
  expect(await visit.simulatedSeconds()).toBe(0.01);
  await visit.close();
});

test('nothing flashes if reduced motion is requested', async () => {
  const whitened = async (reducedMotion?: 'reduce') => {
    const visit = await lab.visit(
      'v=1&preset=asynchronous-irregular',
      reducedMotion ? { reducedMotion } : {},
    );
    await visit.until(0.1);
    await visit.page.keyboard.press(' ');
    await visit.page.waitForTimeout(500);
    const picture = await visit.picture();
    await visit.close();
    // Flashes turn colours towards white; the orange of an E cell that does not flash has little blue.
    return picture.share((r, g, b) => r > 120 && g > 100 && b > 105 && r > b + 10);
  };
  const usual = await whitened();
  const reduced = await whitened('reduce');
  expect(usual).toBeGreaterThan(0.002);
  expect(reduced).toBeLessThan(usual / 10);
});

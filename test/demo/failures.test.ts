import { afterAll, beforeAll, expect, test } from 'vitest';
import { PageLab } from './support.js';

let lab: PageLab;

beforeAll(async () => {
  lab = await PageLab.open();
});

afterAll(() => lab.close());

test.each([
  {
    kind: 'no-webgpu',
    before: `Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined });`,
    what: 'This browser has no WebGPU',
    remedy: 'Use a current Chrome',
  },
  {
    kind: 'insecure-page',
    before: `Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined });
      Object.defineProperty(window, 'isSecureContext', { value: false });`,
    what: 'only on secure pages',
    remedy: 'https',
  },
  {
    kind: 'no-adapter',
    before: 'GPU.prototype.requestAdapter = async () => null;',
    what: 'offers no adapter',
    remedy: 'hardware acceleration',
  },
  {
    kind: 'no-device',
    before: `GPUAdapter.prototype.requestDevice = async () => { throw new Error('out of devices'); };`,
    what: 'provided no device',
    remedy: 'Close other pages',
  },
])('$kind has its own message and remedy', async ({ kind, before, what, remedy }) => {
  const visit = await lab.visit('', { before });
  const dialog = visit.page.locator('#failure[open]');
  await dialog.waitFor();
  expect(await dialog.getAttribute('data-kind')).toBe(kind);
  expect(await dialog.textContent()).toContain(what);
  expect(await dialog.textContent()).toContain(remedy);
  expect(await visit.page.textContent('#status')).toContain(what);
  await visit.close();
});

/** Devices whose loss the test decides. */
const LOSE_LATER = `
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (...rest) {
    const device = await request.apply(this, rest);
    const lost = new Promise((resolve) => { window.lose = () => resolve({ reason: 'unknown', message: 'pulled out' }); });
    Object.defineProperty(device, 'lost', { value: lost });
    return device;
  };
`;

test('after a lost device the run continues from the last saved state; a software adapter is reported', async () => {
  const visit = await lab.visit('v=1&preset=ping', { before: LOSE_LATER });
  await visit.until(0.01);
  expect(await visit.page.textContent('#notices')).toContain('hardware acceleration');
  // A state is kept every five seconds.
  await visit.page.waitForTimeout(6500);
  const before = (await visit.simulatedSeconds()) as number;
  await visit.page.evaluate('window.lose()');
  const dialog = visit.page.locator('#failure[open]');
  await dialog.waitFor();
  expect(await dialog.getAttribute('data-kind')).toBe('device-lost');
  expect(await dialog.textContent()).toContain('pulled out');
  await dialog.getByRole('button', { name: 'Continue from the last state' }).click();
  await visit.page.waitForFunction(() => document.querySelector('#failure[open]') === null);
  // The kept state is older than the loss: the time shown goes back when the run goes on.
  await expect.poll(() => visit.simulatedSeconds(), { timeout: 30_000 }).toBeLessThan(before);
  await visit.until(before + 0.03);
  const [, first] = (await visit.downloaded('Spikes')).split('\n');
  const resumedMs = Number(first.split(',')[1]);
  expect(resumedMs).toBeGreaterThan(0.2 * 1000 * before);
  expect(resumedMs).toBeLessThan(1000 * (before + 0.03));
  await visit.close();
});

import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openNodeDevice } from '../../src/engine/webgpu/node/node_device.js';
import { buildNetwork, createWebGpuEngine, record, resolveCircuit, spikeTimeMs } from '../../src/node.js';
import { PageLab, Picture } from './support.js';

let lab: PageLab;

beforeAll(async () => {
  lab = await PageLab.open();
});

afterAll(() => lab.close());

/** Counts what is copied to where the page can read it, and the pictures that are drawn. */
const COUNT_READBACK = `
  window.readback = { stateBytes: 0, maps: 0 };
  window.pictures = 0;
  const begin = GPUCommandEncoder.prototype.beginRenderPass;
  GPUCommandEncoder.prototype.beginRenderPass = function (...rest) {
    window.pictures++;
    return begin.apply(this, rest);
  };
  const copy = GPUCommandEncoder.prototype.copyBufferToBuffer;
  GPUCommandEncoder.prototype.copyBufferToBuffer = function (source, ...rest) {
    const [from, to, , size] = typeof rest[0] === 'number' ? rest : [0, rest[0], 0, rest[1] ?? source.size];
    if (source.label === 'state' && to.usage & GPUBufferUsage.MAP_READ) window.readback.stateBytes += size;
    return copy.call(this, source, ...rest);
  };
  const map = GPUBuffer.prototype.mapAsync;
  GPUBuffer.prototype.mapAsync = function (...rest) {
    window.readback.maps++;
    return map.apply(this, rest);
  };
`;

interface Readback {
  readonly stateBytes: number;
  readonly maps: number;
}

const readback = async (page: { evaluate(script: string): Promise<unknown> }) =>
  (await page.evaluate('({ ...window.readback })')) as Readback;

test('the page is small, asks for nothing but its own files, and runs without errors', async () => {
  let gzipped = 0;
  for (const content of lab.files.values()) gzipped += gzipSync(content).length;
  expect(gzipped).toBeLessThan(1_000_000);

  const visit = await lab.visit('', { before: COUNT_READBACK });
  await visit.until(0.05);
  expect(visit.errors).toEqual([]);
  expect(visit.requests.length).toBeGreaterThan(1);
  for (const url of visit.requests)
    expect(url).toMatch(/^(http:\/\/localhost:\d+\/some\/path\/|data:|blob:)/);
  expect(await visit.page.textContent('#hud')).toContain('swiftshader (software)');
  const [paint, step] = await visit.page.evaluate(() =>
    ['first-contentful-paint', 'first step'].map((name) => performance.getEntriesByName(name)[0].startTime),
  );
  expect(step).toBeGreaterThan(paint);
  // 1.5 s on two idle cores; those of a test machine are not idle.
  expect(step - paint).toBeLessThan(10_000);

  // Pictures of a paused simulation: the view turns, and nothing at all is read back.
  await visit.page.keyboard.press(' ');
  await visit.page.waitForTimeout(500);
  const before = await readback(visit.page);
  const pictures = await visit.page.evaluate('window.pictures');
  const view = await visit.page.locator('#view').boundingBox();
  if (!view) throw new Error('the canvas has no place');
  const image = await visit.page.locator('#view').screenshot();
  await visit.page.mouse.move(view.x + 300, view.y + 150);
  await visit.page.mouse.down();
  for (let i = 0; i < 10; i++) await visit.page.mouse.move(view.x + 300 + 12 * i, view.y + 150);
  await visit.page.mouse.up();
  await visit.page.waitForTimeout(500);
  expect(await readback(visit.page)).toEqual(before);
  expect(await visit.page.evaluate('window.pictures')).toBeGreaterThan(pictures as number);
  const turned = await visit.page.locator('#view').screenshot();
  expect(turned.equals(image)).toBe(false);
  expect((await Picture.of(turned)).colors).toBeGreaterThan(200);
  // The state came back at most once since the start: the copy to go on from after a lost device.
  expect(before.stateBytes).toBeLessThanOrEqual(stateBytes());
  await visit.close();
});

/** Of one copy of the rows that cortical-gamma has: V, m, h, n, p, three conductances, bias and time since the spike. */
const stateBytes = () => 4 * 500 * 16;

test('a second of biological time gives the spikes of headless Node on the same software adapter', async () => {
  const visit = await lab.visit('v=1&preset=ping&seed=7');
  await visit.page.selectOption('#speed', 'Infinity');
  await visit.until(1.05);
  await visit.page.keyboard.press(' ');
  const circuit = resolveCircuit(await visit.downloaded('Circuit'));
  const csv = await visit.downloaded('Spikes');
  await visit.close();

  const { handle } = await openNodeDevice({ preference: 'swiftshader' });
  if (!handle) throw new Error('no SwiftShader');
  const engine = await createWebGpuEngine(buildNetwork(circuit), handle);
  const { spikes, dtMs } = await record(engine, { durationMs: 1000 });
  engine.destroy();
  handle.destroy();
  const expected = [...spikes.steps].map(
    (step, k) => `${spikes.neurons[k]},${Number(spikeTimeMs(step, dtMs).toPrecision(12))}`,
  );
  const shown = csv
    .trim()
    .split('\n')
    .slice(1, expected.length + 1);
  expect(expected.length).toBeGreaterThan(5000);
  expect(firstDifference(shown, expected)).toBeNull();
  const next = csv.trim().split('\n')[expected.length + 1];
  expect(Number(next.split(',')[1])).toBeGreaterThan(1000);
});

function firstDifference(a: readonly string[], b: readonly string[]): string | null {
  const k = b.findIndex((line, i) => line !== a[i]);
  return k < 0 ? null : `spike ${k}: page ${a[k]}, headless ${b[k]}`;
}

/** What a peak of noise does not reach: in 45 windows of 12 s without PV cells the largest had 5 times the background. */
const NOISE_PEAK = 10;

test('silencing PV cells takes the gamma peak out of the running spectrum', async () => {
  const visit = await lab.visit('', { size: { width: 1101, height: 340 } });
  const note = () => visit.page.locator('figure', { hasText: 'Spectrum' }).locator('.note').textContent();
  await visit.page.selectOption('#speed', 'Infinity');
  await visit.until(1.4);
  const [, over] = /^γ peak [345]\d Hz, (\d+)× the background/.exec((await note()) ?? '') ?? [];
  expect(Number(over)).toBeGreaterThan(NOISE_PEAK);
  await visit.page.locator('[data-shortcut="light.PV:silence"]').click();
  const since = (await visit.simulatedSeconds()) ?? 0;
  await visit.until(since + 2.3);
  const [, left = 0] = /peak \d+ Hz, (\d+)×/.exec((await note()) ?? '') ?? [];
  expect(Number(left)).toBeLessThan(NOISE_PEAK);
  const rates = await visit.page.locator('figure', { hasText: 'Rates' }).locator('.note').textContent();
  expect(rates).toContain('PV 0.0');
  await visit.close();
}, 240_000);

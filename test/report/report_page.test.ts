import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyzeCircuit } from '../../src/analysis/analyze_circuit.js';
import { renderReport } from '../../src/report/report_html.js';
import { gammaActivity } from '../analysis/gamma_activity.js';
import { needs } from '../runner/needs.js';

/** The page in a browser: the Chromium of the development install, which is for Linux on x64 only. */
const lacksChromium =
  process.platform === 'linux' && process.arch === 'x64'
    ? null
    : 'the Chromium of the development install is for Linux on x64';

describe('report.html in a browser', needs(lacksChromium), () => {
  let folder: string;
  let file: string;
  let executable: string;
  let browser: Browser;
  let page: Page;
  const requests: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nce-report-'));
    file = join(folder, 'report.html');
    await writeFile(file, renderReport(analyzeCircuit(gammaActivity(), { nullGraphs: 2 }), RUN));
    executable = await chromiumIn(folder);
    browser = await chromium.launch({ executablePath: executable, args: ['--no-sandbox'] });
    page = await openReport(browser, { locale: 'en-US' });
  });

  async function openReport(shownBy: Browser, options: BrowserContextOptions): Promise<Page> {
    const opened = await shownBy.newPage({ ...options, viewport: { width: 1200, height: 900 } });
    opened.on('request', (request) => requests.push(request.url()));
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('console', (message) => complaints.push(message.text()));
    await opened.goto(pathToFileURL(file).href);
    await opened.waitForSelector('#panel-9 canvas');
    return opened;
  }

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('opens without a request or a complaint, and draws every chart', async () => {
    expect(requests).toHaveLength(1);
    expect(complaints).toEqual([]);
    expect(await undrawnCharts(page)).toBe(0);
  });

  it('is drawn by a browser under the POSIX locale, with its text beyond ASCII', async () => {
    const { LANG: _, ...environment } = process.env;
    const posix = await chromium.launch({
      executablePath: executable,
      args: ['--no-sandbox'],
      env: { ...(environment as Record<string, string>), LC_ALL: 'C' },
    });
    try {
      const opened = await openReport(posix, {});
      expect(await opened.evaluate(() => document.characterSet)).toBe('UTF-8');
      expect(await opened.textContent('h1')).toBe(RUN.name);
      expect(await undrawnCharts(opened)).toBe(0);
      expect(complaints).toEqual([]);
    } finally {
      await posix.close();
    }
  });

  it('shows the value under the cursor', async () => {
    await hover(page, '#panel-4 .u-over', 0.5, 0.8);
    await expect.poll(() => page.textContent('#panel-4 .readout')).toMatch(/dB at (2\.9|3\.0)\d*, 3\d\.\d/);
    await hover(page, '#panel-2 .u-over', 0.5, 0.5);
    await expect.poll(() => page.textContent('#panel-2 .u-legend')).toMatch(/LFP\s*-?\d/);
  });

  it('zooms all charts over time together', async () => {
    const before = await drawingOf(page, '#panel-6 canvas');
    const spectrogram = await boxOf(page, '#panel-4 .u-over');
    await page.mouse.move(spectrogram.x + 200, spectrogram.y + 100);
    await page.mouse.down();
    await page.mouse.move(spectrogram.x + 400, spectrogram.y + 100, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => drawingOf(page, '#panel-6 canvas')).not.toBe(before);
  });
});

const RUN = {
  name: 'Gamma, γ ≈ 40 Hz',
  seed: 42,
  adapter: null,
  integrator: null,
  dtMs: null,
  realTimeFactor: null,
  complete: true,
};

/** Unpacks into the folder rather than where other tests may be unpacking at the same time. */
async function chromiumIn(folder: string): Promise<string> {
  process.env.TMPDIR = folder;
  // Makes the package bring its own NSS libraries, which a bare machine lacks.
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}

function undrawnCharts(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      [...document.querySelectorAll('.chart')].filter((chart) => {
        const canvas = chart.querySelector('canvas');
        const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
        return !pixels?.some((value) => value > 0);
      }).length,
  );
}

/** What a canvas shows, as a data URL. */
function drawingOf(page: Page, selector: string): Promise<string> {
  return page.evaluate((of) => document.querySelector<HTMLCanvasElement>(of)?.toDataURL() ?? '', selector);
}

async function boxOf(page: Page, selector: string) {
  const target = page.locator(selector).first();
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  if (!box) throw new Error(`${selector} is not shown`);
  return box;
}

async function hover(page: Page, selector: string, across: number, down: number): Promise<void> {
  const { x, y, width, height } = await boxOf(page, selector);
  await page.mouse.move(x + across * width, y + down * height);
}

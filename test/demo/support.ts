import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { build } from 'vite';

/** Dawn and the compositor have to share one software Vulkan, else the canvas stays blank. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=swiftshader',
];

const CONTENT_TYPE: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** The built page on a local server under a path of its own, and a Chromium with a software adapter. */
export class PageLab {
  /** Bytes of the built files, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;

  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
    private readonly folder: string,
    readonly origin: string,
    files: ReadonlyMap<string, Uint8Array>,
  ) {
    this.files = files;
  }

  static async open(): Promise<PageLab> {
    const folder = await mkdtemp(join(tmpdir(), 'nce-demo-'));
    const configFile = fileURLToPath(new URL('../../demo/vite.config.ts', import.meta.url));
    await build({ configFile, logLevel: 'error', build: { outDir: folder } });
    const files = new Map<string, Uint8Array>();
    for (const name of await builtFiles(folder)) files.set(name, await readFile(join(folder, name)));
    const server = createServer((request, response) => {
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      const name = path.replace(/^\/some\/path\//, '') || 'index.html';
      const content = path.startsWith('/some/path/') ? files.get(name) : undefined;
      response.writeHead(content ? 200 : 404, {
        'content-type': CONTENT_TYPE[extname(name)] ?? 'text/plain',
      });
      response.end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    const browser = await chromium.launch({
      executablePath: await chromiumPath(),
      headless: true,
      args: CHROMIUM_FLAGS,
    });
    return new PageLab(browser, server, folder, origin, files);
  }

  /** Opens the page; `before` runs in it before any of its own scripts. */
  async visit(hash = '', { before, size = SMALL, reducedMotion }: VisitOptions = {}): Promise<Visit> {
    const context = await this.browser.newContext({
      viewport: size,
      locale: 'en-US',
      acceptDownloads: true,
      reducedMotion: reducedMotion ?? null,
    });
    const page = await context.newPage();
    const visit = new Visit(context, page);
    if (before) await page.addInitScript(before);
    await page.goto(`${this.origin}/some/path/${hash ? `#${hash}` : ''}`);
    return visit;
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A small window: a software adapter shades every pixel on the CPU. */
const SMALL = { width: 1120, height: 420 };

export interface VisitOptions {
  readonly before?: string;
  readonly size?: { width: number; height: number };
  readonly reducedMotion?: 'reduce';
}

/** One opened page, and what went wrong in it. */
export class Visit {
  readonly errors: string[] = [];
  readonly requests: string[] = [];

  constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('request', (request) => this.requests.push(request.url()));
  }

  /** Simulated time, s; null before the simulation has started. */
  async simulatedSeconds(): Promise<number | null> {
    const text = (await this.page.textContent('#hud')) ?? '';
    const match = /([\d.]+) s simulated/.exec(text);
    return match ? Number(match[1]) : null;
  }

  /** Until there is a first picture, and the simulation has begun. */
  async untilShown(): Promise<void> {
    await this.page.waitForFunction(
      () => /s simulated/.test(document.getElementById('hud')?.textContent ?? ''),
      undefined,
      { timeout: 110_000, polling: 100 },
    );
  }

  /** The picture of the network, without what is written over it. */
  async picture(): Promise<Picture> {
    await this.page.addStyleTag({ content: '#hud, #legend, #about { visibility: hidden }' });
    return Picture.of(await this.page.locator('#view').screenshot());
  }

  async until(seconds: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) =>
        Number(/([\d.]+) s simulated/.exec(document.getElementById('hud')?.textContent ?? '')?.[1]) >= wanted,
      seconds,
      { timeout: 110_000, polling: 200 },
    );
  }

  /** Text of the file that a button of the page makes. */
  async downloaded(label: string): Promise<string> {
    return (await this.downloadedBytes(label)).toString('utf8');
  }

  async downloadedBytes(label: string): Promise<Buffer> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: label, exact: true }).click(),
    ]);
    return readFile(await download.path());
  }

  close(): Promise<void> {
    return this.context.close();
  }
}

/** Pixels of a screenshot, as 0xBBGGRR. */
export class Picture {
  private constructor(readonly pixels: Uint32Array) {}

  static async of(png: Buffer): Promise<Picture> {
    const image = await loadImage(png);
    const context = createCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return new Picture(
      new Uint32Array(data.buffer, data.byteOffset, data.length / 4).map((p) => p & 0xffffff),
    );
  }

  get colors(): number {
    return new Set(this.pixels).size;
  }

  /** Share of the pixels that `isMeant`, from their red, green and blue. */
  share(isMeant: (r: number, g: number, b: number) => boolean): number {
    const meant = this.pixels.filter((p) => isMeant(p & 255, (p >> 8) & 255, (p >> 16) & 255));
    return meant.length / this.pixels.length;
  }
}

async function builtFiles(folder: string): Promise<string[]> {
  const { readdir } = await import('node:fs/promises');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** NCE_CHROMIUM, or the Chromium of the npm package with the libraries that it brings for bare machines. */
async function chromiumPath(): Promise<string> {
  if (process.env.NCE_CHROMIUM) return process.env.NCE_CHROMIUM;
  if (!existsSync('/usr/lib/x86_64-linux-gnu/libnss3.so'))
    process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs20.x';
  const { default: bundled } = await import('@sparticuz/chromium');
  return bundled.executablePath();
}

import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { analyzeCircuit } from '../../src/analysis/analyze_circuit.js';
import type { CircuitActivity } from '../../src/analysis/circuit_activity.js';
import { spikeTrainsFromLists } from '../../src/analysis/spiketrain/trains.js';
import { renderDashboard } from '../../src/report/dashboard.js';
import type { RunDescription } from '../../src/report/header.js';
import { gammaActivity, spikesOnly } from '../analysis/gamma_activity.js';
import { overlap, type PlacedText, placedTexts } from './svg_text.js';

const RUN: RunDescription = {
  name: 'gamma',
  seed: 42,
  adapter: 'float64 reference',
  integrator: 'exponential-euler',
  dtMs: 0.025,
  realTimeFactor: 0.5,
  complete: true,
};
const UNKNOWN: RunDescription = {
  name: 'somebody else',
  seed: null,
  adapter: null,
  integrator: null,
  dtMs: null,
  realTimeFactor: null,
  complete: true,
};
const activity = gammaActivity();
const whole = renderDashboard(analyzeCircuit(activity), RUN);
const wholeTexts = placedTexts(whole.svg);

describe('the dashboard', () => {
  it('is the same to the byte when drawn again', () => {
    const again = renderDashboard(analyzeCircuit(gammaActivity()), RUN);
    expect(again.svg).toBe(whole.svg);
    expect(Buffer.compare(again.png, whole.png)).toBe(0);
  });

  it('is a PNG of the size of the SVG, with something drawn in every panel', async () => {
    const image = await loadImage(Buffer.from(whole.png));
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(whole.svg) ?? [];
    expect([image.width, image.height]).toEqual([Number(width), Number(height)]);
    expect(image.width).toBeGreaterThanOrEqual(2000);
    expect(image.height).toBeGreaterThanOrEqual(1500);
    const canvas = createCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    for (const { x, y, width: w, height: h } of panelFrames(whole.svg)) {
      const { data } = context.getImageData(x, y, w, h);
      const colors = new Set<number>();
      for (let k = 0; k < data.length; k += 4) colors.add((data[k] << 16) | (data[k + 1] << 8) | data[k + 2]);
      expect(colors.size).toBeGreaterThan(100);
    }
  });

  it('shows the summary figures', () => {
    const header = wholeTexts.filter(({ part }) => part === 'header');
    const shown = header.map(({ text }) => text).join(' | ');
    for (const figure of [
      'Mean rate',
      'CV of intervals',
      'LFP peak | 40.0',
      'E/I ratio',
      '0.50',
      'seed 42',
    ]) {
      expect(shown).toContain(figure);
    }
  });

  it('states n in the caption of every panel', () => {
    for (let panel = 1; panel <= 9; panel++) {
      const caption = wholeTexts.filter(({ part, isCaption }) => isCaption && part === `panel-${panel}`);
      expect(caption.map(({ text }) => text).join(' ')).toMatch(/n = \d/);
      expect(caption.map(({ text }) => text).join(' ')).not.toContain('…');
    }
  });

  it.each([
    ['a whole run', activity, RUN],
    ['spikes alone', spikesOnly(activity), UNKNOWN],
    ['no spikes', { ...activity, spikes: spikeTrainsFromLists(Array.from({ length: 500 }, () => [])) }, RUN],
    ['a constant LFP', { ...activity, lfp: flatLine(activity) }, RUN],
    ['80 ms', { ...activity, window: { startMs: 500, stopMs: 580 } }, { ...RUN, complete: false }],
    ['eight populations with long names', manyPopulations(activity), { ...RUN, name: 'a name '.repeat(20) }],
  ])('keeps texts legible, within their panel and apart: %s', (_, data, run) => {
    const { svg } = renderDashboard(analyzeCircuit(data, { nullGraphs: 2 }), run);
    expect(/NaN|undefined|Infinity/.exec(svg)).toBeNull();
    const texts = placedTexts(svg);
    const frames = panelFrames(svg);
    expect(texts.filter(({ size }) => size < 12)).toEqual([]);
    expect(
      texts.filter((text) => !isInside(text, frames)).map(({ text, part }) => `${part}: ${text}`),
    ).toEqual([]);
    expect(overlapping(texts)).toEqual([]);
  });

  it('says what is missing', () => {
    const { svg } = renderDashboard(analyzeCircuit(spikesOnly(activity)), UNKNOWN);
    for (const sentence of [
      'No LFP',
      'No spectrum',
      'No spectrogram',
      'No coherence',
      'No balance',
      'No connectivity',
    ]) {
      expect(svg).toContain(sentence);
    }
  });
});

interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function panelFrames(svg: string): Frame[] {
  const frame = /<g id="panel-\d">\s*<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g;
  return [...svg.matchAll(frame)].map(([, ...numbers]) => {
    const [x, y, width, height] = numbers.map(Number);
    return { x, y, width, height };
  });
}

function isInside({ corners, part }: PlacedText, frames: readonly Frame[]): boolean {
  const panel = /^panel-(\d)$/.exec(part);
  const { x, y, width, height } = panel
    ? frames[Number(panel[1]) - 1]
    : { x: 0, y: 0, width: 2400, height: frames[0].y };
  return corners.every(([cx, cy]) => cx >= x && cx <= x + width && cy >= y && cy <= y + height);
}

function overlapping(texts: readonly PlacedText[]): string[] {
  return texts.flatMap((a, k) =>
    texts
      .slice(k + 1)
      .filter((b) => a.part === b.part && overlap(a, b))
      .map((b) => `${a.part}: "${a.text}" and "${b.text}"`),
  );
}

function flatLine({ lfp }: CircuitActivity) {
  return lfp && { ...lfp, values: new Float64Array(lfp.values.length) };
}

function manyPopulations(of: CircuitActivity): CircuitActivity {
  const groups = of.groups.flatMap(({ name, neurons, sign }) => {
    const half = Math.floor(neurons.length / 2);
    return [
      { name: `layer-2/3-${name}-superficial-neurons`, neurons: neurons.subarray(0, half), sign },
      { name: `layer-5-${name}-deep-neurons`, neurons: neurons.subarray(half), sign: null },
    ];
  });
  return { ...of, groups, input: null };
}

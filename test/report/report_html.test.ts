import { describe, expect, it } from 'vitest';
import { analyzeCircuit } from '../../src/analysis/analyze_circuit.js';
import type { RunDescription } from '../../src/report/header.js';
import type { InteractiveChart } from '../../src/report/interactive/chart_data.js';
import { renderReport } from '../../src/report/report_html.js';
import { gammaActivity, spikesOnly } from '../analysis/gamma_activity.js';

const RUN: RunDescription = {
  name: 'gamma </script><b>&',
  seed: 42,
  adapter: 'float64 reference',
  integrator: 'exponential-euler',
  dtMs: 0.025,
  realTimeFactor: 0.5,
  complete: true,
};
const activity = gammaActivity();
const analysis = analyzeCircuit(activity);
const html = renderReport(analysis, RUN);

describe('report.html', () => {
  it('is the same to the byte when made again', () => {
    expect(renderReport(analyzeCircuit(gammaActivity()), RUN) === html).toBe(true);
  });

  it('loads nothing', () => {
    expect(html).not.toMatch(/<(link|img|iframe|script)[^>]+(src|href)=/);
    expect(html).not.toMatch(/@import|url\(\s*['"]?(https?:)?\/\//);
    expect(html).toContain("default-src 'none'");
  });

  it('has the nine panels, their charts and the document', () => {
    const charts = chartsOf(html);
    const places = [...html.matchAll(/data-chart="(\d+)"/g)].map(([, index]) => Number(index));
    expect(places).toEqual(charts.map((_, index) => index));
    for (let panel = 1; panel <= 9; panel++)
      expect(sectionOf(html, panel)).toMatch(/data-chart=.*Definitions/s);
    expect(html).toContain('nce-results/1');
  });

  it('carries every spike of the window and every sample of the LFP', () => {
    const [raster] = chartsOf(html);
    if (raster.content.kind !== 'points') throw new Error('the first chart is the raster');
    const spikes = raster.content.groups.reduce((sum, { x }) => sum + floats(x).length, 0);
    expect(spikes).toBe(analysis.results.firing.spikes);
    const lfp = chartsOf(html).find(({ title }) => title === 'Local field potential')?.content;
    if (lfp?.kind !== 'lines') throw new Error('the LFP is a line');
    const values = floats(lfp.lines[0].y);
    const given = analysis.activity.lfp?.values ?? new Float64Array(0);
    const mean = given.reduce((a, b) => a + b, 0) / given.length;
    expect(values.length).toBe(given.length);
    expect(values[1234]).toBeCloseTo(given[1234] - mean, 4);
  });

  it('escapes what others have named', () => {
    expect(html).not.toContain(RUN.name);
    expect(html).toContain('gamma &lt;/script&gt;&lt;b&gt;&amp;');
  });

  it('says what is missing', () => {
    const page = renderReport(analyzeCircuit(spikesOnly(activity)), {
      ...RUN,
      realTimeFactor: null,
      complete: false,
    });
    expect(page).toContain('(incomplete run)');
    expect(sectionOf(page, 2)).toContain('The data has no field potential.');
    expect(sectionOf(page, 9)).toContain('The data has no edges.');
  });
});

function chartsOf(page: string): InteractiveChart[] {
  const data = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(page);
  return JSON.parse(data?.[1] ?? '');
}

function sectionOf(page: string, panel: number): string {
  return new RegExp(`<section id="panel-${panel}">.*?</section>`, 's').exec(page)?.[0] ?? '';
}

function floats(packed: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(packed, 'base64')).buffer);
}

import { describe, expect, test } from 'vitest';
import type { PhaseMap } from '../../src/report/panels/phase_map.js';
import { renderPhaseDiagram } from '../../src/report/phase_diagram.js';

const map = (cells: PhaseMap['cells']): PhaseMap => ({
  title: 'Mean rate (Hz)',
  scheme: 'inferno',
  xLabel: 'drive',
  yLabel: 'inhibition',
  cells,
  caption: 'How it was measured.',
});
const draw = (cells: PhaseMap['cells']) =>
  renderPhaseDiagram({ name: 'map <1>', description: 'tiny: 9 of 9 runs', maps: [map(cells)] });
const GRID = [1, 2, 4].flatMap((x) => [10, 20, 30].map((y) => ({ x, y, value: x * y })));

describe('phase diagrams', () => {
  test('a grid is a mosaic with its values at the axes and its range at the bar; the same bytes again', () => {
    const { svg, png } = draw(GRID);
    const again = draw(GRID);
    expect(again.svg).toBe(svg);
    expect(Buffer.compare(again.png, png)).toBe(0);
    expect(svg).not.toContain('<circle');
    expect(svg.match(/<image /g)).toHaveLength(2);
    for (const label of ['>1<', '>2<', '>4<', '>10<', '>120<', 'map &lt;1&gt;'])
      expect(svg, label).toContain(label);
    expect(svg).not.toContain('undefined at');
  });

  test('other values give another picture, and what is undefined is counted', () => {
    const { svg } = draw(GRID.map((cell, i) => (i < 2 ? { ...cell, value: null } : cell)));
    expect(svg).not.toBe(draw(GRID).svg);
    expect(svg).toContain('Grey: undefined at 2 of 9.');
  });

  test('scattered points are dots, open where undefined', () => {
    const points = Array.from({ length: 20 }, (_, k) => ({
      x: k / 7,
      y: (k * 13) % 20,
      value: k === 3 ? null : k,
    }));
    const { svg } = draw(points);
    expect(svg.match(/<circle/g)).toHaveLength(20);
    expect(svg.match(/<circle[^>]* fill="none"/g)).toHaveLength(1);
    expect(svg).toContain('Open circles: undefined at 1 of 20.');
  });

  test('scattered points over many decades have a logarithmic axis', () => {
    const points = Array.from({ length: 20 }, (_, k) => ({ x: 10 ** (k / 6), y: k, value: k }));
    const ticks = [1, 10, 100, 1000].map((tick) => `>${tick}<`);
    const places = ticks.map((tick) => draw(points).svg.indexOf(tick));
    expect(places.every((place) => place > 0)).toBe(true);
  });

  test('only undefined values are reported in words', () => {
    expect(draw(GRID.map((cell) => ({ ...cell, value: null }))).svg).toContain('undefined at every point');
  });

  test('names are places in their order, and one value everywhere has a colour', () => {
    const cells = ['rk4', 'exponential-euler'].flatMap((x) => [1, 2].map((y) => ({ x, y, value: 5 })));
    const { svg } = draw(cells);
    expect(svg.indexOf('>rk4<')).toBeGreaterThan(0);
    expect(svg.indexOf('>rk4<')).toBeLessThan(svg.indexOf('>exponential-euler<'));
  });
});

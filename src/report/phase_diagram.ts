import type { Box } from './chart.js';
import { type Dashboard, rasterize } from './dashboard.js';
import { drawPanel } from './panel.js';
import { type PhaseMap, phasePanel } from './panels/phase_map.js';
import { fitText, svgText } from './text.js';
import { COLOR, FONT_FAMILY, SIZE } from './theme.js';

/** Quantities of a circuit over two parameters. */
export interface PhaseDiagram {
  /** Of the sweep. */
  readonly name: string;
  /** What was simulated and how, in one line. */
  readonly description: string;
  readonly maps: readonly PhaseMap[];
}

const MARGIN = 24;
const HEADER_HEIGHT = 130;
const PANEL = { width: 768, height: 640 } as const;

/** Draws the maps side by side, in the dashboard's look. The same diagram gives the same bytes. */
export function renderPhaseDiagram(diagram: PhaseDiagram): Dashboard {
  const width = MARGIN + diagram.maps.length * (PANEL.width + MARGIN);
  const height = HEADER_HEIGHT + PANEL.height + MARGIN;
  const panels = diagram.maps.map((map, index) =>
    drawPanel(phasePanel(map.title), index + 1, map, {
      x: MARGIN + index * (PANEL.width + MARGIN),
      y: HEADER_HEIGHT,
      ...PANEL,
    }),
  );
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT_FAMILY}, sans-serif">`,
    `<rect width="${width}" height="${height}" fill="${COLOR.page}"/>`,
    drawTitle(diagram, { x: MARGIN, y: 0, width: width - 2 * MARGIN, height: HEADER_HEIGHT }),
    ...panels,
    '</svg>\n',
  ].join('\n');
  return { svg, png: rasterize(svg) };
}

const drawTitle = ({ name, description }: PhaseDiagram, box: Box): string =>
  `<g id="header">${[
    svgText('NeuralCircuitEngine', box.x, 36, { size: 20, weight: 600, fill: COLOR.gamma }),
    svgText(fitText(name, box.width, SIZE.heading, 600), box.x, 74, { size: SIZE.heading, weight: 600 }),
    svgText(fitText(description, box.width, SIZE.label), box.x, 106, { fill: COLOR.muted }),
  ].join('\n')}</g>`;

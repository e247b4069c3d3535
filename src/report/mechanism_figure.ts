import * as Plot from '@observablehq/plot';
import type { GatingCurve } from '../mechanism/gating.js';
import type { Mechanism } from '../mechanism/mechanism.js';
import { type Box, chart, gridLines, logTicks, points, shortNumber } from './chart.js';
import { rasterize } from './dashboard.js';
import { drawPanel, type LegendItem, missing, type Panel } from './panel.js';
import { fitText, svgText } from './text.js';
import { COLOR, FONT_FAMILY, SIZE } from './theme.js';

const MARGIN = 24;
const HEADER_HEIGHT = 112;
const PANEL = { width: 768, height: 560 } as const;
const WIDTH = 3 * MARGIN + 2 * PANEL.width;
const HEIGHT = HEADER_HEIGHT + PANEL.height + MARGIN;

const COLORS = [
  COLOR.excitatory,
  COLOR.inhibitory,
  COLOR.gamma,
  COLOR.significance,
  COLOR.model,
  COLOR.aperiodic,
];
const DASHES = [null, '10 4', '3 4', '12 4 3 4'] as const;

interface Context {
  readonly mechanism: Mechanism;
  readonly curves: readonly GatingCurve[];
  readonly V_mV: ArrayLike<number>;
}

/** A figure of a mechanism: steady states and time constants over V. The same curves give the same bytes. */
export function mechanismFigure(context: Context): { readonly svg: string; readonly png: Uint8Array } {
  const { mechanism } = context;
  const panels = [steadyStatePanel, timeConstantPanel].map((panel, i) =>
    drawPanel(panel, i + 1, context, { x: MARGIN + i * (PANEL.width + MARGIN), y: HEADER_HEIGHT, ...PANEL }),
  );
  const subtitle = [mechanism.about, mechanism.paper].filter((part) => part !== '').join('  ·  ');
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="${FONT_FAMILY}, sans-serif">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="${COLOR.page}"/>`,
    svgText(mechanism.name, MARGIN, 56, { size: SIZE.heading, weight: 600 }),
    svgText(fitText(subtitle, WIDTH - 2 * MARGIN, SIZE.label), MARGIN, 90, { fill: COLOR.muted }),
    ...panels,
    '</svg>\n',
  ].join('\n');
  return { svg, png: rasterize(svg) };
}

const legendOf = (curves: readonly GatingCurve[]): LegendItem[] =>
  curves.map(({ state }, i) => ({ label: state, color: colorOf(i), dash: dashOf(i) }));
const colorOf = (i: number): string => COLORS[i % COLORS.length];
const dashOf = (i: number): string | null => DASHES[Math.floor(i / COLORS.length) % DASHES.length];

function lines(
  context: Context,
  curves: readonly (readonly [GatingCurve, ArrayLike<number>])[],
): Plot.Markish[] {
  return curves.map(([curve, values]) => {
    const i = context.curves.indexOf(curve);
    return Plot.line(points(context.V_mV, values), {
      x: 'x',
      y: 'y',
      stroke: colorOf(i),
      strokeWidth: 3,
      strokeDasharray: dashOf(i) ?? 'none',
    });
  });
}

const V_AXIS = { label: 'Membrane potential (mV)' };

const steadyStatePanel: Panel<Context> = {
  title: 'Steady state',
  draw(context: Context, area: Box) {
    const { curves } = context;
    if (curves.length === 0) return { body: missing(area, 'This mechanism has no states.'), caption: '' };
    const isShare = curves.every(({ inf }) => inf.every((value) => value >= 0 && value <= 1));
    const body = chart(area, {
      x: V_AXIS,
      y: { label: 'Steady state', ...(isShare && { domain: [0, 1] }) },
      marks: [
        ...gridLines(),
        ...lines(
          context,
          curves.map((curve) => [curve, curve.inf] as const),
        ),
      ],
    });
    const caption = 'Values that the states settle at while V is held, at the default parameters.';
    return { body, legend: legendOf(curves), caption };
  },
};

const timeConstantPanel: Panel<Context> = {
  title: 'Time constant',
  draw(context: Context, area: Box) {
    const settling = context.curves.flatMap((curve) => (curve.tauMs ? [[curve, curve.tauMs] as const] : []));
    const values = settling.flatMap(([, tauMs]) =>
      [...tauMs].filter((tau) => Number.isFinite(tau) && tau > 0),
    );
    if (values.length === 0)
      return { body: missing(area, 'No state of this mechanism has a time constant.'), caption: '' };
    const domain: [number, number] = [Math.min(...values) / 1.2, Math.max(...values) * 1.2];
    const body = chart(area, {
      x: V_AXIS,
      y: {
        label: 'Time constant (ms)',
        type: 'log',
        domain,
        ticks: logTicks(domain),
        tickFormat: shortNumber,
      },
      marks: [...gridLines(), ...lines(context, settling)],
    });
    const following = context.curves.filter(({ tauMs }) => !tauMs).map(({ state }) => state);
    const others = following.length === 0 ? '' : ` Without one: ${following.join(', ')}.`;
    return {
      body,
      legend: legendOf(context.curves).filter((_, i) => context.curves[i].tauMs !== null),
      caption: `Time constants of small deviations while V is held.${others}`,
    };
  },
};

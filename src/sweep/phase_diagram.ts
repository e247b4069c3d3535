import type { Results } from '../analysis/results.js';
import { InputError } from '../io/input_error.js';
import type { AxisValue, PhaseMap } from '../report/panels/phase_map.js';
import type { PhaseDiagram } from '../report/phase_diagram.js';
import { didYouMean } from '../text/suggestion.js';
import type { SweepPoint } from './plan.js';
import type { SweepFolder } from './sweep_folder.js';

interface Quantity extends Pick<PhaseMap, 'title' | 'scheme'> {
  readonly of: (results: Results) => number | null;
  readonly method: string;
}

const QUANTITIES: readonly Quantity[] = [
  {
    title: 'Mean rate (Hz)',
    scheme: 'inferno',
    of: ({ firing }) => firing.meanRateHz,
    method: 'Spikes of all neurons over neurons and time.',
  },
  {
    title: 'Gamma frequency (Hz)',
    scheme: 'viridis',
    of: ({ oscillation }) => (oscillation.peakBand === 'gamma' ? oscillation.peakHz : null),
    method: 'Largest bin of the LFP spectrum in 5-150 Hz, if it is in the gamma band (30-80 Hz).',
  },
  {
    title: 'E/I current ratio',
    scheme: 'cividis',
    of: ({ balance }) => balance.eiRatio,
    method: 'Total excitatory over total inhibitory synaptic current.',
  },
];

/**
 * Rate, gamma frequency and E/I ratio over two parameters of a sweep, by default its first two; means over seeds and
 * over what else varies. Throws InputError for a parameter that the sweep does not have, and where it has fewer than two.
 */
export async function phaseDiagram(
  folder: SweepFolder,
  axes: { readonly x?: string; readonly y?: string } = {},
): Promise<PhaseDiagram> {
  const { plan } = folder;
  const x = axes.x ?? plan.parameters[0];
  const y = axes.y ?? plan.parameters.find((name) => name !== x);
  for (const name of [x, y])
    if (name !== undefined && !plan.parameters.includes(name))
      throw new InputError(`the sweep has no parameter "${name}"${didYouMean(name, plan.parameters)}`);
  if (x === undefined || y === undefined || x === y)
    throw new InputError(
      `a phase diagram needs two parameters; the sweep varies ${plan.parameters.join(', ') || 'none'}`,
    );

  const cells = new Map<string, { x: AxisValue; y: AxisValue; points: SweepPoint[] }>();
  for (const point of plan.points) {
    const place = { x: point.values[x], y: point.values[y] };
    const key = JSON.stringify(place);
    const cell = cells.get(key) ?? { ...place, points: [] };
    cells.set(key, cell);
    cell.points.push(point);
  }
  const results = await folder.results();
  const runs = plan.points.filter(({ hash }) => results.has(hash)).length;
  const engines = [...new Set([...results.values()].map(({ engine }) => engine))].sort();
  const windows = new Set([...results.values()].map(({ results: { window } }) => window).map(windowText));
  return {
    name: plan.name,
    description: [
      `${plan.circuit.name}: ${runs} of ${plan.points.length} runs at ${cells.size} points`,
      ...(windows.size === 1 ? windows : []),
      ...engines,
    ].join('  ·  '),
    maps: QUANTITIES.map(({ of, method, ...look }) => ({
      ...look,
      xLabel: x,
      yLabel: y,
      cells: [...cells.values()].map((cell) => ({
        x: cell.x,
        y: cell.y,
        value: mean(
          cell.points.flatMap(({ hash }) => {
            const result = results.get(hash);
            return result ? [of(result.results)] : [];
          }),
        ),
      })),
      caption: `${method} ${runsAtPlaces([...cells.values()].map(({ points }) => points.length))}`,
    })),
  };
}

const windowText = ({ startMs, stopMs }: Results['window']): string => `${startMs}-${stopMs} ms analysed`;

/** Number of runs behind the value of a point. */
function runsAtPlaces(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return 'One run at each point.';
  return `Mean over ${least === most ? most : `${least} to ${most}`} runs at each point.`;
}

/** Of the values that are defined; null where none is. */
function mean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length;
}

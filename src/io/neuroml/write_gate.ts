import type { ExpressionGraph } from '../../language/canonical.js';
import { linearIn } from '../../language/linear.js';
import type { Node } from '../../language/node.js';
import type { MechanismState } from '../../mechanism/mechanism.js';
import { InputError } from '../input_error.js';
import type { MechanismNodes } from './mechanism_nodes.js';
import { isSameFactor, shapeOf, type TemperatureFactor, withoutTemperature } from './rate_shapes.js';
import { type Exposure, rateType } from './rate_type.js';
import { element, leaf } from './xml.js';

type Attributes = Readonly<Record<string, string | number>>;

/** A number of an attribute, with the digits that are not noise and without the sign of an exponent. */
export const digits = (value: number): string => String(Number(value.toPrecision(12))).replace('e+', 'e');

/** Where the ComponentTypes of a document are gathered. */
export class TypeSink {
  readonly lines: string[] = [];

  /** Adds the type of a rate that NeuroML has no name for; gives its name. */
  add(name: string, node: Node, exposure: Exposure): string {
    this.lines.push(...rateType(name, node, exposure));
    return name;
  }
}

const SUFFIX: Readonly<Record<Exposure, string>> = { r: 'Rate', x: 'Variable', t: 'Time' };
const UNIT: Readonly<Record<Exposure, string>> = { r: 'per_ms', x: '', t: 'ms' };

/** The attributes of a rate, a steady state or a time course: one of NeuroML's forms, or a type of its own. */
export function rateOf(
  graph: ExpressionGraph,
  node: Node,
  exposure: Exposure,
  name: string,
  types: TypeSink,
): Attributes {
  if (exposure === 't' && node.kind === 'number')
    return { type: 'fixedTimeCourse', tau: `${digits(node.value)}ms` };
  const isNever = exposure === 'r' && node.kind === 'number' && node.value === 0;
  const shape = isNever
    ? ({ form: 'HHExp', rate: 0, midpoint: 0, scale: 1 } as const)
    : exposure === 't'
      ? null
      : shapeOf(graph, node);
  if (!shape) return { type: types.add(name, node, exposure) };
  return {
    type: `${shape.form}${SUFFIX[exposure]}`,
    rate: `${digits(shape.rate)}${UNIT[exposure]}`,
    midpoint: `${digits(shape.midpoint)}mV`,
    scale: `${digits(shape.scale)}mV`,
  };
}

/** The rates of a state, however the mechanism gives them, without the factor of the temperature that they share. */
interface StateRates {
  readonly kind: 'gateHHrates' | 'gateHHtauInf' | 'gateHHInstantaneous';
  readonly parts: readonly (readonly [element: string, node: Node, exposure: Exposure])[];
  readonly factor: TemperatureFactor | null;
}

/** alpha and beta of a state. Throws InputError where its rate is not linear in it. */
function ratesOf(nodes: MechanismNodes, { name, form }: MechanismState): StateRates {
  const { graph } = nodes;
  switch (form.kind) {
    case 'instantaneous':
      return {
        kind: 'gateHHInstantaneous',
        parts: [['steadyState', nodes.node(form.is), 'x']],
        factor: null,
      };
    case 'relaxing': {
      const { rest, factor } = withoutTemperature(graph, nodes.node(form.tau));
      return {
        kind: 'gateHHtauInf',
        parts: [
          ['timeCourse', rest, 't'],
          ['steadyState', nodes.node(form.inf), 'x'],
        ],
        // A factor of the time constant divides the rates.
        factor: factor && { ...factor, q10: 1 / factor.q10 },
      };
    }
    case 'rates':
      return openingAndClosing(graph, nodes.node(form.alpha), nodes.node(form.beta));
    case 'rate': {
      const linear = linearIn(graph, nodes.node(form.rate), name);
      if (!linear)
        throw new InputError(
          `${nodes.mechanism.name}: the rate of ${name} is not linear in ${name}, which gates of NeuroML are`,
        );
      // x' = alpha - (alpha + beta) x
      const beta = graph.negate(graph.add(linear.slope, linear.rest));
      return openingAndClosing(graph, linear.rest, beta);
    }
    default:
      return form satisfies never;
  }
}

function openingAndClosing(graph: ExpressionGraph, alpha: Node, beta: Node): StateRates {
  const [opening, closing] = [alpha, beta].map((node) => withoutTemperature(graph, node));
  const isShared = isSameFactor(opening.factor, closing.factor);
  return {
    kind: 'gateHHrates',
    parts: [
      ['forwardRate', isShared ? opening.rest : alpha, 'r'],
      ['reverseRate', isShared ? closing.rest : beta, 'r'],
    ],
    factor: isShared ? opening.factor : null,
  };
}

/** A gate of a state: `instances` of it open the channel together. */
export function gateElement(
  nodes: MechanismNodes,
  state: MechanismState,
  id: string,
  instances: number,
  channelId: string,
  types: TypeSink,
): Iterable<string> {
  const { kind, parts, factor } = ratesOf(nodes, state);
  return element(
    'gate',
    { id, type: kind, instances },
    factor ? q10Settings(factor) : [],
    ...parts.map(([tag, node, exposure]) =>
      leaf(tag, rateOf(nodes.graph, node, exposure, `${channelId}_${id}_${tag}`, types)),
    ),
  );
}

/** A part of a gate that has a fraction of its conductance. */
export function subGateElement(
  nodes: MechanismNodes,
  state: MechanismState,
  id: string,
  fraction: number,
  channelId: string,
  types: TypeSink,
): Iterable<string> {
  const { graph } = nodes;
  const { kind, parts, factor } = ratesOf(nodes, state);
  if (kind === 'gateHHInstantaneous')
    throw new InputError(`${channelId}: a part of a fractional gate of NeuroML cannot follow V at once`);
  const isRates = kind === 'gateHHrates';
  const [first, second] = parts.map(([, node], i) =>
    isRates || i === 0 ? scaled(graph, node, factor, isRates) : node,
  );
  const sum = graph.add(first, second);
  const inf = isRates ? graph.divide(first, sum) : second;
  const tau = isRates ? graph.divide(graph.number(1), sum) : first;
  const name = (tag: string) => `${channelId}_${id}_${tag}`;
  return element(
    'subGate',
    { id, fractionalConductance: digits(fraction) },
    leaf('steadyState', rateOf(graph, inf, 'x', name('steadyState'), types)),
    leaf('timeCourse', rateOf(graph, tau, 't', name('timeCourse'), types)),
  );
}

/** A node with the factor of the temperature worked into it again. */
function scaled(graph: ExpressionGraph, node: Node, factor: TemperatureFactor | null, isRate: boolean): Node {
  if (!factor) return node;
  const slope = (Math.log(factor.q10) / 10) * (isRate ? 1 : -1);
  const exponent = graph.sum(-slope * factor.experimental_C, [
    { node: graph.variable('celsius'), factor: slope },
  ]);
  return graph.multiply(node, graph.call('exp', exponent));
}

export const q10Attributes = ({ q10, experimental_C }: TemperatureFactor): Attributes => ({
  q10Factor: digits(q10),
  experimentalTemp: `${digits(Number(experimental_C.toFixed(9)))}degC`,
});

const q10Settings = (factor: TemperatureFactor): Iterable<string> =>
  leaf('q10Settings', { type: 'q10ExpTemp', ...q10Attributes(factor) });

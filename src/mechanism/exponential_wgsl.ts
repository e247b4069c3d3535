import { isPositive, type Node } from '../language/node.js';
import { float32Literal } from '../language/wgsl.js';
import { advanceText, resultNames, writeNext } from './advance_text.js';
import { type CellScheme, keysOf } from './cell_model.js';
import { type CellText, FunctionBody } from './cell_text.js';
import { schemeStep } from './scheme_step.js';
import {
  type ExponentialNodes,
  exponentialNodes,
  middleOf,
  nextOf,
  type SchemeNodes,
  type StateStepNodes,
} from './step_nodes.js';
import { LARGEST_GROWTH } from './step_tape.js';

const MOST_GROWTH = float32Literal(-LARGEST_GROWTH);

/** The advance function of exponential Euler; `slow` are the states with compensated sums. */
export function exponentialText(
  cell: CellText,
  dtMs: number,
  isStaggered: boolean,
  slow: ReadonlySet<string>,
): string {
  const { nodes, hoisting } = cell;
  const isConstant = (node: Node) => hoisting.isConstant(node);
  const step = exponentialNodes(cell.model, nodes, { dtMs, isStaggered, isConstant });
  const { graph } = nodes;
  const dtOverC = graph.multiply(graph.number(dtMs), graph.power(nodes.capacitance(), -1));
  return new ExponentialWriter(cell, step, dtOverC, isStaggered, slow).text();
}

class ExponentialWriter {
  private readonly body: FunctionBody;
  /** Variables that any formula reads. */
  private readonly read: ReadonlySet<string>;

  constructor(
    private readonly cell: CellText,
    private readonly step: ExponentialNodes,
    private readonly dtOverC: Node,
    private readonly isStaggered: boolean,
    private readonly slow: ReadonlySet<string>,
  ) {
    this.read = new Set(step.roots.flatMap((root) => [...root.variables]));
    const names = new Map([['V', 'V']]);
    for (const key of cell.keys) {
      names.set(key, `s.${cell.member(key)}`);
      names.set(middleOf(key), `middle_${cell.member(key)}`);
      names.set(nextOf(key), `next_${cell.member(key)}`);
    }
    this.body = new FunctionBody(cell, [...step.roots, dtOverC], names, resultNames(cell, slow));
  }

  text(): string {
    for (const entry of this.step.groups) {
      if ('step' in entry) this.writeState(entry.group.key, entry.step);
      else this.writeScheme(entry.group, entry.rates);
      for (const key of keysOf(entry.group)) this.writeMiddle(key);
    }
    this.writePotential();
    return advanceText(this.cell, this.body, this.slow);
  }

  private writeState(key: string, step: StateStepNodes): void {
    const { body, cell, slow } = this;
    writeNext(cell, body, key, this.wayOf(cell.member(key), step), slow);
  }

  private wayOf(member: string, step: StateStepNodes): string {
    const { body } = this;
    const x = `s.${member}`;
    switch (step.kind) {
      case 'shared':
        return `${body.textOf(step.share)} * (${body.textOf(step.inf)} - ${x})`;
      case 'relaxing': {
        const decay = body.named(`decay_${member}`, `DT * ${body.textOf(step.rate)}`);
        return `${decay} * relaxation(${decay}) * (${body.textOf(step.inf)} - ${x})`;
      }
      case 'spanned': {
        const [source, rate] = [body.textOf(step.source), body.textOf(step.rate)];
        return `${body.textOf(step.span)} * (${source} - ${rate} * ${x})`;
      }
      case 'linear': {
        const source = body.textOf(step.source);
        const rate = body.named(`rate_${member}`, body.textOf(step.rate));
        const decay = isPositive(step.rate) ? `DT * ${rate}` : `max(DT * ${rate}, ${MOST_GROWTH})`;
        return `DT * relaxation(${decay}) * (${source} - ${rate} * ${x})`;
      }
      case 'linearised': {
        const decay = `max(-DT * ${body.textOf(step.slope)}, ${MOST_GROWTH})`;
        return `DT * relaxation(${decay}) * ${body.textOf(step.derivative)}`;
      }
      default:
        return step satisfies never;
    }
  }

  private writeScheme({ keys }: CellScheme, rates: SchemeNodes): void {
    const { body, cell } = this;
    const texts = rates.map((row) => row.map((node) => node && body.named('k', body.textOf(node))));
    const states = keys.map((key) => `s.${cell.member(key)}`);
    const next = schemeStep(body.arithmetic(), texts, states, 'DT');
    keys.forEach((key, i) => {
      body.define(`next_${cell.member(key)}`, next[i]);
    });
  }

  private writeMiddle(key: string): void {
    if (!this.read.has(middleOf(key))) return;
    const member = this.cell.member(key);
    this.body.define(`middle_${member}`, `0.5 * (s.${member} + next_${member})`);
  }

  private writePotential(): void {
    const { body, step } = this;
    const [current, conductance] = [body.textOf(step.current), body.textOf(step.conductance)];
    const dtOverC = body.textOf(this.dtOverC);
    const input = this.isStaggered ? 'half' : 'start';
    const outward = body.named('outward', `${current} + (${input}.G * V - ${input}.drive) - I`);
    const decay = body.named('decay', `max(${dtOverC} * (${conductance} + ${input}.G), ${MOST_GROWTH})`);
    body.define('next_V', `V - ${dtOverC} * relaxation(${decay}) * ${outward}`);
  }
}

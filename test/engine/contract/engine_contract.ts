import { beforeAll, describe, expect, it } from 'vitest';
import { POPULATION_SIGNALS, TRACE_VARIABLES } from '../../../src/engine/engine.js';
import { planEngine, traceWidth } from '../../../src/engine/plan.js';
import { createReferenceEngine } from '../../../src/engine/reference/reference_engine.js';
import type { Integrator } from '../../../src/model/circuit.js';
import { conservationTests } from './conservation.js';
import { type ContractRun, contractRun, type OpenEngine, PIECES, RUN_STEPS } from './contract_run.js';
import { everythingNetwork } from './everything_circuit.js';
import { knownByHandTests } from './known_by_hand.js';
import { randomInputTests } from './random_input.js';
import { columnsOf, firstDifference, largest, largestDifference, recordPieces, signalOf } from './records.js';

export interface ContractCircuit {
  readonly integrator: Integrator;
  readonly hasSpikeSources: boolean;
  /** False where the engine is the reference itself. */
  readonly comparesWithReference?: boolean;
}

/**
 * How far float32 may be from float64, over the largest value of a quantity: four times the largest that was seen in 60 of
 * these circuits (20 seeds with each integrator, on lavapipe). V and gates differ most, 9e-4, where a moment falls on the
 * steep flank of a spike; the median circuit has 5e-5. Spikes were the same in all 60.
 */
const TOLERANCE = { state: 4e-3, current: 4e-4, conductance: 6e-5, lfp: 8e-4 };

/** What every engine does, whatever computes: tests for one kind of engine. */
export function engineContract(
  name: string,
  { integrator, hasSpikeSources, comparesWithReference = true }: ContractCircuit,
  open: OpenEngine,
): void {
  describe(`${name}, ${integrator}${hasSpikeSources ? ', spike sources' : ''}`, () => {
    const network = everythingNetwork(integrator, hasSpikeSources);
    let run: ContractRun;
    beforeAll(async () => {
      run = await contractRun(network, open);
    }, 300_000);

    it('hands out every step and sample once, spikes in the order of step and neuron', () => {
      const { blocks, spikes } = run.records;
      let samples = 0;
      for (const block of blocks) {
        expect(block.firstSample).toBe(samples);
        samples += block.samples;
        expect(samples).toBe(Math.floor(block.stepsDone / 20));
      }
      expect(blocks.at(-1)!.stepsDone).toBe(RUN_STEPS);
      expect(spikes.length).toBeGreaterThan(200);
      const places = spikes.map(({ step, neuron }) => step * network.neurons + neuron);
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
    });

    it('continues from a snapshot within a sample with the same numbers to the bit', async () => {
      const engine = await open(network, run.withinSample);
      const rest = await recordPieces(engine, PIECES.slice(2));
      expect(rest.blocks[0].firstSample).toBe(7);
      for (const key of ['spikes', 'populationSums', 'lfp_uV', 'traces'] as const) {
        expect(rest[key].length, key).toBeGreaterThan(0);
        expect(rest[key], key).toEqual(run.records[key].slice(-rest[key].length));
      }
      expect(await engine.readState()).toEqual(run.state);
      engine.destroy();
    });

    if (comparesWithReference) referenceTests(() => run);
    knownByHandTests(() => run);
    randomInputTests(network, open);
    conservationTests(() => run, open);
  });
}

function referenceTests(run: () => ContractRun): void {
  describe('against the float64 reference', () => {
    let own: ContractRun;
    let reference: ContractRun;
    beforeAll(async () => {
      own = run();
      reference = await contractRun(own.network, async (network, resumeFrom) =>
        createReferenceEngine(network, resumeFrom && { resumeFrom }),
      );
    });

    it('fires the same neurons in the same steps', () => {
      expect(own.records.spikes).toEqual(reference.records.spikes);
    });

    it('has the same input under way', () => {
      expect(own.snapshot.ring.some((quanta) => quanta > 0)).toBe(true);
      expect(firstDifference(own.snapshot.ring, reference.snapshot.ring)).toBeNull();
    });

    it('records the same sums of every population', () => {
      const signals = POPULATION_SIGNALS.length;
      const stride = own.network.populations.length * signals;
      own.network.populations.forEach(({ name }, population) => {
        const signal = (of: ContractRun, index: number) =>
          signalOf(of.records.populationSums, population * signals + index, stride);
        // Signals of one unit are told apart by subtraction in float32, so that the largest of them counts.
        const scale = (unit: string) =>
          Math.max(
            ...POPULATION_SIGNALS.map((key, i) => (key.endsWith(unit) ? largest(signal(reference, i)) : 0)),
          );
        POPULATION_SIGNALS.forEach((key, i) => {
          const unit = key.slice(key.lastIndexOf('_'));
          const tolerance = { _mV: TOLERANCE.state, _nA: TOLERANCE.current, _nS: TOLERANCE.conductance }[
            unit
          ]!;
          const difference = largestDifference(signal(own, i), signal(reference, i));
          expect(difference, `${name} ${key}`).toBeLessThanOrEqual(tolerance * scale(unit));
        });
      });
    });

    it('records the same LFP, absolute and signed, at both electrodes', () => {
      for (let output = 0; output < 4; output++) {
        const [a, b] = [own, reference].map(({ records }) => signalOf(records.lfp_uV, output, 4));
        expect(largest(b)).toBeGreaterThan(1);
        expect(largestDifference(a, b), `output ${output}`).toBeLessThan(TOLERANCE.lfp * largest(b));
      }
    });

    it('records the same traces', () => {
      const plan = planEngine(own.network);
      const variables = [
        ...TRACE_VARIABLES,
        ...own.network.receptors,
        ...Array.from({ length: traceWidth(plan) }, (_, v) => `variable ${v}`),
      ].slice(0, traceWidth(plan));
      variables.forEach((variable, v) => {
        const [a, b] = [own, reference].map(({ records }) => signalOf(records.traces, v, variables.length));
        expect(largest(b)).toBeGreaterThan(0);
        const tolerance =
          v >= TRACE_VARIABLES.length && v < TRACE_VARIABLES.length + own.network.receptors.length
            ? TOLERANCE.conductance
            : variable.endsWith('_nA')
              ? TOLERANCE.current
              : TOLERANCE.state;
        expect(largestDifference(a, b), variable).toBeLessThan(tolerance * largest(b));
      });
    });

    it('has the same state at the end', () => {
      const expected = new Map(columnsOf(reference.state));
      for (const [column, values] of columnsOf(own.state)) {
        const tolerance = column.startsWith('conductance') ? TOLERANCE.conductance : TOLERANCE.state;
        const most = largest([...expected.get(column)!]);
        expect(most).toBeGreaterThan(0);
        expect(largestDifference(values, expected.get(column)!), column).toBeLessThan(tolerance * most);
      }
    });
  });
}

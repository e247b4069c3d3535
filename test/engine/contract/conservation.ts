import { describe, expect, it } from 'vitest';
import { POPULATION_SIGNALS, TRACE_VARIABLES } from '../../../src/engine/engine.js';
import { planEngine, traceWidth } from '../../../src/engine/plan.js';
import { stateKeys } from '../../../src/mechanism/cell_model.js';
import { cellOfPopulation } from '../../../src/model/circuit_cells.js';
import { tracedNeurons } from '../../../src/model/traced_neurons.js';
import type { Network } from '../../../src/network/network.js';
import { delayStepsOf, receptorOf, targetOf, weightQuantaOf } from '../../../src/network/synapse_word.js';
import { type ContractRun, type OpenEngine, RUN_STEPS } from './contract_run.js';
import { DT_MS, RECEPTORS } from './everything_circuit.js';
import { firstDifference, type Records } from './records.js';

/** A spike's way: who gets how much of what, and in which step. */
interface Arrival {
  readonly step: number;
  readonly neuron: number;
  readonly receptor: number;
  readonly quanta: number;
}

/** Every arrival that recorded spikes and the circuit's spike sources cause, now or later. */
function arrivalsOf({ circuit, spikeSources, synapses }: Network, { spikes }: Records): Arrival[] {
  const sent = spikes.map(({ step, neuron }) => ({ step, row: neuron }));
  for (const { name, first } of spikeSources)
    circuit.spikeSources[name].trains_ms.forEach((train, i) => {
      // A spike at t belongs to the step that ends at t, or else next after it.
      for (const t of train) sent.push({ step: Math.ceil(t / DT_MS - 1e-6) - 1, row: first + i });
    });
  const { rowPointers, words } = synapses;
  return sent.flatMap(({ step, row }) =>
    Array.from({ length: rowPointers[row + 1] - rowPointers[row] }, (_, n) => {
      const k = 2 * (rowPointers[row] + n);
      return {
        step: step + 1 + delayStepsOf(words[k + 1]),
        neuron: targetOf(words[k]),
        receptor: receptorOf(words[k]),
        quanta: weightQuantaOf(words[k + 1]),
      };
    }),
  );
}

/** Nothing is lost or made on the way: spikes, what they send, and what is summed over populations. */
export function conservationTests(run: () => ContractRun, open: OpenEngine): void {
  describe('conservation', () => {
    it('what spikes have sent has arrived once, in its step and at its place, or is under way', () => {
      const { network, records, state, snapshot } = run();
      const { neurons, receptors, synapses } = network;
      const ledger = receptors.indexOf('ledger');
      const decay = Math.exp(-DT_MS / RECEPTORS.ledger.tau_ms);
      const arrived = new Float64Array(neurons);
      const underWay = new Int32Array(snapshot.ring.length);
      for (const { step, neuron, receptor, quanta } of arrivalsOf(network, records)) {
        if (step >= RUN_STEPS + snapshot.ringSlots) continue;
        if (step >= RUN_STEPS)
          underWay[((step % snapshot.ringSlots) * receptors.length + receptor) * neurons + neuron] += quanta;
        else if (receptor === ledger)
          arrived[neuron] += quanta * synapses.quantum_nS[ledger] * decay ** (RUN_STEPS - step);
      }
      expect(firstDifference(snapshot.ring, underWay)).toBeNull();
      expect(arrived.filter((g_nS) => g_nS > 0).length).toBeGreaterThan(100);
      // 400 roundings to float32; a quantum too few is 1e-6 nS, at most a few hundredths of what has arrived.
      state.conductance_nS[ledger].forEach((g_nS, i) => {
        expect(Math.abs(g_nS - arrived[i]), `neuron ${i}`).toBeLessThanOrEqual(400 * 2 ** -24 * arrived[i]);
      });
    });

    it('every spike is a crossing of the threshold, and every crossing a spike, step by step', async () => {
      const { network, records } = run();
      const steps = 240;
      const engine = await open(network);
      const cells = network.populations.flatMap(({ name, count }) => {
        const cell = network.circuit.cellTypes[network.circuit.populations[name].cell];
        return new Array<typeof cell>(count).fill(cell);
      });
      const lastSpike = cells.map(() => Number.NEGATIVE_INFINITY);
      const crossings: { step: number; neuron: number }[] = [];
      let { V_mV: before } = await engine.readState();
      for (let step = 0; step < steps; step++) {
        await engine.advance(1, { onBlock: () => {} });
        const { V_mV } = await engine.readState();
        cells.forEach(({ spikeThreshold_mV, refractory_ms }, neuron) => {
          if (!(V_mV[neuron] > spikeThreshold_mV)) return;
          const fires =
            refractory_ms > 0
              ? step - lastSpike[neuron] >= Math.round(refractory_ms / DT_MS)
              : before[neuron] <= spikeThreshold_mV;
          if (!fires) return;
          lastSpike[neuron] = step;
          crossings.push({ step, neuron });
        });
        before = V_mV;
      }
      engine.destroy();
      expect(crossings).toEqual(records.spikes.filter(({ step }) => step < steps));
    });

    it('the last sample is the state at its end: of recorded neurons, and summed over populations', () => {
      const { network, records, state } = run();
      const { populations, receptors, circuit } = network;
      const width = traceWidth(planEngine(network));
      const recorded = tracedNeurons(circuit).map(({ population, neuron, variables }) => ({
        neuron: populations.find(({ name }) => name === population)!.first + neuron,
        cell: cellOfPopulation(circuit, population),
        variables,
      }));
      const lastTraces = records.traces.slice(-recorded.length * width);
      recorded.forEach(({ neuron, cell, variables }, t) => {
        const trace = lastTraces.slice(t * width, (t + 1) * width);
        const keys = stateKeys(cell);
        const ofStates = variables.flatMap((name, v): [number, Float64Array][] => {
          const k = keys.indexOf(name);
          return k < 0 ? [] : [[TRACE_VARIABLES.length + receptors.length + v, state.states[k]]];
        });
        const ofConductances = state.conductance_nS.map((values, r): [number, Float64Array] => [
          TRACE_VARIABLES.length + r,
          values,
        ]);
        expect(ofStates.length).toBe(keys.length);
        // Conductances are turned into nS in float32 for the one and in float64 for the other.
        for (const [column, values] of [[0, state.V_mV] as const, ...ofConductances, ...ofStates])
          expect(Math.abs(trace[column] - values[neuron]), `${column} of ${neuron}`).toBeLessThanOrEqual(
            2 ** -22 * Math.abs(values[neuron]),
          );
      });

      const signals = POPULATION_SIGNALS.length;
      const lastSums = records.populationSums.slice(-populations.length * signals);
      populations.forEach(({ name, first, count }, p) => {
        const total = (column: Float64Array) =>
          column.subarray(first, first + count).reduce((sum, value) => sum + value, 0);
        const conductance = (sign: 'excitatory' | 'inhibitory') =>
          receptors.reduce(
            (sum, receptor, r) =>
              circuit.receptors[receptor].sign === sign ? sum + total(state.conductance_nS[r]) : sum,
            0,
          );
        const [excitatory, inhibitory] = [conductance('excitatory'), conductance('inhibitory')];
        const expected = {
          excitatoryConductance_nS: [excitatory, excitatory + inhibitory],
          inhibitoryConductance_nS: [inhibitory, excitatory + inhibitory],
          V_mV: [total(state.V_mV), total(state.V_mV.map(Math.abs))],
        };
        for (const [key, [value, scale]] of Object.entries(expected)) {
          const found = lastSums[p * signals + POPULATION_SIGNALS.indexOf(key as 'V_mV')];
          // Sums of `count` float32 values, and a difference of two conductances.
          expect(Math.abs(found - value), `${name} ${key}`).toBeLessThanOrEqual(
            (count + 4) * 2 ** -24 * scale,
          );
        }
      });
    });
  });
}

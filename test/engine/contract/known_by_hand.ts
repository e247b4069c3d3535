import { describe, expect, it } from 'vitest';
import { POPULATION_SIGNALS, type PopulationSignal, TRACE_VARIABLES } from '../../../src/engine/engine.js';
import { planEngine, traceWidth } from '../../../src/engine/plan.js';
import type { ContractRun } from './contract_run.js';
import {
  CHARGED,
  CLAMPED,
  CONDUCTIVITY_S_m,
  DT_MS,
  ELECTRODES_um,
  MINIMUM_DISTANCE_um,
  QUIET_MS,
  RECEPTORS,
  SAMPLE_MS,
  SAMPLE_STEPS,
} from './everything_circuit.js';
import { signalOf } from './records.js';

const SAMPLES = 20;
/** Rounding of 400 multiplications by a decay in float32, each by half of 2^-23, and V's drift of 2e-6. */
const TOLERANCE = 400 * 2 ** -24 + 2e-6;

const { AMPA, GABA } = RECEPTORS;

/** Mean over the steps of a sample of exp(-t/tau), which starts at 1 in step 0; t is `atSteps` after the start of a step. */
function meanDecay(tau_ms: number, sample: number, atSteps: number): number {
  let sum = 0;
  for (let k = 0; k < SAMPLE_STEPS; k++)
    sum += Math.exp((-(sample * SAMPLE_STEPS + k + atSteps) * DT_MS) / tau_ms);
  return sum / SAMPLE_STEPS;
}

/** Currents of the clamped cells averaged over a sample, nA: a nS times a mV is a pA. Excitatory inward, inhibitory outward. */
const clampedCurrents = (sample: number, atSteps: number) =>
  CLAMPED.V_mV.map((V, i) => ({
    excitatory: CLAMPED.AMPA_nS[i] * (AMPA.reversal_mV - V) * 1e-3 * meanDecay(AMPA.tau_ms, sample, atSteps),
    inhibitory: CLAMPED.GABA_nS[i] * (V - GABA.reversal_mV) * 1e-3 * meanDecay(GABA.tau_ms, sample, atSteps),
  }));

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** What an engine records of cells without gates, against what one can write down. */
export function knownByHandTests(run: () => ContractRun): void {
  describe('known by hand', () => {
    const clampedSums = (key: PopulationSignal) => {
      const { network, records } = run();
      const population = network.populations.findIndex(({ name }) => name === 'clamped');
      const signals = POPULATION_SIGNALS.length;
      const first = population * signals + POPULATION_SIGNALS.indexOf(key);
      return signalOf(records.populationSums, first, network.populations.length * signals);
    };
    /** Trace of a recorded neuron, numbered as in the circuit. */
    const trace = (neuron: number, variable: string) => {
      const { network, records } = run();
      const variables = [...TRACE_VARIABLES, ...network.receptors];
      const recorded = sum(network.circuit.recording.traces.map(({ neurons }) => neurons.length));
      const width = traceWidth(planEngine(network));
      return signalOf(records.traces, neuron * width + variables.indexOf(variable), recorded * width);
    };
    const expectNear = (values: readonly number[], expected: readonly number[], what: string) => {
      expect(values, what).toHaveLength(expected.length);
      const largest = Math.max(...expected.map(Math.abs));
      values.forEach((value, k) => {
        expect(Math.abs(value - expected[k]), `${what}, sample ${k}`).toBeLessThan(TOLERANCE * largest);
      });
    };
    /** Conductances act in the middle of a step, except where V and gates advance at once. */
    const currentsOf = (sample: number) =>
      clampedCurrents(
        sample,
        run().network.circuit.simulation.integrator === 'exponential-euler-simultaneous' ? 0 : 0.5,
      );
    const samples = Array.from({ length: SAMPLES }, (_, k) => k);

    it('currents of clamped cells: excitatory inward, inhibitory outward, absolute of each cell', () => {
      const currents = samples.map(currentsOf);
      const sums = (of: (cell: { excitatory: number; inhibitory: number }) => number) =>
        currents.map((cells) => sum(cells.map(of)));
      expectNear(
        clampedSums('excitatoryCurrent_nA'),
        sums(({ excitatory }) => excitatory),
        'excitatory',
      );
      expectNear(
        clampedSums('inhibitoryCurrent_nA'),
        sums(({ inhibitory }) => inhibitory),
        'inhibitory',
      );
      const absolute = (cell: { excitatory: number; inhibitory: number }) =>
        Math.abs(cell.excitatory) + Math.abs(cell.inhibitory);
      expectNear(clampedSums('absoluteCurrent_nA'), sums(absolute), 'absolute');
      // Recorded neurons 5 to 8 are the clamped ones.
      CLAMPED.V_mV.forEach((_, i) => {
        expectNear(
          trace(5 + i, 'absoluteCurrent_nA'),
          currents.map((cells) => absolute(cells[i])),
          `absolute current of cell ${i}`,
        );
      });
    });

    it('conductances decay exactly, and V stays', () => {
      const decayed = (g_nS: readonly number[], tau_ms: number) =>
        samples.map((k) => sum(g_nS) * Math.exp((-(k + 1) * SAMPLE_MS) / tau_ms));
      expectNear(clampedSums('excitatoryConductance_nS'), decayed(CLAMPED.AMPA_nS, AMPA.tau_ms), 'AMPA');
      expectNear(clampedSums('inhibitoryConductance_nS'), decayed(CLAMPED.GABA_nS, GABA.tau_ms), 'GABA');
      expectNear(
        clampedSums('V_mV'),
        samples.map(() => sum(CLAMPED.V_mV)),
        'V',
      );
      // To a relative error: after 20 ms AMPA is at exp(-10) of its start.
      trace(5, 'AMPA').forEach((g_nS, k) => {
        const expected = Math.exp((-(k + 1) * SAMPLE_MS) / AMPA.tau_ms);
        expect(Math.abs(g_nS / expected - 1), `sample ${k}`).toBeLessThan(TOLERANCE);
      });
    });

    it('the LFP of point sources, I / (4 pi sigma r), where a sink is negative', () => {
      const output = (electrode: number, isSigned: number) =>
        signalOf(run().records.lfp_uV, 2 * electrode + isSigned, 2 * ELECTRODES_um.length);
      ELECTRODES_um.forEach(([x, y, z], electrode) => {
        const uV_per_nA = CLAMPED.positions_um.map(([cx, cy, cz]) => {
          const distance_um = Math.max(MINIMUM_DISTANCE_um, Math.hypot(cx - x, cy - y, cz - z));
          return (1e-9 / (4 * Math.PI * CONDUCTIVITY_S_m * distance_um * 1e-6)) * 1e6;
        });
        const quiet = samples.slice(0, QUIET_MS / SAMPLE_MS).map(currentsOf);
        const potentials = (of: (cell: { excitatory: number; inhibitory: number }) => number) =>
          quiet.map((cells) => sum(cells.map((cell, i) => uV_per_nA[i] * of(cell))));
        expectNear(
          output(electrode, 0).slice(0, quiet.length),
          potentials((cell) => Math.abs(cell.excitatory) + Math.abs(cell.inhibitory)),
          `absolute, electrode ${electrode}`,
        );
        expectNear(
          output(electrode, 1).slice(0, quiet.length),
          potentials((cell) => cell.inhibitory - cell.excitatory),
          `signed, electrode ${electrode}`,
        );
      });
    });

    it('a step current charges a membrane exponentially', () => {
      const { g_mS_cm2, E_mV, amplitude_uA_cm2, startMs, stopMs } = CHARGED;
      // C = 1 uF/cm2.
      const tau_ms = 1 / g_mS_cm2;
      const charge = (ms: number) => (ms > 0 ? 1 - Math.exp(-ms / tau_ms) : 0);
      const expected = samples.map((k) => {
        const t = (k + 1) * SAMPLE_MS;
        return E_mV + (amplitude_uA_cm2 / g_mS_cm2) * (charge(t - startMs) - charge(t - stopMs));
      });
      expectNear(trace(9, 'V_mV'), expected, 'V');
    });
  });
}

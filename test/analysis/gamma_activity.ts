/** Activity with known answers: Poisson spikes, LFP and currents that all follow one 40 Hz cycle. */

import seedrandom from 'seedrandom';
import type { CircuitActivity, GroupInput, RecordedNeuron } from '../../src/analysis/circuit_activity.js';
import { graphFromEdges } from '../../src/analysis/connectivity/graph.js';
import type { NeuronGroup, SampledSignal } from '../../src/analysis/data.js';
import { spikeTrainsFromLists } from '../../src/analysis/spiketrain/trains.js';

export const GAMMA_HZ = 40;
export const INHIBITION_LAG_MS = 3;
/** Mean |I_E| over mean |I_I| of every group. */
export const EI_RATIO = 1.5;

interface GroupPlan {
  readonly neurons: number;
  readonly sign: 'excitatory' | 'inhibitory';
  readonly rateHz: number;
  /** Modulation depth of the rate, 0..1, and its lag behind the peak of the LFP. */
  readonly depth: number;
  readonly lagRad: number;
}

export const GROUPS: Readonly<Record<string, GroupPlan>> = {
  E: { neurons: 400, sign: 'excitatory', rateHz: 16, depth: 0.8, lagRad: 0 },
  PV: { neurons: 40, sign: 'inhibitory', rateHz: 58, depth: 0.9, lagRad: 0.7 },
  SST: { neurons: 35, sign: 'inhibitory', rateHz: 22, depth: 0.4, lagRad: 1.5 },
  VIP: { neurons: 25, sign: 'inhibitory', rateHz: 15, depth: 0, lagRad: 0 },
};

/** Connection probability, rows sources. */
export const PROBABILITY: readonly (readonly number[])[] = [
  [0.06, 0.4, 0.31, 0.15],
  [0.33, 0.38, 0.1, 0],
  [0.21, 0.18, 0.05, 0.29],
  [0.04, 0.02, 0.14, 0.01],
];

export function gammaActivity(seed = 'gamma', durationMs = 5500, transientMs = 500): CircuitActivity {
  const random = seedrandom.alea(seed);
  const groups = neuronGroups();
  const lists = Object.values(GROUPS).flatMap((plan) =>
    Array.from({ length: plan.neurons }, () => modulatedPoisson(random, plan, durationMs)),
  );
  return {
    neurons: lists.length,
    groups,
    window: { startMs: transientMs, stopMs: durationMs },
    spikes: spikeTrainsFromLists(lists),
    lfp: lfpSignal(random, durationMs),
    input: Object.fromEntries(
      groups.map((group) => [group.name, groupInput(random, group.neurons.length, durationMs)]),
    ),
    ...randomGraph(random, groups),
    signedLfp: lfpSignal(random, durationMs),
    lateralDistances_mm: Float64Array.from(lists, () => 0.1 * Math.sqrt(random())),
    traces: [0, 1, 2, GROUPS.E.neurons, GROUPS.E.neurons + 1].map((neuron) =>
      recordedNeuron(random, neuron, durationMs),
    ),
  };
}

/** Spikes alone, as of external data: no LFP, no currents, no edges. */
export function spikesOnly(activity: CircuitActivity): CircuitActivity {
  return {
    ...activity,
    lfp: null,
    signedLfp: null,
    lateralDistances_mm: null,
    input: null,
    traces: null,
    graph: null,
    synapses: null,
  };
}

function neuronGroups(): NeuronGroup[] {
  let first = 0;
  return Object.entries(GROUPS).map(([name, { neurons, sign }]) => {
    const members = Uint32Array.from({ length: neurons }, (_, k) => first + k);
    first += neurons;
    return { name, neurons: members, sign };
  });
}

/** Thinning of a Poisson process at the highest rate (Lewis and Shedler 1979). */
function modulatedPoisson(
  random: () => number,
  { rateHz, depth, lagRad }: GroupPlan,
  durationMs: number,
): number[] {
  const highest = (rateHz * (1 + depth)) / 1000;
  const times: number[] = [];
  for (let t = 0; ; ) {
    t -= Math.log(1 - random()) / highest;
    if (t >= durationMs) return times;
    if (random() * (1 + depth) < 1 + depth * Math.cos(cycle(t) - lagRad)) times.push(t);
  }
}

const cycle = (timeMs: number) => (2 * Math.PI * GAMMA_HZ * timeMs) / 1000;

function signal(durationMs: number, value: (timeMs: number) => number): SampledSignal {
  return {
    sampleRateHz: 1000,
    startMs: 0,
    values: Float64Array.from({ length: durationMs }, (_, k) => value(k + 0.5)),
  };
}

/** 30 uV, 3 uV at 40 Hz whose size drifts, and noise that falls off above 5 Hz (first order). */
function lfpSignal(random: () => number, durationMs: number): SampledSignal {
  let slow = 0;
  let drift = 0;
  return signal(durationMs, (t) => {
    slow += -slow / 32 + 0.5 * gaussian(random);
    drift += -drift / 200 + 0.04 * gaussian(random);
    return 30 + slow + 3 * (1 + drift) * Math.cos(cycle(t)) + 0.2 * gaussian(random);
  });
}

function groupInput(random: () => number, neurons: number, durationMs: number): GroupInput {
  const wave = (mean: number, lagMs: number) =>
    signal(
      durationMs,
      (t) => neurons * mean * (1 + 0.4 * Math.cos(cycle(t - lagMs)) + 0.1 * gaussian(random)),
    );
  return {
    excitatoryCurrent_nA: wave(0.3 * EI_RATIO, 0),
    inhibitoryCurrent_nA: wave(0.3, INHIBITION_LAG_MS),
    excitatoryConductance_nS: wave(6, 0),
    inhibitoryConductance_nS: wave(18, INHIBITION_LAG_MS),
  };
}

/** V has a part in common with all others and one of its own, of equal variance; E neurons make a thousandth of the LFP. */
function recordedNeuron(random: () => number, neuron: number, durationMs: number): RecordedNeuron {
  return {
    neuron,
    V_mV: signal(durationMs, (t) => -60 + 2 * Math.cos(cycle(t)) + Math.SQRT2 * gaussian(random)),
    input: groupInput(random, 1, durationMs),
    ownLfp_uV: neuron < GROUPS.E.neurons ? signal(durationMs, () => 0.03) : null,
  };
}

function randomGraph(random: () => number, groups: readonly NeuronGroup[]) {
  const sources: number[] = [];
  const targets: number[] = [];
  groups.forEach((from, s) => {
    groups.forEach((to, t) => {
      for (const source of from.neurons) {
        for (const target of to.neurons) {
          if (source !== target && random() < PROBABILITY[s][t]) {
            sources.push(source);
            targets.push(target);
          }
        }
      }
    });
  });
  const nodes = groups.reduce((sum, group) => sum + group.neurons.length, 0);
  const { graph } = graphFromEdges({
    nodes,
    sources: Uint32Array.from(sources),
    targets: Uint32Array.from(targets),
  });
  return { graph, synapses: sources.length };
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

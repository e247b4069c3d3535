import seedrandom from 'seedrandom';
import { describe, expect, it } from 'vitest';
import { analyzeCircuit } from '../../src/analysis/analyze_circuit.js';
import type { CircuitActivity } from '../../src/analysis/circuit_activity.js';
import { TRIAD_NAMES } from '../../src/analysis/connectivity/triad_classes.js';
import { AnalysisError } from '../../src/analysis/data.js';
import { pearson } from '../../src/analysis/spiketrain/correlation.js';
import { spikeTrainsFromLists } from '../../src/analysis/spiketrain/trains.js';
import {
  EI_RATIO,
  GAMMA_HZ,
  GROUPS,
  gammaActivity,
  INHIBITION_LAG_MS,
  PROBABILITY,
  spikesOnly,
} from './gamma_activity.js';

const activity = gammaActivity();
const seconds = (activity.window.stopMs - activity.window.startMs) / 1000;
const analysis = analyzeCircuit(activity);
const { results } = analysis;
const names = Object.keys(GROUPS);

describe('analysis of a 40 Hz modulated Poisson circuit', () => {
  it('counts rates within four standard errors of the processes', () => {
    for (const [name, { neurons, rateHz }] of Object.entries(GROUPS)) {
      const error = Math.sqrt(rateHz / (neurons * seconds));
      expect(Math.abs((results.firing.populations[name].rateHz ?? 0) - rateHz)).toBeLessThan(4 * error);
    }
    const spikes = results.firing.spikes;
    expect(results.firing.meanRateHz).toBeCloseTo(spikes / activity.neurons / seconds, 9);
  });

  it('finds Poisson variability in the population without a rhythm', () => {
    const { cvIsi, cv2, lv, fano, countCorrelation } = results.firing.populations.VIP;
    // About 75 intervals a neuron, 25 neurons: the mean CV of Poisson trains is 1 - 0.9/75 with an error of 0.02.
    for (const value of [cvIsi, cv2, lv]) expect(Math.abs((value ?? 0) - 1)).toBeLessThan(0.1);
    expect(Math.abs((fano ?? 0) - 1)).toBeLessThan(0.1);
    expect(Math.abs(countCorrelation ?? 1)).toBeLessThan(0.01);
  });

  it('finds the rhythm in the LFP and in the spikes that follow it', () => {
    expect(results.oscillation.peakHz).toBe(GAMMA_HZ);
    expect(results.oscillation.peakBand).toBe('gamma');
    expect(results.coherence.peakHz).toBe(GAMMA_HZ);
    expect(results.coherence.populations.E.peak).toBeGreaterThan(results.coherence.significance95 ?? 1);
    const power = results.oscillation.bandPower_uV2;
    // 3 uV at 40 Hz carry 4.5 uV^2; the drift of their size and the noise add to it.
    expect(power.gamma).toBeGreaterThan(4.5);
    expect(power.gamma).toBeLessThan(9);
  });

  it('places the spikes of each population at the phase of its process', () => {
    const { E, PV, SST, VIP } = results.coherence.populations;
    expect(E.phaseRad).toBeCloseTo(GROUPS.E.lagRad, 1);
    expect(PV.phaseRad).toBeCloseTo(GROUPS.PV.lagRad, 1);
    expect(SST.phaseRad).toBeCloseTo(GROUPS.SST.lagRad, 1);
    // Rates 1 + d cos have PPC (d/2)^2; the filtered phase is blurred by noise.
    for (const [name, ppc] of [
      ['E', E.ppc],
      ['PV', PV.ppc],
      ['SST', SST.ppc],
    ] as const) {
      const ideal = (GROUPS[name].depth / 2) ** 2;
      expect((ppc ?? 0) / ideal).toBeGreaterThan(0.8);
      expect((ppc ?? 0) / ideal).toBeLessThan(1.1);
    }
    expect(Math.abs(VIP.ppc ?? 1)).toBeLessThan(0.005);
  });

  it('measures the ratio and the lag of the currents', () => {
    for (const name of names) {
      const { eiRatio, lagMs, conductanceRatio } = results.balance.populations[name];
      expect(Math.abs((eiRatio ?? 0) - EI_RATIO)).toBeLessThan(0.02);
      expect(Math.abs((conductanceRatio ?? 0) - 6 / 18)).toBeLessThan(0.005);
      expect(Math.abs((lagMs ?? 0) - INHIBITION_LAG_MS)).toBeLessThan(0.3);
    }
  });

  it('tells locking from chance by surrogates', () => {
    const { E, PV, SST, VIP } = results.coherence.populations;
    for (const { surrogateP } of [E, PV, SST]) expect(surrogateP).toBe(1 / 200);
    expect(VIP.surrogateP).toBeGreaterThan(0.01);
  });

  it('keeps the correlation of currents whose lag lies beyond the largest that is looked for', () => {
    const { input } = activity;
    if (!input) throw new Error('the fixture has currents');
    const drift = new Float64Array(activity.window.stopMs);
    const random = seedrandom.alea('drift');
    for (let k = 1; k < drift.length; k++) drift[k] = drift[k - 1] + random() - 0.5;
    const lagging = {
      ...input.PV.inhibitoryCurrent_nA,
      values: drift.map((_, k) => 100 + drift[Math.max(0, k - 60)]),
    };
    const leading = { ...input.PV.excitatoryCurrent_nA, values: drift.map((value) => 100 + value) };
    const { PV } = analyzeCircuit({
      ...activity,
      graph: null,
      input: { PV: { ...input.PV, excitatoryCurrent_nA: leading, inhibitoryCurrent_nA: lagging } },
    }).results.balance.populations;
    expect(PV.lagMs).toBeNull();
    const window = [500, 5500] as const;
    expect(PV.correlation).toBe(
      pearson(leading.values.subarray(...window), lagging.values.subarray(...window)).value,
    );
  });

  it('takes currents that turn round for a moment', () => {
    const { input } = activity;
    if (!input) throw new Error('the fixture has currents');
    const values = input.PV.excitatoryCurrent_nA.values.slice();
    values[1000] = -values[1000];
    const turned = { ...input.PV, excitatoryCurrent_nA: { ...input.PV.excitatoryCurrent_nA, values } };
    const { populations } = analyzeCircuit(
      { ...activity, input: { ...input, PV: turned } },
      { nullGraphs: 0 },
    ).results.balance;
    expect(populations.PV.eiRatio).toBeCloseTo(results.balance.populations.PV.eiRatio ?? 0, 2);
    expect(populations.PV.eiRatio).toBeLessThan(results.balance.populations.PV.eiRatio ?? 0);
  });

  it('counts connections within four standard errors of their probability', () => {
    const probabilities = analysis.connectivity.arrays?.blockProbabilities ?? [];
    names.forEach((source, s) => {
      names.forEach((target, t) => {
        const pairs = GROUPS[source].neurons * (GROUPS[target].neurons - (s === t ? 1 : 0));
        const p = PROBABILITY[s][t];
        const error = Math.sqrt((p * (1 - p)) / pairs);
        expect(Math.abs(probabilities[s * names.length + t] - p)).toBeLessThanOrEqual(4 * error);
      });
    });
    const { neurons } = activity;
    expect(results.connectivity.density).toBeCloseTo(
      (activity.synapses ?? 0) / (neurons * (neurons - 1)),
      12,
    );
    const triads = Object.values(results.connectivity.triads ?? {}).reduce((sum, count) => sum + count, 0);
    expect(triads).toBe((neurons * (neurons - 1) * (neurons - 2)) / 6);
    // The random graphs are what this one is: no class of triads stands out.
    for (const z of Object.values(results.connectivity.triadZ ?? {}))
      expect(Math.abs(z ?? 0)).toBeLessThan(5);
  });
});

describe('stand-ins for the LFP', () => {
  it('all find the rhythm that currents and spikes share', () => {
    const proxies = Object.values(results.lfpProxies ?? {});
    expect(proxies).toHaveLength(4);
    for (const { peakHz } of proxies) expect(peakHz).toBe(GAMMA_HZ);
    expect(results.lfpProxies?.absoluteCurrent).toMatchObject({
      correlation: 1,
      peakCorrelation: 1,
      lagMs: 0,
    });
  });

  it('come later by the delay that they model', () => {
    // The field of a spike of the E cells, which fire at the LFP's maximum, comes 10.4 ms and its axon's delay later.
    const meanDelayMs = 10.4 + (1000 * (2 / 3) * 0.1) / 200;
    const lag = results.lfpProxies?.spikeKernels.lagMs ?? Number.NaN;
    // PV cells fire 0.7 rad of 25 ms later and have the larger kernel.
    expect(lag).toBeGreaterThan(meanDelayMs);
    expect(lag).toBeLessThan(meanDelayMs + (25 * 0.7) / (2 * Math.PI));
  });

  it('say what they lack', () => {
    const bare = analyzeCircuit({
      ...activity,
      signedLfp: null,
      input: null,
      lateralDistances_mm: null,
      graph: null,
    });
    const { notes, lfpProxies } = bare.results;
    expect(notes['lfpProxies.signedCurrent']).toMatch(/not given/);
    expect(notes['lfpProxies.referenceWeightedSum']).toMatch(/no synaptic currents/);
    expect(notes['lfpProxies.spikeKernels']).toMatch(/electrode/);
    expect(lfpProxies?.spikeKernels.assumptions.length).toBeGreaterThan(0);
  });
});

describe('recorded neurons', () => {
  const recorded = results.recordedNeurons;

  it('have the balance of their own input', () => {
    expect(recorded?.neurons.map(({ population, neuron }) => `${population} ${neuron}`)).toEqual([
      'E 0',
      'E 1',
      'E 2',
      'PV 0',
      'PV 1',
    ]);
    for (const { balance } of recorded?.neurons ?? []) {
      expect(Math.abs((balance.eiRatio ?? 0) - EI_RATIO)).toBeLessThan(0.02);
      expect(Math.abs((balance.lagMs ?? 0) - INHIBITION_LAG_MS)).toBeLessThan(0.3);
    }
  });

  it('have the chi of potentials of which half the variance is shared', () => {
    // sqrt((1 + 1/n) / 2) for n = 5, 3 and 2.
    expect(recorded?.voltageChi).toBeCloseTo(Math.sqrt(0.6), 1);
    expect(recorded?.populations.E.voltageChi).toBeCloseTo(Math.sqrt(2 / 3), 1);
    expect(recorded?.populations.PV.voltageChi).toBeCloseTo(Math.sqrt(0.75), 1);
  });

  it('are not locked to what they put into the LFP themselves', () => {
    const { lfp, spikes } = activity;
    const neuron = activity.groups[3].neurons[0];
    if (!lfp || !activity.traces) throw new Error('the fixture has an LFP and traces');
    const own = new Float64Array(lfp.values.length);
    for (const time of spikes.timesMs.subarray(spikes.offsets[neuron], spikes.offsets[neuron + 1]))
      own[Math.floor(time)] += 30;
    const ownLfp_uV = { ...lfp, values: own };
    const withOwn = { ...lfp, values: lfp.values.map((value, k) => value + own[k]) };
    const lockingWith = (changes: Partial<CircuitActivity>) =>
      analyzeCircuit({ ...activity, graph: null, ...changes }).results.recordedNeurons?.neurons[0].locking;
    const traces = [{ ...activity.traces[0], neuron, ownLfp_uV }];
    const found = lockingWith({ lfp: withOwn, traces });
    const without = lockingWith({ traces: [{ ...traces[0], ownLfp_uV: null }] });
    expect(found?.ppc).toBeCloseTo(without?.ppcWithOwn ?? Number.NaN, 9);
    expect(found?.ownEffect).toBeGreaterThan(0.1);
    expect(without?.ownEffect).toBe(0);
  });
});

describe('the document', () => {
  it('has the keys that users rely on', () => {
    expect(results.schema).toBe('nce-results/1');
    expect(results.circuit).toEqual({
      neurons: 500,
      synapses: activity.synapses,
      populations: { E: 400, PV: 40, SST: 35, VIP: 25 },
    });
    expect(results.window).toEqual({ startMs: 500, stopMs: 5500 });
    expect(results.firing).toMatchObject(numbers('meanRateHz', 'cvIsi', 'cv2', 'lv', 'fano'));
    const firing = { neurons: 400, ...numbers('rateHz', 'cvIsi', 'cv2', 'lv', 'fano') };
    expect(results.firing.populations.E).toMatchObject(firing);
    expect(results.balance).toMatchObject(numbers('eiRatio'));
    expect(results.oscillation).toMatchObject({
      ...numbers('peakHz'),
      peakBand: 'gamma',
      bandPower_uV2: numbers('delta', 'theta', 'alpha', 'beta', 'gamma', 'highGamma'),
      aperiodic: numbers('offset', 'exponent'),
    });
    expect(results.oscillation.peaks?.[0]).toMatchObject(numbers('hz', 'power', 'bandwidthHz'));
    expect(results.coherence).toMatchObject(numbers('peakHz', 'peak', 'significance95'));
    expect(results.coherence.populations.PV).toMatchObject(numbers('peakHz', 'peak', 'ppc', 'phaseRad'));
    expect(results.connectivity).toMatchObject({
      ...numbers('density', 'reciprocity', 'clustering', 'transitivity'),
      triads: numbers(...TRIAD_NAMES),
      inDegree: numbers('mean', 'sd'),
      outDegree: numbers('mean', 'sd'),
    });
    expect(results.lfpProxies).toMatchObject(
      Object.fromEntries(
        ['absoluteCurrent', 'signedCurrent', 'referenceWeightedSum', 'spikeKernels'].map((name) => [
          name,
          numbers('peakHz', 'gammaShare', 'correlation', 'peakCorrelation', 'lagMs'),
        ]),
      ),
    );
    expect(results.connectivity).toMatchObject({
      richClub: numbers('degree', 'neurons', 'density', 'normalized', 'z'),
      communities: numbers('count', 'modularity', 'populationModularity'),
      smallWorld: numbers('sigma'),
      paths: numbers('startNeurons', 'meanLength', 'reachable', 'globalEfficiency', 'globalEfficiencyError'),
    });
    expect(Object.keys(results.notes).sort()).toEqual([
      'connectivity.smallWorld.omega',
      'connectivity.triadsByPopulation',
      'recordedNeurons.populations.SST.voltageChi',
      'recordedNeurons.populations.VIP.voltageChi',
    ]);
  });

  it('survives JSON: no number is NaN or infinite', () => {
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });

  it.each([
    ['spikes alone', spikesOnly(activity)],
    ['no spikes', { ...activity, spikes: spikeTrainsFromLists(Array.from({ length: 500 }, () => [])) }],
    ['an LFP shorter than a segment', shortened(activity, 900)],
    ['50 ms', shortened(activity, 50)],
    ['a single spike', { ...activity, spikes: firstSpikes(activity) }],
    ['a constant LFP', { ...activity, lfp: constantLike(activity) }],
  ])('gives a reason for every null: %s', (_, data) => {
    const { notes, ...parts } = analyzeCircuit(data).results;
    const unexplained = nullPaths(parts).filter((path) => !isExplained(path, notes));
    expect(unexplained).toEqual([]);
    expect(JSON.parse(JSON.stringify(parts))).toEqual(parts);
  });

  it('omits what is before the window', () => {
    const noisyStart = {
      ...activity,
      lfp: activity.lfp && { ...activity.lfp, values: activity.lfp.values.slice() },
    };
    noisyStart.lfp?.values.fill(1e6, 0, 500);
    expect(analyzeCircuit(noisyStart, { nullGraphs: 0 }).results.oscillation).toEqual(results.oscillation);
  });

  it('takes the length of Welch segments', () => {
    const { arrays } = analyzeCircuit(activity, { segmentMs: 500, nullGraphs: 0 }).oscillation;
    expect(arrays?.psd.frequenciesHz[1]).toBe(2);
    expect(arrays?.psd.averages).toBe(19);
  });
});

describe('bad input', () => {
  it.each([
    ['segment of no length', activity, { segmentMs: 0 }, /segmentMs is 0/],
    [
      'window without length',
      { ...activity, window: { startMs: 10, stopMs: 10 } },
      {},
      /window is \[10, 10\)/,
    ],
    ['NaN in the LFP', withLfpSample(activity, 1000, Number.NaN), {}, /NaN/],
  ])('%s', (_, data, options, message) => {
    expect(() => analyzeCircuit(data, options)).toThrow(AnalysisError);
    expect(() => analyzeCircuit(data, options)).toThrow(message);
  });
});

function numbers(...keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(keys.map((key) => [key, expect.any(Number)]));
}

function shortened(of: CircuitActivity, lastsMs: number): CircuitActivity {
  return { ...of, window: { startMs: 500, stopMs: 500 + lastsMs } };
}

function firstSpikes({ spikes, window }: CircuitActivity) {
  const first = (_: unknown, neuron: number) =>
    spikes.timesMs
      .subarray(spikes.offsets[neuron], spikes.offsets[neuron + 1])
      .filter((time) => time >= window.startMs)
      .subarray(0, neuron === 0 ? 1 : 0);
  return spikeTrainsFromLists(Array.from({ length: spikes.offsets.length - 1 }, first));
}

function constantLike({ lfp }: CircuitActivity) {
  return lfp && { ...lfp, values: new Float64Array(lfp.values.length).fill(7) };
}

function withLfpSample(of: CircuitActivity, sample: number, value: number): CircuitActivity {
  if (!of.lfp) throw new Error('the fixture has an LFP');
  const values = of.lfp.values.slice();
  values[sample] = value;
  return { ...of, lfp: { ...of.lfp, values } };
}

function nullPaths(value: unknown, path = ''): string[] {
  if (value === null) return [path];
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, part]) =>
    nullPaths(part, path === '' ? key : `${path}.${key}`),
  );
}

function isExplained(path: string, notes: Readonly<Record<string, string>>): boolean {
  const steps = path.split('.');
  return steps.some((_, k) => notes[steps.slice(0, steps.length - k).join('.')]);
}

import { clustering } from '../../../src/analysis/connectivity/clustering.js';
import { degreeAssortativity, density } from '../../../src/analysis/connectivity/degrees.js';
import { dyadsOf, reciprocity, undirected } from '../../../src/analysis/connectivity/dyads.js';
import { modularity } from '../../../src/analysis/connectivity/modularity.js';
import { pathLengths } from '../../../src/analysis/connectivity/path_lengths.js';
import { directedRichClub, undirectedRichClub } from '../../../src/analysis/connectivity/rich_club.js';
import { triadCensus } from '../../../src/analysis/connectivity/triad_census.js';
import { TRIAD_NAMES } from '../../../src/analysis/connectivity/triad_classes.js';
import {
  pairwisePhaseConsistency,
  phaseLockingValue,
  sumPhases,
} from '../../../src/analysis/coupling/circular.js';
import { coherenceLevel, spikeFieldCoherence } from '../../../src/analysis/coupling/spike_field_coherence.js';
import type { Estimate } from '../../../src/analysis/data.js';
import { spikeKernelLfp } from '../../../src/analysis/lfp/spike_kernels.js';
import { allNeurons, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import { bothWays, golden, graphOf } from '../connectivity/cases.js';
import coupling from '../goldens/coupling.json' with { type: 'json' };
import lfp from '../goldens/lfp.json' with { type: 'json' };
import { sampled } from '../spectral/signals.js';
import type { ReferenceRow } from './row.js';

const numberOf = (estimate: Estimate<number>) => estimate.value ?? Number.NaN;

export function circuitRows(): ReferenceRow[] {
  return [...couplingRows(), ...kernelRows(), ...graphRows()];
}

function couplingRows(): ReferenceRow[] {
  const { inputs, expected } = coupling['sfc.locked'];
  const sine = sampled(100_000, 1000, (n) => Math.sin((2 * Math.PI * 20 * n) / 1000));
  const clock = spikeTrainsFromLists([Array.from({ length: 2000 }, (_, k) => 50 * k)]);
  const locked = (window: 'boxcar' | 'hann') => {
    const options = { segmentSamples: inputs.nperseg, overlapSamples: inputs.noverlap, window };
    const found = spikeFieldCoherence(sine, clock, allNeurons(clock), options).value?.coherence;
    const bin = found?.frequenciesHz.findIndex((hz) => hz >= 19) ?? 0;
    return found?.msc[bin] ?? Number.NaN;
  };
  const phases = coupling['ppc.small'];
  const sum = sumPhases(phases.inputs.phases);
  const levels = [
    coupling['chronux.confC.K5_tr1_p0.05_nsNone'],
    coupling['chronux.confC.K5_tr1_p0.05_ns20'],
    coupling['chronux.confC.K5_tr10_p0.05_nsNone'],
    coupling['chronux.confC.K7_tr1_p0.01_nsNone'],
  ];
  return [
    {
      estimator: 'Spike-LFP coherence (MSC)',
      definition: 'spikes locked to a 20 Hz sine; boxcar and Hann',
      source: 'SciPy, on the case of Elephant’s test',
      reference: [expected.boxcar.c, expected.hann.c],
      ours: [locked('boxcar'), locked('hann')],
    },
    {
      estimator: 'Confidence level of |C|',
      definition: '√(1 − p^(1/(dof/2 − 1))), dof lowered by few spikes',
      source: 'Chronux coherr.m',
      reference: levels.map((level) => level.expected.confC),
      ours: levels.map(({ inputs: of }) => coherenceLevel(of.K * of.trials, of.p, of.nspikes).cohMag),
    },
    {
      estimator: 'PPC0',
      definition: '(|Σ e^{iφ}|² − n) / (n (n − 1))',
      source: 'FieldTrip, MNE-Connectivity',
      reference: [phases.expected.ppc],
      ours: [pairwisePhaseConsistency(sum)],
    },
    {
      estimator: 'Phase-locking value',
      definition: '|mean of e^{iφ}|',
      source: 'FieldTrip, MNE-Connectivity',
      reference: [phases.expected.plv],
      ours: [phaseLockingValue(sum)],
    },
  ];
}

function kernelRows(): ReferenceRow[] {
  const { inputs, expected } = lfp['telenczuk.kernel'];
  const field = (sign: 'excitatory' | 'inhibitory') => {
    const { values } = spikeKernelLfp({
      trains: spikeTrainsFromLists([[inputs.spike_ms]]),
      groups: [{ name: 'cell', neurons: Uint32Array.of(0), sign }],
      lateralDistances_mm: Float64Array.of(inputs.r_mm),
      layer: 'soma',
      // 10 samples a ms, in the middle of whose intervals the reference's times lie.
      window: { startMs: -0.05, stopMs: 30 },
      sampleRateHz: 10_000,
    }).signal;
    return inputs.t_ms.map((time) => values[Math.round(10 * time)]);
  };
  return [
    {
      estimator: 'Spike-kernel LFP, µV',
      definition: 'A exp(−r/λ) exp(−(t − 10.4 ms − r/v)²/(2σ²)), one excitatory and one inhibitory spike',
      source: 'tklfp, amplitudes of ModelDB 266508',
      reference: [...expected.exc_uV, ...expected.inh_uV],
      ours: [...field('excitatory'), ...field('inhibitory')],
    },
  ];
}

function graphRows(): ReferenceRow[] {
  const { inputs, expected } = golden('digraph40');
  const graph = graphOf(inputs.nodes, inputs.edges);
  const dyads = dyadsOf(graph);
  const triangles = clustering(dyads);
  const paths = pathLengths(graph).value;
  const census = triadCensus(dyads);
  const karate = golden('karate');
  const club = graphOf(34, bothWays(karate.inputs.edges));
  const clubTriangles = clustering(dyadsOf(undirected(club)));
  const barbell = golden('graph.small').expected.modularity['directed 2>1,2>3,3>4 {1,2}|{3,4}'];
  const path = graphOf(4, [
    [1, 0],
    [1, 2],
    [2, 3],
  ]);
  const directedClub = Object.keys(expected.rich_club_directed).map(Number);
  const undirectedClub = Object.keys(expected.rich_club_undirected).map(Number);
  const nx = 'NetworkX 3.6.1, random digraph of 40';
  const row = (
    estimator: string,
    definition: string,
    source: string,
    reference: number[],
    ours: number[],
  ) => ({
    estimator,
    definition,
    source,
    reference,
    ours,
  });
  return [
    row('Density', 'm / (n (n − 1))', nx, [expected.density], [numberOf(density(graph))]),
    row(
      'Reciprocity',
      'edges whose reverse exists / edges',
      nx,
      [expected.reciprocity],
      [numberOf(reciprocity(dyads))],
    ),
    row(
      'Directed clustering',
      'T / (2 (k (k − 1) − 2 k↔)), every node (Fagiolo 2007)',
      nx,
      expected.clustering,
      [...triangles.coefficients],
    ),
    row(
      'Transitivity, directed',
      'directed triangles / possible ones',
      'BCT transitivity_bd, by its definition',
      [expected.transitivity_bct],
      [numberOf(triangles.transitivity)],
    ),
    row(
      'Clustering and transitivity, undirected',
      'every edge both ways',
      'NetworkX 3.6.1, karate club',
      [karate.expected.C, karate.expected.T],
      [numberOf(clubTriangles.mean), numberOf(clubTriangles.transitivity)],
    ),
    row(
      'Triad census',
      'all 16 classes',
      `${nx}; igraph agrees`,
      TRIAD_NAMES.map((name) => expected.census[name]),
      TRIAD_NAMES.map((name) => census[name]),
    ),
    row(
      'Assortativity',
      'Pearson of out-degree of sources with in-degree of targets',
      nx,
      [expected.assortativity],
      [numberOf(degreeAssortativity(graph))],
    ),
    row(
      'Directed modularity',
      'Σ (within / m − in out / m²)',
      'NetworkX, its own test',
      [barbell],
      [numberOf(modularity(path, Uint32Array.of(0, 0, 1, 1)))],
    ),
    row(
      'Rich club, directed',
      'density among nodes of total degree above k, every k',
      'BCT rich_club_bd, by its definition',
      directedClub.map((k) => expected.rich_club_directed[k]),
      directedClub.map((k) => directedRichClub(graph)[k]),
    ),
    row(
      'Rich club, undirected',
      'directions ignored, every k',
      nx,
      undirectedClub.map((k) => expected.rich_club_undirected[k]),
      undirectedClub.map((k) => undirectedRichClub(graph)[k]),
    ),
    row(
      'Mean path length',
      'over ordered pairs',
      nx,
      [expected.average_path_length],
      [paths?.averageLength.value?.mean ?? Number.NaN],
    ),
    row(
      'Global efficiency',
      'mean of 1 / length over ordered pairs',
      nx,
      [expected.efficiency_directed],
      [paths?.globalEfficiency.mean ?? Number.NaN],
    ),
  ];
}

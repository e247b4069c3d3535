import { binsOf } from '../../../src/analysis/spiketrain/binning.js';
import { binnedCounts, covariance, pearson } from '../../../src/analysis/spiketrain/correlation.js';
import { crossCorrelogram } from '../../../src/analysis/spiketrain/cross_correlogram.js';
import { fanoOfCounts } from '../../../src/analysis/spiketrain/fano.js';
import { irregularity } from '../../../src/analysis/spiketrain/isi.js';
import { isiDistance } from '../../../src/analysis/spiketrain/isi_distance.js';
import { samplePairs, summarizePairs } from '../../../src/analysis/spiketrain/pairs.js';
import { spikeHistogram } from '../../../src/analysis/spiketrain/rates.js';
import { spikeDistance } from '../../../src/analysis/spiketrain/spike_distance.js';
import { pooledSpikeSynchronization } from '../../../src/analysis/spiketrain/spike_synchronization.js';
import { spikeTimeTiling } from '../../../src/analysis/spiketrain/sttc.js';
import { allNeurons, spikeTrainsFromLists } from '../../../src/analysis/spiketrain/trains.js';
import { victorPurpuraDistance } from '../../../src/analysis/spiketrain/victor_purpura.js';
import pyspike from '../goldens/pyspike-trains.json' with { type: 'json' };
import goldens from '../goldens/spiketrain.json' with { type: 'json' };
import type { ReferenceRow } from './row.js';

const ELEPHANT = 'Elephant, its own test';

export function spikeRows(): ReferenceRow[] {
  return [...intervalRows(), ...countRows(), ...distanceRows()];
}

function intervalRows(): ReferenceRow[] {
  const { inputs, expected } = goldens['isi.cv2_lv_lvr'];
  const times = [0];
  for (const interval of inputs.isi_ms) times.push(times[times.length - 1] + interval);
  const window = { startMs: 0, stopMs: 20_000 };
  const found = irregularity(spikeTrainsFromLists([times]), window, inputs.R_ms);
  const row = (estimator: string, definition: string, reference: number, ours: number) => ({
    estimator,
    definition,
    source: ELEPHANT,
    reference: [reference],
    ours: [ours],
  });
  return [
    row('CV2', 'mean of 2 |I′ − I| / (I′ + I)', expected.cv2, found.cv2[0]),
    row('LV', 'mean of 3 ((I′ − I) / (I′ + I))²', expected.lv, found.lv[0]),
    row('LvR', 'LV with R = 5 ms: each term times 1 + 4 R / (I + I′)', expected.lvr, found.lvr[0]),
  ];
}

function countRows(): ReferenceRow[] {
  const fano = goldens['fano.pair'];
  const { inputs, expected } = goldens['binned.cov_corr_cch'];
  const bins = binsOf({ startMs: inputs.t[0], stopMs: inputs.t[1] }, inputs.bin_ms);
  const trains = [inputs.a_ms, inputs.b_ms].map((times) => Float64Array.from(times));
  const [a, b] = trains.map((times) => binnedCounts(times, bins));
  const [clippedA, clippedB] = trains.map((times) => binnedCounts(times, bins, 'occupied'));
  const histogram = goldens['hist.counts'];
  const inMs = spikeTrainsFromLists(histogram.inputs.trains_s.map((train) => train.map((t) => 1000 * t)));
  const seconds = binsOf({ startMs: 0, stopMs: 10_000 }, 1000);
  return [
    {
      estimator: 'Fano factor',
      definition: 'variance (ddof 0) over mean of counts',
      source: ELEPHANT,
      reference: [fano.expected.ff],
      ours: [fanoOfCounts(fano.inputs.counts)],
    },
    {
      estimator: 'Spike histogram',
      definition: 'counts of two trains in half-open bins of 1 s',
      source: ELEPHANT,
      reference: histogram.expected.counts,
      ours: spikeHistogram(inMs, allNeurons(inMs), seconds),
    },
    {
      estimator: 'Covariance of counts',
      definition: 'bins of 1 ms, ddof 1',
      source: 'numpy.cov, as in Elephant’s test',
      reference: [expected.cov01],
      ours: [covariance(a, b)],
    },
    {
      estimator: 'Correlation of counts',
      definition: 'Pearson, bins of 1 ms; also with bins that hold at most 1',
      source: 'numpy.corrcoef, as in Elephant’s test',
      reference: [expected.corr01, expected.corr01_clipped],
      ours: [pearson(a, b).value ?? Number.NaN, pearson(clippedA, clippedB).value ?? Number.NaN],
    },
    {
      estimator: 'Cross-correlogram',
      definition: 'pairs of spikes by lag of the second, bins of 1 ms',
      source: 'numpy.correlate, as in Elephant’s test',
      reference: expected.cch_full,
      ours: crossCorrelogram(a, b, bins.binMs, bins.count - 1).counts,
    },
  ];
}

function distanceRows(): ReferenceRow[] {
  const tiling = goldens['sttc.pencil'];
  const [a, b] = [tiling.inputs.a_ms, tiling.inputs.b_ms].map((times) => Float64Array.from(times));
  const tilingWindow = { startMs: tiling.inputs.t[0], stopMs: tiling.inputs.t[1] };
  const { inputs, expected } = goldens['spike.multi'];
  const window = { startMs: inputs.t[0], stopMs: inputs.t[1] };
  const trains = spikeTrainsFromLists(pyspike.trains_ms);
  const pairs = samplePairs(allNeurons(trains), 1000, '');
  const mean = (distance: typeof isiDistance) =>
    summarizePairs(trains, pairs, window, (x, y) => ({ value: distance(x, y, window) })).value?.mean ??
    Number.NaN;
  const spiky = 'SPIKY (MATLAB), on PySpike’s 40 trains';
  return [
    {
      estimator: 'STTC',
      definition: '½ [(PA − TB)/(1 − PA TB) + (PB − TA)/(1 − PB TA)], ±5 ms',
      source: `${ELEPHANT}, calculated by hand`,
      reference: [tiling.expected.sttc],
      ours: [spikeTimeTiling(a, b, tilingWindow, tiling.inputs.dt_ms).value ?? Number.NaN],
    },
    {
      estimator: 'ISI distance',
      definition: 'time mean of |I − I′| / max(I, I′), over pairs',
      source: spiky,
      reference: [expected.isi],
      ours: [mean(isiDistance)],
    },
    {
      estimator: 'SPIKE distance',
      definition: 'Kreuz et al. 2013, over pairs',
      source: spiky,
      reference: [expected.spike],
      ours: [mean(spikeDistance)],
    },
    {
      estimator: 'SPIKE-synchronization',
      definition: 'coincident share of all spikes, coincidence window adaptive',
      source: spiky,
      reference: [expected.sync],
      ours: [pooledSpikeSynchronization(trains, pairs, window)],
    },
    {
      estimator: 'Victor-Purpura distance',
      definition: 'least cost of adding, removing (1) and moving (q |Δt|) spikes',
      source: ELEPHANT,
      reference: goldens.vp.expected.d,
      ours: goldens.vp.inputs.cases.map(([x, y, cost]) =>
        victorPurpuraDistance(
          Float64Array.from(x as number[]),
          Float64Array.from(y as number[]),
          cost as number,
        ),
      ),
    },
  ];
}

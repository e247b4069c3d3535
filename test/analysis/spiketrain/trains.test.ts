import { describe, expect, it } from 'vitest';
import { AnalysisError } from '../../../src/analysis/data.js';
import {
  allNeurons,
  requireNeurons,
  restrictToWindow,
  spikesOf,
  spikeTrains,
  spikeTrainsFromEvents,
  spikeTrainsFromLists,
} from '../../../src/analysis/spiketrain/trains.js';

describe('spikeTrainsFromEvents', () => {
  it('gives the same trains for any order of the events', () => {
    const inTimeOrder = spikeTrainsFromEvents([2, 0, 2, 0, 3], [1, 2, 3, 4, 5], 5);
    const scrambled = spikeTrainsFromEvents([0, 3, 2, 2, 0], [4, 5, 3, 1, 2], 5);
    expect(inTimeOrder).toEqual(scrambled);
    expect([...scrambled.timesMs]).toEqual([2, 4, 1, 3, 5]);
    expect([...scrambled.offsets]).toEqual([0, 2, 2, 4, 5, 5]);
  });

  it('keeps silent neurons, and takes no spikes at all', () => {
    expect([...spikeTrainsFromEvents([], [], 3).offsets]).toEqual([0, 0, 0, 0]);
    expect([...spikeTrainsFromEvents([], [], 0).offsets]).toEqual([0]);
  });

  it.each([
    ['a neuron that is not in the list', [3], [1], /neuron 3, which is not in the list of 3/],
    ['a negative neuron', [-1], [1], /neuron -1/],
    ['a fractional neuron', [0.5], [1], /neuron 0.5/],
    ['a negative time', [0], [-1], /at -1 ms/],
    ['a NaN time', [0, 0, 0], [2, Number.NaN, 1], /NaN/],
    ['an infinite time', [0], [Number.POSITIVE_INFINITY], /Infinity/],
    ['two spikes of one neuron at once', [1, 1], [5, 5], /neuron 1 has a spike at 5 ms after one at 5 ms/],
    ['lists of unequal length', [0, 1], [5], /2 neurons but 1 times/],
  ])('refuses %s', (_, neurons, times, message) => {
    expect(() => spikeTrainsFromEvents(neurons, times, 3)).toThrow(AnalysisError);
    expect(() => spikeTrainsFromEvents(neurons, times, 3)).toThrow(message);
  });
});

describe('spikeTrains', () => {
  it('refuses times that do not ascend within a neuron', () => {
    expect(() => spikeTrains(Float64Array.of(2, 1), Uint32Array.of(0, 2))).toThrow(/ascend strictly/);
    expect(() => spikeTrains(Float64Array.of(2, 1), Uint32Array.of(0, 1, 2))).not.toThrow();
  });

  it.each([
    ['no offsets', []],
    ['a first offset other than 0', [1, 2]],
    ['a last offset other than the number of spikes', [0, 1]],
    ['descending offsets', [0, 2, 1, 2]],
  ])('refuses %s', (_, offsets) => {
    expect(() => spikeTrains(Float64Array.of(1, 2), Uint32Array.from(offsets))).toThrow(AnalysisError);
  });
});

describe('windows', () => {
  const trains = spikeTrainsFromLists([
    [0, 10, 20],
    [5, 15],
  ]);

  it('are half-open', () => {
    expect([...spikesOf(trains, 0, { startMs: 10, stopMs: 20 })]).toEqual([10]);
    const inside = restrictToWindow(trains, { startMs: 5, stopMs: 15 });
    expect([...inside.timesMs]).toEqual([10, 5]);
    expect([...inside.offsets]).toEqual([0, 1, 2]);
  });

  it.each([
    [5, 5],
    [6, 5],
    [Number.NaN, 5],
    [0, Number.POSITIVE_INFINITY],
  ])('[%d, %d) is refused', (startMs, stopMs) => {
    expect(() => restrictToWindow(trains, { startMs, stopMs })).toThrow(/start < stop/);
  });

  it('neurons of a group must be rows of the trains', () => {
    expect(() => requireNeurons(trains, Uint32Array.of(0, 2))).toThrow(/neuron 2 is not in the list of 2/);
    expect([...allNeurons(trains)]).toEqual([0, 1]);
  });
});

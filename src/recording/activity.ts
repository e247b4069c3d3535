import type { CircuitActivity, GroupInput } from '../analysis/circuit_activity.js';
import { graphFromEdges } from '../analysis/connectivity/graph.js';
import type { DirectedGraph, NeuronGroup, SampledSignal, TimeWindow } from '../analysis/data.js';
import { spikeTrainsFromEvents } from '../analysis/spiketrain/trains.js';
import { populationSign } from '../model/circuit.js';
import type { Network } from '../network/network.js';
import { targetOf } from '../network/synapse_word.js';
import { lateralDistances_mm, recordedNeuronsOf } from './recorded_neurons.js';
import { type Recording, spikeTimeMs } from './recording.js';

/**
 * A run as the analysis takes it: spike trains by neuron, the first electrode's LFP, each population's input and the
 * graph of the synapses between neurons (repeated ones merged, autapses left out; `synapses` counts them all). Signals
 * and spikes span the whole recording; the analysis cuts them to `window`.
 *
 * @throws AnalysisError on spikes of neurons that the network does not have
 */
export function activityOf(recording: Recording, network: Network, window: TimeWindow): CircuitActivity {
  const { spikes, dtMs, sampleRateHz, lfp } = recording;
  const signal = (values: ArrayLike<number>): SampledSignal => ({
    sampleRateHz,
    startMs: 0,
    values: Float64Array.from(values),
  });
  const timesMs = Float64Array.from(spikes.steps, (step) => spikeTimeMs(step, dtMs));
  const electrode = lfp?.[0] ?? null;
  return {
    neurons: network.neurons,
    groups: groupsOf(network),
    window,
    spikes: spikeTrainsFromEvents(spikes.neurons, timesMs, network.neurons),
    lfp: electrode && signal(electrode.absolute_uV),
    signedLfp: electrode && signal(electrode.signed_uV),
    lateralDistances_mm: lateralDistances_mm(network),
    input: Object.fromEntries(
      Object.entries(recording.populations).map(([name, signals]): [string, GroupInput] => [
        name,
        {
          excitatoryCurrent_nA: signal(signals.excitatoryCurrent_nA),
          inhibitoryCurrent_nA: signal(signals.inhibitoryCurrent_nA),
          excitatoryConductance_nS: signal(signals.excitatoryConductance_nS),
          inhibitoryConductance_nS: signal(signals.inhibitoryConductance_nS),
        },
      ]),
    ),
    traces: recording.traces.length === 0 ? null : recordedNeuronsOf(recording, network),
    graph: graphOf(network),
    synapses: network.synapses.rowPointers[network.neurons],
  };
}

function groupsOf({ circuit, populations }: Network): NeuronGroup[] {
  return populations.map(({ name, first, count }) => ({
    name,
    neurons: Uint32Array.from({ length: count }, (_, k) => first + k),
    sign: populationSign(circuit, name),
  }));
}

/** The synapses between neurons; those of spike sources come after them in the table. */
function graphOf({ neurons, synapses }: Network): DirectedGraph {
  const { rowPointers, words } = synapses;
  const count = rowPointers[neurons];
  const sources = new Uint32Array(count);
  const targets = new Uint32Array(count);
  for (let neuron = 0; neuron < neurons; neuron++)
    sources.fill(neuron, rowPointers[neuron], rowPointers[neuron + 1]);
  for (let k = 0; k < count; k++) targets[k] = targetOf(words[2 * k]);
  return graphFromEdges({ nodes: neurons, sources, targets }).graph;
}

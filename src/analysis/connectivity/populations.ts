/** Which population each node of a graph belongs to. */

import { AnalysisError, type NeuronGroup } from '../data.js';

/** A division of all nodes into populations. */
export interface PopulationMap {
  readonly names: readonly string[];
  /** Index in `names` of each node's population. */
  readonly ofNode: Uint32Array;
}

/** @throws AnalysisError unless every node in [0, nodes) is in exactly one group. */
export function populationMap(nodes: number, groups: readonly NeuronGroup[]): PopulationMap {
  const unassigned = groups.length;
  const ofNode = new Uint32Array(nodes).fill(unassigned);
  groups.forEach((group, index) => {
    for (const neuron of group.neurons) {
      if (neuron >= nodes) {
        throw new AnalysisError(`group ${group.name} has neuron ${neuron}, outside [0, ${nodes})`);
      }
      if (ofNode[neuron] !== unassigned) {
        throw new AnalysisError(
          `neuron ${neuron} is in group ${group.name} and in group ${groups[ofNode[neuron]].name}`,
        );
      }
      ofNode[neuron] = index;
    }
  });
  const missing = ofNode.indexOf(unassigned);
  if (missing !== -1) throw new AnalysisError(`neuron ${missing} is in no group`);
  return { names: groups.map((group) => group.name), ofNode };
}

/** All nodes as one population. */
export function singlePopulation(nodes: number): PopulationMap {
  return { names: ['all'], ofNode: new Uint32Array(nodes) };
}

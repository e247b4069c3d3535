import seedrandom from 'seedrandom';
import type { Circuit } from '../model/circuit.js';
import { cellOfPopulation } from '../model/circuit_cells.js';
import { sampler } from './draw.js';
import type { VariedConstants } from './network.js';

/**
 * Draws the values of a population that differ between its neurons, in the units of their paths. Each path has a stream of its
 * own, so that nothing else in the circuit changes its draws, and the first neurons keep theirs where a population grows.
 */
export function drawVaried(
  { populations, simulation }: Circuit,
  population: string,
): Map<string, Float64Array> {
  const { neurons, vary } = populations[population];
  return new Map(
    Object.entries(vary).map(([path, distribution]) => {
      const random = seedrandom.alea(`${simulation.seed}/vary/${population}/${path}`);
      const { draw } = sampler(distribution, { next: () => Math.max(random(), Number.MIN_VALUE) });
      return [path, Float64Array.from({ length: neurons }, draw)];
    }),
  );
}

/** The same by constant of the cell, in coherent units. */
export function variedConstants(circuit: Circuit, population: string): VariedConstants {
  const { written } = cellOfPopulation(circuit, population);
  return new Map(
    [...drawVaried(circuit, population)].map(([path, values]) => {
      const { name, scale } = written.get(path)!;
      return [name, values.map((value) => value * scale)];
    }),
  );
}

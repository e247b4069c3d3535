import { largestBoundedStepMs, staysBounded } from '../mechanism/largest_step.js';
import type { CircuitProblem } from '../text/circuit_problems.js';
import type { Circuit } from './circuit.js';
import { circuitCells } from './circuit_cells.js';

/** Cells and steps that stayed bounded, so that a sweep tries each once. */
const good = new Set<string>();
const MOST_KNOWN = 10_000;

/** A problem for each cell that runs away at the circuit's step, found by trial, with the step that would do. */
export function checkStep(circuit: Circuit): CircuitProblem[] {
  const { dt_ms, integrator, temperature_C } = circuit.simulation;
  const used = new Set(Object.values(circuit.populations).map(({ cell }) => cell));
  return [...circuitCells(circuit)].flatMap(([name, cell]) => {
    const key = JSON.stringify([
      circuit.cellTypes[name],
      circuit.mechanisms,
      dt_ms,
      integrator,
      temperature_C,
    ]);
    if (!used.has(name) || good.has(key)) return [];
    if (staysBounded(cell, integrator, dt_ms)) {
      if (good.size < MOST_KNOWN) good.add(key);
      return [];
    }
    const largest = largestBoundedStepMs(cell, integrator, dt_ms);
    const remedy = largest === null ? 'nor at the smallest step that was tried' : `it does at ${largest} ms`;
    const message = `dt_ms ${dt_ms} is too large for the integrator "${integrator}": the membrane potential of the cell "${name}" does not stay within [-1000, 1000] mV; ${remedy}`;
    return [{ path: ['simulation', 'dt_ms'], message }];
  });
}

import * as z from 'zod';
import type { CellModel } from '../mechanism/cell_model.js';
import type { CircuitPath } from '../text/circuit_error.js';
import { type CircuitProblem, describeProblems, messageOf } from '../text/circuit_problems.js';
import type { Limits } from '../text/quantity.js';
import { didYouMean } from '../text/suggestion.js';
import { checkListed } from './check_listed.js';
import type { Circuit } from './circuit.js';
import { circuitCells } from './circuit_cells.js';
import { type Distribution, distribution } from './distribution.js';

/** Problems of the values that differ between neurons: paths that their cell does not have, values out of range, lists too short. */
export function checkVaried(circuit: Circuit): CircuitProblem[] {
  const cells = circuitCells(circuit);
  return Object.entries(circuit.populations).flatMap(([name, { cell, neurons, vary }]) => {
    const model = cells.get(cell);
    if (!model) return [];
    return Object.entries(vary).flatMap(([path, values]) => {
      const place = ['populations', name, 'vary', path];
      const written = model.written.get(path);
      if (!written) return [{ path: place, of: 'key' as const, message: remedyFor(path, model) }];
      return [
        ...(written.limits ? checkLimits(place, path, values, written.limits) : []),
        ...checkListed(place, values, neurons, `neuron of ${name}`),
      ];
    });
  });
}

function checkLimits(
  place: CircuitPath,
  path: string,
  values: Distribution,
  limits: Limits,
): CircuitProblem[] {
  const schema = distribution(limits.unit, path, limits.range);
  const { error } = schema.safeParse(values, { error: messageOf });
  if (!error) return [];
  return describeProblems(error.issues, values, z.toJSONSchema(schema)).map((problem) => ({
    ...problem,
    path: [...place, ...problem.path],
  }));
}

function remedyFor(path: string, { name, written }: CellModel): string {
  if (path === 'area_um2')
    return 'area_um2 cannot differ between neurons of a population, since it turns the weights of their synapses into densities; make a population for each area';
  const known = [...written.keys()];
  const [place, label, key] = path.split('.');
  const isOfIon =
    place === 'membrane' && key === 'E_mV' && known.some((other) => other.startsWith(`membrane.${label}.`));
  if (isOfIon)
    return `the cell "${name}" has no ${path} of its own: it is that of the ion; vary ions.ION.E_mV, or give the cell ${path}`;
  return `the cell "${name}" has no value "${path}"${didYouMean(path, known)}`;
}

import { type Circuit, CircuitError, formatIssue, resolveCircuit } from '../../src/index.js';
import { mostSynapses } from '../../src/network/expected_synapses.js';
import { PageFailure } from '../view/failures.js';
import { circuitAmong, readImports } from './imported_mechanisms.js';
import { addBasis, initialState, type PageState } from './page_state.js';

/** Largest file that is read: its text is parsed while the page waits. */
export const LARGEST_FILE_bytes = 2_000_000;
/** Largest network that a page opens; larger ones need the command line. */
const MOST_NEURONS = 200_000;
const MOST_SYNAPSES = 30_000_000;
/** Most problems of a file that are listed. */
const MOST_ISSUES = 12;
const LONGEST_NAME = 40;

/** The state of an opened circuit, and what was ignored or assumed in files that it imports. */
export interface OpenedCircuit {
  readonly state: PageState;
  readonly notes: readonly string[];
}

/**
 * The state that runs the circuit of a file, YAML or JSON, as for `nce run`; the files of mechanisms that it imports have to be
 * among the `files`. Files are external input: rejects with a PageFailure that lists what is wrong with them, by path and
 * reason.
 */
export async function openCircuitFiles(files: readonly File[]): Promise<OpenedCircuit> {
  let name = files[0].name.slice(0, LONGEST_NAME);
  const refuse = (detail: string) =>
    new PageFailure(
      'circuit-file',
      `${name} cannot be opened.`,
      'The previous simulation keeps running. Correct the file as listed here and open it again:',
      detail,
    );
  for (const file of files)
    if (file.size > LARGEST_FILE_bytes)
      throw refuse(`${file.name} has ${file.size} bytes; at most ${LARGEST_FILE_bytes} are allowed`);
  try {
    const { file, text, beside } = await circuitAmong(files);
    name = file.slice(0, LONGEST_NAME);
    const { imports, notes } = await readImports(text, beside);
    const circuit = resolveCircuit(text, { source: name, imports });
    const problem = sizeProblem(circuit);
    if (problem) throw refuse(problem);
    const preset = `file: ${name}`;
    addBasis(preset, circuit);
    return { state: initialState(preset), notes };
  } catch (error) {
    if (error instanceof PageFailure) throw error;
    throw refuse(error instanceof CircuitError ? listOf(error) : (error as Error).message);
  }
}

function listOf({ issues }: CircuitError): string {
  const more = issues.length - MOST_ISSUES;
  return [...issues.slice(0, MOST_ISSUES).map(formatIssue), ...(more > 0 ? [`… and ${more} more`] : [])].join(
    '\n',
  );
}

function sizeProblem(circuit: Circuit): string | null {
  const { populations, projections } = circuit;
  const sizes = Object.values(populations).map(({ neurons }) => neurons);
  const neurons = sizes.reduce((sum, count) => sum + count, 0);
  if (neurons > MOST_NEURONS)
    return `populations: ${neurons} neurons in all; the page accepts at most ${MOST_NEURONS}; nce run accepts more`;
  const synapses = projections.reduce((sum, projection) => sum + mostSynapses(circuit, projection), 0);
  return synapses > MOST_SYNAPSES
    ? `projections: up to ${Math.round(synapses)} synapses in all; the page accepts at most ${MOST_SYNAPSES}; nce run accepts more`
    : null;
}

import type { Command } from 'commander';
import { CircuitError } from '../text/circuit_error.js';
import { loadCircuit } from './circuit_source.js';
import type { CliIo } from './cli_io.js';

export function addValidateCommand(program: Command, io: CliIo): void {
  program
    .command('validate')
    .description('check a circuit file')
    .argument('<file>', '.yaml or .json file, configuration of a SONATA network, or a preset')
    .option('--json', 'print { valid, issues } as one JSON document')
    .action((file: string, options: { json?: boolean }) => validate(file, options, io));
}

async function validate(file: string, options: { json?: boolean }, io: CliIo): Promise<void> {
  const json = (document: object) => {
    if (options.json) io.out(`${JSON.stringify(document, null, 2)}\n`);
  };
  try {
    const { populations, spikeSources, projections, stimuli } = await loadCircuit(file, [], (note) =>
      io.err(`${note}\n`),
    );
    json({ valid: true, issues: [] });
    const neurons = Object.values(populations).reduce((sum, population) => sum + population.neurons, 0);
    const sources = Object.keys(spikeSources).length;
    if (!options.json)
      io.out(
        `${file} is valid: ${neurons} neurons in ${Object.keys(populations).length} populations, ` +
          `${sources > 0 ? `${sources} spike sources, ` : ''}${projections.length} projections, ${stimuli.length} stimuli\n`,
      );
  } catch (error) {
    if (error instanceof CircuitError) json({ valid: false, issues: error.issues });
    throw error;
  }
}

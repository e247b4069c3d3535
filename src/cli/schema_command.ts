import type { Command } from 'commander';
import { circuitJsonSchema } from '../model/circuit_file.js';
import type { CliIo } from './cli_io.js';

export function addSchemaCommand(program: Command, io: CliIo): void {
  program
    .command('schema')
    .description('print the JSON Schema of circuit files')
    .option('--json', 'the schema is JSON in any case')
    .action(() => io.out(`${JSON.stringify(circuitJsonSchema(), null, 2)}\n`));
}

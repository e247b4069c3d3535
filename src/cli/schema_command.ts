import { Argument, type Command } from 'commander';
import { circuitJsonSchema } from '../model/circuit_file.js';
import { sweepJsonSchema } from '../sweep/sweep_schema.js';
import type { CliIo } from './cli_io.js';

const SCHEMAS = { circuit: circuitJsonSchema, sweep: sweepJsonSchema } as const;

export function addSchemaCommand(program: Command, io: CliIo): void {
  program
    .command('schema')
    .description('print the JSON Schema of circuit files or of sweep files')
    .addArgument(new Argument('[kind]', 'kind of file').choices(Object.keys(SCHEMAS)).default('circuit'))
    .option('--json', 'no effect: the schema is always JSON')
    .action((kind: keyof typeof SCHEMAS) => io.out(`${JSON.stringify(SCHEMAS[kind](), null, 2)}\n`));
}

import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../io/input_error.js';
import { FILE_KINDS, requireFreeFile, writeOutputFile } from '../../io/output_file.js';
import { phaseDiagram } from '../../sweep/phase_diagram.js';
import { sweepTable, tableKind, writeSweepTable } from '../../sweep/table.js';
import type { CliIo } from '../cli_io.js';
import { openSweep } from './sweep_folder_argument.js';

interface CollectOptions {
  readonly out?: string;
  readonly figure?: string;
  readonly x?: string;
  readonly y?: string;
  readonly force?: boolean;
}

export function addSweepCollect(sweep: Command, io: CliIo): void {
  sweep
    .command('collect')
    .description('write a table of all results, and phase diagrams over two parameters')
    .argument('<folder|plan>', 'folder of a sweep, or its plan.json if the folder is the default one')
    .option('--out <file>', 'the table: .csv or .parquet')
    .option('--figure <file>', 'rate, gamma frequency and E/I ratio over two parameters: .svg or .png')
    .option('--x <parameter>', 'horizontal parameter of the figure (default: the first)')
    .option('--y <parameter>', 'vertical parameter of the figure (default: the second)')
    .option('--force', 'replace an earlier table and figure')
    .action((folderOrPlan: string, options: CollectOptions) => collect(folderOrPlan, options, io));
}

async function collect(
  folderOrPlan: string,
  { out, figure, x, y, force = false }: CollectOptions,
  io: CliIo,
): Promise<void> {
  if (out === undefined && figure === undefined) throw new InputError('expected --out or --figure');
  if (out !== undefined) requireExtension('--out', out, ['.csv', '.parquet']);
  if (figure !== undefined) requireExtension('--figure', figure, ['.svg', '.png']);
  const figureKind = FILE_KINDS[/\.svg$/i.test(figure ?? '') ? 'svg' : 'png'];
  if (out !== undefined) requireFreeFile(out, { force }, tableKind(out));
  if (figure !== undefined) requireFreeFile(figure, { force }, figureKind);
  const folder = await openSweep(folderOrPlan);
  if (out !== undefined) {
    const table = await sweepTable(folder);
    await writeSweepTable(out, table, { force });
    if (table.completed < table.points)
      io.err(`${table.points - table.completed} of ${table.points} points have no result\n`);
    if (table.origins.length > 1)
      io.err(`the results come from different adapters or versions: ${table.origins.join('; ')}\n`);
    io.out(`table: ${out}\n`);
  }
  if (figure === undefined) return;
  const axes = { ...(x !== undefined && { x }), ...(y !== undefined && { y }) };
  const { renderPhaseDiagram } = await import('../../report/phase_diagram.js');
  const { svg, png } = renderPhaseDiagram(await phaseDiagram(folder, axes));
  await writeOutputFile(figure, { force }, figureKind, (path) =>
    writeFile(path, figureKind === FILE_KINDS.svg ? svg : png),
  );
  io.out(`figure: ${figure}\n`);
}

function requireExtension(option: string, file: string, allowed: readonly string[]): void {
  if (!allowed.includes(extname(file).toLowerCase()))
    throw new InputError(`${option}: expected a name that ends in ${allowed.join(' or ')}; got ${file}`);
}

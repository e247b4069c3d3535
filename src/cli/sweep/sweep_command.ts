import type { Command } from 'commander';
import type { CliIo } from '../cli_io.js';
import { addSweepCollect } from './sweep_collect.js';
import { addSweepPlan } from './sweep_plan.js';
import { addSweepRun } from './sweep_run.js';
import { addSweepStatus } from './sweep_status.js';
import { addSweepTemplates } from './sweep_templates.js';
import { addSweepWorker } from './sweep_worker.js';

export function addSweepCommand(program: Command, io: CliIo): void {
  const sweep = program
    .command('sweep')
    .description('simulate one circuit with many parameter values and seeds');
  for (const add of [
    addSweepPlan,
    addSweepRun,
    addSweepWorker,
    addSweepStatus,
    addSweepCollect,
    addSweepTemplates,
  ])
    add(sweep, io);
}

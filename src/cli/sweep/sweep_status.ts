import type { Command } from 'commander';
import { type SweepStatus, sweepStatus } from '../../sweep/status.js';
import type { CliIo } from '../cli_io.js';
import { formatWait } from '../progress.js';
import { openSweep } from './sweep_folder_argument.js';

export function addSweepStatus(sweep: Command, io: CliIo): void {
  sweep
    .command('status')
    .description('show the progress of a sweep, the time left and the failures')
    .argument('<folder|plan>', 'folder of a sweep, or its plan.json if the folder is the default one')
    .option('--json', 'print the status as one JSON document')
    .action(async (folderOrPlan: string, options: { json?: boolean }) => {
      const status = await sweepStatus(await openSweep(folderOrPlan));
      io.out(options.json ? `${JSON.stringify(status, null, 2)}\n` : statusText(status));
    });
}

function statusText(status: SweepStatus): string {
  const { name, folder, configurations, completed, failures, pending, remainingSeconds } = status;
  const left =
    remainingSeconds === null ? '' : `, ${formatWait(1000 * remainingSeconds)} left at the pace so far`;
  const lines = [
    `${name}: ${completed} of ${configurations} configurations completed, ${failures.length} failed, ${pending} pending${left}`,
    `folder: ${folder}`,
    ...failures.map(
      ({ points, message, isPermanent }) =>
        `point ${points.join(', ')}${isPermanent ? '' : ' (tried several times)'}: ${message}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DeviceChoice } from '../../engine/open_engine.js';
import { InputError } from '../../io/input_error.js';
import { ensembleExecutor } from '../../sweep/ensemble_executor.js';
import type { SweepExecutor } from '../../sweep/executor.js';
import type { SweepPlan, SweepPoint } from '../../sweep/plan.js';
import { readPlan } from '../../sweep/plan_file.js';
import { processExecutor } from '../../sweep/process_executor.js';
import { queueExecutor } from '../../sweep/queue/queue_executor.js';
import { runSweep, type SweepProgress } from '../../sweep/run_sweep.js';
import { defaultSweepFolder, SweepFolder } from '../../sweep/sweep_folder.js';
import { deviceOption, parseNumber } from '../arguments.js';
import { type CliIo, CommandFailed } from '../cli_io.js';
import { formatWait } from '../progress.js';
import { StatusLine } from '../status_line.js';
import { queueOption, redisOption } from './sweep_worker.js';

const EXECUTORS = ['ensemble', 'processes', 'bullmq'] as const;

interface RunOptions {
  readonly executor: (typeof EXECUTORS)[number];
  readonly index?: number;
  readonly of?: number;
  readonly out?: string;
  readonly device: DeviceChoice;
  readonly members: number;
  readonly processes: number;
  readonly redis?: string;
  readonly queue: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export function addSweepRun(sweep: Command, io: CliIo): void {
  const count = (text: string) => {
    const value = parseNumber(text);
    if (!(Number.isInteger(value) && value >= 1)) throw new InvalidArgumentError('expected 1, 2, 3, ...');
    return value;
  };
  const index = (text: string) => {
    const value = parseNumber(text);
    if (!(Number.isInteger(value) && value >= 0)) throw new InvalidArgumentError('expected 0, 1, 2, ...');
    return value;
  };
  sweep
    .command('run')
    .description('simulate the points of a plan that have no result yet')
    .argument('<plan>', 'plan.json')
    .addOption(
      new Option(
        '--executor <kind>',
        'on the device of this process, many circuits side by side; in child processes; or on workers of a queue',
      )
        .choices(EXECUTORS)
        .default('ensemble'),
    )
    .option('--out <folder>', 'folder for the results (default: sweeps/<name>-<hash>)')
    .addOption(
      new Option(
        '--index <number>',
        'simulate only this point, from 0: one task of a Slurm array or an indexed job',
      ).argParser(index),
    )
    .addOption(
      new Option('--of <tasks>', 'with --index: simulate every TASKS-th point, starting there').argParser(
        count,
      ),
    )
    .addOption(deviceOption())
    .addOption(
      new Option('--members <number>', 'ensemble: largest number of circuits side by side')
        .argParser(count)
        .default(64),
    )
    .addOption(
      new Option('--processes <number>', 'processes: number of child processes')
        .argParser(count)
        .default(availableParallelism(), 'CPU cores'),
    )
    .addOption(redisOption())
    .addOption(queueOption())
    .option('--quiet', 'no notes and no progress')
    .option('--json', 'print { folder, tasks, completed, failed } as one JSON document')
    .action((plan: string, options: RunOptions) => run(plan, options, io));
}

async function run(planFile: string, options: RunOptions, io: CliIo): Promise<void> {
  const plan = await readPlan(planFile);
  const points = chosenPoints(plan, options);
  const executor = executorOf(options);
  const folder = await SweepFolder.create(options.out ?? defaultSweepFolder(plan), plan);
  const line = options.quiet ? null : new StatusLine(io);
  const startedAt = performance.now();
  const done = await runSweep(folder, executor, {
    points,
    signal: io.signal,
    onProgress: (progress) => line?.update(() => progressLine(progress, performance.now() - startedAt)),
  }).finally(() => line?.end());
  const { tasks, completed, failed } = done;
  if (options.json) io.out(`${JSON.stringify({ folder: folder.path, tasks, completed, failed }, null, 2)}\n`);
  else
    io.out(
      tasks === 0
        ? `all points have results; folder: ${folder.path}\n`
        : `${completed} of ${tasks} configurations completed; folder: ${folder.path}\n`,
    );
  if (failed > 0)
    throw new CommandFailed(
      `${failed} of ${tasks} configurations failed; nce sweep status ${folder.path} says why`,
    );
  if (completed < tasks)
    throw new CommandFailed(
      `stopped after ${completed} of ${tasks} configurations; the same command continues from there`,
    );
}

function chosenPoints(plan: SweepPlan, { index, of }: RunOptions): readonly SweepPoint[] {
  const { points } = plan;
  if (index === undefined) {
    if (of !== undefined) throw new InputError('--of needs --index');
    return points;
  }
  const tasks = of ?? points.length;
  if (index >= tasks) throw new InputError(`--index: expected 0 to ${tasks - 1}; got ${index}`);
  return points.filter((point) => point.index % tasks === index);
}

function executorOf({ executor, device, members, processes, redis, queue }: RunOptions): SweepExecutor {
  switch (executor) {
    case 'ensemble':
      return ensembleExecutor({ device, maxMembers: members });
    case 'processes':
      return processExecutor({ device, processes });
    case 'bullmq':
      if (redis === undefined)
        throw new InputError('--executor bullmq needs --redis, such as redis://localhost:6379');
      return queueExecutor({ redisUrl: redis, queue });
    default:
      return executor satisfies never;
  }
}

/** `40 of 256 configurations in 20 s, 1 min 48 s left, 1 failed` */
function progressLine({ tasks, completed, failed, underWay }: SweepProgress, elapsedMs: number): string {
  const done = completed + failed;
  const worked = done + underWay;
  const left = worked > 0 ? `, ${formatWait((elapsedMs * (tasks - worked)) / worked)} left` : '';
  const failures = failed > 0 ? `, ${failed} failed` : '';
  return `${done} of ${tasks} configurations in ${formatWait(elapsedMs)}${left}${failures}`;
}

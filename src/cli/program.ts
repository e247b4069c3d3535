import { Command, CommanderError } from 'commander';
import { AnalysisError } from '../analysis/data.js';
import { EngineError } from '../engine/engine.js';
import { DeviceError, type DeviceErrorCode } from '../engine/webgpu/device/device.js';
import { InputError, reasonOf } from '../io/input_error.js';
import { versions } from '../io/versions.js';
import { isSystemError, WriteError } from '../io/write_file.js';
import { ExpressionTooLarge } from '../language/expression_too_large.js';
import { AnalysisStopped } from '../run/analyze_activity.js';
import { RunUnfinished } from '../run/folder_run.js';
import { CircuitError } from '../text/circuit_error.js';
import { printable } from '../text/printable.js';
import { addAnalyzeCommand } from './analyze_command.js';
import { addBenchCommand } from './bench_command.js';
import { addClampCommand } from './clamp_command.js';
import { type CliIo, CommandFailed } from './cli_io.js';
import { addDoctorCommand } from './doctor_command.js';
import { addExportCommand } from './export_command.js';
import { addFiCommand } from './fi_command.js';
import { addImportCommand } from './import_command.js';
import { addMechanismCommand } from './mechanism_command.js';
import { addRenderCommand } from './render_command.js';
import { addRunCommand } from './run_command.js';
import { addSchemaCommand } from './schema_command.js';
import { addShadersCommand } from './shaders_command.js';
import { addStepCommand } from './step_command.js';
import { addSweepCommand } from './sweep/sweep_command.js';
import { addValidateCommand } from './validate_command.js';

export const EXIT_CODE = { done: 0, failed: 1, wrongInput: 2 } as const;

/** Runs one command of the command line; resolves with its exit code. `argv` is without node and script. */
export async function main(argv: readonly string[], io: CliIo): Promise<number> {
  const program = new Command('nce')
    .description('Hodgkin-Huxley spiking circuits on WebGPU: simulation and analysis')
    .version(versions().nce)
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .showHelpAfterError('(--help lists the commands and options)');
  for (const add of [
    addRunCommand,
    addAnalyzeCommand,
    addExportCommand,
    addRenderCommand,
    addFiCommand,
    addStepCommand,
    addMechanismCommand,
    addClampCommand,
    addImportCommand,
    addSweepCommand,
    addBenchCommand,
    addDoctorCommand,
    addValidateCommand,
    addSchemaCommand,
    addShadersCommand,
  ])
    add(program, io);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return EXIT_CODE.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODE.done : EXIT_CODE.wrongInput;
    const code = exitCodeOf(error);
    const isExpected =
      code === EXIT_CODE.wrongInput || EXPECTED_FAILURES.some((kind) => error instanceof kind);
    io.err(`${printable(isExpected ? (error as Error).message : unexpected(error as Error))}\n`);
    return code;
  }
}

/** What the system refuses is not a fault of this program; anything else is, and its place is shown. */
function unexpected(error: Error): string {
  if (!isSystemError(error)) return error.stack ?? error.message;
  const { path, syscall } = error as NodeJS.ErrnoException;
  return `the system refused ${syscall}${path === undefined ? '' : ` of ${path}`}: ${reasonOf(error)}`;
}

const EXPECTED_FAILURES = [
  EngineError,
  DeviceError,
  WriteError,
  RunUnfinished,
  CommandFailed,
  AnalysisStopped,
];

/** Failures of the device itself; the other codes mean that the requested device does not exist or is too small. */
const DEVICE_FAILURES: readonly DeviceErrorCode[] = ['lost', 'timeout', 'gpu-error'];

function exitCodeOf(error: unknown): number {
  const isWrongInput =
    error instanceof CircuitError ||
    error instanceof ExpressionTooLarge ||
    error instanceof InputError ||
    error instanceof AnalysisError ||
    (error instanceof DeviceError && !DEVICE_FAILURES.includes(error.code));
  return isWrongInput ? EXIT_CODE.wrongInput : EXIT_CODE.failed;
}

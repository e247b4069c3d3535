import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { designForDevice } from '../engine/design_for_device.js';
import { DISPATCH_KINDS, type DispatchKind } from '../engine/webgpu/dispatch/dispatch.js';
import { InputError } from '../io/input_error.js';
import { folderKind, requireFree, writeFolder } from '../io/run_folder/output_folder.js';
import { assembleNetwork } from '../network/assemble.js';
import { collect, dtOption, integratorOption, overridesOf, type SimulationOptions } from './arguments.js';
import { loadCircuit } from './circuit_source.js';
import type { CliIo } from './cli_io.js';

const DEVICES = ['auto', 'gpu', 'software'] as const;

interface ShadersOptions extends SimulationOptions {
  readonly out: string;
  readonly device: (typeof DEVICES)[number];
  readonly dispatch?: DispatchKind;
  readonly force?: boolean;
}

const SHADERS_FOLDER = folderKind('the shaders of a circuit');

export function addShadersCommand(program: Command, io: CliIo): void {
  program
    .command('shaders')
    .description('write the WGSL that a device compiles for a circuit, one file per kernel')
    .argument('<circuit>', 'preset, .yaml/.json file, or configuration of a SONATA network (.json)')
    .requiredOption('--out <folder>', 'folder for the files')
    .addOption(
      new Option('--device <kind>', 'adapter to write for: the best, a hardware or a software adapter')
        .choices(DEVICES)
        .default('auto'),
    )
    .addOption(
      new Option(
        '--dispatch <kind>',
        'one dispatch per epoch, or one per batch for whole networks (default: the one that a run uses)',
      ).choices(DISPATCH_KINDS),
    )
    .addOption(dtOption())
    .addOption(integratorOption())
    .option('--set <path=value>', 'set any value of the circuit; may be repeated', collect)
    .option('--force', 'replace earlier shaders in the output folder')
    .action((circuit: string, options: ShadersOptions) => writeShaders(circuit, options, io));
}

async function writeShaders(nameOrFile: string, options: ShadersOptions, io: CliIo): Promise<void> {
  const { out, device, dispatch = null, force = false } = options;
  const circuit = await loadCircuit(nameOrFile, overridesOf(options), (note) => io.err(`${note}\n`));
  requireFree(out, { force }, SHADERS_FOLDER);
  const { design, description } = await designForDevice(assembleNetwork(circuit), device, dispatch);
  const { kind } = design.dispatch;
  if (dispatch !== null && kind !== dispatch)
    throw new InputError(
      `--dispatch ${dispatch} is not possible for ${circuit.name} (${description}): the network is too large, or has spike sources; use --dispatch ${kind}`,
    );
  await writeFolder(out, { force }, SHADERS_FOLDER, async (folder) => {
    for (const [kernel, wgsl] of design.sources) await writeFile(folder.file(`${kernel}.wgsl`), wgsl);
    await folder.writeJson('shaders.json', {
      circuit: circuit.name,
      device: description,
      dispatch: kind,
      kernels: [...design.sources.keys()],
    });
  });
  io.err(`${circuit.name}: ${design.sources.size} kernels for ${description}, dispatched by ${kind}\n`);
  io.out(`${out}\n`);
}

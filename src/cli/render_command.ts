import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { DeviceChoice } from '../engine/open_engine.js';
import { openNodeDevice } from '../engine/webgpu/node/node_device.js';
import { InputError } from '../io/input_error.js';
import { FILE_KINDS, requireFreeFile, writeOutputFile } from '../io/output_file.js';
import { readResolvedCircuit } from '../io/read_circuit.js';
import { RECORDING_FILES } from '../io/run_folder/recording_files.js';
import { deviceOption, parseDuration, parseNumber } from './arguments.js';
import type { CliIo } from './cli_io.js';

interface RenderOptions {
  readonly out: string;
  readonly time?: number;
  readonly width: number;
  readonly height: number;
  readonly neuron?: number;
  readonly device: DeviceChoice;
  readonly force?: boolean;
}

/** Largest side of a picture, pixels: every adapter has textures of this size. */
const LARGEST_SIDE_px = 8192;

export function addRenderCommand(program: Command, io: CliIo): void {
  program
    .command('render')
    .description('draw the network of a run in 3D, as the page does')
    .argument('<folder>', 'folder of a run')
    .requiredOption('--out <file>', 'PNG to write')
    .addOption(
      new Option('--time <time>', 'time of the run to draw (default: its end)').argParser(parseDuration),
    )
    .addOption(new Option('--width <pixels>', 'width').argParser(parseNumber).default(1600))
    .addOption(new Option('--height <pixels>', 'height').argParser(parseNumber).default(1200))
    .addOption(new Option('--neuron <number>', 'neuron whose projections are drawn').argParser(parseNumber))
    .addOption(deviceOption())
    .option('--force', 'replace an earlier picture')
    .action((folder: string, options: RenderOptions) => render(folder, options, io));
}

async function render(folder: string, options: RenderOptions, io: CliIo): Promise<void> {
  const { out, width, height, neuron, device } = options;
  const path = join(folder, RECORDING_FILES.circuit);
  const circuit = await readResolvedCircuit(path);
  const timeMs = options.time ?? circuit.simulation.duration_ms;
  const neurons = Object.values(circuit.populations).reduce((sum, p) => sum + p.neurons, 0);
  requireWithin('--time', timeMs, 0, circuit.simulation.duration_ms, false);
  requireWithin('--width', width, 16, LARGEST_SIDE_px, true);
  requireWithin('--height', height, 16, LARGEST_SIDE_px, true);
  if (neuron !== undefined) requireWithin('--neuron', neuron, 0, neurons - 1, true);
  if (device === 'cpu')
    throw new InputError('--device cpu has no graphics: a picture needs gpu, software or auto');
  const force = options.force ?? false;
  requireFreeFile(out, { force }, FILE_KINDS.png);

  const { handle } = await openNodeDevice({ preference: device, use: 'graphics' });
  if (!handle) throw new InputError('there is no adapter to draw with; nce doctor says what would help');
  try {
    io.err(`simulating to ${timeMs} ms and drawing on ${handle.adapter.description}\n`);
    const { columnImage } = await import('../run/column_image.js');
    const png = await columnImage(circuit, handle, {
      timeMs,
      widthPx: width,
      heightPx: height,
      neuron: neuron ?? null,
    });
    await writeOutputFile(out, { force }, FILE_KINDS.png, (path) => writeFile(path, png));
  } finally {
    handle.destroy();
  }
  io.out(`${out}\n`);
}

function requireWithin(option: string, value: number, low: number, high: number, whole: boolean): void {
  if (!(value >= low && value <= high) || (whole && !Number.isInteger(value)))
    throw new InputError(
      `${option} is ${value}; allowed: a ${whole ? 'whole ' : ''}number from ${low} to ${high}`,
    );
}

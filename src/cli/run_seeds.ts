import { join } from 'node:path';
import { circuitHash } from '../io/circuit_hash.js';
import { outputPlace } from '../io/output_path.js';
import { defaultRunFolder, OutputFolder, RUN_FOLDER, requireFree } from '../io/run_folder/output_folder.js';
import { asWriteError } from '../io/write_file.js';
import type { Circuit } from '../model/circuit.js';
import { loadWriters } from '../run/load_writers.js';
import { fillRunFolder, type SavedRun } from '../run/save_run.js';
import type { Simulation } from '../run/simulate.js';
import { simulateEnsemble } from '../run/simulate_ensemble.js';
import { overridesOf } from './arguments.js';
import { loadCircuit } from './circuit_source.js';
import { type CliIo, CommandFailed } from './cli_io.js';
import { Progress } from './progress.js';
import type { RunCommandOptions } from './run_options.js';

/** `nce run --seeds`: one circuit with many seeds as one ensemble, and the folder of a run for each. */
export async function runSeeds(
  nameOrFile: string,
  seeds: readonly number[],
  options: RunCommandOptions,
  io: CliIo,
): Promise<void> {
  const { force = false, csv = false, segment: segmentMs } = options;
  const overrides = overridesOf(options);
  const circuits = await Promise.all(
    seeds.map((seed, i) =>
      loadCircuit(
        nameOrFile,
        [...overrides, { path: 'simulation.seed', value: seed, source: `--seeds ${seed}` }],
        (note) => {
          if (i === 0 && !options.quiet) io.err(`${note}\n`);
        },
      ),
    ),
  );
  const { name } = circuits[0];
  const parent = options.out ?? defaultRunFolder(name, new Date(), circuitHash(circuits[0]));
  outputPlace(parent);
  const places = seeds.map((seed) => join(parent, `seed-${seed}`));
  for (const place of places) requireFree(place, { force }, RUN_FOLDER);
  await loadWriters();

  const folders: OutputFolder[] = [];
  const saved: SavedRun[] = [];
  try {
    // Created before the simulation, so that no simulation is lost because the folder cannot be written.
    for (const place of places) folders.push(OutputFolder.create(place, { force }, RUN_FOLDER));
    const simulations = await simulateWithProgress(circuits, options, io);
    for (const [i, simulation] of simulations.entries()) {
      saved.push(await fillRunFolder(folders[i], simulation, { csv, segmentMs }));
      if (!options.json) io.out(seedLine(seeds[i], saved[i], places[i]));
    }
  } catch (error) {
    for (const folder of folders.slice(saved.length)) folder.discard();
    throw asWriteError(places[Math.min(saved.length, places.length - 1)], error);
  }
  if (options.json) {
    const runs = saved.map(({ manifest, analysis }, i) => ({
      folder: places[i],
      manifest,
      results: analysis?.results ?? null,
    }));
    io.out(`${JSON.stringify(runs, null, 2)}\n`);
  }
  requireSuccess(saved, places, parent);
}

async function simulateWithProgress(
  circuits: readonly Circuit[],
  { device, quiet = false }: RunCommandOptions,
  io: CliIo,
): Promise<Simulation[]> {
  const { signal } = io;
  if (quiet) return simulateEnsemble(circuits, { device, signal });
  const progress = new Progress(io, circuits[0].simulation.duration_ms);
  try {
    const simulations = await simulateEnsemble(circuits, {
      device,
      signal,
      onProgress: (simulatedMs) => progress.update(simulatedMs),
    });
    const seconds = simulations.reduce((sum, { simulateSeconds }) => sum + simulateSeconds, 0);
    const { description } = simulations[0].engine;
    io.err(`${circuits[0].name}: ${circuits.length} seeds in ${seconds.toFixed(1)} s, on ${description}\n`);
    return simulations;
  } finally {
    progress.end();
  }
}

function seedLine(seed: number, { analysis }: SavedRun, place: string): string {
  const { firing, oscillation, balance } = analysis?.results ?? {};
  const short = (value: number | null | undefined, digits: number) => value?.toFixed(digits) ?? '-';
  return (
    `seed ${seed}: mean rate ${short(firing?.meanRateHz, 2)} Hz, LFP peak ${short(oscillation?.peakHz, 1)} Hz, ` +
    `E/I ${short(balance?.eiRatio, 2)}; ${place}\n`
  );
}

function requireSuccess(saved: readonly SavedRun[], places: readonly string[], parent: string): void {
  const failed = saved.findIndex(({ analysisFailure }) => analysisFailure !== null);
  if (failed >= 0)
    throw new CommandFailed(
      `the analysis failed: ${saved[failed].analysisFailure!.message}; the recording is in ${places[failed]}`,
    );
  const { status, simulatedMs, durationMs } = saved[0].manifest;
  if (status !== 'complete')
    throw new CommandFailed(
      `stopped at ${simulatedMs} of ${durationMs} ms; the results so far are in ${parent}, marked incomplete`,
    );
}

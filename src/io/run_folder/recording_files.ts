import { join } from 'node:path';
import { POPULATION_SIGNALS } from '../../engine/engine.js';
import type { Circuit } from '../../model/circuit.js';
import { type ElectrodeRecord, type Recording, spikeTimeMs } from '../../recording/recording.js';
import { circuitHash } from '../circuit_hash.js';
import { readSpikesH5, type SpikeEvents, writeSpikesH5 } from '../hdf5/spikes_h5.js';
import { InputError } from '../input_error.js';
import { readResolvedCircuit } from '../read_circuit.js';
import { type CsvTable, readCsv } from '../tables/csv.js';
import {
  lfpColumn,
  populationColumn,
  signedLfpColumn,
  writeLfp,
  writePopulations,
} from '../tables/run_tables.js';
import { readTraces, writeTraces } from '../tables/traces_csv.js';
import { type Manifest, readManifest, requireUndamaged } from './manifest.js';

/** Files of a run's folder that hold its recording. */
export const RECORDING_FILES = {
  circuit: 'circuit.resolved.json',
  spikes: 'spikes.h5',
  lfp: 'lfp.csv',
  populations: 'populations.csv',
  traces: 'traces.csv',
} as const;

export function spikeEvents({ spikes, dtMs }: Recording): SpikeEvents {
  return {
    neurons: spikes.neurons,
    timesMs: Float64Array.from(spikes.steps, (step) => spikeTimeMs(step, dtMs)),
  };
}

/** Writes everything that was recorded; `pathOf` gives each file its place. */
export async function writeRecording(
  pathOf: (file: string) => string,
  circuit: Circuit,
  recording: Recording,
): Promise<void> {
  await writeSpikesH5(pathOf(RECORDING_FILES.spikes), circuit.name, spikeEvents(recording));
  await writeLfp(pathOf(RECORDING_FILES.lfp), recording);
  await writePopulations(pathOf(RECORDING_FILES.populations), recording);
  if (recording.traces.length > 0) await writeTraces(pathOf(RECORDING_FILES.traces), recording);
}

/** A run as its folder holds it. */
export interface StoredRun {
  readonly manifest: Manifest;
  readonly circuit: Circuit;
  readonly recording: Recording;
}

/** Reads a run's folder. Throws InputError where it is not one, or where a file is missing or was changed. */
export async function readRun(folder: string): Promise<StoredRun> {
  const manifest = await readManifest(folder);
  const { circuit: circuitFile, spikes, lfp, populations, traces } = RECORDING_FILES;
  const hasTraces = traces in manifest.outputs;
  await requireUndamaged(folder, manifest, [
    circuitFile,
    spikes,
    lfp,
    populations,
    ...(hasTraces ? [traces] : []),
  ]);
  const path = (file: string) => join(folder, file);
  const circuit = await readResolvedCircuit(path(circuitFile));
  if (circuitHash(circuit) !== manifest.circuit.hash)
    throw new InputError(`${path(circuitFile)} is not the circuit of this run`);

  const dtMs = circuit.simulation.dt_ms;
  const { timesMs, neurons } = await readSpikesH5(path(spikes));
  const series = await readCsv(path(populations));
  const floats = (table: CsvTable, column: string) => Float32Array.from(table.numbers(column));
  const recording: Recording = {
    dtMs,
    stopMs: manifest.simulatedMs,
    complete: manifest.status === 'complete',
    spikes: { neurons, steps: Uint32Array.from(timesMs, (time) => Math.round(time / dtMs) - 1) },
    sampleRateHz: circuit.recording.sampleRate_hz,
    populations: Object.fromEntries(
      Object.keys(circuit.populations).map((name) => [
        name,
        Object.fromEntries(
          POPULATION_SIGNALS.map((signal) => [signal, floats(series, populationColumn(name, signal))]),
        ) as Recording['populations'][string],
      ]),
    ),
    lfp: circuit.recording.lfp
      ? await readElectrodes(path(lfp), circuit.recording.lfp.electrodes, floats)
      : null,
    traces: hasTraces ? readTraces(path(traces), circuit, series.rows) : [],
  };
  return { manifest, circuit, recording };
}

async function readElectrodes(
  path: string,
  electrodes: readonly Omit<ElectrodeRecord, 'absolute_uV' | 'signed_uV'>[],
  floats: (table: CsvTable, column: string) => Float32Array,
): Promise<ElectrodeRecord[]> {
  const table = await readCsv(path);
  return electrodes.map((electrode, e) => ({
    ...electrode,
    absolute_uV: floats(table, lfpColumn(e)),
    signed_uV: floats(table, signedLfpColumn(e)),
  }));
}

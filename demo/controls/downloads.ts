import { stringify } from 'yaml';
import { type Circuit, spikeTimeMs } from '../../src/index.js';
import type { SpikeLog } from '../simulation/spike_log.js';

/** The circuit as a file for `nce run`. */
export function circuitYaml(circuit: Circuit): string {
  return stringify(circuit);
}

/** The table that `nce run --csv` writes: one line per spike. */
export function spikesCsv(log: SpikeLog, dtMs: number): string {
  const { steps, neurons } = log.since(0);
  const lines = ['neuron,time_ms'];
  for (let k = 0; k < steps.length; k++)
    lines.push(`${neurons[k]},${milliseconds(spikeTimeMs(steps[k], dtMs))}`);
  return `${lines.join('\n')}\n`;
}

/** Without the last digits that the product of step and dt leaves. */
const milliseconds = (timeMs: number): number => Number(timeMs.toPrecision(12));

/** Downloads a file. */
export function download(name: string, content: BlobPart, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

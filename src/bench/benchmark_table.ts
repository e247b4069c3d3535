import type { BenchmarkResult } from './benchmark_result.js';

/** Columns of text, right-aligned but for the first. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows];
  const widths = header.map((_, c) => Math.max(...all.map((row) => row[c].length)));
  return all
    .map((row) =>
      row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  '),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Three significant digits, without an exponent. */
export const formatFigure = (value: number | null): string =>
  value === null
    ? '-'
    : Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6, useGrouping: false });

const MIB = 2 ** 20;

/** Two tables: how fast, and where time and memory go. Medians; the spread of the simulation in brackets. */
export function formatResults(results: readonly BenchmarkResult[]): string {
  const label = ({ name, live, neurons }: BenchmarkResult) => `${name}${live ? '' : ' load'} ${neurons}`;
  const speed = formatTable(
    [
      'network',
      'synapses',
      'delay ms',
      'rate Hz',
      'ns/neuron-step',
      '[spread]',
      '1e6 events/s',
      'real-time factor',
    ],
    results.map((result) => {
      const [low, high] = result.spread.nsPerNeuronStep ?? [result.nsPerNeuronStep, result.nsPerNeuronStep];
      return [
        label(result),
        String(result.synapses),
        formatFigure(result.delayMs),
        result.meanRateHz.toFixed(2),
        formatFigure(result.nsPerNeuronStep),
        `[${formatFigure(low)}-${formatFigure(high)}]`,
        formatFigure(result.synapticEventsPerSecond / 1e6),
        formatFigure(result.realTimeFactor),
      ];
    }),
  );
  const phases = formatTable(
    [
      'seconds',
      'build',
      'device',
      'upload',
      'compile',
      'warm-up',
      'simulate',
      'readback',
      'analysis',
      'host MiB',
      'device MiB',
      'B/synapse',
    ],
    results.map((result) => [
      label(result),
      formatFigure(result.buildSeconds),
      formatFigure(result.deviceSeconds),
      formatFigure(result.uploadSeconds),
      formatFigure(result.compileSeconds),
      formatFigure(result.warmUpSeconds),
      formatFigure(result.simulateSeconds),
      formatFigure(result.readbackSeconds),
      formatFigure(result.analysisSeconds),
      (result.peakMemoryBytes / MIB).toFixed(0),
      formatFigure(result.deviceMemoryBytes / MIB),
      formatFigure(result.bytesPerSynapse),
    ]),
  );
  return `${speed}\n${phases}`;
}

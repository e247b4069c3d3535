// npm run bench: the engine and other simulators on the same networks in one go, interleaved, so that whatever else the
// machine does meets all of them alike. Writes bench/results/<time>.json and prints its tables last.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { resultOf } from '../dist/bench/benchmark_result.js';
import { formatFigure, formatResults, formatTable } from '../dist/bench/benchmark_table.js';
import { benchmarkCases, WARM_UP_MS } from '../dist/bench/benchmarks.js';
import { measureApart } from '../dist/bench/measure_apart.js';
import { PEERS, preparePeers } from './peers.mjs';

const USAGE = `usage: npm run bench -- [options]
  --networks LIST   of cobahh, cobahh-delay, cobahh-load, cobahh-delay-load, cortical-gamma, ensemble, scaling
                    (default: all)
  --peers LIST      of ${PEERS.map(({ id }) => id).join(', ')}, or none (default: all)
  --seconds S       simulated time measured (default 1; scaling: 0.1)
  --repeats N       measurements of each (default 3)
  --neurons LIST    sizes of scaling (default 4000 to 1000000)
  --device KIND     auto, gpu, software or cpu
  --out FILE        where the JSON goes
`;

const NETWORKS = {
  cobahh: ['cobahh', {}],
  'cobahh-delay': ['cobahh-delay', {}],
  'cobahh-load': ['cobahh', { load: true }],
  'cobahh-delay-load': ['cobahh-delay', { load: true }],
  'cortical-gamma': ['cortical-gamma', {}],
  ensemble: ['ensemble', {}],
  scaling: ['scaling', {}],
};
const note = (text) => process.stderr.write(`${text}\n`);
const listed = (text, known) => {
  const names = text === 'none' ? [] : text.split(',');
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) usageError(`"${unknown}" is none of ${known.join(', ')}`);
  return names;
};

function usageError(message) {
  note(`${message}\n${USAGE}`);
  process.exit(2);
}

function readOptions() {
  const text = { type: 'string' };
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        ...{
          networks: text,
          peers: text,
          seconds: text,
          repeats: text,
          neurons: text,
          device: text,
          out: text,
        },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    usageError(error.message);
  }
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const repeats = Number(values.repeats ?? 3);
  if (!(Number.isInteger(repeats) && repeats >= 1)) usageError('--repeats: expected a whole number from 1');
  const networks = Object.keys(NETWORKS);
  const peers = PEERS.map(({ id }) => id);
  return {
    repeats,
    networks: values.networks === undefined ? networks : listed(values.networks, networks),
    peers: values.peers === undefined ? peers : listed(values.peers, peers),
    choices: {
      device: values.device ?? 'auto',
      ...(values.seconds !== undefined && { seconds: Number(values.seconds) }),
    },
    sizes: values.neurons?.split(',').map(Number),
    out: values.out,
  };
}

/** Figures of a peer's run in the terms of the engine's. */
function peerRun(document, { neurons, measuredMs, dtMs }) {
  const { simulateSeconds, spikes, synapticEvents } = document;
  return {
    ...document,
    nsPerNeuronStep: (1e9 * simulateSeconds) / (neurons * Math.round(measuredMs / dtMs)),
    synapticEventsPerSecond: synapticEvents / simulateSeconds,
    meanRateHz: (1000 * spikes) / neurons / measuredMs,
    realTimeFactor: measuredMs / 1000 / simulateSeconds,
  };
}

/** One network on the engine and on every peer of it, turn by turn. */
async function compareOn(name, benchmarkCase, { repeats, peers }, folder) {
  const { cobahh, seconds } = benchmarkCase;
  // Peers know COBAHH only, at its published step.
  const network = cobahh && { name, ...cobahh, warmUpMs: WARM_UP_MS, measuredMs: 1000 * seconds, dtMs: 0.1 };
  const withPeers = network !== null && benchmarkCase.name !== 'scaling';
  const { ready, skipped } = withPeers
    ? await preparePeers(peers, network, folder, note)
    : { ready: [], skipped: [] };
  const own = [];
  const others = ready.map(({ id, label, run }) => ({ id, label, run, runs: [] }));
  for (let i = 1; i <= repeats; i++) {
    note(`${name}${cobahh ? `, ${cobahh.neurons} neurons` : ''}: ${i} of ${repeats}`);
    own.push(await measureApart(benchmarkCase));
    for (const other of others) other.runs.push(peerRun(await other.run(), network));
  }
  const result = resultOf(benchmarkCase, own);
  return {
    name,
    engine: result,
    peers: others.map(({ id, label, runs }) => {
      const { name: _name, live: _live, ...medians } = resultOf(benchmarkCase, runs);
      return { id, label, ...medians, timesEngine: medians.simulateSeconds / result.simulateSeconds };
    }),
    skipped,
  };
}

function comparisonTable({ name, engine, peers, skipped }) {
  const row = (
    label,
    { meanRateHz, nsPerNeuronStep, spread, synapticEventsPerSecond, realTimeFactor, peakMemoryBytes },
    times,
  ) => [
    label,
    meanRateHz.toFixed(2),
    formatFigure(nsPerNeuronStep),
    spread.nsPerNeuronStep ? `[${spread.nsPerNeuronStep.map(formatFigure).join('-')}]` : '',
    formatFigure(synapticEventsPerSecond / 1e6),
    formatFigure(realTimeFactor),
    (peakMemoryBytes / 2 ** 20).toFixed(0),
    formatFigure(times),
  ];
  const table = formatTable(
    [
      `${name}, ${engine.neurons} neurons`,
      ...[
        'rate Hz',
        'ns/neuron-step',
        '[spread]',
        '1e6 events/s',
        'real-time factor',
        'host MiB',
        'time/engine',
      ],
    ],
    [row('this engine', engine, 1), ...peers.map((peer) => row(peer.label, peer, peer.timesEngine))],
  );
  return table + skipped.map(({ label, reason }) => `${label}: skipped, ${reason}\n`).join('');
}

async function main() {
  const options = readOptions();
  const startedAt = new Date().toISOString();
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    platform: `${platform()} ${release()}`,
    node: process.version,
    loadAtStart: loadavg()[0],
  };
  const folder = await mkdtemp(join(tmpdir(), 'nce-bench-'));
  const comparisons = [];
  const notRun = [];
  try {
    for (const name of options.networks) {
      const [benchmark, variant] = NETWORKS[name];
      const sizes = benchmark === 'scaling' && options.sizes ? { neurons: options.sizes } : {};
      for (const benchmarkCase of benchmarkCases(benchmark, { ...options.choices, ...variant, ...sizes })) {
        try {
          comparisons.push(await compareOn(name, benchmarkCase, options, folder));
        } catch (error) {
          const size = benchmarkCase.cobahh ? ` of ${benchmarkCase.cobahh.neurons} neurons` : '';
          notRun.push(`${name}${size} was not measured: ${error.message}`);
          note(notRun.at(-1));
          break;
        }
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  machine.loadAtEnd = loadavg()[0];
  const out =
    options.out ?? fileURLToPath(new URL(`results/${startedAt.replaceAll(':', '-')}.json`, import.meta.url));
  await mkdir(dirname(out), { recursive: true });
  await writeFile(
    out,
    `${JSON.stringify({ startedAt, machine, repeats: options.repeats, comparisons, notRun }, null, 2)}\n`,
  );
  const engines = comparisons.map(({ engine }) => engine);
  process.stdout.write(
    [
      `${startedAt}, ${machine.cpu}, ${machine.cores} cores, load ${machine.loadAtStart.toFixed(1)} to ${machine.loadAtEnd.toFixed(1)}\n` +
        `${engines[0]?.adapter ?? 'nothing was measured'}; medians of ${options.repeats}; ${out}\n`,
      ...comparisons.filter(({ peers, skipped }) => peers.length + skipped.length > 0).map(comparisonTable),
      formatResults(engines),
      ...(notRun.length > 0 ? [`${notRun.join('\n')}\n`] : []),
    ].join('\n'),
  );
  if (notRun.length > 0) process.exitCode = 1;
}

await main();

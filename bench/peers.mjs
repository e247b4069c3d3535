// Other simulators of the same network. Each is prepared once (compiled, say) and then run as often as wanted; one that
// is not installed throws Unavailable with the reason.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const source = (file) => fileURLToPath(new URL(`peers/${file}`, import.meta.url));

export class Unavailable extends Error {}

/** Runs a program that prints one JSON document. */
async function documentOf(program, args) {
  const { stdout } = await execute(program, args.map(String), { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout);
}

async function requireProgram(program, remedy) {
  try {
    await execute('sh', ['-c', `command -v ${program}`]);
  } catch {
    throw new Unavailable(`${program} is not installed (${remedy})`);
  }
}

/** A Python that has `module`: NCE_BENCH_PYTHON, the first on the path, or the system's, which has Debian's packages. */
async function pythonWith(module, remedy) {
  const candidates = [process.env.NCE_BENCH_PYTHON, 'python3', '/usr/bin/python3'].filter(Boolean);
  for (const python of candidates) {
    try {
      await execute(python, [
        '-c',
        `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`,
      ]);
      return python;
    } catch {}
  }
  throw new Unavailable(`no Python here has ${module} (${remedy})`);
}

const numbersOf = ({ neurons, synapsesPerNeuron, delayMs, live, warmUpMs, measuredMs }) => [
  neurons,
  synapsesPerNeuron,
  delayMs,
  live ? 1 : 0,
  warmUpMs,
  measuredMs,
];

const SEED = 1;

const cLimit = (threads) => ({
  id: `c-${threads}`,
  label: `vectorised C, f32, ${threads} thread${threads > 1 ? 's' : ''}`,
  async prepare(network, folder) {
    await requireProgram('gcc', 'Debian: gcc');
    const program = join(folder, 'cobahh_limit');
    await execute('gcc', [
      ...['-O3', '-march=native', '-ffast-math', '-fopenmp'],
      ...[source('cobahh_limit.c'), '-o', program, '-lm'],
    ]);
    return () => documentOf(program, [...numbersOf(network), threads, SEED]);
  },
});

const brian2 = (threads, bits) => ({
  id: `brian2-${bits === 64 ? '' : 'f32-'}${threads}`,
  label: `Brian2 C++, f${bits}, ${threads} thread${threads > 1 ? 's' : ''}`,
  async prepare(network, folder) {
    await requireProgram('g++', 'Debian: g++');
    const python = await pythonWith('brian2', 'Debian: python3-brian cython3');
    const script = source('brian2_cobahh.py');
    await documentOf(python, [script, 'build', folder, ...numbersOf(network), threads, SEED, bits]);
    return () => documentOf(python, [script, 'run', folder]);
  },
});

/** Debian's nrnivmodl does not find its own makefile, so the two steps of it that matter are done here. */
const neuron = {
  id: 'neuron',
  label: 'NEURON, f64, 1 thread',
  async prepare(network, folder) {
    const remedy = 'Debian: python3-neuron neuron-dev';
    await requireProgram('nocmodl', remedy);
    await requireProgram('gcc', 'Debian: gcc');
    const python = await pythonWith('neuron', remedy);
    await copyFile(source('traub_miles.mod'), join(folder, 'traub_miles.mod'));
    const register = 'extern void _traub_miles_reg(void);\nvoid modl_reg(void) { _traub_miles_reg(); }\n';
    await writeFile(join(folder, 'register.c'), register);
    const here = { cwd: folder, env: { MODLUNIT: '/usr/share/nrn/lib/nrnunits.lib', ...process.env } };
    await execute('nocmodl', ['traub_miles.mod'], here);
    await execute(
      'gcc',
      [
        ...['-O3', '-march=native', '-ffast-math', '-shared', '-fPIC'],
        ...['traub_miles.c', 'register.c', '-o', 'mechanism.so', '-lm'],
      ],
      here,
    );
    const script = source('neuron_cobahh.py');
    return () => documentOf(python, [script, join(folder, 'mechanism.so'), ...numbersOf(network), SEED]);
  },
};

export const PEERS = [
  cLimit(1),
  cLimit(2),
  brian2(1, 64),
  brian2(2, 64),
  brian2(1, 32),
  brian2(2, 32),
  neuron,
];

/** Peers of a network, ready to run, and why the others are not. */
export async function preparePeers(ids, network, folder, note) {
  const ready = [];
  const skipped = [];
  for (const { id, label, prepare } of PEERS.filter((peer) => ids.includes(peer.id))) {
    const own = join(folder, `${network.name}-${id}`);
    await mkdir(own, { recursive: true });
    note(`preparing ${label}`);
    try {
      ready.push({ id, label, run: await prepare(network, own) });
    } catch (error) {
      const reason =
        error instanceof Unavailable
          ? error.message
          : `could not be prepared: ${error.stderr || error.message}`;
      note(`${label} is skipped: ${reason}`);
      skipped.push({ id, label, reason });
    }
  }
  return { ready, skipped };
}

// Applies the wrong changes of mutants.mjs one at a time, each in a scratch copy of the working tree, runs the tests that
// should notice it, and reports which changes survive. By hand, not in CI: it takes an hour or so.
//
//   node tools/mutate.mjs                  all
//   node tools/mutate.mjs --only A3,S1     some
//   node tools/mutate.mjs --check          only whether each text is in the tree exactly once and each test file exists
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { MUTANTS } from './mutants.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const LONGEST_TEST_RUN_MS = 1_800_000;

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, check: { type: 'boolean', default: false } },
});
const chosen = options.only?.split(',');
const mutants = MUTANTS.filter(({ id }) => !chosen || chosen.includes(id));
if (mutants.length === 0) throw new Error(`no mutant is named ${options.only}`);

const filesUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : entry.name.includes('.generated.') ? [] : [path];
  });

/** The file that holds the mutant's text. Throws unless it is in one place of the folder that the mutant names. */
function placeOf({ id, under, before }, tree) {
  const places = filesUnder(join(tree, under)).flatMap((file) => {
    const found = readFileSync(file, 'utf8').split(before).length - 1;
    return new Array(found).fill(file);
  });
  if (places.length !== 1) {
    const where = places.map((file) => relative(tree, file)).join(', ') || 'nowhere';
    throw new Error(
      `mutant ${id}: its text must be in one place under ${under}, it is in ${where}: ${before}`,
    );
  }
  return places[0];
}

function checkMutants() {
  for (const mutant of mutants) {
    placeOf(mutant, root);
    for (const file of mutant.tests)
      if (!existsSync(join(root, file))) throw new Error(`mutant ${mutant.id}: there is no ${file}`);
  }
}

/** A copy of the working tree, new files included, that shares the installed packages. */
function scratchCopy() {
  const copy = mkdtempSync(join(tmpdir(), 'nce-mutants-'));
  const git = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const listed = execFileSync('git', git, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  // A linked node_modules is not ignored as a folder is.
  const isToCopy = (name) => name !== '' && name !== 'node_modules' && existsSync(join(root, name));
  for (const file of listed.split('\0').filter(isToCopy)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  return copy;
}

/** Runs test files up to the first failure; returns its name, or null where all pass. */
function firstFailure(copy, files) {
  const report = join(copy, 'report.json.tmp');
  rmSync(report, { force: true });
  execFileSync(process.execPath, ['tools/embed-shaders.mjs'], { cwd: copy });
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--bail=1', '--retry=0'];
  const { error } = spawnSync(
    process.execPath,
    [...vitest, '--reporter=json', `--outputFile=${report}`, ...files],
    { cwd: copy, stdio: 'ignore', timeout: LONGEST_TEST_RUN_MS, killSignal: 'SIGKILL' },
  );
  if (error?.code === 'ETIMEDOUT') return 'no end within half an hour';
  if (!existsSync(report)) throw new Error(`vitest gave no report for ${files.join(', ')}`);
  const { success, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  if (success) return null;
  const [failed] = testResults.flatMap(({ name, message, assertionResults }) => [
    ...assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    ...(message ? [`${relative(copy, name)}: ${message.split('\n')[0]}`] : []),
  ]);
  return failed ?? 'vitest failed';
}

/** What the tests make of one mutant: "killed", "survived", or "equivalent" where no test could notice it. */
function verdictOn(mutant, copy) {
  const file = placeOf(mutant, copy);
  const original = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    original.replace(mutant.before, () => mutant.after),
  );
  try {
    const failure = firstFailure(copy, mutant.tests);
    if (failure !== null) return { verdict: 'killed', by: failure };
    return mutant.equivalent
      ? { verdict: 'equivalent', by: mutant.equivalent }
      : { verdict: 'survived', by: mutant.tests.join(', ') };
  } finally {
    writeFileSync(file, original);
  }
}

checkMutants();
if (!options.check) {
  const copy = scratchCopy();
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
  const failure = firstFailure(copy, [...new Set(mutants.flatMap(({ tests }) => tests))]);
  if (failure !== null) throw new Error(`the tests fail without any mutant: ${failure}`);
  const verdicts = [];
  for (const mutant of mutants) {
    const { verdict, by } = verdictOn(mutant, copy);
    verdicts.push(verdict);
    console.log(`${verdict.padEnd(10)} ${mutant.id.padEnd(4)} ${mutant.what}  [${by}]`);
    // A signal that came while the tests ran is heard now.
    await new Promise(setImmediate);
  }
  const count = (wanted) => verdicts.filter((verdict) => verdict === wanted).length;
  console.log(
    `${count('killed')} of ${mutants.length} killed, ${count('equivalent')} equivalent, ${count('survived')} survived`,
  );
  if (count('survived') > 0) process.exitCode = 1;
}

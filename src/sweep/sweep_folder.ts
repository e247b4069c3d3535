import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import { fileError, InputError } from '../io/input_error.js';
import { exists, outputPlace } from '../io/output_path.js';
import { isSystemError, replaceFile } from '../io/write_file.js';
import { failureSchema, resultSchema } from './outcome_schema.js';
import { planHash, type SweepPlan, type SweepPoint } from './plan.js';
import { readPlan } from './plan_file.js';
import type { SweepFailure, SweepOutcome, SweepResult } from './result.js';

const PLAN_FILE = 'plan.json';
const PARTS: readonly string[] = ['results', 'failures'];
const FILES_AT_ONCE = 64;

/** `sweeps/<name>-<first 8 digits of the plan's hash>`: the same plan finds its folder again. */
export const defaultSweepFolder = (plan: SweepPlan): string =>
  join('sweeps', `${plan.name}-${planHash(plan).slice(0, 8)}`);

/**
 * The folder of a sweep: its plan, results/HASH.json and failures/HASH.json. Files are named by the configuration
 * they belong to and appear complete, so that several processes, on several machines with a common file system, may
 * fill it at once, and simulating a configuration twice does no harm.
 */
export class SweepFolder {
  /** Of the plan's configurations. */
  private readonly hashes: ReadonlySet<string>;

  private constructor(
    readonly path: string,
    readonly plan: SweepPlan,
  ) {
    this.hashes = new Set(plan.points.map(({ hash }) => hash));
  }

  /**
   * Creates the folder of a plan, or continues it. Throws InputError where it holds another sweep or something else.
   */
  static async create(path: string, plan: SweepPlan): Promise<SweepFolder> {
    const place = outputPlace(path);
    const file = join(path, PLAN_FILE);
    const refuse = (reason: string) => new InputError(`${path} ${reason}; choose another folder`);
    try {
      const names = exists(place) ? await readdir(place) : [];
      const hasPlan = names.includes(PLAN_FILE);
      // Another process may be making the folder: its parts are there before the plan.
      const other = names.find((name) => !PARTS.includes(name) && !name.startsWith(`.${PLAN_FILE}`));
      if (!hasPlan && other !== undefined) throw refuse(`holds ${other} and no sweep`);
      if (hasPlan && planHash(await readPlan(file)) !== planHash(plan))
        throw refuse(`holds another sweep: its ${PLAN_FILE} differs`);
      for (const part of PARTS) await mkdir(join(path, part), { recursive: true });
      if (!hasPlan) await writeJson(file, plan);
    } catch (error) {
      throw isSystemError(error) ? fileError('create the folder', path, error) : error;
    }
    return new SweepFolder(path, plan);
  }

  /** Throws InputError where there is no sweep. */
  static async open(path: string): Promise<SweepFolder> {
    return new SweepFolder(path, await readPlan(join(path, PLAN_FILE)));
  }

  async completedHashes(): Promise<Set<string>> {
    return new Set(await this.hashesIn('results'));
  }

  /** Points without a result, one for each configuration. */
  async pendingPoints(): Promise<SweepPoint[]> {
    const seen = await this.completedHashes();
    return this.plan.points.filter(({ hash }) => {
      if (seen.has(hash)) return false;
      seen.add(hash);
      return true;
    });
  }

  /** Throws InputError if the outcome belongs to no configuration of the plan: its hash names the file. */
  async store(outcome: SweepOutcome): Promise<void> {
    const { hash } = 'failure' in outcome ? outcome.failure : outcome.result;
    if (!this.hashes.has(hash))
      throw new InputError(
        `an outcome belongs to no configuration of the plan: its hash is ${JSON.stringify(hash)}`,
      );
    if ('failure' in outcome) {
      const { failure } = outcome;
      await writeJson(this.place('failures', failure.hash), failure);
      return;
    }
    const { result } = outcome;
    await writeJson(this.place('results', result.hash), result);
    await rm(this.place('failures', result.hash), { force: true });
  }

  /** Results so far, by hash. Throws InputError at a damaged one. */
  async results(): Promise<Map<string, SweepResult>> {
    return this.documents<SweepResult>('results', resultSchema);
  }

  /** Failures of configurations that have no result, by hash. */
  async failures(): Promise<Map<string, SweepFailure>> {
    const failures = await this.documents<SweepFailure>('failures', failureSchema);
    for (const hash of await this.completedHashes()) failures.delete(hash);
    return failures;
  }

  private async documents<T>(part: string, schema: z.ZodType): Promise<Map<string, T>> {
    const documents = new Map<string, T>();
    const hashes = await this.hashesIn(part);
    for (let at = 0; at < hashes.length; at += FILES_AT_ONCE)
      await Promise.all(
        hashes.slice(at, at + FILES_AT_ONCE).map(async (hash) => {
          const document = await readDocument<T>(this.place(part, hash), schema);
          if (document) documents.set(hash, document);
        }),
      );
    return documents;
  }

  private place(part: string, hash: string): string {
    return join(this.path, part, `${hash}.json`);
  }

  /** Of the plan's configurations only. */
  private async hashesIn(part: string): Promise<string[]> {
    const names = new Set(await readdir(join(this.path, part)).catch(() => []));
    return [...this.hashes].filter((hash) => names.has(`${hash}.json`));
  }
}

/** Null where there is none. */
async function readDocument<T>(path: string, schema: z.ZodType): Promise<T | null> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (error instanceof SyntaxError) document = undefined;
    else throw fileError('read', path, error);
  }
  if (schema.safeParse(document).success) return document as T;
  throw new InputError(`${path} is damaged; remove it, and its point is simulated again`);
}

export const jsonText = (document: unknown): string => `${JSON.stringify(document, null, 1)}\n`;

/** Readers see the whole document or none, also after a crash. Rejects with WriteError. */
const writeJson = (path: string, document: unknown): Promise<void> =>
  replaceFile(path, (temporary) => writeFile(temporary, jsonText(document)));

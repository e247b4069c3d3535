import { setTimeout as delay } from 'node:timers/promises';
import type { Job, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { type ExecutionContext, MAX_ATTEMPTS, type SweepExecutor, type SweepTask } from '../executor.js';
import { outcomeOfAnswer } from '../outcome_schema.js';
import { failureOf, type SweepOutcome } from '../result.js';
import { connectRedis, loadBullMq, type QueueAddress } from './redis.js';

/** Jobs per request to Redis. */
const CHUNK = 250;
/** Longest answer that is read: results.json of a circuit with ten populations has 0.1 MB. */
const LONGEST_ANSWER_BYTES = 2 ** 25;
/** Interval at which all jobs are checked, in case an event was missed or Redis lost its data. */
const REVIEW_INTERVAL_MS = 5000;

/**
 * Gives configurations to the workers of a BullMQ queue and receives their results. A job's id is its configuration's
 * hash, so that it is queued only once. Redis only passes work on: a result counts when it is stored here, and a job
 * that Redis lost (a restart without persistence) is queued again. Anyone who can write to Redis can answer, so
 * answers are checked before they are stored.
 */
export function queueExecutor({ redisUrl, queue: name }: QueueAddress): SweepExecutor {
  return {
    async execute(tasks, context) {
      const { Queue, QueueEvents } = await loadBullMq();
      const connection = await connectRedis(redisUrl);
      const queue = new Queue<SweepTask, unknown>(name, { connection });
      const events = new QueueEvents(name, { connection });
      // Lost connections are made again; until then commands wait.
      queue.on('error', () => {});
      events.on('error', () => {});
      try {
        await new Submission(connection, queue, events, tasks, context).run();
      } finally {
        await Promise.race([Promise.allSettled([events.close(), queue.close()]), delay(2000)]);
        connection.disconnect();
      }
    },
  };
}

/** The configurations of one call, until each has its outcome. */
class Submission {
  private readonly outstanding: Map<string, SweepTask>;
  private failure: unknown = null;
  private collecting: Promise<void> = Promise.resolve();
  private wake: () => void = () => {};

  constructor(
    private readonly redis: Redis,
    private readonly queue: Queue<SweepTask, unknown>,
    private readonly events: QueueEvents,
    tasks: readonly SweepTask[],
    private readonly context: ExecutionContext,
  ) {
    this.outstanding = new Map(tasks.map((task) => [task.hash, task]));
  }

  async run(): Promise<void> {
    const { signal } = this.context;
    const collect = ({ jobId }: { jobId: string }) => this.collectSoon([jobId]);
    this.events.on('completed', collect);
    this.events.on('failed', collect);
    const aborted = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    try {
      while (this.outstanding.size > 0 && !signal.aborted && this.failure === null) {
        this.collectSoon([...this.outstanding.keys()]);
        await Promise.race([this.collecting, aborted]);
        if (this.outstanding.size > 0 && this.failure === null)
          await Promise.race([this.untilReview(), aborted]);
      }
    } finally {
      this.events.off('completed', collect);
      this.events.off('failed', collect);
      this.wake();
    }
    if (this.failure !== null) throw this.failure;
  }

  private untilReview(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, REVIEW_INTERVAL_MS);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** One after the other, so that an outcome is taken once. */
  private collectSoon(hashes: readonly string[]): void {
    this.collecting = this.collecting
      .then(async () => {
        for (let at = 0; at < hashes.length && !this.context.signal.aborted; at += CHUNK)
          await this.collect(hashes.slice(at, at + CHUNK));
      })
      .catch((error) => {
        this.failure ??= error;
      })
      .finally(() => {
        if (this.outstanding.size === 0 || this.failure !== null) this.wake();
      });
  }

  private async collect(hashes: readonly string[]): Promise<void> {
    const mine = hashes.filter((hash) => this.outstanding.has(hash));
    const jobs = await Promise.all(mine.map((hash) => this.jobOf(hash)));
    const missing: SweepTask[] = [];
    for (const [i, hash] of mine.entries()) {
      const job = jobs[i];
      const task = this.outstanding.get(hash)!;
      const outcome = job ? outcomeOf(job, task) : null;
      if (!job) missing.push(task);
      if (!job || !outcome) continue;
      await this.context.onOutcome(outcome);
      this.outstanding.delete(hash);
      // A worker that had lost the job may still hold it; then Redis keeps it, which does no harm.
      await this.queue.remove(hash).catch(() => {});
    }
    if (missing.length > 0) await this.queue.addBulk(missing.map(newJob));
  }

  /** Undefined where Redis has none; 'too long' where its answer is not even read. */
  private async jobOf(hash: string): Promise<Job<SweepTask, unknown> | 'too long' | undefined> {
    const lengths = await Promise.all(
      ['returnvalue', 'failedReason'].map((field) => this.redis.hstrlen(this.queue.toKey(hash), field)),
    );
    return Math.max(...lengths) > LONGEST_ANSWER_BYTES ? 'too long' : this.queue.getJob(hash);
  }
}

const newJob = (task: SweepTask) => ({
  name: 'simulate',
  data: task,
  opts: { jobId: task.hash, attempts: MAX_ATTEMPTS, backoff: { type: 'exponential', delay: 500 } },
});

/** The outcome of a job that has ended; null of any other. What is no outcome of the task counts as a failure of it. */
function outcomeOf(job: Job<SweepTask, unknown> | 'too long', task: SweepTask): SweepOutcome | null {
  const refuse = (problem: string) => ({
    failure: failureOf(new Error(`a worker's answer was refused: ${problem}`), task.hash),
  });
  if (job === 'too long') return refuse(`it has more than ${LONGEST_ANSWER_BYTES} bytes`);
  if (!job.finishedOn) return null;
  if (job.failedReason) return { failure: failureOf(new Error(job.failedReason), task.hash) };
  const answer = outcomeOfAnswer(job.returnvalue, task);
  return 'outcome' in answer ? answer.outcome : refuse(answer.problem);
}

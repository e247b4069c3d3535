import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomeOfAnswer } from '../../src/sweep/outcome_schema.js';
import type { SweepResult } from '../../src/sweep/result.js';
import { SweepFolder } from '../../src/sweep/sweep_folder.js';
import { contentOf, sweepWithResult } from './tiny_sweep.js';

describe('what counts as the answer to a job', () => {
  test('the result of the configuration, and nothing that only resembles it', async () => {
    const { task, result, tasks } = await sweepWithResult();
    const failure = { schema: 'nce-sweep-failure/1', failedAt: new Date().toISOString(), message: 'no' };
    const own = { ...failure, hash: task.hash, isPermanent: true };
    expect(outcomeOfAnswer({ result }, task)).toEqual({ outcome: { result } });
    expect(outcomeOfAnswer({ failure: own }, task)).toEqual({ outcome: { failure: own } });

    const changed = (change: (results: Record<string, never>) => void) => {
      const copy = structuredClone(result) as SweepResult & { results: Record<string, never> };
      change(copy.results);
      return { result: copy };
    };
    const infinite = JSON.parse(JSON.stringify({ result }).replace(/"eiRatio":[^,]*/, '"eiRatio":1e999'));
    const wrong: Record<string, unknown> = {
      'a path as hash': { failure: { ...own, hash: '../../../victim/package' } },
      'the hash of another configuration': { result: { ...result, hash: tasks[0].hash } },
      'more than a result': { result: { ...result, scripts: { preinstall: 'echo' } } },
      'more than a failure': { failure: { ...own, scripts: {} } },
      'both kinds': { result, failure: own },
      'an infinite number': infinite,
      'no firing': changed((results) => Object.assign(results, { firing: null })),
      'other populations': changed((results) =>
        Object.assign(results, { circuit: { neurons: 20, populations: { E: 16, X: 4 } } }),
      ),
      'another number of neurons': changed((results) =>
        Object.assign(results, { circuit: { neurons: 20, populations: { E: 17, PV: 4 } } }),
      ),
      'a terminal command': changed((results) =>
        Object.assign(results, { notes: { a: '\u001b]0;x\u0007' } }),
      ),
      'a name that is a terminal command': changed((results) => Object.assign(results, { '\u001b[2J': 1 })),
      'a text without end': changed((results) => Object.assign(results, { notes: { a: 'x'.repeat(1e6) } })),
      'a million values': changed((results) =>
        Object.assign(results, { more: new Array(1_000_001).fill(0) }),
      ),
      'a thousand levels': changed((results) => {
        let deep: unknown = 0;
        for (let level = 0; level < 1000; level++) deep = [deep];
        return Object.assign(results, { deep });
      }),
      'a failure with a terminal command': { failure: { ...own, message: '\u001b[2J' } },
      'spikes that are no count': { result: { ...result, spikes: -1 } },
      nothing: null,
      'a text': 'done',
    };
    for (const [what, answer] of Object.entries(wrong))
      expect(outcomeOfAnswer(answer, task), what).toEqual({ problem: expect.stringMatching(/./) });
    expect(infinite.result.results.balance.eiRatio).toBe(Number.POSITIVE_INFINITY);
  });

  test('whatever is answered, a stored hash is the hash of the job', async () => {
    const { task, result } = await sweepWithResult();
    const places = ['hash', 'schema', 'engine', 'spikes', 'results', 'versions'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const answer = outcomeOfAnswer({ result: { ...result, [place]: value } }, task);
        if (!('outcome' in answer)) return true;
        return 'result' in answer.outcome && answer.outcome.result.hash === task.hash;
      }),
    );
  });

  test('a folder stores outcomes of its own plan only', async () => {
    const { folder, result } = await sweepWithResult();
    const sweep = await SweepFolder.open(join(folder, 'done'));
    const before = await contentOf(folder);
    const hash = '../../victim/package';
    await expect(sweep.store({ result: { ...result, hash } })).rejects.toThrow('to no configuration');
    expect(await contentOf(folder)).toEqual(before);
  });
});

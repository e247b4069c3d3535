import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { AskedProcess } from '../../src/run/asked_process.js';
import { temporaryFolder } from '../temporary_folder.js';

interface Request {
  readonly add?: readonly [number, number];
  readonly exit?: number;
  readonly kill?: true;
  readonly silent?: true;
}
interface Answer {
  readonly sum: number;
  readonly pid: number;
}

const MODULE = `
process.on('disconnect', () => process.exit(0));
process.on('message', ({ add, exit, kill, silent }) => {
  if (exit !== undefined) process.stderr.write('out of ideas', () => process.exit(exit));
  else if (kill) process.kill(process.pid, 'SIGKILL');
  else if (!silent) process.send({ sum: add[0] + add[1], pid: process.pid });
});`;

async function adder(): Promise<AskedProcess<Request, Answer>> {
  const path = join(await temporaryFolder(), 'adder.mjs');
  await writeFile(path, MODULE);
  const child = new AskedProcess<Request, Answer>(pathToFileURL(path));
  onTestFinished(() => child.stop());
  return child;
}

test('one process answers request after request', async () => {
  const child = await adder();
  const answers: Answer[] = [];
  for (let i = 0; i < 15; i++) answers.push(await child.ask({ add: [i, 1] }));
  expect(answers.map(({ sum }) => sum)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(1);
});

test('a process that ends reports how, with its last output; the next request gets a new one', async () => {
  const child = await adder();
  const { pid } = await child.ask({ add: [1, 1] });
  await expect(child.ask({ exit: 7 })).rejects.toThrow(/^ended with code 7: out of ideas$/);
  const next = await child.ask({ add: [1, 2] });
  expect(next.sum).toBe(3);
  expect(next.pid).not.toBe(pid);
  await expect(child.ask({ kill: true })).rejects.toThrow(/^was ended by SIGKILL$/);
  expect((await child.ask({ add: [2, 2] })).sum).toBe(4);
});

test('a stop rejects the request at hand', async () => {
  const child = await adder();
  await child.ask({ add: [1, 1] });
  const lost = expect(child.ask({ silent: true })).rejects.toThrow('was ended by SIGKILL');
  child.stop();
  await lost;
});

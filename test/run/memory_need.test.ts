import { expect, test } from 'vitest';
import { resolveCircuit } from '../../src/model/circuit_file.js';
import { PRESETS } from '../../src/model/presets.js';
import { buildNetwork } from '../../src/network/build.js';
import { machineBytes, networkBytes, requireMemory } from '../../src/run/memory_need.js';
import { runCli } from '../cli/run_cli.js';

test.each(['cortical-gamma', 'cobahh'])('%s needs about as much memory as its network takes', (name) => {
  const circuit = resolveCircuit(PRESETS[name]);
  const { positions_um, start, synapses } = buildNetwork(circuit);
  const arrays = [
    positions_um,
    ...[start.V_mV, ...start.states, ...start.conductance_nS],
    ...[synapses.rowPointers, synapses.words],
  ];
  const taken = arrays.reduce((sum, array) => sum + array.byteLength, 0);
  expect(networkBytes(circuit) / taken).toBeGreaterThan(0.9);
  expect(networkBytes(circuit) / taken).toBeLessThan(1.2);
});

test('a network that is too large is refused before it is built, with need, have and remedy', async () => {
  const circuit = resolveCircuit(PRESETS.ping);
  expect(() => requireMemory(circuit, 2 ** 30)).not.toThrow();
  expect(() => requireMemory(circuit, 1000)).toThrow(
    /needs at least .* GiB of memory, there are .*; use fewer neurons/,
  );
  expect(machineBytes()).toBeGreaterThan(2 ** 28);
  const { code, err } = await runCli([
    'run',
    'cobahh',
    '--set',
    'populations.E.neurons=200000000',
    '--quiet',
  ]);
  expect(err).toContain('the network does not fit this machine: it needs at least');
  expect(code).toBe(2);
});

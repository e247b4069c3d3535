import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DOMParser } from 'linkedom';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neuroMlIds } from '../../../src/io/neuroml/xml.js';
import { openRun, type RunSource } from '../../../src/io/run_folder/run_source.js';
import { synapseValues } from '../../../src/io/synapse_values.js';
import { runCli } from '../../cli/run_cli.js';
import { type SmallRun, smallRun } from './small_run.js';

let small: SmallRun;
let run: RunSource;
let out: string;
let notes: string;
let cells: Element;
let network: Element;
beforeAll(async () => {
  small = await smallRun();
  run = await openRun(small.run);
  out = join(small.folder, 'neuroml');
  const { code, err } = await runCli(['export', small.run, '--neuroml', out]);
  expect(code, err).toBe(0);
  notes = err;
  const parse = async (file: string) =>
    new DOMParser().parseFromString(await readFile(join(out, file), 'utf8'), 'text/xml')
      .documentElement as unknown as Element;
  cells = await parse('cells.nml');
  network = await parse('network.net.nml');
});
afterAll(() => small.remove());

const FILES = ['cells.nml', 'network.net.nml', 'LEMS_simulation.xml'];

test.each(FILES)('%s is well-formed XML', async (file) => {
  // expat refuses what is not well-formed, with its line.
  const script = 'import sys, xml.parsers.expat as e; e.ParserCreate().ParseFile(open(sys.argv[1], "rb"))';
  await promisify(execFile)('/usr/bin/python3', ['-c', script, join(out, file)]);
});

const at = (element: Element, selector: string): Element => {
  const found = element.querySelector(selector);
  if (!found) throw new Error(`there is no ${selector}`);
  return found;
};
const all = (element: Element, selector: string): Element[] => [...element.querySelectorAll(selector)];
/** A quantity of an attribute: its number, with the unit checked. */
const quantity = (element: Element, name: string, unit: string): number => {
  const text = element.getAttribute(name)!;
  expect(text, name).toMatch(new RegExp(`^-?[0-9.]+(e-?[0-9]+)?${unit}$`));
  return Number.parseFloat(text);
};

test('a cell has the area, the capacitance and the conductances of its type', () => {
  for (const { name } of run.network.populations) {
    const type = run.circuit.cellTypes[run.circuit.populations[name].cell];
    const cell = at(cells, `#cell_${name}`);
    const [proximal, distal] = [at(cell, 'proximal'), at(cell, 'distal')];
    const length = Number(distal.getAttribute('y')) - Number(proximal.getAttribute('y'));
    expect(Math.PI * Number(distal.getAttribute('diameter')) * length).toBeCloseTo(type.area_um2, 6);
    expect(quantity(at(cell, 'specificCapacitance'), 'value', 'uF_per_cm2')).toBe(type.C_uF_cm2);
    const densities = Object.fromEntries(
      all(cell, 'channelDensity').map((density) => [
        density.getAttribute('id'),
        [quantity(density, 'condDensity', 'mS_per_cm2'), quantity(density, 'erev', 'mV')],
      ]),
    );
    expect(densities).toEqual({
      na: [type.membrane.na.g_mS_cm2, type.ions.Na.E_mV],
      k: [type.membrane.k.g_mS_cm2, type.ions.K.E_mV],
      ...(type.membrane.m && { m: [type.membrane.m.g_mS_cm2, type.ions.K.E_mV] }),
      leak: [type.membrane.leak.g_mS_cm2, type.membrane.leak.E_mV],
    });
    for (const density of all(cell, 'channelDensity'))
      at(cells, `ionChannelHH#${density.getAttribute('ionChannel')}`);
  }
});

test('every synapse and every neuron is there, at places that exist', () => {
  const sizes = Object.fromEntries(
    all(network, 'population').map((p) => [p.id, Number(p.getAttribute('size'))]),
  );
  expect(sizes).toEqual({ E: 40, PV: 12, squid: 8 });
  const { target, weight_nS, delayMs, receptor } = synapseValues(run.network);
  const { rowPointers } = run.network.synapses;
  const expected = new Set<string>();
  const place = (neuron: number) => {
    const { name, first } = run.network.populations.filter((range) => range.first <= neuron).at(-1)!;
    return `../${name}/${neuron - first}/cell_${name}`;
  };
  for (let source = 0; source < run.network.neurons; source++)
    for (let k = rowPointers[source]; k < rowPointers[source + 1]; k++)
      expected.add(
        [
          place(source),
          place(target(k)),
          weight_nS(k),
          `${delayMs(k)}ms`,
          ['AMPA', 'GABA_A'][receptor(k)],
        ].join(),
      );
  const found = all(network, 'connectionWD').map((connection) =>
    [
      ...['preCellId', 'postCellId', 'weight', 'delay'].map((name) => connection.getAttribute(name)),
      (connection.parentNode as Element).getAttribute('synapse'),
    ].join(),
  );
  expect(new Set(found)).toEqual(expected);
  expect(found).toHaveLength(expected.size);
});

test('the elements of a document are in the order of the schema', () => {
  // NeuroML_v2.3.xsd: the sequences of NeuroMLDocument, Network and MembraneProperties, as far as they are used.
  const orders: [Element, string[]][] = [
    [cells, ['ionChannelHH', 'cell', 'ComponentType']],
    [
      network,
      [
        'include',
        'expOneSynapse',
        'pulseGenerator',
        'poissonFiringSynapse',
        'transientPoissonFiringSynapse',
        'network',
      ],
    ],
    [at(network, 'network'), ['population', 'projection', 'inputList']],
    [
      at(cells, 'membraneProperties'),
      ['channelDensity', 'spikeThresh', 'specificCapacitance', 'initMembPotential'],
    ],
  ];
  for (const [parent, order] of orders) {
    const ranks = [...parent.children].map(({ tagName }) => order.indexOf(tagName));
    expect(ranks).not.toContain(-1);
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  }
});

test('what NeuroML has no word for is said', () => {
  expect(notes).toContain('stimuli[3], ornstein-uhlenbeck-current: left out');
  expect(notes).toContain('populations.E: every cell starts at the mean of the start potentials');
  expect(notes).toContain(
    'populations.squid.vary.membrane.na.g_mS_cm2: every cell has the value of the cell type "hodgkin-huxley-1952"',
  );
  expect(network.querySelector('#stimulus_3')).toBeNull();
  expect(all(network, 'inputList').map((list) => list.getAttribute('component'))).toEqual([
    'stimulus_0',
    'stimulus_1',
    'stimulus_2',
  ]);
});

test('names become ids, each another', () => {
  expect([...neuroMlIds(['GABA-A', 'GABA.A', 'E']).values()]).toEqual(['GABA_A', 'GABA_A_2', 'E']);
});

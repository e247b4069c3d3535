import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Experiment } from '../../demo/experiments/experiment.js';
import { withLights } from '../../demo/experiments/light.js';
import { NO_EDITS } from '../../demo/mechanisms/edits.js';
import { LinkError, linkOf, parseLink } from '../../demo/state/link.js';
import { basisOf, circuitOf, initialState } from '../../demo/state/page_state.js';
import { buildNetwork, PRESETS, resolveCircuit } from '../../src/index.js';

const NAMES = Object.keys(PRESETS);

const at = (value: unknown, path: string): unknown => {
  let found = value;
  let rest = path.split('.');
  while (rest.length > 0) {
    const container = found as Record<string, unknown>;
    const length = rest.findIndex((_, i) => Object.hasOwn(container, rest.slice(0, i + 1).join('.'))) + 1;
    if (length === 0) return undefined;
    found = container[rest.slice(0, length).join('.')];
    rest = rest.slice(length);
  }
  return found;
};

test.each(NAMES)('every experiment of %s changes the values that it names and nothing else', (preset) => {
  const { experiments } = basisOf(preset);
  const plain = circuitOf(initialState(preset));
  expect(new Set(experiments.map(({ id }) => id)).size).toBe(experiments.length);
  for (const experiment of experiments) {
    expect(experiment.targets.length, experiment.id).toBeGreaterThan(0);
    for (const value of [experiment.low, experiment.high]) {
      const changed = structuredClone(
        circuitOf({ ...initialState(preset), settings: { [experiment.id]: value } }),
      );
      for (const { path, as } of experiment.targets) {
        const before = at(plain, path) as number;
        const expected = {
          value,
          factor: before * Math.max(value, 1e-6),
          warming: before * 3 ** (value / 10),
        };
        expect(at(changed, path), path).toBeCloseTo(expected[as], 9);
        restore(changed, path, before);
      }
      expect(changed).toEqual(plain);
    }
  }
});

function restore(circuit: unknown, path: string, value: number): void {
  const parts = path.split('.');
  const key = parts.pop() as string;
  (at(circuit, parts.join('.')) as Record<string, unknown>)[key] = value;
}

test("an experiment starts at the preset's value, within its range, with unit and expected effect", () => {
  for (const preset of NAMES)
    for (const experiment of basisOf(preset).experiments) {
      const { initial, low, high, unit, expect: expectation, targets, id } = experiment;
      expect(initial, id).toBeGreaterThanOrEqual(low);
      expect(initial, id).toBeLessThanOrEqual(high);
      expect(unit).not.toBe('');
      expect(expectation).toMatch(/\.$/);
      if (targets[0].as === 'value')
        expect(at(basisOf(preset).circuit, targets[0].path), `${preset} ${id}`).toBe(initial);
    }
});

test('lights that are off leave the network as it is', () => {
  const plain = buildNetwork(resolveCircuit(PRESETS.ping));
  const lit = buildNetwork(resolveCircuit(withLights(PRESETS.ping)));
  expect(lit.synapses.words).toEqual(plain.synapses.words);
  expect(lit.start.V_mV).toEqual(plain.start.V_mV);
});

const settingsOf = (experiments: readonly Experiment[]) =>
  fc.uniqueArray(fc.integer({ min: 0, max: experiments.length - 1 })).chain((indices) =>
    fc.tuple(...indices.map(() => fc.double({ min: 0, max: 1, noNaN: true }))).map((shares) =>
      Object.fromEntries(
        indices.map((index, i) => {
          const { id, low, high } = experiments[index];
          return [id, Math.min(high, low + shares[i] * (high - low))];
        }),
      ),
    ),
  );

test('a link leads back to the state that made it', () => {
  const states = fc.constantFrom(...NAMES).chain((preset) => {
    const { experiments, neurons } = basisOf(preset);
    return fc.record({
      preset: fc.constant(preset),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      settings: settingsOf(experiments),
      picked: fc.integer({ min: 0, max: neurons - 1 }),
      injected_uA_cm2: fc.double({ min: -20, max: 20, noNaN: true }).map((current) => current + 0),
      edits: fc.constant(NO_EDITS),
    });
  });
  fc.assert(
    fc.property(states, (state) => {
      expect(parseLink(`#${linkOf(state)}`)).toEqual(state);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['v=2&preset=ping', /version 2/],
  ['preset=ping', /version none/],
  // Of schema nce-circuit/1, where conductances had fixed names.
  ['v=1&preset=ping&x.gNa.pyramidal-rs=20', /unknown key "x\.gNa/],
  ['v=1&preset=nothing', /no preset/],
  ['v=1&preset=__proto__', /no preset/],
  ['v=1&preset=constructor', /no preset/],
  ['v=1&preset=ping&seed=-1', /whole number from 0/],
  ['v=1&preset=ping&seed=1.5', /whole number/],
  ['v=1&preset=ping&neuron=200', /from 0 to 199/],
  ['v=1&preset=ping&inject=1e99', /from -20 to 20/],
  ['v=1&preset=ping&inject=NaN', /inject is "NaN"/],
  ['v=1&preset=ping&x.light.PV=0x10', /light\.PV is/],
  ['v=1&preset=ping&x.light.PV=', /light\.PV is ""/],
  ['v=1&preset=ping&x.__proto__=1', /unknown key "x\.__proto__"/],
  ['v=1&preset=ping&x.light.SST=1', /unknown key/],
  ['v=1&preset=ping&seed=1&seed=2', /twice/],
  [`v=1&preset=ping&x=${'1'.repeat(17_000)}`, /characters/],
])('the link %s is refused', (link, message) => {
  expect(() => parseLink(link)).toThrow(LinkError);
  expect(() => parseLink(link)).toThrow(message);
});

test('no text makes the link parser fail in another way than a LinkError', () => {
  const before = JSON.stringify(Object.getOwnPropertyNames(Object.prototype));
  const hostile = fc.oneof(
    fc.string(),
    fc.string().map((text) => `v=1&preset=ping&${text}`),
    fc.tuple(fc.string(), fc.string()).map(([key, value]) => `v=1&preset=ping&x.${key}=${value}`),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      try {
        parseLink(text);
      } catch (error) {
        expect(error).toBeInstanceOf(LinkError);
      }
    }),
    { numRuns: 1000 },
  );
  expect(JSON.stringify(Object.getOwnPropertyNames(Object.prototype))).toBe(before);
});

import { describe, expect, test } from 'vitest';
import { readNeuroml } from '../../../src/io/neuroml/read_neuroml.js';
import { checkMechanism } from '../../../src/mechanism/check_mechanism.js';
import { gatingCurves } from '../../../src/mechanism/gating.js';
import { libraryMechanisms } from '../../../src/mechanism/library.js';
import { mechanismSchema } from '../../../src/mechanism/mechanism_schema.js';
import { channelOf, mechanismOf } from './documents.js';
import { roundTrip } from './round_trip.js';

/** A mechanism of potassium, named `x`. */
function channel(data: object) {
  const { mechanism, problems } = checkMechanism('x', mechanismSchema.parse({ channel: 'K', ...data }));
  if (!mechanism) throw new Error(JSON.stringify(problems));
  return mechanism;
}

/** Also beside the values at which rates are singular, and at a temperature at which nothing was measured. */
const POTENTIALS_mV = Array.from({ length: 161 }, (_, k) => -100.123 + k);
const TEMPERATURE_C = 31;

describe('what is written is read back with the same gating', () => {
  const channels = [...libraryMechanisms().values()].filter(({ kind }) => kind === 'channel');
  test.each(channels.map((mechanism) => [mechanism.name, mechanism] as const))('%s', (_, mechanism) => {
    const { back, scale } = roundTrip(mechanism);
    expect(scale).toBe(1);
    const [before, after] = [mechanism, back].map((one) => gatingCurves(one, POTENTIALS_mV, TEMPERATURE_C));
    expect(after.map(({ state }) => state)).toEqual(before.map(({ state }) => state));
    for (const [i, { inf, tauMs }] of before.entries())
      for (const k of POTENTIALS_mV.keys()) {
        expect(after[i].inf[k]).toBeCloseTo(inf[k], 11);
        if (tauMs) expect(after[i].tauMs![k] / tauMs[k]).toBeCloseTo(1, 11);
      }
  });
});

describe('standard forms', () => {
  const rates = (alpha: string, beta: string) => {
    const { text } = roundTrip(channel({ open: 'n', states: { n: { alpha, beta } } }));
    return [...text.matchAll(/<(?:forward|reverse)Rate (.*)\/>/g)].map(([, attributes]) => attributes);
  };

  test('exponentials, sigmoids and their limits, in any disguise', () => {
    expect(rates('0.01*(V+55)/(1-exp(-(V+55)/10))', '0.125*exp(-(V+65)/80)')).toEqual([
      'type="HHExpLinearRate" rate="0.1per_ms" midpoint="-55mV" scale="10mV"',
      'type="HHExpRate" rate="0.125per_ms" midpoint="-65mV" scale="-80mV"',
    ]);
    expect(rates('0.5*(15-V)/(exp((15-V)/5)-1)', '4/(1+exp((40-V)/5))')).toEqual([
      'type="HHExpLinearRate" rate="2.5per_ms" midpoint="15mV" scale="5mV"',
      'type="HHSigmoidRate" rate="4per_ms" midpoint="40mV" scale="5mV"',
    ]);
    // 3/(2 + 2 exp(x)) is 1.5/(1 + exp(x)).
    expect(rates('3/(2 + 2*exp((V+20)/7))', '0')).toEqual([
      'type="HHSigmoidRate" rate="1.5per_ms" midpoint="-20mV" scale="-7mV"',
      'type="HHExpRate" rate="0per_ms" midpoint="0mV" scale="1mV"',
    ]);
  });

  test('a factor of the temperature is q10Settings, where both rates have it', () => {
    const both = roundTrip(
      channel({
        let: { q: '3^((celsius-6.3)/10)' },
        open: 'n',
        states: { n: { alpha: 'q*0.1*exp(V/20)', beta: '0.2*q' } },
      }),
    ).text;
    expect(both).toContain('<q10Settings type="q10ExpTemp" q10Factor="3" experimentalTemp="6.3degC"/>');
    const one = roundTrip(
      channel({ open: 'n', states: { n: { alpha: '3^((celsius-6.3)/10)*0.1*exp(V/20)', beta: '0.2' } } }),
    ).text;
    expect(one).not.toContain('q10Settings');
    expect(one).toContain('name="celsius" dimension="none" value="temperature / KELVIN - 273.15"');
  });

  test('a steady state and a constant time', () => {
    const { text } = roundTrip(
      channel({ open: 'n', states: { n: { inf: '1/(1+exp(-(V+20)/9))', tau: '3' } } }),
    );
    expect(text).toContain('<timeCourse type="fixedTimeCourse" tau="3ms"/>');
    expect(text).toContain('<steadyState type="HHSigmoidVariable" rate="1" midpoint="-20mV" scale="9mV"/>');
    expect(text).not.toContain('ComponentType');
  });

  test('a rate that is linear in its state', () => {
    const { back } = roundTrip(
      channel({ open: 'n', states: { n: { rate: '0.3*exp(V/25)*(1 - n) - 0.2*n' } } }),
    );
    const [{ inf, tauMs }] = gatingCurves(back, [-50]);
    const alpha = 0.3 * Math.exp(-2);
    expect(inf[0]).toBeCloseTo(alpha / (alpha + 0.2), 12);
    expect(tauMs![0]).toBeCloseTo(1 / (alpha + 0.2), 12);
  });
});

describe('types of their own', () => {
  test.each([
    ['max(0.1, 0.002*(V + 60))', (V: number) => Math.max(0.1, 0.002 * (V + 60))],
    ['min(0.5, exp(V/30))', (V: number) => Math.min(0.5, Math.exp(V / 30))],
    ['V < -40 ? 0.2 : V < 0 ? 0.4 : 0.6', (V: number) => (V < -40 ? 0.2 : V < 0 ? 0.4 : 0.6)],
    ['(V < -40 || V > 20 && V < 30) ? 0.2 : 0.4', (V: number) => (V < -40 || (V > 20 && V < 30) ? 0.2 : 0.4)],
    ['!(V < -40) ? 0.2 : 0.4', (V: number) => (V < -40 ? 0.4 : 0.2)],
    ['abs(V)/200 + sqrt(1 + (V/100)^2)', (V: number) => Math.abs(V) / 200 + Math.sqrt(1 + (V / 100) ** 2)],
    [
      '0.3 + 0.1*tanh(V/40) + 0.1*sin(V/50)',
      (V: number) => 0.3 + 0.1 * Math.tanh(V / 40) + 0.1 * Math.sin(V / 50),
    ],
    ['2 + log(1 + exp(V/30))*log10(1000)', (V: number) => 2 + 3 * Math.log(1 + Math.exp(V / 30))],
    ['0.1*exprel(V/30)*(1 + V/30/(exp(V/30)-1))', (V: number) => (0.1 * Math.expm1(V / 30)) / (V / 30) + 0.1],
    ['1e12/(1e12 + exp(-V/3))', (V: number) => 1e12 / (1e12 + Math.exp(-V / 3))],
  ])('%s', (formula, expected) => {
    const { back } = roundTrip(channel({ open: 'n', states: { n: { is: formula } } }));
    const [{ inf }] = gatingCurves(back, POTENTIALS_mV);
    for (const [i, V] of POTENTIALS_mV.entries()) expect(inf[i] / expected(V)).toBeCloseTo(1, 10);
  });
});

describe('the open share', () => {
  const states = { m: { inf: '0.5', tau: '1' }, h: { inf: '0.5', tau: '1' } };

  test('factors of it go to the conductance, functions of V and calcium become gates', () => {
    const { back, scale, text } = roundTrip(channel({ open: '0.25*m^3*h/(1 + Ca_in/(1e-3 mM))', states }));
    expect(text).toContain('<gate id="m" type="gateHHtauInf" instances="3">');
    const factor = [...back.states.values()].find(({ name }) => name.startsWith('factor'))!;
    const curve = gatingCurves(back, [-50]).find(({ state }) => state === factor.name)!;
    // Calcium is 1e-4 mM where no cell says otherwise.
    expect(scale * curve.inf[0]).toBeCloseTo(0.25 / 1.1, 12);
  });

  test('q10 of the conductance', () => {
    const { text } = roundTrip(channel({ open: 'm*1.5^((celsius-23)/10)', states }));
    expect(text).toContain('<q10ConductanceScaling q10Factor="1.5" experimentalTemp="23degC"/>');
  });

  test('a sum of parts is a fractional gate', () => {
    const { text, scale } = roundTrip(channel({ open: '(1.2*m + 0.8*h)^2', states }));
    expect(text).toContain('type="gateFractional" instances="2"');
    expect(text).toContain('<subGate id="m" fractionalConductance="0.6">');
    expect(scale).toBeCloseTo(4, 12);
  });

  test('a kinetic scheme', () => {
    const mechanism = channel({
      scheme: {
        states: ['C1', 'C2', 'O'],
        reactions: ['C1 <-> C2 : 0.3*exp(V/20), 0.5', 'C2 -> O : 0.1 + 1/(1+exp(-V/9))', 'O -> C2 : 0.2'],
        open: 'O^2',
      },
    });
    const { text, back } = roundTrip(mechanism);
    expect(text).toContain('<ionChannelKS id="x" conductance="10pS" species="k">');
    const [before, after] = [mechanism, back].map((one) => gatingCurves(one, POTENTIALS_mV));
    const O = (curves: typeof before) => curves.find(({ state }) => state === 'O')!;
    for (const k of POTENTIALS_mV.keys()) expect(O(after).inf[k]).toBeCloseTo(O(before).inf[k], 11);
  });

  test.each([
    ['m*(1 - h)', 'its open share has h in another form than a power'],
    ['sqrt(m)', 'its open share has a power of 0.5'],
    ['m + h + 0.1', 'its open share has m and h in another form than a power'],
  ])('%s is refused', (open, problem) => {
    expect(() => roundTrip(channel({ open, states }))).toThrow(problem);
  });

  test('so are a gate that reads another and a rate that is not linear', () => {
    expect(() => roundTrip(channel({ open: 'm', states: { ...states, m: { inf: 'h', tau: '1' } } }))).toThrow(
      'a rate of NeuroML cannot read "h"',
    );
    expect(() => roundTrip(channel({ open: 'm', states: { m: { rate: '(0.5 - m^2)/(1 ms)' } } }))).toThrow(
      'the rate of m is not linear in m',
    );
  });
});

test('what was imported is exported with the same gating', () => {
  const text = channelOf(
    '<gate id="m" type="gateHHtauInf" instances="2"><q10Settings type="q10ExpTemp" q10Factor="2.3" experimentalTemp="21degC"/>',
    '<timeCourse type="own"/><steadyState type="HHSigmoidVariable" rate="1" midpoint="-35mV" scale="8mV"/></gate>',
  ).replace(
    '</neuroml>',
    `<ComponentType name="own" extends="baseVoltageDepTime">
      <Constant name="MV" dimension="voltage" value="1mV"/><Constant name="MS" dimension="time" value="1ms"/>
      <Dynamics><ConditionalDerivedVariable name="t" exposure="t" dimension="time">
        <Case condition="v .lt. 0 - 30 * MV" value="MS * (2 + exp(v / (20 * MV)))"/><Case value="3 * MS"/>
      </ConditionalDerivedVariable></Dynamics></ComponentType></neuroml>`,
  );
  const mechanism = mechanismOf(readNeuroml(text, null).mechanisms.x);
  const [before, after] = [mechanism, roundTrip(mechanism).back].map(
    (one) => gatingCurves(one, POTENTIALS_mV, TEMPERATURE_C)[0],
  );
  for (const k of POTENTIALS_mV.keys()) {
    expect(after.inf[k]).toBeCloseTo(before.inf[k], 11);
    expect(after.tauMs![k]).toBeCloseTo(before.tauMs![k], 11);
  }
});

import { describe, expect, test } from 'vitest';
import { readNeuroml } from '../../../src/io/neuroml/read_neuroml.js';
import { channelOf, gate, POTENTIALS_mV } from './documents.js';

/** Rates of Hodgkin and Huxley 1952 at a rest of -65 mV, as NeuroML writes them. */
const FORWARD_M = '<forwardRate type="HHExpLinearRate" rate="1per_ms" midpoint="-40mV" scale="10mV"/>';
const REVERSE_M = '<reverseRate type="HHExpRate" rate="4per_ms" midpoint="-65mV" scale="-18mV"/>';
const alphaM = (V: number) => (V === -40 ? 1 : (0.1 * (V + 40)) / -Math.expm1(-(V + 40) / 10));
const betaM = (V: number) => 4 * Math.exp(-(V + 65) / 18);
const sigmoid = (V: number, midpoint: number, scale: number) => 1 / (1 + Math.exp(-(V - midpoint) / scale));

const INF = '<steadyState type="HHSigmoidVariable" rate="1" midpoint="-35mV" scale="8 mV"/>';
const infM = (V: number) => sigmoid(V, -35, 8);
const TAU = '<timeCourse type="fixedTimeCourse" tau="2.5ms"/>';
/** A time constant with the factor that the temperature gives it written into it. */
const CUSTOM_TAU = `<ComponentType name="own_tau" extends="baseVoltageDepTime">
  <Constant name="TIME_SCALE" dimension="time" value="1 ms"/>
  <Constant name="VOLT_SCALE" dimension="voltage" value="1 mV"/>
  <Requirement name="rateScale" dimension="none"/>
  <Requirement name="alpha" dimension="per_time"/>
  <Requirement name="beta" dimension="per_time"/>
  <Dynamics>
    <DerivedVariable name="V" dimension="none" value="v / VOLT_SCALE"/>
    <DerivedVariable name="sum" dimension="none" value="(alpha + beta) * TIME_SCALE"/>
    <ConditionalDerivedVariable name="t" exposure="t" dimension="time">
      <Case condition="1/sum .lt. 0.3 .and. V .gt. -500" value="0.3 * TIME_SCALE * rateScale"/>
      <Case value="TIME_SCALE * rateScale / sum"/>
    </ConditionalDerivedVariable>
  </Dynamics>
</ComponentType>`;

/** At a removable singularity the equilibrium is taken 1e-7 mV beside it, which is 1e-8 of these rates. */
const expectClose = (values: ArrayLike<number>, expected: (V: number) => number) => {
  for (const [i, V] of POTENTIALS_mV.entries())
    expect(values[i] / expected(V), `at ${V} mV`).toBeCloseTo(1, V === -40 ? 7 : 9);
};

describe('gates', () => {
  test('gateHHrates: alpha and beta, in any unit, with the limit at the midpoint', () => {
    const perSecond = REVERSE_M.replace('4per_ms', '4000 per_s').replace('-65mV', '-0.065V');
    for (const tag of ['gateHHrates', 'gate']) {
      const m = gate(
        channelOf(`<${tag} id="m" type="gateHHrates" instances="3">`, FORWARD_M, perSecond, `</${tag}>`),
        'm',
      );
      expectClose(m.inf, (V) => alphaM(V) / (alphaM(V) + betaM(V)));
      expectClose(m.tauMs!, (V) => 1 / (alphaM(V) + betaM(V)));
    }
  });

  test('gateHHtauInf', () => {
    const m = gate(channelOf('<gateHHtauInf id="m" instances="1">', TAU, INF, '</gateHHtauInf>'), 'm');
    expectClose(m.inf, infM);
    expectClose(m.tauMs!, () => 2.5);
  });

  test('gateHHratesInf, gateHHratesTau, gateHHratesTauInf: what is given replaces what the rates say', () => {
    const read = (kind: string, ...parts: string[]) =>
      gate(
        channelOf(`<gate id="m" type="${kind}" instances="1">`, FORWARD_M, REVERSE_M, ...parts, '</gate>'),
        'm',
      );
    const inf = read('gateHHratesInf', INF);
    expectClose(inf.inf, infM);
    expectClose(inf.tauMs!, (V) => 1 / (alphaM(V) + betaM(V)));
    const tau = read('gateHHratesTau', TAU);
    expectClose(tau.inf, (V) => alphaM(V) / (alphaM(V) + betaM(V)));
    expectClose(tau.tauMs!, () => 2.5);
    const both = read('gateHHratesTauInf', TAU, INF);
    expectClose(both.inf, infM);
    expectClose(both.tauMs!, () => 2.5);
  });

  test('gates that follow at once: gateHHInstantaneous, gateHHratesInstantaneous, a time course of 0', () => {
    const steady = gate(
      channelOf('<gateHHInstantaneous id="m" instances="1">', INF, '</gateHHInstantaneous>'),
      'm',
    );
    expectClose(steady.inf, infM);
    expect(steady.tauMs).toBeNull();
    const zero = TAU.replace('2.5ms', '0ms');
    const noTime = gate(
      channelOf('<gate id="m" type="gateHHtauInf" instances="1">', zero, INF, '</gate>'),
      'm',
    );
    expect(noTime.tauMs).toBeNull();
    const rates = gate(
      channelOf(
        '<gate id="m" type="gateHHratesInstantaneous" instances="1">',
        FORWARD_M,
        REVERSE_M,
        '</gate>',
      ),
      'm',
    );
    expectClose(rates.inf, (V) => alphaM(V) / (alphaM(V) + betaM(V)));
    expect(rates.tauMs).toBeNull();
  });

  test('a gate of a type of the document that follows at once', () => {
    const own = (more: string) =>
      channelOf('<gate id="m" type="own" instances="2">', TAU, INF, '</gate>').replace(
        '</neuroml>',
        `<ComponentType name="own" extends="gateHHtauInf"><Dynamics>
          <DerivedVariable name="inf" dimension="none" exposure="inf" select="steadyState/x"/>
          <DerivedVariable name="q" exposure="q" dimension="none" value="inf"/>${more}
        </Dynamics></ComponentType></neuroml>`,
      );
    expect(readNeuroml(own(''), null).mechanisms.x.open).toBe('m^2');
    expectClose(gate(own(''), 'm').inf, infM);
    // With a share of its own it needs no state.
    const share =
      '<DerivedVariable name="fcond" exposure="fcond" dimension="none" value="(1 - q)^instances"/>';
    const { states, open, let: named } = readNeuroml(own(share), null).mechanisms.x;
    expect([states, open]).toEqual([{}, '(1 - inf)^2']);
    expect(named).toEqual({ inf: '1/(1 + exp(-(V + 35)/8))' });
  });

  test('gateFractional: parts of the conductance, each with its own time course', () => {
    const text = channelOf(
      '<gate id="h" type="gateFractional" instances="2"><q10Settings type="q10Fixed" fixedQ10="2"/>',
      `<subGate id="fast" fractionalConductance="0.7">${INF}${TAU}</subGate>`,
      `<subGate id="slow" fractionalConductance="0.3">${INF}${TAU.replace('2.5', '90')}</subGate></gate>`,
    );
    expect(readNeuroml(text, null).mechanisms.x.open).toBe('(0.7*h_fast + 0.3*h_slow)^2');
    expectClose(gate(text, 'h_slow').tauMs!, () => 45);
    expectClose(gate(text, 'h_fast').inf, infM);
  });

  test('the open share is the product of the gates, to their powers', () => {
    const open = (instances: string) =>
      readNeuroml(
        channelOf(
          `<gateHHtauInf id="m" instances="${instances}">`,
          TAU,
          INF,
          '</gateHHtauInf>',
          '<gateHHtauInf id="h" instances="1">',
          TAU,
          INF,
          '</gateHHtauInf>',
        ),
        null,
      ).mechanisms.x.open;
    expect(open('3')).toBe('m^3*h');
    expect(open('1')).toBe('m*h');
    expect(readNeuroml(channelOf(), null).mechanisms.x.open).toBe(1);
  });
});

describe('rates', () => {
  const rate = (type: string) =>
    gate(
      channelOf(
        '<gateHHrates id="m" instances="1">',
        `<forwardRate type="${type}" rate="0.3per_ms" midpoint="-40mV" scale="-9mV"/>`,
        '<reverseRate type="HHExpRate" rate="1per_ms" midpoint="0mV" scale="1e9mV"/></gateHHrates>',
      ),
      'm',
    ).inf.map((inf) => inf / (1 - inf));

  test.each<[string, (V: number) => number]>([
    ['HHExpRate', (V) => 0.3 * Math.exp((V + 40) / -9)],
    ['HHSigmoidRate', (V) => 0.3 / (1 + Math.exp((V + 40) / 9))],
    ['HHExpLinearRate', (V) => (V === -40 ? 0.3 : (0.3 * ((V + 40) / -9)) / -Math.expm1((V + 40) / 9))],
  ])('%s', (type, expected) => {
    rate(type).forEach((value, i) => {
      expect(value / expected(POTENTIALS_mV[i])).toBeCloseTo(1, 6);
    });
  });

  test.each<[string, (V: number) => number]>([
    ['HHExpVariable', (V) => 0.3 * Math.exp(-(V + 200) / 200)],
    ['HHSigmoidVariable', (V) => 0.3 / (1 + Math.exp((V + 200) / 200))],
    ['HHExpLinearVariable', (V) => (0.3 * ((V + 200) / 200)) / Math.expm1((V + 200) / 200)],
  ])('%s', (type, expected) => {
    const m = gate(
      channelOf(
        '<gateHHtauInf id="m" instances="1">',
        TAU,
        `<steadyState type="${type}" rate="0.3" midpoint="-200mV" scale="-200mV"/></gateHHtauInf>`,
      ),
      'm',
    );
    expectClose(m.inf, expected);
  });

  test('a custom type: constants, conditions, and what it requires of its gate', () => {
    const text = channelOf(
      '<gate id="m" type="gateHHratesTau" instances="1">',
      '<q10Settings type="q10Fixed" fixedQ10="4"/>',
      FORWARD_M,
      REVERSE_M,
      '<timeCourse type="own_tau"/></gate>',
    ).replace('</neuroml>', `${CUSTOM_TAU}</neuroml>`);
    const m = gate(text, 'm');
    expectClose(m.inf, (V) => alphaM(V) / (alphaM(V) + betaM(V)));
    // rateScale is in the time constant and divides it again.
    expectClose(m.tauMs!, (V) => Math.max(0.3, 1 / (alphaM(V) + betaM(V))));
  });

  test('cases of which none may hold: the last is taken, with a note', () => {
    const notes = (...cases: readonly [string, string][]) => {
      const type = `<ComponentType name="own" extends="baseVoltageDepTime">
        <Constant name="MV" dimension="voltage" value="1mV"/><Constant name="MS" dimension="time" value="1ms"/>
        <Dynamics><ConditionalDerivedVariable name="t" exposure="t" dimension="time">
          ${cases.map(([condition, value]) => `<Case condition="${condition}" value="${value}*MS"/>`).join('')}
        </ConditionalDerivedVariable></Dynamics></ComponentType>`;
      const text = channelOf(
        '<gateHHtauInf id="m" instances="1"><timeCourse type="own"/>',
        INF,
        '</gateHHtauInf>',
      );
      return readNeuroml(text.replace('</neuroml>', `${type}</neuroml>`), null).notes;
    };
    expect(notes(['v .lt. 3*MV', '1'], ['(v) .geq. (3*MV)', '2'])).toEqual([]);
    expect(notes(['v .neq. 0', '1'], ['v .eq. 0', '2'])).toEqual([]);
    expect(notes(['v .lt. 3*MV', '1'], ['v .gt. 3*MV', '2'])).toEqual([
      { line: 10, message: 'where no case holds, this last one is taken' },
    ]);
  });

  test('powers and signs in parentheses', () => {
    const type = `<ComponentType name="own" extends="baseVoltageDepTime">
      <Constant name="MV" dimension="voltage" value="50mV"/><Constant name="MS" dimension="time" value="1ms"/>
      <Dynamics><DerivedVariable name="t" exposure="t" dimension="time"
        value="MS * (3 + exp(-((v/MV)^2)) - (-2)^-1 + -(1)*2^(2^-1))"/></Dynamics></ComponentType>`;
    const text = channelOf(
      '<gateHHtauInf id="m" instances="1"><timeCourse type="own"/>',
      INF,
      '</gateHHtauInf>',
    );
    expectClose(
      gate(text.replace('</neuroml>', `${type}</neuroml>`), 'm').tauMs!,
      (V) => 3.5 + Math.exp(-((V / 50) ** 2)) - Math.SQRT2,
    );
  });

  test('a custom type that extends another of the document, with parameters and calcium', () => {
    const types = `<ComponentType name="base" extends="baseVoltageConcDepVariable">
        <Parameter name="half" dimension="concentration"/><Parameter name="power" dimension="none"/>
        <Dynamics>
          <DerivedVariable name="ratio" dimension="none" value="half / caConc"/>
          <DerivedVariable name="x" exposure="x" dimension="none" value="1 / (1 + ratio^power)"/>
        </Dynamics>
      </ComponentType>
      <ComponentType name="steeper" extends="base">
        <Dynamics><DerivedVariable name="ratio" dimension="none" value="2 * half / caConc"/></Dynamics>
      </ComponentType>`;
    const text = channelOf(
      '<gateHHtauInf id="m" instances="1">',
      TAU,
      '<steadyState type="steeper" half="1e-10 mol_per_cm3" power="4"/></gateHHtauInf>',
    ).replace('</neuroml>', `${types}</neuroml>`);
    // 1e-10 mol/cm3 are 1e-4 mM, which calcium is where no cell says otherwise.
    expectClose(gate(text, 'm').inf, () => 1 / (1 + 2 ** 4));
  });
});

describe('temperature', () => {
  const warm = (settings: string) =>
    channelOf(`<gateHHtauInf id="m" instances="1">${settings}`, TAU, INF, '</gateHHtauInf>');

  test('q10ExpTemp and q10Fixed make gates faster', () => {
    const exponential = warm('<q10Settings type="q10ExpTemp" q10Factor="3" experimentalTemp="22 degC"/>');
    expectClose(gate(exponential, 'm', 32).tauMs!, () => 2.5 / 3);
    expectClose(gate(exponential, 'm', 22).tauMs!, () => 2.5);
    expectClose(gate(warm('<q10Settings type="q10Fixed" fixedQ10="2.2"/>'), 'm').tauMs!, () => 2.5 / 2.2);
    const inKelvin = exponential.replace('22 degC', '295.15K');
    expectClose(gate(inKelvin, 'm', 32).tauMs!, () => 2.5 / 3);
  });

  test('q10ConductanceScaling scales the open share', () => {
    const text = channelOf(
      '<q10ConductanceScaling q10Factor="2" experimentalTemp="17 degC"/>',
      '<gateHHtauInf id="m" instances="1">',
      TAU,
      INF,
      '</gateHHtauInf>',
    );
    expect(readNeuroml(text, null).mechanisms.x.open).toBe('m*2^((celsius - 17)/10)');
  });

  test('formulas read the absolute temperature', () => {
    const type = `<ComponentType name="own" extends="baseVoltageDepTime">
      <Constant name="KELVIN" dimension="temperature" value="1 K"/>
      <Constant name="MS" dimension="time" value="1 ms"/>
      <Requirement name="temperature" dimension="temperature"/>
      <Dynamics><DerivedVariable name="t" exposure="t" dimension="time" value="MS * temperature / KELVIN"/></Dynamics>
    </ComponentType>`;
    const text = channelOf(
      '<gateHHtauInf id="m" instances="1"><timeCourse type="own"/>',
      INF,
      '</gateHHtauInf>',
    );
    expectClose(gate(text.replace('</neuroml>', `${type}</neuroml>`), 'm', 20).tauMs!, () => 293.15);
  });
});

describe('channels with states of their own', () => {
  const own = (
    dynamics: string,
  ) => `<neuroml><ionChannel id="x" type="own" species="k" conductance="1pS" slow="4"/>
    <ComponentType name="own" extends="baseIonChannel"><Parameter name="slow" dimension="none"/>
      <Constant name="MV" dimension="voltage" value="1mV"/><Constant name="MS" dimension="time" value="1ms"/>
      <Dynamics><StateVariable name="n" dimension="none"/>${dynamics}
        <DerivedVariable name="beta" dimension="none" value="0.125 * exp(-(v/MV + 65)/80)"/>
        <DerivedVariable name="alpha" dimension="none" value="0.1 / (1 + exp(-(v/MV + 20)/9))"/>
        <TimeDerivative variable="n" value="(alpha*(1 - n) - beta*n) / (slow*MS)"/>
        <DerivedVariable name="fopen" exposure="fopen" dimension="none" value="n^4"/>
      </Dynamics></ComponentType></neuroml>`;

  test('become states with a rate', () => {
    const alpha = (V: number) => 0.1 / (1 + Math.exp(-(V + 20) / 9));
    const beta = (V: number) => 0.125 * Math.exp(-(V + 65) / 80);
    expect(readNeuroml(own(''), null).mechanisms.x.open).toBe('n^4');
    const n = gate(own(''), 'n');
    expectClose(n.inf, (V) => alpha(V) / (alpha(V) + beta(V)));
    expectClose(n.tauMs!, (V) => 4 / (alpha(V) + beta(V)));
  });

  test('are refused where a state jumps or never changes', () => {
    expect(() => readNeuroml(own('<OnCondition test="v .gt. 0"/>'), 'x')).toThrow(
      'x:4:59 a jump of own is not read',
    );
    expect(() => readNeuroml(own('<StateVariable name="k" dimension="none"/>'), 'x')).toThrow(
      'the state k of own has no <TimeDerivative>',
    );
  });
});

describe('kinetic schemes', () => {
  const gateKs = (...parts: string[]) => `<gateKS id="m" instances="3">${parts.join('')}</gateKS>`;
  const transition = (name: string, from: string, to: string, rate: string) =>
    `<${name} id="t" from="${from}" to="${to}">${rate.replace(/^<\w+/, '<rate')}</${name}>`;

  test('of two states: a gate with the sums of its rates', () => {
    const text = channelOf(
      gateKs(
        '<closedState id="c"/><openState id="o"/>',
        transition('forwardTransition', 'c', 'o', FORWARD_M),
        transition('reverseTransition', 'c', 'o', REVERSE_M),
      ),
    ).replaceAll('ionChannelHH', 'ionChannelKS');
    expect(readNeuroml(text, null).mechanisms.x.open).toBe('m^3');
    expectClose(gate(text, 'm').inf, (V) => alphaM(V) / (alphaM(V) + betaM(V)));
  });

  test('of several states: a scheme', () => {
    const text = channelOf(
      gateKs(
        '<closedState id="c1"/><closedState id="c2"/><openState id="o"/>',
        transition('forwardTransition', 'c1', 'c2', FORWARD_M),
        transition('reverseTransition', 'c1', 'c2', REVERSE_M),
        `<tauInfTransition id="t" from="c2" to="o">${INF}${TAU}</tauInfTransition>`,
      ).replace('instances="3"', 'instances="1"'),
    );
    const { scheme } = readNeuroml(text, null).mechanisms.x;
    expect(scheme?.states).toEqual(['c1', 'c2', 'o']);
    expect(scheme?.reactions).toHaveLength(4);
    // c1 : c2 : o as beta : alpha : alpha inf / (1 - inf)
    expectClose(gate(text, 'o').inf, (V) => {
      const opened = infM(V) / (1 - infM(V));
      return (alphaM(V) * opened) / (betaM(V) + alphaM(V) + alphaM(V) * opened);
    });
  });

  test('vHalfTransition', () => {
    const text = channelOf(
      gateKs(
        '<closedState id="c"/><openState id="o"/>',
        '<vHalfTransition id="t" from="c" to="o" vHalf="-20mV" z="1.5" gamma="0.4" tau="3.2ms" tauMin="0.3ms"/>',
      ),
    );
    const rate = (V: number, charge: number) => 1 / (0.3 + 3.2 * Math.exp((charge * (V + 20)) / 25.3));
    const opening = (V: number) => rate(V, -1.5 * 0.4);
    const closing = (V: number) => rate(V, 1.5 * 0.6);
    expectClose(gate(text, 'm').inf, (V) => opening(V) / (opening(V) + closing(V)));
    expectClose(gate(text, 'm').tauMs!, (V) => 1 / (opening(V) + closing(V)));
  });
});

import { describe, expect, test } from 'vitest';
import { readNeuroml } from '../../../src/io/neuroml/read_neuroml.js';
import { readXml } from '../../../src/io/neuroml/xml_reader.js';
import { CircuitError } from '../../../src/text/circuit_error.js';
import { channelOf, neuroml } from './documents.js';

const refusal = (text: string): string => {
  try {
    readNeuroml(text, 'x.nml');
  } catch (error) {
    if (error instanceof CircuitError) return error.message;
    throw error;
  }
  throw new Error('the text was read');
};

const custom = (value: string) =>
  channelOf(
    '<gateHHtauInf id="m" instances="1"><timeCourse type="own"/>',
    '<steadyState type="HHSigmoidVariable" rate="1" midpoint="-35mV" scale="8mV"/></gateHHtauInf>',
  ).replace(
    '</neuroml>',
    `<ComponentType name="own" extends="baseVoltageDepTime">
<Constant name="MV" dimension="voltage" value="1mV"/><Constant name="MS" dimension="time" value="1ms"/>
<Dynamics><DerivedVariable name="t" exposure="t" dimension="time" value="${value}"/></Dynamics>
</ComponentType></neuroml>`,
  );

describe('what is not understood is refused, with its place', () => {
  test.each([
    ['(2 + v/MV) * MS + 3', 'x.nml:8:74', '"(2 + v/MV) * MS" is in ms, but "3" is in a pure number'],
    ['(2 + w/MV) * MS', 'x.nml:8:79', 'nothing is called "w" here'],
    ['(2 + v/MV * MS', 'x.nml:8:88', 'expected ")"'],
    ['(2 + cot(v/MV)) * MS', 'x.nml:8:79', 'no function is called "cot"'],
    ['(2 + exp(-(v/MV)^2)) * MS', 'x.nml:8:84', 'write parentheses'],
    ['(2 + 2^3^2) * MS', 'x.nml:8:81', 'write parentheses'],
    ['v/MV', 'x.nml:8:74', 'tau of m is in ms; this formula is in a pure number'],
    ['(30 + v/MV) * MS', 'x.nml:3:1', 'x: tau of m is -70 at V = -100 mV; a time constant must be above 0'],
    ['MS / (3 + v/MV)', 'x.nml:3:1', 'tau of m is not finite at V = -3 mV'],
  ])('a time of %s', (value, place, problem) => {
    const message = refusal(custom(value));
    expect(message).toContain(problem);
    expect(message.split(' ')[0]).toBe(place);
  });

  test('the formula is marked', () => {
    expect(
      refusal(custom('(2 + v/MV) .lt. 3'))
        .split('\n')
        .slice(-2)
        .map((line) => line.trim()),
    ).toEqual(['(2 + v/MV)  <   3', '^^^^^^^^^^^^^^^^^']);
  });

  test('a rate in the wrong unit, a rate that is missing, an unknown type', () => {
    const rate = '<forwardRate type="HHExpRate" rate="1mV" midpoint="0mV" scale="1mV"/>';
    const reverse = '<reverseRate type="HHExpRate" rate="1per_ms" midpoint="0mV" scale="1mV"/>';
    const gate = (...parts: string[]) =>
      channelOf('<gateHHrates id="m" instances="1">', ...parts, '</gateHHrates>');
    expect(refusal(gate(rate, reverse))).toBe('x.nml:4:37 rate is in 1/ms; got "1mV"');
    expect(refusal(gate(reverse))).toContain('x.nml:3:1 <gateHHrates> needs a <forwardRate>');
    expect(refusal(gate(rate.replace('HHExpRate', 'HHRate'), reverse))).toContain(
      'x.nml:4:1 no ComponentType is called "HHRate" here; add the file that defines it',
    );
    // A number without a unit would else be taken for a rate.
    expect(refusal(gate(rate.replace('HHExpRate', 'HHExpVariable').replace('1mV', '1'), reverse))).toContain(
      'x.nml:4:1 the ComponentType HHExpVariable exposes no r',
    );
    expect(refusal(gate(reverse, rate, '<colour/>'))).toContain('x.nml:6:1 <colour> in <gateHHrates>');
  });

  test('rates that need each other', () => {
    const type = (name: string, other: string) =>
      `<ComponentType name="${name}" extends="baseVoltageDepRate"><Dynamics><DerivedVariable name="r" exposure="r" dimension="per_time" value="${other}"/></Dynamics></ComponentType>`;
    const text = channelOf(
      '<gateHHrates id="m" instances="1"><forwardRate type="a"/><reverseRate type="b"/></gateHHrates>',
    ).replace('</neuroml>', `${type('a', 'beta')}${type('b', 'alpha')}</neuroml>`);
    expect(refusal(text)).toContain('needs itself');
  });

  test('types that extend each other without end', () => {
    const type = (name: string, base: string) => `<ComponentType name="${name}" extends="${base}"/>`;
    const text = channelOf(
      '<gateHHrates id="m" instances="1"><forwardRate type="a"/><reverseRate type="b"/></gateHHrates>',
    ).replace('</neuroml>', `${type('a', 'b')}${type('b', 'a')}</neuroml>`);
    expect(refusal(text)).toContain('extends more than 20 types, or itself');
  });

  test('a cell of several segments, with a remedy', () => {
    const segment = (id: number) =>
      `<segment id="${id}"><proximal x="0" y="0" z="0" diameter="2"/><distal x="1" y="0" z="0" diameter="2"/></segment>`;
    const text = neuroml(
      `<cell id="pyramidal"><morphology id="m">${segment(0)}${segment(1)}</morphology><biophysicalProperties id="b"/></cell>`,
    );
    expect(refusal(text)).toBe(
      'x.nml:2:1 the cell "pyramidal" has 2 segments; cells of one segment are read. Import its channels from their ' +
        'own files, or give it one segment with the area of the part that is meant',
    );
  });

  test('a document without channels and cells', () => {
    expect(refusal(neuroml('<izhikevichCell id="i"/>'))).toContain('x.nml:1:1 nothing here can be imported');
  });

  test('every channel that is wrong is listed', () => {
    const channel = (id: string) => `<ionChannel id="${id}" conductance="1pS" type="own"/>`;
    expect(refusal(neuroml(channel('a'), channel('b'))).split('\n')).toHaveLength(2);
  });
});

describe('XML', () => {
  test.each([
    ['<a><b></a>', 'x:1:7 expected </b>; got </a>'],
    ['<a>', 'x:1:1 <a> is never closed'],
    ['<a/><b/>', 'x:1:5 a second root element; XML has one'],
    ['</a>', 'x:1:1 </a> closes nothing'],
    ['\n <a b=1/>', 'x:2:7 expected the value of b in quotes'],
    ['<a b="1" b="2"/>', 'x:1:10 <a> has "b" twice'],
    ['<a>&unknown;</a>', 'x:1:4 "&unknown;" is no character; write &amp; for "&"'],
    [
      '<!DOCTYPE a [<!ENTITY b "cc">]><a/>',
      'x:1:1 a document type with definitions of its own is not read; remove it',
    ],
    ['text', 'x:1:1 expected XML; text stands outside of every element'],
    ['', 'x:1:1 expected XML; the file has no element'],
    ['<a><!-- </a>', 'x:1:4 the comment is never closed'],
    ['<a>'.repeat(200), 'x:1:301 nested more than 100 levels deep'],
  ])('%j', (text, message) => {
    expect(() => readXml(text, 'x')).toThrow(message);
  });

  test('entities, CDATA, comments, prefixes and both quotes', () => {
    const root = readXml(
      '\ufeff<?xml version="1.0"?><!DOCTYPE a><n:a b=\'"&lt;&#x41;&#66;\'>x<!-- y --><![CDATA[<z>]]><n:c/></n:a>',
      null,
    );
    expect(root.name).toBe('a');
    expect(root.attributes.get('b')?.value).toBe('"<AB');
    expect(root.text).toBe('x<z>');
    expect(root.children.map(({ name }) => name)).toEqual(['c']);
  });
});

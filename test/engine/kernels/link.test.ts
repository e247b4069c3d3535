import { describe, expect, it } from 'vitest';
import { linkShader } from '../../../src/engine/webgpu/kernels/link.js';

/** Links modules that are given by path; the first is the entry. */
const link = (
  modules: Record<string, string>,
  options: Omit<NonNullable<Parameters<typeof linkShader>[1]>, 'generated'> = {},
) => linkShader(Object.keys(modules)[0], { generated: modules, ...options });

describe('#import', () => {
  it('puts a module where it is first imported, and only once', () => {
    const text = link({
      entry: '#import a\n#import b\nentry\n',
      a: 'a\n#import shared\n',
      b: '#import shared\nb\n',
      shared: 'shared\n',
    });
    expect(text.split('\n').filter((line) => line !== '')).toEqual(['a', 'shared', 'b', 'entry']);
  });

  it('finds the shaders of the package, which a generated module may replace', () => {
    expect(linkShader('common/linoid')).toContain('fn linoid(x: f32, exp_x: f32)');
    const text = link({ entry: '#import common/linoid\n', 'common/linoid': 'another\n' });
    expect(text.trim()).toBe('another');
  });

  it('refuses a module that there is none of', () => {
    expect(() => link({ entry: '#import nowhere/at_all\n' })).toThrow(/no shader module nowhere\/at_all/);
  });
});

describe('templates', () => {
  const modules = {
    entry: '#import outer for red\n#import outer for blue\n',
    outer: '#import inner\n#import own\nfn VARIANT_outer() { VARIANT_inner(); }\n',
    inner: 'fn VARIANT_inner() {}\n',
  };

  it('are made once for each name, with the templates and the modules of their own that they import', () => {
    const own = { red: 'fn VARIANT_own() { squid(); }\n', blue: 'fn VARIANT_own() { cortex(); }\n' };
    const text = link(modules, { templates: { own } });
    expect(text.match(/fn \w+\(\) \{.*\}/g)).toEqual([
      'fn red_inner() {}',
      'fn red_own() { squid(); }',
      'fn red_outer() { red_inner(); }',
      'fn blue_inner() {}',
      'fn blue_own() { cortex(); }',
      'fn blue_outer() { blue_inner(); }',
    ]);
  });

  it('are refused without a name', () => {
    expect(() => link({ ...modules, entry: '#import inner\n' })).toThrow(/template inner needs .* for NAME/);
  });
});

describe('repeats', () => {
  it('#for writes its lines out for 0, 1, ..., where @ is the number', () => {
    const entry = 'before\n  #for N\n  let x_@ = y[@] + @u;\n  #end\nafter\n';
    expect(link({ entry }, { repeats: { N: 2 } })).toBe(
      'before\n  let x_0 = y[0] + 0u;\n  let x_1 = y[1] + 1u;\nafter\n',
    );
    expect(link({ entry }, { repeats: { N: 0 } })).toBe('before\nafter\n');
  });

  it('leaves attributes alone: only a number stands before a word', () => {
    const entry = '#for N\n@group(0) @binding(@) var<storage> b_@: array<f32>;\n#end\n';
    expect(link({ entry }, { repeats: { N: 1 } })).toBe(
      '@group(0) @binding(0) var<storage> b_0: array<f32>;\n',
    );
  });

  it('#each writes one line out with &, also within a #for', () => {
    const entry = '#for N\n#each M sum_@ += a[&u * W + @u];\n#end\n';
    expect(link({ entry }, { repeats: { N: 2, M: 2 } }).split('\n')).toEqual([
      'sum_0 += a[0u * W + 0u];',
      'sum_0 += a[1u * W + 0u];',
      'sum_1 += a[0u * W + 1u];',
      'sum_1 += a[1u * W + 1u];',
      '',
    ]);
  });

  it('needs the number of repeats', () => {
    expect(() => link({ entry: '#for N\nx\n#end\n' })).toThrow(/entry: no number of repeats for N/);
  });
});

import type { CellModel } from './cell_model.js';
import { CellText, type CellTextOptions, FunctionBody, type HoistedValue } from './cell_text.js';

/**
 * Functions for the k-th of a cell's receptors: `NAME_arrive_k(s: NAME_State, cell: Cell, weight: f32) -> NAME_State`, the state
 * after weights of that density (mS/cm2) have arrived, and `NAME_density_k(s: NAME_State, cell: Cell) -> f32`, its conductance
 * density (mS/cm2); with a last parameter `vary` where neurons differ. Beside the text of stepWgsl with the same options;
 * `hoistedField` gives the WGSL of the n-th hoisted value.
 */
export function receptorWgsl(
  model: CellModel,
  options: CellTextOptions,
  hoistedField: (index: number) => string,
): { readonly text: string; readonly hoisted: readonly HoistedValue[] } {
  const cell = new CellText(model, options, hoistedField);
  const { name } = options;
  const names = new Map([['V', 'V'], ...cell.keys.map((key) => [key, `s.${cell.member(key)}`] as const)]);
  const state = `s: ${name}_State`;
  const texts = model.receptors.map(({ density, perDensity }, k) => {
    const arriving = [...perDensity].map(([key, factor]) => ({ key, node: cell.nodes.value(factor) }));
    const arrive = new FunctionBody(
      cell,
      arriving.map(({ node }) => node),
      new Map(),
    );
    const lines = arriving.map(
      ({ key, node }) => `  next.${cell.member(key)} += ${arrive.textOf(node)} * weight;\n`,
    );
    const node = cell.nodes.value(density);
    const body = new FunctionBody(cell, [node], names);
    const value = body.textOf(node);
    return [
      `fn ${name}_arrive_${k}(${cell.parameters(state, ', weight: f32')}) -> ${name}_State {\n`,
      `${arrive.text()}  var next = s;\n${lines.join('')}  return next;\n}\n`,
      `fn ${name}_density_${k}(${cell.parameters(state)}) -> f32 {\n${body.text()}  return ${value};\n}\n`,
    ].join('');
  });
  return { text: texts.join('\n'), hoisted: cell.hoistedValues };
}

import type { CellModel } from './cell_model.js';
import { CellText, type CellTextOptions, FunctionBody } from './cell_text.js';

/**
 * Functions `NAME_trace_0(s: NAME_State, cell: Cell) -> f32` and so on, one for each quantity (see {@link recordableOf}) in
 * coherent units (mM, uA/cm2, mV, ms); with a last parameter `vary: NAME_Vary` where neurons differ. Beside the text of
 * stepWgsl with the same options; their float64 twin is CellReadout.
 */
export function traceWgsl(model: CellModel, quantities: readonly string[], options: CellTextOptions): string {
  const cell = new CellText(model, options, null);
  const names = new Map([['V', 'V'], ...cell.keys.map((key) => [key, `s.${cell.member(key)}`] as const)]);
  const parameters = cell.parameters(`s: ${options.name}_State`);
  return quantities
    .map((quantity, i) => {
      const node = cell.nodes.value(quantity);
      const body = new FunctionBody(cell, [node], names);
      const value = body.textOf(node);
      return `fn ${options.name}_trace_${i}(${parameters}) -> f32 {\n${body.text()}  return ${value};\n}\n`;
    })
    .join('\n');
}

import type { WrittenCell } from './write_cell.js';
import type { WrittenChannel } from './write_channel.js';
import { element, leaf, neuroMl } from './xml.js';

/**
 * The document of cells, in the order that the schema of NeuroML asks for; it includes that of {@link lemsDocument} by its
 * name, where there is one.
 */
export function cellsDocument(
  id: string,
  cells: readonly WrittenCell[],
  lemsFile: string | null = null,
): Iterable<string> {
  const channels = cells.flatMap((cell) => cell.channels);
  const linesOf = (kind: WrittenChannel['kind']) =>
    channels.filter((channel) => channel.kind === kind).flatMap(({ lines }) => lines);
  return neuroMl(
    id,
    lemsFile === null ? [] : leaf('include', { href: lemsFile }),
    linesOf('ionChannelHH'),
    linesOf('ionChannelKS'),
    cells.flatMap(({ pools }) => pools),
    cells.flatMap(({ cell }) => cell),
    channels.flatMap(({ types }) => types),
  );
}

/** The LEMS document of what the cells need beside it, or null where they need nothing. */
export function lemsDocument(cells: readonly WrittenCell[]): Iterable<string> | null {
  const lines = cells.flatMap(({ lems }) => lems);
  return lines.length === 0 ? null : element('Lems', {}, lines);
}

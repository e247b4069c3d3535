import { icon } from './dom.js';
import type { PopulationStyle } from './theme.js';

const OUTLINE: Record<PopulationStyle['symbol'], string> = {
  circle: 'M6 1a5 5 0 1 0 .01 0Z',
  triangle: 'M6 1 11 11H1Z',
  square: 'M1.5 1.5h9v9h-9Z',
  diamond: 'M6 0 12 6 6 12 0 6Z',
};

/** Names the populations beside their shape and colour. */
export function legendOf(styles: readonly PopulationStyle[], counts: readonly number[]): HTMLElement[] {
  return styles.map(({ name, color, symbol }, p) => {
    const row = document.createElement('div');
    row.append(icon({ d: OUTLINE[symbol], fill: color }), `${name} (${counts[p]})`);
    return row;
  });
}

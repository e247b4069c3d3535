import { type Canvas, createCanvas } from '@napi-rs/canvas';
import * as Plot from '@observablehq/plot';
import type { Box } from './chart.js';

/** Layers with too many elements for SVG, painted to a PNG and embedded. */

/** An image that fills `box`, pixel edges kept sharp. */
export function imageElement(canvas: Canvas, box: Box): string {
  const data = canvas.toBuffer('image/png').toString('base64');
  return `<image x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" preserveAspectRatio="none" image-rendering="optimizeSpeed" href="data:image/png;base64,${data}"/>`;
}

/** Colours of a sequential scheme at 0..255, as [r, g, b]. */
export function colorRamp(scheme: Plot.ColorScheme): Uint8ClampedArray {
  const scale = Plot.scale({ color: { type: 'sequential', scheme, domain: [0, 255] } });
  const ramp = new Uint8ClampedArray(256 * 3);
  for (let k = 0; k < 256; k++) ramp.set(channels(scale.apply(k)), 3 * k);
  return ramp;
}

function channels(color: string): number[] {
  const hex = /^#(..)(..)(..)$/.exec(color);
  if (hex) return hex.slice(1).map((pair) => Number.parseInt(pair, 16));
  return (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}

/**
 * A matrix as an image, one pixel per value: `value(column, row)` in [0, 1], row 0 at the top; NaN is transparent.
 */
export function heatmap(
  columns: number,
  rows: number,
  value: (column: number, row: number) => number,
  ramp: Uint8ClampedArray,
): Canvas {
  const canvas = createCanvas(columns, rows);
  const context = canvas.getContext('2d');
  const image = context.createImageData(columns, rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const share = value(column, row);
      if (Number.isNaN(share)) continue;
      const at = 4 * (row * columns + column);
      const color = 3 * Math.round(255 * Math.min(1, Math.max(0, share)));
      image.data.set(ramp.subarray(color, color + 3), at);
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

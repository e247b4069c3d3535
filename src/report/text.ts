import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { escapeXml } from '../model/xml_text.js';
import { COLOR, FONT_FAMILY, SIZE } from './theme.js';

/** Text in SVG, measured with the font that it will be drawn in. */

const require = createRequire(import.meta.url);

/** The shipped Inter (OFL); without font files the rasterizer would leave out all text. */
export const FONT_FILES = ['400Regular/Inter_400Regular', '600SemiBold/Inter_600SemiBold'].map((name) =>
  require.resolve(`@expo-google-fonts/inter/${name}.ttf`),
);
for (const file of FONT_FILES) GlobalFonts.registerFromPath(file, FONT_FAMILY);
const ruler = createCanvas(1, 1).getContext('2d');

export type FontWeight = 400 | 600;

/** Width in px. */
export function textWidth(text: string, size: number, weight: FontWeight = 400): number {
  ruler.font = `${weight} ${size}px ${FONT_FAMILY}`;
  return ruler.measureText(text).width;
}

/** The text, cut short with an ellipsis where it is wider than `width` px. */
export function fitText(text: string, width: number, size: number, weight: FontWeight = 400): string {
  if (textWidth(text, size, weight) <= width) return text;
  let shown = text.length;
  while (shown > 1 && textWidth(`${text.slice(0, shown)}…`, size, weight) > width) shown--;
  return `${text.slice(0, shown)}…`;
}

/** Breaks at spaces into lines of at most `width` px. */
export function wrapText(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

export interface TextOptions {
  readonly size?: number;
  readonly weight?: FontWeight;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

/** An SVG text whose baseline starts, is centred or ends at (x, y). */
export function svgText(text: string, x: number, y: number, options: TextOptions = {}): string {
  const { size = SIZE.label, weight = 400, fill = COLOR.text, anchor = 'start' } = options;
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
}

/** Coordinates to a tenth of a pixel keep the file small and the same on every machine. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

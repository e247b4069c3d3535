/** Charts as data: what the page's script draws, packed so that the file stays small. */

/** Little-endian float32 values, base64; NaN is a gap. */
export type PackedFloats = string;
/** Bytes, base64. */
export type PackedBytes = string;

export interface Axis {
  readonly label: string;
  readonly isLog?: boolean;
}

export interface Line {
  readonly label: string;
  readonly color: string;
  readonly dash: string | null;
  /** One value per x of the chart. */
  readonly y: PackedFloats;
}

export interface PointGroup {
  readonly label: string;
  readonly color: string;
  readonly x: PackedFloats;
  readonly y: PackedFloats;
}

export interface ImageLayer {
  readonly columns: number;
  readonly rows: number;
  /** Row after row from the bottom; byte b means low + b / 255 (high - low). */
  readonly values: PackedBytes;
  readonly low: number;
  readonly high: number;
  readonly unit: string;
  /** 256 colours, red, green, blue. */
  readonly ramp: PackedBytes;
}

/** A dashed line across the chart. */
export interface Mark {
  readonly axis: 'x' | 'y';
  readonly value: number;
}

export interface InteractiveChart {
  readonly title: string;
  /** n, method and parameters. */
  readonly note: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly height: number;
  /** Charts over time are zoomed together. */
  readonly isOverTime: boolean;
  readonly marks: readonly Mark[];
  readonly content:
    | {
        readonly kind: 'lines';
        readonly style: 'line' | 'step' | 'bars';
        readonly x: PackedFloats;
        readonly lines: readonly Line[];
      }
    | {
        readonly kind: 'points';
        readonly size: number;
        readonly extent: Extent;
        readonly groups: readonly PointGroup[];
      }
    | { readonly kind: 'image'; readonly extent: Extent; readonly image: ImageLayer };
}

/** Shown range when not zoomed; for an image also where its outer edges lie. */
export interface Extent {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

export function packFloats(values: ArrayLike<number>): PackedFloats {
  return packBytes(new Uint8Array(Float32Array.from(values).buffer));
}

export function packBytes(bytes: Uint8Array | Uint8ClampedArray): PackedBytes {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

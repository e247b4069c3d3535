/** The latest values of an endless series. */
export class SampleSeries {
  private readonly values: Float32Array;
  private written = 0;

  constructor(private readonly capacity: number) {
    this.values = new Float32Array(capacity);
  }

  get length(): number {
    return Math.min(this.written, this.capacity);
  }

  push(value: number): void {
    this.values[this.written++ % this.capacity] = value;
  }

  /** The last `count` values, oldest first; fewer where there are fewer. */
  last(count: number): Float64Array {
    const length = Math.min(count, this.length);
    return Float64Array.from({ length }, (_, k) => this.values[(this.written - length + k) % this.capacity]);
  }
}

/** Spikes that are kept for the raster and for download; the oldest half goes when it is full. */
const CAPACITY = 4_000_000;

/** The spikes of a run in time order. */
export class SpikeLog {
  private steps = new Uint32Array(1 << 16);
  private neurons = new Uint32Array(1 << 16);
  count = 0;
  /** Number of spikes that were dropped to make room. */
  forgotten = 0;

  append(steps: Uint32Array, neurons: Uint32Array): void {
    if (this.count + steps.length > CAPACITY) this.forget(this.count >> 1);
    while (this.count + steps.length > this.steps.length) {
      this.steps = grown(this.steps);
      this.neurons = grown(this.neurons);
    }
    this.steps.set(steps, this.count);
    this.neurons.set(neurons, this.count);
    this.count += steps.length;
  }

  /** Spikes from a step on. */
  since(step: number): { steps: Uint32Array; neurons: Uint32Array } {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle] < step) low = middle + 1;
      else high = middle;
    }
    return { steps: this.steps.subarray(low, this.count), neurons: this.neurons.subarray(low, this.count) };
  }

  private forget(spikes: number): void {
    this.steps.copyWithin(0, spikes, this.count);
    this.neurons.copyWithin(0, spikes, this.count);
    this.count -= spikes;
    this.forgotten += spikes;
  }
}

function grown(values: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * values.length);
  larger.set(values);
  return larger;
}

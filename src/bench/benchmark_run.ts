/** One measurement. Seconds are wall-clock time, except for `simulatedSeconds`. */
export interface BenchmarkRun {
  readonly adapter: string;
  readonly integrator: string;
  readonly neurons: number;
  readonly synapses: number;
  readonly dtMs: number;
  /** Shortest delay of any synapse. */
  readonly delayMs: number;
  readonly simulatedSeconds: number;
  readonly buildSeconds: number;
  /** Finding the adapter and opening its device. */
  readonly deviceSeconds: number;
  /** Filling the device's buffers. */
  readonly uploadSeconds: number;
  readonly compileSeconds: number;
  readonly warmUpSeconds: number;
  /** Spikes and samples come back while the next steps are computed: that is in here. */
  readonly simulateSeconds: number;
  /** Every state variable back to the host, and the blocks joined into one recording. */
  readonly readbackSeconds: number;
  /** Null where the analysis is not part of the benchmark or less than 200 ms were simulated. */
  readonly analysisSeconds: number | null;
  readonly nsPerNeuronStep: number;
  readonly synapticEventsPerSecond: number;
  readonly meanRateHz: number;
  /** Simulated over wall-clock time: above 1 is faster than real time. */
  readonly realTimeFactor: number;
  /** Largest resident memory of the process until the recording was there; a software adapter's buffers are part of it. */
  readonly peakMemoryBytes: number;
  readonly deviceMemoryBytes: number;
  /** Host memory of the synapse table by synapse; null without synapses. */
  readonly bytesPerSynapse: number | null;
}

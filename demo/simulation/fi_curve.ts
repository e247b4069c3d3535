import {
  buildNetwork,
  type CellType,
  type Circuit,
  createWebGpuEngine,
  type DeviceHandle,
  type RecordedBlock,
  resolveCircuit,
  spikeTimeMs,
} from '../../src/index.js';

const DURATION_ms = 400;
/** Simulated time of one call, ms: the page draws in between. */
const CALL_ms = 5;

export interface FiPoint {
  readonly current_uA_cm2: number;
  /** Inverse of the mean interval between the spikes of the second half; 0 with fewer than two. */
  readonly steadyHz: number;
}

/** A cell with the mechanisms that its circuit adds to the library's, and how it is simulated. */
export interface CellAlone {
  readonly cell: CellType;
  readonly mechanisms: Circuit['mechanisms'];
  readonly simulation: Pick<Circuit['simulation'], 'dt_ms' | 'integrator' | 'temperature_C'>;
}

/** Steady firing rate of a cell under each constant current, all cells simulated side by side. */
export async function fiCurve(
  { cell, mechanisms, simulation }: CellAlone,
  currents_uA_cm2: readonly number[],
  handle: DeviceHandle,
): Promise<FiPoint[]> {
  const dtMs = simulation.dt_ms;
  const name = (i: number) => `current-${i}`;
  const circuit = resolveCircuit({
    name: 'fi-curve',
    simulation: { ...simulation, duration_ms: DURATION_ms, transient_ms: 0 },
    mechanisms,
    cellTypes: { cell },
    populations: Object.fromEntries(currents_uA_cm2.map((_, i) => [name(i), { cell: 'cell', neurons: 1 }])),
    stimuli: currents_uA_cm2.map((amplitude_uA_cm2, i) => ({
      kind: 'constant-current',
      to: name(i),
      amplitude_uA_cm2,
    })),
  });
  const engine = await createWebGpuEngine(buildNetwork(circuit), handle);
  try {
    const timesMs = currents_uA_cm2.map((): number[] => []);
    const onBlock = ({ spikeSteps, spikeNeurons }: RecordedBlock) =>
      spikeNeurons.forEach((neuron, k) => {
        timesMs[neuron].push(spikeTimeMs(spikeSteps[k], dtMs));
      });
    for (let doneMs = 0; doneMs < DURATION_ms; doneMs += CALL_ms)
      await engine.advance(Math.round(CALL_ms / dtMs), { onBlock });
    return currents_uA_cm2.map((current_uA_cm2, i) => {
      const times = timesMs[i].filter((timeMs) => timeMs >= DURATION_ms / 2);
      const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
      return { current_uA_cm2, steadyHz: spanMs > 0 ? (1000 * (times.length - 1)) / spanMs : 0 };
    });
  } finally {
    engine.destroy();
  }
}

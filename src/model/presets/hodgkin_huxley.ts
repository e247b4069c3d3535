import type { CircuitInput } from '../circuit.js';

/** One squid axon (Hodgkin & Huxley 1952, J Physiol 117:500) under a constant current, recorded every 0.1 ms. */
export const HODGKIN_HUXLEY: CircuitInput = {
  name: 'hodgkin-huxley',
  description: 'a single Hodgkin-Huxley cell under a constant current of 10 uA/cm2',
  simulation: {
    duration_ms: 1000,
    transient_ms: 0,
    dt_ms: 0.025,
    seed: 42,
    integrator: 'exponential-euler',
  },
  populations: { HH: { cell: 'hodgkin-huxley-1952', neurons: 1 } },
  stimuli: [{ kind: 'constant-current', to: 'HH', amplitude_uA_cm2: 10 }],
  geometry: { shape: 'cylinder', radius_um: 20, height_um: 30 },
  recording: { sampleRate_hz: 10_000, traces: [{ population: 'HH', neurons: [0] }] },
};

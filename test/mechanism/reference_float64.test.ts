import { recordInFloat64 } from './cell_record.js';
import { referenceValueTests } from './reference_values.js';

// Spike times are interpolated linearly within a step: that is off by up to 2e-3 ms.
referenceValueTests('float64', async (experiments, dtMs) => recordInFloat64(experiments, dtMs), {
  spikeMs: { default: 2e-3 },
  spikes: Number.POSITIVE_INFINITY,
  V_mV: { default: 0 },
  state: 0,
  samples: 1,
  rate: 1e-5,
});

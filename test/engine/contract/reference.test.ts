import { createReferenceEngine } from '../../../src/engine/reference/reference_engine.js';
import { INTEGRATORS } from '../../../src/model/circuit.js';
import { engineContract } from './engine_contract.js';

for (const integrator of INTEGRATORS)
  engineContract(
    'float64 reference',
    { integrator, hasSpikeSources: true, comparesWithReference: false },
    async (network, resumeFrom) => createReferenceEngine(network, resumeFrom && { resumeFrom }),
  );

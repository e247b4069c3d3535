import {
  type Circuit,
  type Distribution,
  type ExponentialReceptor,
  isKinetic,
  type Projection,
  populationSign,
} from '../../src/index.js';
import { type Experiment, rangeAround } from './experiment.js';

/** A distribution's mean if one number of it sets the mean: the number, and its place. */
function meanOf(distribution: Distribution): { value: number; key: string } | null {
  if (typeof distribution === 'number') return { value: distribution, key: '' };
  if (Array.isArray(distribution)) return null;
  return distribution.distribution === 'uniform' ? null : { value: distribution.mean, key: '.mean' };
}

const weightPath = (index: number, { weight_nS }: Projection): string[] => {
  if (typeof weight_nS === 'number') return [`projections.${index}.weight_nS`];
  if (Array.isArray(weight_nS)) return weight_nS.map((_, k) => `projections.${index}.weight_nS.${k}`);
  const parts = weight_nS.distribution === 'uniform' ? ['low', 'high'] : ['mean'];
  return parts.map((part) => `projections.${index}.weight_nS.${part}`);
};

/** The decay time of a receptor. */
function decayOf(name: string, { tau_ms, sign }: ExponentialReceptor): Experiment {
  return {
    id: `tau.${name}`,
    group: 'Receptors',
    label: `${name} decay`,
    unit: 'ms',
    low: Math.min(1, tau_ms),
    high: 5 * tau_ms,
    step: 0.1,
    initial: tau_ms,
    shortcuts: [],
    expect:
      sign === 'inhibitory'
        ? 'With slower decay cells stay inhibited longer, and a rhythm paced by this inhibition slows down.'
        : 'With slower decay each input acts longer: more excitation, less precise spikes.',
    targets: [{ path: `receptors.${name}.tau_ms`, as: 'value' }],
  };
}

/** Strength of each receptor, for all of its projections, and its decay time. */
export function receptorExperiments(circuit: Circuit): Experiment[] {
  return Object.entries(circuit.receptors).flatMap(([name, receptor]) => {
    const targets = circuit.projections.flatMap((projection, i) =>
      projection.receptor === name ? weightPath(i, projection) : [],
    );
    const decays = isKinetic(receptor) ? [] : [decayOf(name, receptor)];
    if (targets.length === 0) return decays;
    const strength: Experiment = {
      id: `receptor.${name}`,
      group: 'Receptors',
      label: `${name} strength`,
      unit: '×',
      low: 0,
      high: 3,
      step: 0.05,
      initial: 1,
      shortcuts: [{ label: 'block', value: 0 }],
      expect:
        receptor.sign === 'inhibitory'
          ? `At 0 these synapses are blocked, as by gabazine: the cells that they inhibit fire faster.`
          : `At 0 the recurrent synapses are blocked, as by NBQX; the background input remains.`,
      targets: targets.map((path) => ({ path, as: 'factor' })),
    };
    return [strength, ...decays];
  });
}

/** Mean weight of each projection. */
export function projectionExperiments(circuit: Circuit): Experiment[] {
  return circuit.projections.flatMap((projection, i) => {
    const mean = meanOf(projection.weight_nS);
    if (!mean || mean.value === 0) return [];
    const { from, to } = projection;
    const effect = populationSign(circuit, from) === 'inhibitory' ? 'inhibit' : 'excite';
    return [
      {
        ...rangeAround(mean.value, 4),
        id: `weight.${i}`,
        group: 'Projections' as const,
        label: `${from} → ${to}`,
        unit: 'nS',
        initial: mean.value,
        shortcuts: [{ label: 'cut', value: 0 }],
        expect: `Mean conductance of a synapse. The larger it is, the more ${from} cells ${effect} ${to} cells.`,
        // A lognormal distribution has no mean of 0: its projection is cut by the smallest weight that the slider has.
        low: mean.key === '' ? 0 : rangeAround(mean.value, 4).step,
        targets: [{ path: `projections.${i}.weight_nS${mean.key}`, as: 'value' as const }],
      },
    ];
  });
}

/** Delay of each projection that has one delay. */
export function delayExperiments(circuit: Circuit): Experiment[] {
  return circuit.projections.flatMap(({ from, to, delay_ms }, i) =>
    typeof delay_ms === 'number' && delay_ms > 0
      ? [
          {
            id: `delay.${i}`,
            group: 'Delays' as const,
            label: `${from} → ${to}`,
            unit: 'ms',
            low: Math.min(0.5, delay_ms),
            high: Math.max(10, delay_ms),
            step: 0.1,
            initial: delay_ms,
            shortcuts: [],
            expect: `Time from a spike of ${from} to its effect on ${to}: loops with longer delays oscillate more slowly.`,
            targets: [{ path: `projections.${i}.delay_ms`, as: 'value' as const }],
          },
        ]
      : [],
  );
}

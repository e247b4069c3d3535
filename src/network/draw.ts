import type { Distribution } from '../model/distribution.js';
import type { UniformSource } from './counter_random.js';

/** Standard normal numbers by Box and Muller's method, two from every pair of uniforms. */
function normalDraws(source: UniformSource): () => number {
  let spare = 0;
  let hasSpare = false;
  return () => {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(source.next()));
    const angle = 2 * Math.PI * source.next();
    spare = radius * Math.sin(angle);
    hasSpare = true;
    return radius * Math.cos(angle);
  };
}

/** Number of attempts to draw a truncated normal before the distribution is considered impossible. */
const MAX_REDRAWS = 10_000;

/** Draws of one distribution from one source of uniforms. */
export interface Sampler {
  draw(): number;
  /** Forgets a half-used pair, so that the draws after a seek of the source depend on its position alone. */
  restart(): void;
}

/** Sampler of `distribution`; the first draw after `restart()` uses fresh uniforms. Given values are drawn once, in their order. */
export function sampler(distribution: Distribution, source: UniformSource): Sampler {
  if (typeof distribution === 'number') return { draw: () => distribution, restart() {} };
  if (Array.isArray(distribution)) {
    let next = 0;
    return { draw: () => distribution[next++], restart() {} };
  }
  if (distribution.distribution === 'uniform') {
    const { low, high } = distribution;
    return { draw: () => low + (high - low) * source.next(), restart() {} };
  }
  let normal = normalDraws(source);
  const restart = () => {
    normal = normalDraws(source);
  };
  if (distribution.distribution === 'lognormal') {
    const { mean, sigma } = distribution;
    return { draw: () => mean * Math.exp(sigma * normal() - (sigma * sigma) / 2), restart };
  }
  const { mean, sd, low = -Infinity, high = Infinity } = distribution;
  return {
    draw: () => {
      for (let attempt = 0; attempt < MAX_REDRAWS; attempt++) {
        const value = mean + sd * normal();
        if (value >= low && value <= high) return value;
      }
      throw new RangeError(`normal(mean ${mean}, sd ${sd}) does not fall in [${low}, ${high}]`);
    },
    restart,
  };
}

import { hasInstantaneousM } from '../../../model/kinetics.js';
import type { EnginePlan, PlannedPopulation } from '../../plan.js';

/** Kinetics with or without the M current: the code of a step is instantiated once for each in the circuit. */
export interface KernelVariant {
  readonly name: string;
  readonly kineticsModule: string;
  readonly hasMCurrent: boolean;
  readonly instantaneousM: boolean;
}

function variantOf({ cell }: PlannedPopulation): KernelVariant {
  const kineticsModule = cell.kinetics.replaceAll('-', '_');
  const hasMCurrent = cell.gM_mS_cm2 > 0;
  return {
    name: hasMCurrent ? `${kineticsModule}_with_m_current` : kineticsModule,
    kineticsModule,
    hasMCurrent,
    instantaneousM: hasInstantaneousM(cell.kinetics),
  };
}

/** A circuit's variants, and the number of each population's. */
export interface KernelVariants {
  readonly variants: readonly KernelVariant[];
  readonly ofPopulation: readonly number[];
}

export function kernelVariants(plan: EnginePlan): KernelVariants {
  const variants: KernelVariant[] = [];
  const ofPopulation = plan.populations.map((population) => {
    const variant = variantOf(population);
    const known = variants.findIndex(({ name }) => name === variant.name);
    return known >= 0 ? known : variants.push(variant) - 1;
  });
  return { variants, ofPopulation };
}

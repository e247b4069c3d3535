/** Current into a cell, nA, of a density over its membrane: uA/cm2 times um2 is 1e-14 A. */
export const current_nA = (density_uA_cm2: number, area_um2: number): number =>
  Number((density_uA_cm2 * area_um2 * 1e-5).toPrecision(12));

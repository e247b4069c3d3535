/** How often the workgroups of a run check in total whether all have arrived: about half a minute. */
export const PATIENT_TRIES = 2 ** 30;

/** WGSL constants of workgroups that wait for each other; the more check at once, the longer each check takes. */
export const workgroupBarrierModule = (workgroups: number, triesOfAll: number): string =>
  `const WORKGROUPS = ${workgroups}u;\nconst MOST_TRIES = ${Math.ceil(triesOfAll / workgroups)}u;\n`;

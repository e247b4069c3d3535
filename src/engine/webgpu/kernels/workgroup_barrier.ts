/** How often the workgroups of a run look whether all are there, together: about half a minute. */
export const PATIENT_TRIES = 2 ** 30;

/** WGSL constants of workgroups that wait for each other; the more look at once, the longer each look takes. */
export const workgroupBarrierModule = (workgroups: number, triesOfAll: number): string =>
  `const WORKGROUPS = ${workgroups}u;\nconst MOST_TRIES = ${Math.ceil(triesOfAll / workgroups)}u;\n`;

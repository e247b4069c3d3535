import { stat } from 'node:fs/promises';
import { fileError } from '../../io/input_error.js';
import { readPlan } from '../../sweep/plan_file.js';
import { defaultSweepFolder, SweepFolder } from '../../sweep/sweep_folder.js';

/** The sweep of a folder, or of a plan.json whose results are in the default place. Throws InputError. */
export async function openSweep(folderOrPlan: string): Promise<SweepFolder> {
  const isFolder = await stat(folderOrPlan).then(
    (found) => found.isDirectory(),
    (error) => {
      throw fileError('read', folderOrPlan, error);
    },
  );
  return SweepFolder.open(isFolder ? folderOrPlan : defaultSweepFolder(await readPlan(folderOrPlan)));
}

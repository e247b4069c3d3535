import { loadHdf5 } from '../io/hdf5/hdf5.js';

/**
 * Loads what a run's folder is written with: what is missing on this machine ends the program before the simulation, not
 * after it. Rejects with InputError.
 */
export async function loadWriters(): Promise<void> {
  await Promise.all([loadHdf5(), import('../report/dashboard.js'), import('../report/report_html.js')]);
}

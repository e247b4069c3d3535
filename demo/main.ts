import { mendLanguage } from '../src/report/interactive/page_language.js';
import { openPageDevice } from './simulation/page_device.js';
import { byId } from './view/dom.js';
import { showFailure } from './view/failure_dialog.js';
import { failureOf } from './view/failures.js';

/**
 * What takes time and depends on nothing else starts first: device and worker, then the network, then the page with
 * three.js.
 */
try {
  mendLanguage();
  const opening = openPageDevice();
  const worker = new Worker(new URL('./simulation/build_worker.ts', import.meta.url), { type: 'module' });
  const starting = import('./start.js').then(({ startFromAddress }) => startFromAddress(worker));
  const [handle, start, { runPage }] = await Promise.all([opening, starting, import('./page.js')]);
  await runPage({ ...start, handle });
} catch (error) {
  const failure = failureOf(error);
  byId('status').textContent = `${failure.what} ${failure.remedy}`;
  showFailure(failure, null);
}

import { App, type AppStart } from './app.js';
import { listenToDrops } from './controls/circuit_files.js';
import { listenToKeys } from './controls/keyboard.js';
import { listenToPointer } from './controls/pointer.js';
import { createToolbar } from './controls/toolbar.js';
import { stateOfAddress } from './state/address.js';
import { SOFTWARE_NOTICE } from './view/failures.js';
import { FrameMeter } from './view/frame_meter.js';
import { FramePacer } from './view/frame_pacer.js';
import { createHud } from './view/hud.js';
import { showNotice } from './view/notices.js';

/** Starts the first run and keeps the page up to date from then on. */
export async function runPage(start: AppStart): Promise<void> {
  const app = await App.create(start);
  if (app.isSoftware) showNotice(SOFTWARE_NOTICE);
  listenToKeys(app);
  listenToPointer(app);
  listenToDrops(app);
  // A link that is pasted into the address of this page.
  addEventListener('hashchange', () => void app.start(stateOfAddress(), true));
  const updateToolbar = createToolbar(app);
  const meter = new FrameMeter();
  const pacer = new FramePacer(app.isSoftware);
  const updateHud = createHud(app, meter);
  const frame = (): void => {
    const now = performance.now();
    const { session } = app;
    if (session) {
      const { history, simulator } = session;
      session.updatePlots(now);
      const finished = pacer.isDue(now)
        ? app.stage.draw(history.timeMs, simulator.pace.realTimeFactor)
        : null;
      if (finished) {
        meter.record(now, performance.now() - now);
        pacer.drawn(now, finished);
      }
    }
    updateToolbar();
    updateHud(now);
    requestAnimationFrame(frame);
  };
  frame();
}

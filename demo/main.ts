import { App } from './app.js';
import { listenToKeys } from './controls/keyboard.js';
import { listenToPointer } from './controls/pointer.js';
import { createToolbar } from './controls/toolbar.js';
import { openPageDevice } from './simulation/page_device.js';
import { byId } from './view/dom.js';
import { showFailure, showNotice } from './view/failure_dialog.js';
import { failureOf, SOFTWARE_NOTICE } from './view/failures.js';
import { FrameMeter } from './view/frame_meter.js';
import { createHud } from './view/hud.js';

try {
  const app = await App.create(await openPageDevice(), openPageDevice);
  if (app.isSoftware) showNotice(SOFTWARE_NOTICE);
  listenToKeys(app);
  listenToPointer(app);
  const updateToolbar = createToolbar(app);
  const meter = new FrameMeter();
  const updateHud = createHud(app, meter);
  let drawnAt: number | null = null;
  const frame = (): void => {
    const now = performance.now();
    const { session } = app;
    if (session) {
      const { history, simulator } = session;
      session.updatePlots(now);
      if (app.stage.draw(history.timeMs, simulator.pace.realTimeFactor)) {
        meter.record(now, performance.now() - now);
        if (drawnAt !== null && simulator.isPlaying) simulator.pace.noteFrame(now - drawnAt);
        drawnAt = now;
      }
    }
    updateToolbar();
    updateHud(now);
    requestAnimationFrame(frame);
  };
  frame();
} catch (error) {
  const failure = failureOf(error);
  byId('status').textContent = `${failure.what} ${failure.remedy}`;
  showFailure(failure, null);
}

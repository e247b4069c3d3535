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

/** On a software adapter pictures take the processor from the simulation: no more of them than this, ms. */
const SOFTWARE_FRAME_ms = 75;

try {
  const app = await App.create(await openPageDevice(), openPageDevice);
  if (app.isSoftware) showNotice(SOFTWARE_NOTICE);
  listenToKeys(app);
  listenToPointer(app);
  const updateToolbar = createToolbar(app);
  const meter = new FrameMeter();
  const updateHud = createHud(app, meter);
  let drawnAt = 0;
  const shortestFrameMs = app.isSoftware ? SOFTWARE_FRAME_ms : 0;
  const frame = (): void => {
    const now = performance.now();
    const { session } = app;
    if (session) {
      const { history, simulator } = session;
      session.updatePlots(now);
      const isDue = now - drawnAt >= shortestFrameMs;
      if (isDue && app.stage.draw(history.timeMs, simulator.pace.realTimeFactor)) {
        meter.record(now, performance.now() - now);
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

import type { App } from '../app.js';
import { neuronName } from '../session.js';
import { byId } from '../view/dom.js';

/** Farther than this between press and release is a rotation of the view, not a click, CSS pixels. */
const CLICK_px = 4;
/** Stretch of a neuron's rate, ms of simulated time. */
const RATE_ms = 1000;

/** Hovering names a neuron with its type and rate; clicking selects it. */
export function listenToPointer(app: App): void {
  const stage = byId('stage');
  const hover = byId('hover');
  let pressed: PointerEvent | null = null;
  const onView = (event: Event) => (event.target as HTMLElement).id === 'view';
  stage.addEventListener('pointerdown', (event) => {
    pressed = onView(event) ? event : null;
  });
  stage.addEventListener('pointerup', (event) => {
    const moved = pressed
      ? Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY)
      : CLICK_px;
    pressed = null;
    if (moved >= CLICK_px) return;
    const neuron = app.stage.neuronAt(event.clientX, event.clientY);
    if (neuron !== null) app.pick(neuron);
  });
  stage.addEventListener('pointerleave', () => {
    hover.hidden = true;
  });
  stage.addEventListener('pointermove', (event) => {
    const neuron =
      event.buttons === 0 && onView(event) ? app.stage.neuronAt(event.clientX, event.clientY) : null;
    hover.hidden = neuron === null || app.session === null;
    if (neuron === null || app.session === null) return;
    const { network, history } = app.session;
    const spanMs = Math.min(RATE_ms, history.timeMs);
    const { neurons } = history.spikes.since(Math.round((history.timeMs - spanMs) / history.dtMs));
    const spikes = neurons.reduce((count, other) => count + (other === neuron ? 1 : 0), 0);
    const rate = spanMs > 0 ? `${((1000 * spikes) / spanMs).toFixed(1)} Hz` : 'no rate yet';
    const { cell } = network.circuit.populations[neuronName(network, neuron).split(' ')[0]];
    hover.textContent = `neuron ${neuron}: ${neuronName(network, neuron)}, ${cell}, ${rate}`;
    const { left, top } = stage.getBoundingClientRect();
    hover.style.left = `${event.clientX - left + 14}px`;
    hover.style.top = `${event.clientY - top + 10}px`;
  });
}

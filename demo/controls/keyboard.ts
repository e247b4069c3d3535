import type { App } from '../app.js';
import { STEP_ms } from './toolbar.js';

/** Keys that work anywhere but in fields: space, ".", r, n, "[" and "]". */
export function listenToKeys(app: App): void {
  const pickBy = (step: number) => {
    const neurons = app.session?.network.neurons ?? 1;
    app.pick((app.state.picked + step + neurons) % neurons);
  };
  const actions: Readonly<Record<string, () => void>> = {
    ' ': () => app.toggle(),
    '.': () => app.step(STEP_ms),
    r: () => void app.reset(),
    n: () => void app.newSeed(),
    '[': () => pickBy(-1),
    ']': () => pickBy(1),
  };
  document.addEventListener('keydown', (event) => {
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    const isModified = event.ctrlKey || event.metaKey || event.altKey;
    const target = event.target as HTMLElement;
    const isTaken =
      target.closest('input, select, textarea, dialog') !== null ||
      (event.key === ' ' && target.closest('button, summary, a') !== null);
    if (!action || isModified || isTaken) return;
    event.preventDefault();
    action();
  });
}

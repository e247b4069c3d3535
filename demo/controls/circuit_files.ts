import type { App } from '../app.js';
import { element } from '../view/dom.js';

/** A button that opens a circuit file. */
export function createOpenButton(app: App): HTMLElement {
  const input = element('input', {
    type: 'file',
    accept: '.yaml,.yml,.json',
    'aria-label': 'open a circuit file',
  });
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    // The same file can be chosen again after it was corrected.
    input.value = '';
    if (file) void app.open(file);
  });
  return element(
    'label',
    { class: 'open', title: 'open a circuit file (YAML or JSON), or drop one onto the page' },
    'Open',
    input,
  );
}

/** A circuit file dropped anywhere is opened; otherwise the browser would leave the page. */
export function listenToDrops(app: App): void {
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  const mark = (isOver: boolean) => document.body.classList.toggle('dropping', isOver);
  document.addEventListener('dragover', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    mark(false);
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void app.open(file);
  });
}

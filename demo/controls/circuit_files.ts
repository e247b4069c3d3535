import type { App } from '../app.js';
import { element } from '../view/dom.js';

/** A button that opens a circuit file, with the files of mechanisms that it imports. */
export function createOpenButton(app: App): HTMLElement {
  const input = element('input', {
    type: 'file',
    multiple: '',
    accept: '.yaml,.yml,.json,.mod,.nml',
    'aria-label': 'open a circuit file',
  });
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    // The same file can be chosen again after it was corrected.
    input.value = '';
    if (files.length > 0) void app.open(files);
  });
  return element(
    'label',
    {
      class: 'open',
      title: 'open a circuit file (YAML or JSON), with the files that it imports, or drop them onto the page',
    },
    'Open',
    input,
  );
}

/** Circuit files dropped anywhere are opened; otherwise the browser would leave the page. */
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
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) void app.open(files);
  });
}

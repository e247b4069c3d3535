import { button, byId, element } from './dom.js';
import type { PageFailure } from './failures.js';

/** Shows a failure with its remedy; the first one stays, since those after it usually follow from it. */
export function showFailure(failure: PageFailure, action: { label: string; run: () => void } | null): void {
  const dialog = byId<HTMLDialogElement>('failure');
  if (dialog.open) return;
  dialog.dataset.kind = failure.kind;
  const act = action
    ? [
        button(action.label, '', () => {
          dialog.close();
          action.run();
        }),
      ]
    : [];
  dialog.replaceChildren(
    element('h2', {}, failure.what),
    element('p', {}, failure.remedy),
    ...(failure.detail ? [element('pre', {}, failure.detail)] : []),
    element(
      'div',
      { class: 'row' },
      ...act,
      button('Close', '', () => dialog.close()),
    ),
  );
  dialog.showModal();
}

import { button, byId, element } from './dom.js';

/** Most messages at a time; the oldest goes. */
const MOST_NOTICES = 3;

/** A message that does not stop anything, under those before it, until it is dismissed; `details` unfold under it. */
export function showNotice(text: string, details: readonly string[] = []): void {
  const notices = byId('notices');
  for (const other of [...notices.children]) if (other.firstChild?.textContent === text) other.remove();
  while (notices.children.length >= MOST_NOTICES) notices.firstElementChild?.remove();
  const dismiss = button('×', 'dismiss', () => notice.remove());
  const message =
    details.length === 0
      ? text
      : element(
          'details',
          { class: 'remarks' },
          element('summary', {}, text),
          ...details.map((line) => element('div', {}, line)),
        );
  const notice = element('div', { class: 'notice' }, message, dismiss);
  notices.append(notice);
}

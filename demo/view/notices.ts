import { button, byId, element } from './dom.js';

/** Most messages at a time; the oldest goes. */
const MOST_NOTICES = 3;

/** A message that does not stop anything, under those before it, until it is dismissed. */
export function showNotice(text: string): void {
  const notices = byId('notices');
  for (const other of [...notices.children]) if (other.firstChild?.textContent === text) other.remove();
  while (notices.children.length >= MOST_NOTICES) notices.firstElementChild?.remove();
  const dismiss = button('×', 'dismiss', () => notice.remove());
  const notice = element('div', { class: 'notice' }, text, dismiss);
  notices.append(notice);
}

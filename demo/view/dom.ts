type Child = Node | string;

/** An element with attributes and children; `class`, `aria-...` and the like by their HTML names. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(label: string, title: string, onClick: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', title }, label);
  made.addEventListener('click', onClick);
  return made;
}

/** A path in a square of 12 by 12. */
export function icon(path: Readonly<Record<string, string>>): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const made = document.createElementNS(namespace, 'svg');
  made.setAttribute('viewBox', '0 0 12 12');
  made.setAttribute('aria-hidden', 'true');
  const drawn = document.createElementNS(namespace, 'path');
  for (const [name, value] of Object.entries(path)) drawn.setAttribute(name, value);
  made.append(drawn);
  return made;
}

/** A button that restores a default. Its arrow is drawn: not every font has one. */
export function resetButton(title: string, onClick: () => void): HTMLButtonElement {
  const made = button('', title, onClick);
  made.className = 'reset';
  made.setAttribute('aria-label', title);
  const arrow = { d: 'M2 1v4h4M2.4 5a4.4 4.4 0 1 1-.4 3', fill: 'none', stroke: 'currentColor' };
  made.append(icon({ ...arrow, 'stroke-width': '1.4' }));
  return made;
}

/** The element of index.html with this id. */
export function byId<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element "${id}"`);
  return found as E;
}

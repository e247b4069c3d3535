import { element } from './dom.js';

/** A part of a text, from a line and column on, both from 1. */
export interface Mark {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A field for text whose parts can be marked. */
export interface MarkedText {
  readonly element: HTMLElement;
  readonly field: HTMLTextAreaElement;
  value: string;
  mark(marks: readonly Mark[]): void;
  /** Puts the cursor where a mark begins. */
  goTo(mark: Pick<Mark, 'line' | 'column'>): void;
}

/** The marks are drawn by a copy of the text under the field, whose own text is drawn over them. */
export function createMarkedText(label: string, onInput: (text: string) => void): MarkedText {
  const field = element('textarea', {
    'aria-label': label,
    spellcheck: 'false',
    autocapitalize: 'off',
    autocomplete: 'off',
  });
  const under = element('pre', { 'aria-hidden': 'true' });
  const draw = (marks: readonly Mark[]) => {
    const text = field.value;
    const parts: (string | HTMLElement)[] = [];
    let at = 0;
    const ranges = marks
      .map(({ line, column, length }) => ({ start: offsetOf(text, line, column), length }))
      .sort((a, b) => a.start - b.start);
    for (const { start, length } of ranges) {
      if (start < at) continue;
      // A mark at the end of a line is as wide as a space.
      const marked = text.slice(start, start + length);
      parts.push(text.slice(at, start), element('mark', {}, marked.trim() === '' ? ' ' : marked));
      at = marked.trim() === '' ? start : start + length;
    }
    under.replaceChildren(...parts, `${text.slice(at)}\n`);
    follow();
  };
  const follow = () => {
    under.scrollTop = field.scrollTop;
  };
  field.addEventListener('scroll', follow);
  field.addEventListener('input', () => {
    // Until the text is read, no part of it is known to be wrong.
    draw([]);
    onInput(field.value);
  });
  return {
    element: element('div', { class: 'marked-text' }, under, field),
    field,
    get value() {
      return field.value;
    },
    set value(text) {
      field.value = text;
      draw([]);
    },
    mark: draw,
    goTo({ line, column }) {
      const offset = offsetOf(field.value, line, column);
      field.focus();
      field.setSelectionRange(offset, offset);
    },
  };
}

function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return Math.min(before + column - 1, text.length);
}

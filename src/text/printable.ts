/** What a terminal takes for a command, what begins a line, and what neither UTF-8 nor XML can hold. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u;
const UNPRINTABLE_BUT_LINE_ENDS = new RegExp(`(?!\\n)${UNPRINTABLE.source}`, 'gu');

/** Whether a text is on one line and has only characters that terminals, tables and figures can show. */
export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text);

/** A message as a terminal can show it, over one or more lines: other characters as `\u001b`. */
export const printable = (message: string): string =>
  message.replace(
    UNPRINTABLE_BUT_LINE_ENDS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const LONGEST_MESSAGE = 4000;

/** A message of another process: printable, and not too long to be read. */
export const readable = (message: string): string => printable(message).slice(0, LONGEST_MESSAGE);

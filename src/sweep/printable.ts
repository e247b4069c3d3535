const LONGEST_MESSAGE = 4000;

/** Whether a text is on one line and has nothing that a terminal takes for a command. */
export const isPrintable = (text: string): boolean => !/\p{Cc}/u.test(text);

/** A message without what a terminal takes for a command, and not too long to be read. */
export const printable = (message: string): string =>
  message.replace(/(?!\n)\p{Cc}/gu, ' ').slice(0, LONGEST_MESSAGE);

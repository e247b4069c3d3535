/** The parts of the process that a command may use. */
export interface CliIo {
  /** Data: results, tables, JSON. */
  readonly out: (text: string) => void;
  /** Notes, progress and errors. */
  readonly err: (text: string) => void;
  /** Whether `err` is a terminal whose last line can be written over. */
  readonly isTerminal: boolean;
  /** Aborted when the user asks to stop. */
  readonly signal: AbortSignal;
}

/** The command did its work, but the exit code is 1: for example, the run was stopped. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

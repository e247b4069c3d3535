/** What a command may touch of the process. */
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

/** The command did its part but its outcome is exit code 1: a run that was stopped, say. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

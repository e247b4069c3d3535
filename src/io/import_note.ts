/** Something that an importer left out or assumed. */
export interface ImportNote {
  /** Line of the file that was read, from 1; null where it is about the whole file. */
  readonly line: number | null;
  readonly message: string;
}

/** The buffers behind every typed array in `value`, each once, for transfer to another thread without a copy. */
export function buffersOf(value: unknown): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if (ArrayBuffer.isView(part)) {
      if (part.buffer instanceof ArrayBuffer) buffers.add(part.buffer);
    } else for (const inner of Object.values(part)) visit(inner);
  };
  visit(value);
  return [...buffers];
}

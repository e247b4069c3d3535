import type { Cursor } from './cursor.js';
import type { Ion, ModFile, Named } from './syntax.js';

const WAITS: Readonly<Record<string, string>> = {
  POINT_PROCESS:
    'a POINT_PROCESS (a synapse or an electrode) cannot be taken over yet; only density mechanisms (SUFFIX) can',
  ARTIFICIAL_CELL: 'an ARTIFICIAL_CELL cannot be taken over; only density mechanisms (SUFFIX) can',
};
/** What may follow THREADSAFE other than the names that it is for. */
const WORDS: readonly string[] = [
  ...['SUFFIX', 'USEION', 'NONSPECIFIC_CURRENT', 'ELECTRODE_CURRENT', 'RANGE', 'GLOBAL', 'THREADSAFE'],
  ...['REPRESENTS', 'POINTER', 'BBCOREPOINTER', 'EXTERNAL', 'RANDOM', ...Object.keys(WAITS)],
];
const POINTS_ELSEWHERE =
  'reads or writes variables of other mechanisms, which cannot be taken over; compute them in this file';

/** NEURON { ... }: what a mechanism is and which ions it reads and writes. */
export function parseNeuronBlock(cursor: Cursor, file: ModFile): void {
  const { source } = cursor;
  const open = cursor.expect('{');
  while (!cursor.accept('}')) {
    if (cursor.peek().kind === 'end') cursor.fail('NEURON is not closed', open.place);
    if (cursor.accept(',') || cursor.accept(';')) continue;
    const { name: word, place } = cursor.name();
    if (Object.hasOwn(WAITS, word)) source.fail(place, WAITS[word]);
    switch (word) {
      case 'SUFFIX':
        file.suffix = cursor.name();
        break;
      case 'USEION':
        file.ions.push(ion(cursor));
        break;
      case 'NONSPECIFIC_CURRENT':
        file.nonspecific.push(...cursor.names());
        break;
      case 'ELECTRODE_CURRENT':
        file.electrode.push(...cursor.names());
        break;
      case 'RANGE':
      case 'GLOBAL':
        if (cursor.peek().kind === 'name') cursor.names();
        break;
      case 'THREADSAFE': {
        const next = cursor.peek();
        if (next.kind === 'name' && !WORDS.includes(next.name)) cursor.names();
        break;
      }
      case 'REPRESENTS':
        cursor.take();
        break;
      case 'POINTER':
      case 'BBCOREPOINTER':
      case 'EXTERNAL':
      case 'RANDOM':
        source.fail(
          place,
          word === 'RANDOM' ? 'random numbers cannot be taken over' : `${word} ${POINTS_ELSEWHERE}`,
        );
        break;
      default:
        cursor.fail(`nothing of a NEURON block is called "${word}"`, place);
    }
  }
}

function ion(cursor: Cursor): Ion {
  const { name, place } = cursor.name('the name of an ion');
  const reads: Named[] = [];
  const writes: Named[] = [];
  for (;;) {
    if (cursor.accept('READ')) reads.push(...cursor.names());
    else if (cursor.accept('WRITE')) writes.push(...cursor.names());
    else if (cursor.accept('VALENCE') || cursor.accept('CHARGE')) {
      if (!cursor.accept('-')) cursor.accept('+');
      if (cursor.take().kind !== 'number') cursor.fail('expected a valence');
    } else if (cursor.accept('REPRESENTS')) {
      cursor.take();
      if (cursor.accept(':')) cursor.take();
    } else return { name, place, reads, writes };
  }
}

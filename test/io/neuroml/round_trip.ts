import { readNeuroml } from '../../../src/io/neuroml/read_neuroml.js';
import { writeChannel } from '../../../src/io/neuroml/write_channel.js';
import { neuroMl, neuroMlIds } from '../../../src/io/neuroml/xml.js';
import type { Mechanism } from '../../../src/mechanism/mechanism.js';
import { mechanismOf } from './documents.js';

/** A channel written as a document, and what is read back from it. */
export function roundTrip(mechanism: Mechanism): {
  readonly text: string;
  readonly scale: number;
  readonly back: Mechanism;
} {
  const id = neuroMlIds([mechanism.name]).get(mechanism.name)!;
  const { lines, types, scale } = writeChannel(id, mechanism);
  const text = [...neuroMl('document', lines, types)].join('\n');
  return { text, scale, back: mechanismOf(readNeuroml(text, `${id}.nml`).mechanisms[id]) };
}

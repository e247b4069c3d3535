import { MechanismNodes } from '../../../src/io/neuroml/mechanism_nodes.js';
import { ohmicForm } from '../../../src/io/neuroml/ohmic_form.js';
import { readNeuroml } from '../../../src/io/neuroml/read_neuroml.js';
import { defaultsOf, writeGates } from '../../../src/io/neuroml/write_channel.js';
import { neuroMl, neuroMlIds } from '../../../src/io/neuroml/xml.js';
import type { Mechanism } from '../../../src/mechanism/mechanism.js';
import { mechanismOf } from './documents.js';

/** An ohmic channel written as a document, and what is read back from it. */
export function roundTrip(mechanism: Mechanism): {
  readonly text: string;
  readonly scale: number;
  readonly back: Mechanism;
} {
  const id = neuroMlIds([mechanism.name]).get(mechanism.name)!;
  const nodes = new MechanismNodes(mechanism, new Map([['g', 1], ...defaultsOf(mechanism)]));
  const { lines, types, scale } = writeGates(id, nodes, ohmicForm(nodes)!.open);
  const text = [...neuroMl('document', lines, types)].join('\n');
  return { text, scale, back: mechanismOf(readNeuroml(text, `${id}.nml`).mechanisms[id]) };
}

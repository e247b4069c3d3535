import type { CellData } from '../../mechanism/cell_schema.js';
import { CircuitError, type CircuitIssue } from '../../text/circuit_error.js';
import type { ImportNote } from '../import_note.js';
import { besidePath, type ImportedFile } from '../imported_file.js';
import { LemsTypes } from './lems_types.js';
import type { Origin } from './mechanism_draft.js';
import { Membrane } from './membrane.js';
import { readCell } from './read_cell.js';
import { CHANNELS } from './read_channel.js';
import { isPool } from './read_pool.js';
import { childrenOf, numberOf, optional, refuse, required } from './xml_access.js';
import { readXml, type XmlElement } from './xml_reader.js';

/**
 * Reads a NeuroML 2 document: its ion channels and concentration models become mechanisms, its cells of one segment cell
 * types; of files that it includes what its cells use, and of a document that has only a network their cells. `notes` lists what was left out and assumed. Throws CircuitError
 * where something is not understood, with line and column. `beside` holds the texts of included files by their paths from
 * the document.
 */
export function readNeuroml(
  text: string,
  source: string | null,
  beside: ReadonlyMap<string, string> = new Map(),
): ImportedFile {
  return new DocumentReader(readXml(text, source), beside).result();
}

/** The paths of the files that a document includes, from itself; without those that NeuroML defines and those of the web. */
export const includesOfNeuroml = (text: string): string[] =>
  [...text.matchAll(/<[Ii]nclude\s+(?:href|file)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g)]
    .map(([, one, other]) => one ?? other)
    .filter((href) => /\.(nml|xml)$/.test(href) && !/^\/|:/.test(href) && !OWN_FILES.test(href));

/** Files of NeuroML's own that define what this reader knows. */
const OWN_FILES =
  /(^|\/)(NeuroML2?CoreTypes|Cells|Channels|Networks|Inputs|Synapses|Simulation|PyNN|NeuroMLCore\w+)\.xml$/;
const MOST_FILES = 1000;

class DocumentReader {
  private readonly channels = new Map<string, XmlElement>();
  private readonly pools = new Map<string, XmlElement>();
  private readonly parts = new Map<string, XmlElement>();
  private readonly cells: XmlElement[] = [];
  private readonly includedCells: XmlElement[] = [];
  /** Channels and pools of the document itself. */
  private readonly own: XmlElement[] = [];
  private readonly types = new LemsTypes();
  private readonly notes: ImportNote[] = [];
  private readonly leftOut = new Map<string, { line: number; count: number }>();
  private readonly files = new Set<string>();
  private temperature_C: number | null = null;

  constructor(
    private readonly root: XmlElement,
    private readonly beside: ReadonlyMap<string, string>,
  ) {
    const documents = this.withIncluded(root, '');
    for (const document of documents)
      for (const element of childrenOf(document, 'ComponentType')) this.types.add(element);
    for (const document of documents)
      for (const element of document.children) this.sort(element, document === root);
  }

  result(): ImportedFile {
    const isNetwork = this.cells.length === 0 && this.own.length === 0;
    const cells = isNetwork ? this.includedCells : this.cells;
    if (isNetwork && cells.length === 0)
      refuse(
        this.root,
        'nothing here can be imported: no ion channel, concentration model or cell of channels',
      );
    const note = ({ file, offset }: Origin, message: string) => {
      const isHere = file === this.root.file;
      const { line } = file.place(offset);
      const found = isHere
        ? { line, message }
        : { line: null, message: `${file.source}:${line}: ${message}` };
      const isKnown = this.notes.some((one) => one.line === found.line && one.message === found.message);
      if (!isKnown) this.notes.push(found);
    };
    const membrane = new Membrane(this.channels, this.pools, this.types, note);
    const cellTypes = new Map<string, CellData>();
    const issues: CircuitIssue[] = [];
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        if (!(error instanceof CircuitError)) throw error;
        issues.push(...error.issues);
      }
    };
    const context = { membrane, parts: this.parts, temperature_C: this.temperature_C, note };
    for (const cell of cells)
      attempt(() => {
        cellTypes.set(required(cell, 'id'), readCell(cell, context));
      });
    for (const element of this.own) attempt(() => membrane.add(element));
    if (issues.length > 0) throw new CircuitError(withoutRepeats(issues));
    for (const [name, { line, count }] of this.leftOut)
      this.notes.push({ line, message: `<${name}> left out${count > 1 ? ` (${count} of them)` : ''}` });
    return {
      mechanisms: Object.fromEntries(membrane.data),
      cellTypes: Object.fromEntries(cellTypes),
      notes: this.notes,
    };
  }

  /** A document and all that it includes, the included ones first. */
  private withIncluded(root: XmlElement, path: string): XmlElement[] {
    const documents: XmlElement[] = [];
    for (const include of root.children) {
      if (include.name !== 'include' && include.name !== 'Include') continue;
      const href = optional(include, 'href') ?? required(include, 'file');
      if (OWN_FILES.test(href)) continue;
      const place = besidePath(path, href);
      const text = this.beside.get(place);
      if (text === undefined) {
        const { line } = include.file.place(include.offset);
        this.notes.push({ line, message: `"${href}" is not at hand; what it defines is missing` });
        continue;
      }
      if (this.files.has(place)) continue;
      this.files.add(place);
      if (this.files.size > MOST_FILES) refuse(include, `more than ${MOST_FILES} files are included`);
      const source = besidePath(this.root.file.source ?? '', place);
      const isRooted = this.root.file.source?.startsWith('/') ?? false;
      documents.push(...this.withIncluded(readXml(text, isRooted ? `/${source}` : source), place));
    }
    return [...documents, root];
  }

  private sort(element: XmlElement, isOwn: boolean): void {
    const { name } = element;
    if (REMARKS.has(name)) return;
    if (CHANNELS.has(name)) {
      this.channels.set(required(element, 'id'), element);
      if (isOwn) this.own.push(element);
    } else if (isPool(element, this.types)) {
      this.pools.set(required(element, 'id'), element);
      if (isOwn) this.own.push(element);
    } else if (name === 'morphology' || name === 'biophysicalProperties')
      this.parts.set(`${name} ${required(element, 'id')}`, element);
    else if (name === 'cell') (isOwn ? this.cells : this.includedCells).push(element);
    else if (isOwn) {
      if (name === 'network' && element.attributes.has('temperature'))
        this.temperature_C = Number((numberOf(element, 'temperature', 'K') - 273.15).toFixed(9));
      const { line } = element.file.place(element.offset);
      this.leftOut.set(name, { line, count: (this.leftOut.get(name)?.count ?? 0) + 1 });
    }
  }
}

const REMARKS: ReadonlySet<string> = new Set([
  ...['notes', 'annotation', 'property', 'include', 'Include', 'ComponentType'],
]);

/** A channel that is wrong is found by every cell that uses it. */
function withoutRepeats(issues: readonly CircuitIssue[]): CircuitIssue[] {
  const key = ({ source, line, column, message }: CircuitIssue) => [source, line, column, message].join('\n');
  return [...new Map(issues.map((issue) => [key(issue), issue])).values()];
}

/** One estimator beside a value that was computed elsewhere. */
export interface ReferenceRow {
  readonly estimator: string;
  readonly definition: string;
  /** Who computed the reference value. */
  readonly source: string;
  readonly reference: readonly number[];
  /** The same by this project, now. */
  readonly ours: ArrayLike<number>;
}

/** Differences below this are rounding, which may differ from machine to machine. */
const ROUNDING = 1e-11;

/** A Markdown table of the rows. */
export function referenceTable(rows: readonly ReferenceRow[]): string {
  const head = ['estimator', 'definition', 'source', 'reference value', 'this project', 'difference'];
  const cells = rows.map((row) => {
    if (row.reference.length !== row.ours.length)
      throw new Error(
        `${row.estimator}: ${row.reference.length} reference values but ${row.ours.length} of ours`,
      );
    const shown = largest(row.reference);
    return [
      row.estimator,
      row.definition,
      row.source,
      `${digits(row.reference[shown])}${row.reference.length > 1 ? ` (largest of ${row.reference.length})` : ''}`,
      digits(row.ours[shown]),
      difference(row),
    ];
  });
  const line = (values: readonly string[]) =>
    `| ${values.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...cells.map(line), ''].join('\n');
}

function largest(values: readonly number[]): number {
  return values.reduce((best, value, k) => (Math.abs(value) > Math.abs(values[best]) ? k : best), 0);
}

const digits = (value: number) => `${Number(value.toPrecision(8))}`;

/** The largest over all values, relative to the largest reference value; rounded up to one digit. */
function difference({ reference, ours }: ReferenceRow): string {
  const scale = Math.abs(reference[largest(reference)]) || 1;
  const worst = Math.max(...reference.map((value, k) => Math.abs(value - ours[k]))) / scale;
  if (worst < ROUNDING) return `< ${ROUNDING}`;
  const step = 10 ** Math.floor(Math.log10(worst));
  return (Math.ceil(worst / step) * step).toExponential(0);
}

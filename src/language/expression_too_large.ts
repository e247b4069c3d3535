/** Formulas that together are larger than those of any cell. */
export class ExpressionTooLarge extends Error {
  override readonly name = 'ExpressionTooLarge';
}

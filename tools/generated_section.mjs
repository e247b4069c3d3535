const START = '<!-- generated: do not edit below -->';
const END = '<!-- generated: do not edit above -->';

/** A page with the text between its two marks replaced. Throws where it has no marks. */
export function replaceGenerated(page, text) {
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`the page needs the lines "${START}" and "${END}"`);
  return `${before}${START}\n\n${text}\n\n${END}${after}`;
}

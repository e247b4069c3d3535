import { NO_UNIT, parseAtom, powerOf, type Quantity, times } from '../../language/units.js';

/** Units as UNIX `units` spells them, which NMODL follows, and the symbol that they have here. */
const WORDS: Readonly<Record<string, string>> = {
  volt: 'V',
  amp: 'A',
  ampere: 'A',
  siemens: 'S',
  siemen: 'S',
  mho: 'S',
  second: 's',
  sec: 's',
  meter: 'm',
  metre: 'm',
  mole: 'mol',
  mol: 'mol',
  molar: 'M',
  liter: 'L',
  litre: 'L',
  l: 'L',
  coulomb: 'C',
  coul: 'C',
  farad: 'F',
  joule: 'J',
  kelvin: 'K',
  degc: 'degC',
  degk: 'degC',
  degkelvin: 'degC',
  celsius: 'degC',
  ohm: 'ohm',
  hertz: 'Hz',
  hz: 'Hz',
};
const PREFIX_WORDS: Readonly<Record<string, string>> = {
  centi: 'c',
  milli: 'm',
  micro: 'u',
  nano: 'n',
  pico: 'p',
  femto: 'f',
  kilo: 'k',
  mega: 'M',
  giga: 'G',
};
/** NMODL's `units` takes a mole for a number, so files define molar as 1/liter; here it is mol/L. */
const MOLAR = /^(milli|micro|nano|[munp])?(molar|M)$/;
const MOST_DEFINITIONS = 10;

/** The unit that a text of NMODL names, such as `mho/cm2` or `/ms-mM`; null where it is not known. */
export function parseModUnit(text: string, defined: ReadonlyMap<string, string>, level = 0): Quantity | null {
  let unit = NO_UNIT;
  let sign = 1;
  for (const [, operator, part] of text.matchAll(/([/*\s-]*)([^\s/*-]+(?:-\d)?)/g)) {
    // What follows a slash is below the line, to the end.
    if (operator.includes('/')) sign = -1;
    const atom = parsePart(part, defined, level);
    if (!atom) return null;
    unit = times(unit, powerOf(atom, sign));
  }
  return /[^\s\w./*^+-]/.test(text) ? null : unit;
}

function parsePart(part: string, defined: ReadonlyMap<string, string>, level: number): Quantity | null {
  if (/^\d*\.?\d+(e[-+]?\d+)?$/i.test(part)) return { ...NO_UNIT, scale: Number(part) };
  const match = /^([A-Za-z_]+?)\^?(-?\d)?$/.exec(part);
  if (!match) return null;
  const unit = parseWord(match[1], defined, level);
  return unit && powerOf(unit, Number(match[2] ?? 1));
}

function parseWord(word: string, defined: ReadonlyMap<string, string>, level: number): Quantity | null {
  const definition = defined.get(word);
  if (definition !== undefined && !MOLAR.test(word) && level < MOST_DEFINITIONS) {
    const unit = parseModUnit(
      definition,
      new Map([...defined].filter(([other]) => other !== word)),
      level + 1,
    );
    if (unit) return unit;
  }
  return parseAtom(word) ?? parseFullWord(word.toLowerCase());
}

function parseFullWord(word: string): Quantity | null {
  for (const name of [word, word.replace(/s$/, '')]) {
    if (name === 'micron') return parseAtom('um');
    if (Object.hasOwn(WORDS, name)) return parseAtom(WORDS[name]);
    for (const [prefix, symbol] of [...Object.entries(PREFIX_WORDS), ...SHORT_PREFIXES])
      if (name.startsWith(prefix) && Object.hasOwn(WORDS, name.slice(prefix.length)))
        return parseAtom(symbol + WORDS[name.slice(prefix.length)]);
  }
  return null;
}

/** As in `mmho` and `umho`. */
const SHORT_PREFIXES: readonly (readonly [string, string])[] = [...'munpf'].map((prefix) => [prefix, prefix]);

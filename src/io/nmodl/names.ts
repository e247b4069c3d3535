import { isFunction } from '../../language/functions.js';
import { NO_UNIT, type Quantity, sameDimension, textOfUnit } from '../../language/units.js';
import { splitKey } from '../../mechanism/keys.js';
import { IONS } from '../../mechanism/mechanism.js';

/** The ion that NMODL calls `na`, `k`, ...; any other keeps its name. */
export function ionName(name: string): string {
  return (
    Object.keys(IONS).find((ion) => ion.toLowerCase() === name.toLowerCase()) ??
    name.replace(/^[^A-Za-z]+/, '')
  );
}

/** What the variables of an ion are called here, by their names in NMODL. */
export function ionVariables(ion: string): Map<string, string> {
  const here = ionName(ion);
  return new Map([
    [`e${ion}`, `E_${here}`],
    [`i${ion}`, `I_${here}`],
    [`${ion}i`, `${here}_in`],
    [`${ion}o`, `${here}_out`],
  ]);
}

/** Names that mechanisms have at hand. */
const AT_HAND: readonly string[] = [
  ...['V', 'v', 'celsius', 'F', 'R', 'g', 'E', 'I', 't', 'dt'],
  ...Object.keys(IONS).flatMap((ion) => [`E_${ion}`, `I_${ion}`, `${ion}_in`, `${ion}_out`]),
];

/** Gives every variable of a file a name that means nothing else here. */
export class NameGiver {
  private readonly taken = new Set(AT_HAND);

  constructor(ions: readonly string[]) {
    for (const ion of ions) for (const name of ionVariables(ion).values()) this.taken.add(name);
  }

  /** The name itself, or one like it where it is taken or would be read as a name with a unit. */
  give(wanted: string, isFree: (name: string) => boolean = hasNoUnit): string {
    const plain = wanted.replace(/\[(\d+)\]/g, '$1').replace(/^[^A-Za-z]+/, '') || 'x';
    const forms = [plain, ...(plain.includes('_') ? [joinedParts(plain)] : [])];
    for (let n = 2; ; n++) {
      const name = forms.find((form) => this.isUsable(form) && isFree(form));
      if (name !== undefined) {
        this.taken.add(name);
        return name;
      }
      forms.splice(0, forms.length, `${joinedParts(plain)}${n}`);
    }
  }

  private isUsable(name: string): boolean {
    return !this.taken.has(name) && !isFunction(name) && !Object.hasOwn(Object.prototype, name);
  }
}

const hasNoUnit = (name: string): boolean => splitKey(name).name === name;
const joinedParts = (name: string): string =>
  name.replace(/_+(\w?)/g, (_, next: string) => next.toUpperCase());

/** The key of a quantity: its name and its unit. */
export const keyOf = (name: string, unit: Quantity): string => `${name}${tailOf(unit) ?? ''}`;

/** Whether a key with this name is read back as this name and unit. */
export const isKeyFor = (unit: Quantity) => (name: string) => {
  const split = splitKey(keyOf(name, unit));
  return split.name === name && sameDimension(split.unit.dimension, unit.dimension);
};

/** The end of a key for a unit, `_S_cm2` or `_per_ms`; null where keys cannot say it. */
export function tailOf(unit: Quantity): string | null {
  if (sameDimension(unit.dimension, NO_UNIT.dimension)) return '';
  const text = textOfUnit(unit);
  if (text === null || text.includes('*')) return null;
  return text.startsWith('1/')
    ? `_per_${text.slice(2).replaceAll('/', '_')}`
    : `_${text.replaceAll('/', '_')}`;
}

import type { Place } from '../../language/expression.js';
import { NO_UNIT, parseUnit, type Quantity, textOfUnit } from '../../language/units.js';
import { IONS } from '../../mechanism/mechanism.js';
import type { ModMeaning } from './meaning.js';
import type { ModText } from './mod_text.js';
import { ionVariables, isKeyFor, keyOf, NameGiver, tailOf } from './names.js';
import type { Outline } from './outline.js';
import { arrayOf } from './pass.js';
import type { Declared, ModFile } from './syntax.js';
import { parseModUnit } from './units.js';

export interface Leaf {
  /** What it is called in the mechanism. */
  readonly name: string;
  readonly unit: Quantity;
}

const unit = (text: string): Quantity => parseUnit(text)!;

/** Variables of NEURON's sections, and the value that NEURON gives them. */
const SECTION: Readonly<
  Record<string, { readonly unit: string; readonly value: number; readonly words: string }>
> = {
  diam: { unit: 'um', value: 500, words: 'the diameter of the section' },
  area: { unit: 'um2', value: 100, words: 'the area of the segment' },
};

/** Names and units of everything that formulas read: variables at hand, parameters, states. */
export class Leaves {
  readonly names: NameGiver;
  readonly parameters: Record<string, number> = {};
  private readonly leaves = new Map<string, Leaf>();
  private readonly ionUnits = new Map<string, Leaf>();

  constructor(
    private readonly file: ModFile,
    private readonly source: ModText,
    private readonly meaning: ModMeaning,
    private readonly outline: Outline,
  ) {
    this.names = new NameGiver(file.ions.map(({ name }) => name));
    for (const ion of file.ions)
      for (const [variable, name] of ionVariables(ion.name))
        if ([...ion.reads, ...ion.writes].some((used) => used.name === variable))
          this.ionUnits.set(variable, { name, unit: unitOfIonVariable(name) });
  }

  get(key: string): Leaf | undefined {
    return this.leaves.get(key);
  }

  all(): ReadonlyMap<string, Quantity> {
    return new Map([...this.leaves.values()].map((leaf) => [leaf.name, leaf.unit]));
  }

  /** Names what is read, parameters first in the order of the file, then states, then the rest. */
  add(read: ReadonlyMap<string, Place>): void {
    for (const [key, parameter] of this.file.parameters)
      if (!this.isAtHand(key)) this.addParameter(key, parameter, read.has(key));
      else this.noteDefault(parameter);
    for (const state of [...this.outline.states.keys(), ...(this.outline.scheme?.states ?? [])])
      this.addState(state);
    for (const [key, place] of read) if (!this.leaves.has(key)) this.addOther(key, place);
  }

  private isAtHand(key: string): boolean {
    return ['v', 'celsius', 't', 'dt'].includes(key) || this.ionUnits.has(key) || Object.hasOwn(SECTION, key);
  }

  private noteDefault({ name, value, place }: Declared): void {
    if (value === null || name === 'v' || name === 't' || name === 'dt') return;
    const whose = name === 'celsius' ? "the cell's temperature" : "the cell's";
    this.source.note(place, `${name} = ${value} is not taken over: it is ${whose}`);
  }

  private addParameter(key: string, declared: Declared, isRead: boolean): void {
    const { value, place, size } = declared;
    if (!isRead) {
      if (!this.meaning.pass.globals.has(key)) this.source.note(place, `the parameter ${key} is not used`);
      return;
    }
    if (size !== null)
      this.source.fail(place, `the array ${key} of parameters cannot be taken over; name each`);
    if (value === null) this.source.note(place, `the parameter ${key} has no value; it is 0, as in NEURON`);
    const isCelsius = /^deg/i.test(declared.unit ?? '');
    this.declareParameter(key, value ?? 0, this.unitOf(declared), place, isCelsius);
  }

  private declareParameter(
    variable: string,
    value: number,
    wanted: Quantity,
    place: Place,
    isCelsius = false,
  ): void {
    const quantity = tailOf(wanted) === null ? NO_UNIT : wanted;
    const name = this.names.give(variable, isKeyFor(quantity));
    if (name !== variable)
      this.source.note(place, `${variable} is called ${name}: its own name has another meaning`);
    const key = keyOf(name, quantity);
    this.parameters[isCelsius ? key.replace(/_K$/, '_degC') : key] = value;
    this.leaves.set(variable, { name, unit: quantity });
  }

  /** The unit that a declaration gives; a pure number where it is none that is known. */
  private unitOf({ name, unit: text, place }: Declared): Quantity {
    if (text === null || text === '') return NO_UNIT;
    const known = parseModUnit(text, this.file.units);
    if (known && (isPlain(known) || textOfUnit(known) !== null)) return isPlain(known) ? NO_UNIT : known;
    this.source.note(place, `the unit (${text}) of ${name} is not known; ${name} is a pure number here`);
    return NO_UNIT;
  }

  private addState(state: string): void {
    const { concentration } = this.outline;
    if (state === concentration?.variable) {
      this.leaves.set(state, { name: `${concentration.ion}_in`, unit: unit('mM') });
      return;
    }
    const declared = this.file.states.get(arrayOf(state));
    const isShare = this.outline.scheme?.states.includes(state) ?? false;
    const known = isShare || !declared ? NO_UNIT : this.unitOf(declared);
    const quantity = tailOf(known) === null ? NO_UNIT : known;
    this.leaves.set(state, { name: this.names.give(state, isKeyFor(quantity)), unit: quantity });
  }

  private addOther(key: string, place: Place): void {
    const natural = this.meaning.constants.natural.get(key);
    if (natural) this.leaves.set(key, { name: natural.of, unit: natural.unit });
    else if (key === 'v') this.leaves.set(key, { name: 'V', unit: unit('mV') });
    else if (key === 'celsius') this.leaves.set(key, { name: 'celsius', unit: unit('K') });
    else if (this.ionUnits.has(key)) this.addIonVariable(key, place);
    else if (key === 't' || key === 'dt')
      this.source.fail(
        place,
        `"${key}" is used in a formula; only formulas of V, states and ions can be taken over`,
      );
    else if (Object.hasOwn(SECTION, key)) {
      const { unit: text, value, words } = SECTION[key];
      this.source.note(place, `${key} is ${words} in NEURON; here it is a parameter of ${value} ${text}`);
      this.declareParameter(key, value, unit(text), place);
    } else if (this.file.states.has(arrayOf(key)))
      this.source.fail(place, `the state "${key}" has no equation that BREAKPOINT solves`);
    else this.addUnset(key, place);
  }

  private addIonVariable(key: string, place: Place): void {
    const leaf = this.ionUnits.get(key)!;
    const ion = leaf.name.replace(/^[EI]_|_(in|out)$/g, '');
    const { currents, concentration } = this.outline;
    if (!Object.hasOwn(IONS, ion) && !currents.has(ion) && ion !== concentration?.ion)
      this.source.fail(
        place,
        `"${key}" is of the ion ${ion}, which no cell has; known are ${Object.keys(IONS).map(lower).join(', ')}`,
      );
    this.leaves.set(key, leaf);
  }

  private addUnset(key: string, place: Place): void {
    const declared = this.file.assigned.get(arrayOf(key));
    if (!declared)
      this.source.fail(place, `nothing is called "${key}"; declare it as PARAMETER, ASSIGNED or STATE`);
    this.source.note(
      declared.place,
      `${key} is never set; it is a parameter of 0, NEURON's value at the start`,
    );
    this.declareParameter(key, 0, this.unitOf(declared), place);
  }
}

const lower = (ion: string): string => ion.toLowerCase();

const isPlain = ({ dimension }: Quantity): boolean => dimension.every(({ numerator }) => numerator === 0);

const unitOfIonVariable = (name: string): Quantity =>
  unit(name.startsWith('E_') ? 'mV' : name.startsWith('I_') ? 'mA/cm2' : 'mM');

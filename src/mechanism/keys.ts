import { NO_UNIT, parseAtom, powerOf, type Quantity, times } from '../language/units.js';

/** A key that ends in its unit, as `tauMax_ms` or `P_cm_s` (cm/s): a name and its unit. */
export interface NamedQuantity {
  readonly name: string;
  readonly unit: Quantity;
}

/**
 * Splits a key at its unit: the longest tail whose parts are all units. The first part is above the line, the others
 * below; `per` puts all below (`k_per_mM_ms` is 1/(mM ms)). A key without a unit is a pure number. The metre alone is no
 * unit here: `tau_m_ms` is the time constant of m.
 */
export function splitKey(key: string): NamedQuantity {
  for (let at = key.indexOf('_'); at > 0; at = key.indexOf('_', at + 1)) {
    const unit = unitOfTail(key.slice(at + 1).split('_'));
    if (unit) return { name: key.slice(0, at), unit };
  }
  return { name: key, unit: NO_UNIT };
}

function unitOfTail(parts: readonly string[]): Quantity | null {
  const isInverse = parts[0] === 'per';
  const atoms = isInverse ? parts.slice(1) : parts;
  if (atoms.length === 0) return null;
  let unit = NO_UNIT;
  for (const [i, part] of atoms.entries()) {
    const atom = part === 'm' ? null : parseAtom(part);
    if (!atom) return null;
    unit = times(unit, i === 0 && !isInverse ? atom : powerOf(atom, -1));
  }
  return unit;
}

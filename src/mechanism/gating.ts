import { buildCell } from './build_cell.js';
import { type CellModel, stateKeys } from './cell_model.js';
import { cellSchema } from './cell_schema.js';
import { Equilibrium } from './equilibrium.js';
import { DEFAULT_TEMPERATURE_C, IONS, ionsOf, type Mechanism } from './mechanism.js';

/** A state over V: its steady state in its unit, and its time constant in ms, null for one that follows at once. */
export interface GatingCurve {
  readonly state: string;
  readonly inf: Float64Array;
  readonly tauMs: Float64Array | null;
}

/** The label of the only mechanism of {@link mechanismAlone}. */
const LABEL = 'mechanism';

/** A cell of one mechanism at its default parameters, with 1 mS/cm2 and typical concentrations: to look at it alone. */
export function mechanismAlone(mechanism: Mechanism, temperature_C = DEFAULT_TEMPERATURE_C): CellModel {
  const { kind, name, parameters, current } = mechanism;
  const ions = ionsOf(mechanism);
  const isReceptor = kind === 'receptor';
  const isChannel = kind === 'channel' && current?.kind !== 'densities';
  const needsE = ions.includes('nonspecific');
  const others = ions.filter((ion) => ion !== 'nonspecific' && !Object.hasOwn(IONS, ion));
  const { cell, problems } = buildCell(
    name,
    cellSchema.parse({
      C_uF_cm2: 1,
      area_um2: 1000,
      temperature_C,
      ions: {
        ...Object.fromEntries(
          Object.entries(IONS).map(([key, { in_mM, out_mM }]) => [key, { in_mM, out_mM }]),
        ),
        ...Object.fromEntries(others.map((ion) => [ion, { E_mV: 0, in_mM: 1, out_mM: 1 }])),
      },
      membrane: isReceptor
        ? {}
        : {
            [LABEL]: {
              mechanism: name,
              ...(isChannel && !parameters.has('g') && { g_mS_cm2: 1 }),
              ...(isChannel && !parameters.has('E') && needsE && { E_mV: 0 }),
            },
          },
    }),
    new Map([[name, mechanism]]),
    temperature_C,
    isReceptor
      ? { [LABEL]: { mechanism: name, reversal_mV: mechanism.receptor?.E_mV ?? 0, parameters: {} } }
      : {},
  );
  if (!cell) throw new Error(problems.map(({ message }) => message).join('; '));
  return cell;
}

/** Steady states and time constants of every state at each V in mV. */
export function gatingCurves(
  mechanism: Mechanism,
  V_mV: ArrayLike<number>,
  temperature_C = DEFAULT_TEMPERATURE_C,
): GatingCurve[] {
  const cell = mechanismAlone(mechanism, temperature_C);
  const instantaneous = [...mechanism.states.values()]
    .filter(({ form }) => form.kind === 'instantaneous')
    .map(({ name }) => name);
  const equilibrium = new Equilibrium(cell, instantaneous.map(inCell));
  const values = () => new Float64Array(V_mV.length);
  const settling = stateKeys(cell).map((key) => ({ key, inf: values(), tauMs: values() }));
  const following = instantaneous.map((state) => ({ state, inf: values() }));
  for (let i = 0; i < V_mV.length; i++) {
    const { states } = equilibrium.at(V_mV[i]);
    for (const { key, inf, tauMs } of settling) {
      inf[i] = states[key];
      tauMs[i] = equilibrium.timeConstantOf(key);
    }
    for (const { state, inf } of following) inf[i] = equilibrium.valueOf(inCell(state));
  }
  const inScheme = new Set(mechanism.scheme?.states ?? []);
  const order = [...mechanism.states.keys(), ...inScheme];
  return [
    ...settling.map(({ key, inf, tauMs }) => {
      const state = key.slice(LABEL.length + 1);
      return { state, inf, tauMs: inScheme.has(state) ? null : tauMs };
    }),
    ...following.map(({ state, inf }) => ({ state, inf, tauMs: null })),
  ].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

const inCell = (state: string): string => `${LABEL}.${state}`;

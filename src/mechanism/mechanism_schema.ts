import * as z from 'zod';

const name = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]*$/, { error: 'expected a name of letters, digits and _, a letter first' });
const formula = z.union([z.string(), z.number()], {
  error: (issue) => `expected a formula, as text or a number; got ${JSON.stringify(issue.input)}`,
});
const number = z.number({ error: (issue) => `expected a number; got ${JSON.stringify(issue.input)}` });
const someOf = <T extends z.ZodType>(entry: T, most: number, what: string) =>
  z
    .record(name, entry)
    .refine((map) => Object.keys(map).length <= most, { error: `expected at most ${most} ${what}` });

const stateSchema = z
  .strictObject({
    alpha: formula.optional().meta({ description: 'opening rate, 1/ms; with beta' }),
    beta: formula.optional().meta({ description: 'closing rate, 1/ms' }),
    inf: formula.optional().meta({ description: 'steady state; with tau' }),
    tau: formula.optional().meta({ description: 'time constant, ms' }),
    rate: formula.optional().meta({ description: 'derivative, in the unit of the state per ms' }),
    is: formula.optional().meta({ description: 'value of a state that follows at once' }),
    start: formula.optional().meta({ description: 'where the search for its steady state begins' }),
    arriving: formula
      .optional()
      .meta({ description: 'of a receptor: its value after the weight w (nS) has arrived, linear in w' }),
  })
  .superRefine((state, context) => {
    const given = ['alpha', 'beta', 'inf', 'tau', 'rate', 'is'].filter(
      (key) => state[key as keyof typeof state] !== undefined,
    );
    if (!['alpha beta', 'inf tau', 'rate', 'is'].includes(given.join(' ')))
      context.addIssue({
        code: 'custom',
        message: `expected alpha and beta, inf and tau, rate, or is; got ${given.join(', ') || 'none of them'}`,
      });
  });

const schemeSchema = z.strictObject({
  states: z.array(name).min(2).max(20).meta({ description: 'states whose shares add up to 1' }),
  reactions: z
    .array(z.string())
    .min(1)
    .max(100)
    .meta({ description: '"C <-> O : forward rate, backward rate" or "C -> O : rate", in 1/ms' }),
  open: formula.optional().meta({ description: 'open share of the channel' }),
});

const receptorKindSchema = z.strictObject({
  E_mV: number.meta({ description: 'reversal potential' }),
  sign: z
    .enum(['excitatory', 'inhibitory'])
    .meta({ description: 'whether its current counts as excitation or as inhibition in the E/I balance' }),
});

/** One mechanism of a membrane, as a file says it: a channel, the pool of an ion, or a receptor of synapses. */
export const mechanismSchema = z
  .strictObject({
    about: z.string().optional().meta({ description: 'what it is, in one line' }),
    paper: z.string().optional().meta({ description: 'where its formulas come from' }),
    channel: name.optional().meta({
      description: 'ion that its current is of, such as Na; `nonspecific` for a current of several',
    }),
    pool: name.optional().meta({ description: 'ion whose concentration inside it computes' }),
    receptor: receptorKindSchema.optional().meta({
      description: 'a receptor of synapses: its reversal potential and sign, unless the circuit gives others',
    }),
    parameters: someOf(number, 100, 'parameters')
      .default({})
      .meta({ description: 'default values; the unit is the end of the key' }),
    let: someOf(formula, 200, 'formulas')
      .default({})
      .meta({ description: 'named parts of formulas, each of those above it' }),
    states: someOf(stateSchema, 50, 'states').default({}),
    scheme: schemeSchema.optional().meta({ description: 'kinetic (Markov) scheme' }),
    open: formula.optional().meta({ description: 'open share; the current is then g open (V - E)' }),
    current: formula
      .optional()
      .meta({ description: 'current density, uA/cm2, outward positive, where it is not g open (V - E)' }),
    conductance: formula
      .optional()
      .meta({ description: 'of a receptor: its conductance, nS, from its states and V' }),
    currents: someOf(formula, 10, 'currents').optional().meta({
      description:
        'current densities by ion, uA/cm2, outward positive, where one mechanism has several; instead of channel',
    }),
    reference: z
      .array(z.record(z.string(), number))
      .default([])
      .meta({ description: 'values that it must give: V_mV, and any of STATE.inf, STATE.tau_ms' }),
  })
  .superRefine((mechanism, context) => {
    const fail = (message: string, path: string[] = []) =>
      context.addIssue({ code: 'custom', message, path });
    const { channel, pool, receptor, open, current, scheme, currents: several } = mechanism;
    if ([channel, pool, several, receptor].filter((kind) => kind !== undefined).length !== 1)
      fail(
        'expected one of channel, pool, currents and receptor: the ion whose current or concentration this is, currents by ion, or a receptor of synapses',
      );
    const currents = [open, current, scheme?.open].filter((formula) => formula !== undefined).length;
    if (channel !== undefined && currents !== 1)
      fail(`a channel has either open, current or scheme.open; got ${currents} of them`);
    if (pool !== undefined && currents > 0) fail('a pool has no current');
    if (several !== undefined && currents > 0)
      fail('a mechanism with currents by ion has no open and no current of its own');
    const arriving = Object.entries(mechanism.states).filter(([, state]) => state.arriving !== undefined);
    if (receptor === undefined) {
      if (mechanism.conductance !== undefined) fail('only a receptor has a conductance', ['conductance']);
      for (const [state] of arriving)
        fail('only states of a receptor are changed by what arrives', ['states', state, 'arriving']);
    } else {
      if (currents > 0) fail('the current of a receptor follows from its conductance');
      if (mechanism.conductance === undefined) fail('a receptor needs its conductance');
      if (arriving.length === 0) fail('a receptor needs a state with `arriving`', ['states']);
      for (const [state, { is }] of arriving)
        if (is !== undefined)
          fail('a state that follows at once is not changed by what arrives', ['states', state, 'arriving']);
    }
    if (pool !== undefined && !Object.hasOwn(mechanism.states, `${pool}_in`))
      fail(`a pool of ${pool} needs the state ${pool}_in`, ['states']);
  });

export type MechanismData = z.infer<typeof mechanismSchema>;
export type StateData = z.infer<typeof stateSchema>;

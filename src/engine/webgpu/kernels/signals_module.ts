import { END_SIGNALS, MEAN_SIGNALS, TRACE_TABLE } from '../../signals.js';

/** Rows of the sample sums, as constants of every kernel. */
export const SIGNAL_ROWS: Record<string, number> = Object.fromEntries(
  [...MEAN_SIGNALS, ...END_SIGNALS].map(({ name }, row) => [`SIGNAL_${name}`, row]),
);

const eachMean = (line: (name: string, row: number, wgsl: string) => string): string =>
  MEAN_SIGNALS.map(({ name, wgsl }, row) => `  ${line(`mean_${name}`, row, wgsl)}\n`).join('');

/**
 * The module generated/signals: a neuron's sums over the running sample, and what is stored of it at the end of one. Needs
 * the bindings sample_sums and traces.
 */
export const signalsModule = (): string => `// Sums over the steps of the running sample, of densities.
struct SampleSums {
${eachMean((name) => `${name}: f32,`)}}

// With one more step, in which these synaptic currents flow outward, uA/cm2.
fn with_step(sums: SampleSums, I_E: f32, I_I: f32) -> SampleSums {
  var next = sums;
${eachMean((name, _, wgsl) => `next.${name} += ${wgsl};`)}  return next;
}

// The sums that an earlier epoch or batch left of the running sample.
fn load_sums(at: u32) -> SampleSums {
  var sums = SampleSums();
${eachMean((name, row) => `sums.${name} = sample_sums[at + ${row}u * NEURONS];`)}  return sums;
}

fn store_sums(at: u32, sums: SampleSums) {
${eachMean((name, row) => `sample_sums[at + ${row}u * NEURONS] = sums.${name};`)}}

// What is taken at the end of a sample, of every neuron.
fn store_end_signals(at: u32, G_E: f32, G_I: f32, V: f32) {
${END_SIGNALS.map(
  ({ wgsl }, k) => `  sample_sums[at + ${MEAN_SIGNALS.length + k}u * NEURONS] = ${wgsl};\n`,
).join('')}}

// What is taken at the end of a sample, of a recorded neuron.
fn store_trace(to: u32, V: f32, sums: SampleSums) {
${eachMean((name) => `let ${name} = sums.${name};`)}${TRACE_TABLE.map(({ wgsl }, k) => `  traces[to + ${k}u] = ${wgsl};\n`).join('')}}
`;

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts of mutants are those of templates
// Single wrong changes for mutate.mjs: a constant in a formula, a comparison with or without equality, a sign, a missing
// factor, an operand from the wrong stage. `before` must be in one place under the folder `under`, whatever the file.
// Those named S are of shaders, R of the reference engine, H of the host's side of the GPU engine, A of the analysis.

const GPU_CONTRACT = ['test/engine/contract/webgpu.test.ts'];
const REFERENCE_CONTRACT = ['test/engine/contract/reference.test.ts'];
const HELPERS = ['test/engine/kernels/helpers.test.ts'];
const STEPS = ['test/mechanism/step_wgsl.test.ts'];
const DELIVERY = ['test/engine/kernels/deliver_spikes.test.ts'];
const REDUCTION = ['test/engine/kernels/reduction.test.ts'];

const shader = (id, what, before, after, tests = GPU_CONTRACT) => ({
  id,
  what,
  under: 'shaders',
  before,
  after,
  tests,
});
const engine = (id, what, before, after, tests = REFERENCE_CONTRACT) => ({
  id,
  what,
  under: 'src',
  before,
  after,
  tests,
});
const analysis = (id, what, before, after, tests) => ({
  id,
  what,
  under: 'src',
  before,
  after,
  tests: tests.map((file) => `test/analysis/${file}.test.ts`),
});

export const MUTANTS = [
  shader('S1', 'relaxation: 12 -> 12.05', '120.0 + 12.0 * y2', '120.0 + 12.05 * y2', HELPERS),
  shader('S2', 'linoid: 1/12 -> 1/12.5', 'x2 * (1.0 / 12.0', 'x2 * (1.0 / 12.5', HELPERS),
  shader('S3', 'linoid: series below 0.02', 'abs(x) < 0.2;', 'abs(x) < 0.02;', HELPERS),
  engine(
    'S4',
    'a state goes too far towards its steady state',
    '${decay} * relaxation(${decay}) * (',
    '${decay} * relaxation(0.9 * ${decay}) * (',
    STEPS,
  ),
  engine(
    'S5',
    'the mean of a state before and after a step: 0.5 -> 0.45 of it',
    '`0.5 * (s.${member} + next_${member})`',
    '`0.45 * (s.${member} + next_${member})`',
    STEPS,
  ),
  engine(
    'S6',
    'slow states: what is left with the other sign',
    '`${whole} - ${moved}`',
    '`${moved} - ${whole}`',
    STEPS,
  ),
  shader(
    'S7',
    'signed LFP: the other sign',
    'signed_sum += weight * (inhibitory - excitatory)',
    'signed_sum += weight * (excitatory - inhibitory)',
    REDUCTION,
  ),
  shader(
    'S8',
    'partial samples dropped, epoch by epoch',
    '&& epoch.sample_step > 0u) { n.sums = load_sums(sums_at); }',
    '&& epoch.sample_step > 100000u) { n.sums = load_sums(sums_at); }',
  ),
  shader(
    'S9',
    'partial samples dropped, network by network',
    'if (batch.sample_step > 0u) { n_@.sums = load_sums(',
    'if (batch.sample_step > 100000u) { n_@.sums = load_sums(',
  ),
  shader(
    'S10',
    'uniform number may be 0',
    '(f32(word >> 8u) + 0.5) * 5.9604645e-8',
    'f32(word >> 8u) * 5.9604645e-8',
    HELPERS,
  ),
  shader(
    'S11',
    'normal number: cos -> sin',
    'cos(6.2831853 * uniform_of(words.y))',
    'sin(6.2831853 * uniform_of(words.y))',
    HELPERS,
  ),
  engine(
    'S12',
    'RK4: weight 2 -> 1.99',
    'sixth * (k1.${x} + 2.0 * (k2.${x} + k3.${x}) + k4.${x})',
    'sixth * (k1.${x} + 1.99 * (k2.${x} + k3.${x}) + k4.${x})',
    STEPS,
  ),
  engine(
    'S13',
    'trace: excitatory for absolute current',
    "wgsl: 'mean_absoluteCurrent_nA'",
    "wgsl: 'mean_excitatoryCurrent_nA'",
    GPU_CONTRACT,
  ),
  engine(
    'S14',
    'absolute current: |E + I|',
    "wgsl: 'abs(I_E) + abs(I_I)'",
    "wgsl: 'abs(I_E + I_I)'",
    GPU_CONTRACT,
  ),
  shader(
    'S15',
    'sampled inhibitory conductance: the total',
    'store_end_signals(at, excitatory_G, total_G - excitatory_G, V)',
    'store_end_signals(at, excitatory_G, total_G, V)',
  ),
  shader(
    'S16',
    'absolute LFP from inhibition alone',
    'absolute += weight * sample_sums[row + SIGNAL_absoluteCurrent_nA * NEURONS + i]',
    'absolute += weight * sample_sums[row + SIGNAL_inhibitoryCurrent_nA * NEURONS + i]',
    REDUCTION,
  ),
  shader(
    'S17',
    'Poisson: threshold_count not looked at',
    '@u < stimulus.threshold_count && word >= stimulus.thresholds[@]',
    'word >= stimulus.thresholds[@]',
  ),
  engine(
    'R1',
    'RK4: the conductance of the start at the middle',
    '[half, this.halfDecay[r]]',
    '[half, 1]',
    GPU_CONTRACT,
  ),
  engine(
    'R2',
    'RK4: whole decay at the middle of the step',
    'this.halfDecay = this.decay.map(Math.sqrt)',
    'this.halfDecay = this.decay',
    GPU_CONTRACT,
  ),
  engine(
    'R3',
    'absolute LFP: over one step too many',
    'this.lfp_uV.push(absolute / sampleSteps,',
    'this.lfp_uV.push(absolute / (sampleSteps + 1),',
  ),
  engine(
    'H1',
    'electrodes: 4 pi -> 2 pi',
    '1000 / (4 * Math.PI * lfp.conductivity_S_m',
    '1000 / (2 * Math.PI * lfp.conductivity_S_m',
  ),
  engine(
    'H2',
    'Poisson input: a tenth too slow',
    'poissonThresholds((stimulus.rate_hz * dtMs) / 1000)',
    'poissonThresholds((stimulus.rate_hz * dtMs) / 1100)',
  ),
  engine(
    'H3',
    'noise: sqrt(1 - d^2) -> sqrt(1 - d)',
    'sd_uA_cm2 * Math.sqrt(1 - decay * decay)',
    'sd_uA_cm2 * Math.sqrt(1 - decay)',
  ),
  engine(
    'H4',
    'trace: current summed over the sample, not its mean',
    "'mean' in row ? plan.sampleSteps : 1",
    "'mean' in row ? 1 : 1",
    GPU_CONTRACT,
  ),
  analysis(
    'A1',
    'CV: ddof 1',
    'Math.sqrt(squares / intervals) / mean',
    'Math.sqrt(squares / (intervals - 1)) / mean',
    ['spiketrain/isi'],
  ),
  analysis('A2', 'LvR: 4 R -> 3 R', '(4 * refractoryMs) / both', '(3 * refractoryMs) / both', [
    'spiketrain/isi',
  ]),
  analysis(
    'A3',
    'STTC: <= -> <',
    'others[next] <= time + dtMs) near++',
    'others[next] < time + dtMs) near++',
    ['spiketrain/pairwise'],
  ),
  analysis(
    'A4',
    'PPC: n(n - 1) -> n n',
    '(cos * cos + sin * sin - count) / (count * (count - 1))',
    '(cos * cos + sin * sin - count) / (count * count)',
    ['coupling/phase_locking'],
  ),
  analysis('A5', 'tight balance from r = 0.6', 'FOLLOWED_CORRELATION = 0.5', 'FOLLOWED_CORRELATION = 0.6', [
    'balance/balance',
  ]),
  analysis('A6', 'RWS: 1.65 -> 1.56', 'INHIBITORY_WEIGHT = 1.65', 'INHIBITORY_WEIGHT = 1.56', [
    'lfp/proxies',
  ]),
  analysis('A7', 'bisquare: 4.685 -> 4.865', 'BISQUARE_TUNING = 4.685', 'BISQUARE_TUNING = 4.865', [
    'balance/spectral_slope',
  ]),
  analysis(
    'A8',
    'parabola: peak /4 -> /2',
    'middle - ((left - right) * shift) / 4',
    'middle - ((left - right) * shift) / 2',
    ['balance/balance'],
  ),
  analysis(
    'A9',
    'synchronous from a modulation of 0.5',
    'synchronousModulation: 0.5 / Math.SQRT2',
    'synchronousModulation: 0.5',
    ['spiketrain/synchrony'],
  ),
  analysis(
    'A10',
    'bursts: >= -> > of the low threshold',
    'n < values.length && values[n] >= level',
    'n < values.length && values[n] > level',
    ['oscillation/bursts'],
  ),
  analysis(
    'A11',
    'bursts: cycles of the upper edge',
    '(minCycles * sampleRateHz) / lowHz',
    '(minCycles * sampleRateHz) / highHz',
    ['oscillation/bursts'],
  ),
  analysis('A12', 'IRASA: 1.9 -> 1.95', 'LARGEST_FACTOR = 1.9;', 'LARGEST_FACTOR = 1.95;', [
    'oscillation/irasa',
  ]),
  analysis('A13', 'clustering: twice -> once', 'twiceEdges = 2 * edges(code)', 'twiceEdges = edges(code)', [
    'connectivity/clustering',
  ]),
  analysis('A14', 'gamma band: 30-90 Hz', 'gamma: [30, 80]', 'gamma: [30, 90]', ['oscillation/bands']),
  analysis(
    'A15',
    'signed proxy: the other sign',
    'signed[k] += weight * (outward - inward)',
    'signed[k] += weight * (inward - outward)',
    ['lfp/proxies'],
  ),
  analysis('A16', 'rich club: a tenth -> a fifth', 'CLUB_SHARE = 0.1', 'CLUB_SHARE = 0.2', [
    'connectivity/paths',
  ]),
  analysis('A17', 'coherence of one segment', 'if (cut.segments < 2)', 'if (cut.segments < 1)', [
    'spectral/welch',
  ]),

  // Beyond the first 41.
  analysis('X1', 'robust fit: 0.6745 -> 0.6475', 'NORMAL_MEDIAN = 0.6745', 'NORMAL_MEDIAN = 0.6475', [
    'balance/spectral_slope',
  ]),
  analysis('X2', 'specparam: peaks overlap within 0.85 sd', 'OVERLAP_SD = 0.75', 'OVERLAP_SD = 0.85', [
    'oscillation/specparam',
  ]),
  analysis('X3', 'specparam: peaks at the edge within half a sd', 'EDGE_SD = 1', 'EDGE_SD = 0.5', [
    'oscillation/specparam',
  ]),
  analysis('X4', 'irregular from a CV of 0.6', 'irregularCv: 0.5', 'irregularCv: 0.6', [
    'spiketrain/synchrony',
  ]),
  analysis(
    'X5',
    'means of neurons: one spike more',
    'spikes[neuron] >= minSpikes',
    'spikes[neuron] > minSpikes',
    ['spiketrain/isi'],
  ),
  analysis('X6', 'spike kernels: cut at 4 sd', 'KERNEL_REACH_SD = 6', 'KERNEL_REACH_SD = 4', ['lfp/proxies']),
  analysis('X7', 'Rayleigh: 132 -> 123', '24 * z - 132 * z ** 2', '24 * z - 123 * z ** 2', [
    'coupling/phase_locking',
  ]),
  analysis('X8', 'Gao slope from 25 Hz', 'lowHz: 30, highHz: 50', 'lowHz: 25, highHz: 50', [
    'balance/spectral_slope',
  ]),
  analysis(
    'X9',
    'Fano factor: windows of 50 ms',
    'window: TimeWindow, countingMs = 100)',
    'window: TimeWindow, countingMs = 50)',
    ['spiketrain/fano'],
  ),
  analysis('X10', 'largest bin from 4 Hz', 'PEAK_RANGE_HZ = [5, 150]', 'PEAK_RANGE_HZ = [4, 150]', [
    'oscillation/bands',
  ]),
  analysis(
    'X11',
    'SPIKE-synchronization: < -> <=',
    'Math.abs(a[i] - b[j]) < reach',
    'Math.abs(a[i] - b[j]) <= reach',
    ['spiketrain/distances'],
  ),
  analysis(
    'X12',
    'bursts: reach -> exceed the high threshold',
    'amplitude[peak] < highThreshold * medianAmplitude',
    'amplitude[peak] <= highThreshold * medianAmplitude',
    ['oscillation/bursts'],
  ),
  analysis(
    'X13',
    'effective segments: 2 -> 1',
    'inflation += 2 * (1 - k / segments)',
    'inflation += (1 - k / segments)',
    ['spectral/welch'],
  ),
  analysis(
    'X14',
    'phase of spikes: half a sample late',
    'signal.sampleRateHz) / 1000 - 0.5',
    'signal.sampleRateHz) / 1000',
    ['coupling/phase_locking'],
  ),

  shader('X15', 'delivery a step early', 'epoch.ring_slot + step + 1u', 'epoch.ring_slot + step', DELIVERY),
  shader(
    'X16',
    "delivery from the batch's first spike on",
    'for (var i = counters.epoch_start[epoch.index] + workgroup.x',
    'for (var i = workgroup.x',
    DELIVERY,
  ),
  shader('X17', 'refractoriness: >= -> >', 'since >= cell.refractory_steps', 'since > cell.refractory_steps'),
  shader(
    'X18',
    'reduction without the last chunk',
    'chunk < range.y; chunk++',
    'chunk + 1u < range.y; chunk++',
    REDUCTION,
  ),
  shader(
    'X19',
    'noise: towards 0',
    'stimulus.amplitude + (value - stimulus.amplitude) * stimulus.decay',
    'stimulus.amplitude + value * stimulus.decay',
  ),
  engine(
    'X20',
    'RK4: whole decay at the third slope',
    "(s, k2, 0.5 * DT)`, 'half')",
    "(s, k2, 0.5 * DT)`, 'full')",
    STEPS,
  ),
  engine(
    'X21',
    'spike sources a step late',
    '?? Math.ceil(time_ms / dt_ms)) - 1',
    '?? Math.ceil(time_ms / dt_ms))',
  ),
  engine(
    'X22',
    'noise starts too small',
    'mean: mean_uA_cm2, sd: sd_uA_cm2',
    'mean: mean_uA_cm2, sd: 0.7 * sd_uA_cm2',
  ),
  engine(
    'X23',
    'step currents a step late',
    'Math.round(stimulus.start_ms / dtMs)',
    'Math.round(stimulus.start_ms / dtMs) + 1',
  ),
  engine(
    'X24',
    'reference: signed LFP, the other sign',
    'uV_per_nA[i] * (inhibitoryCurrent_nA[i] - excitatoryCurrent_nA[i])',
    'uV_per_nA[i] * (excitatoryCurrent_nA[i] - inhibitoryCurrent_nA[i])',
  ),
];

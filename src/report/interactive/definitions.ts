/** What the quantities of each panel mean, and whose definition is used. */

export interface Definition {
  readonly term: string;
  readonly meaning: string;
  readonly source: string;
}

export const DEFINITIONS = {
  spikes: [
    {
      term: 'Mean rate',
      meaning: 'Spikes over neurons and the length of the window.',
      source: 'elephant.statistics.mean_firing_rate',
    },
    {
      term: 'Population rate',
      meaning: 'Spikes per bin over neurons and bin, smoothed with a Gaussian kernel.',
      source: 'elephant.statistics.instantaneous_rate',
    },
    {
      term: 'State',
      meaning:
        'Synchronous if the modulation of the population rate is at least 0.35 (the modulation of a rate that oscillates by half its mean), irregular if the mean CV is at least 0.5. These limits are conventions: look at the numbers.',
      source: 'Brunel, J. Comput. Neurosci. 8, 183 (2000)',
    },
  ],
  lfp: [
    {
      term: 'LFP',
      meaning:
        'For a run: potential of point sources |I_E| + |I_I| of the chosen populations in a homogeneous medium, V = I / (4 π σ r), averaged over each sample. A proxy: point neurons have no dipoles.',
      source: 'Mazzoni et al., PLoS Comput. Biol. 11, e1004584 (2015); LFPy, point-source approximation',
    },
    {
      term: 'Envelope',
      meaning: 'Magnitude of the analytic signal of the band-passed LFP.',
      source: 'scipy.signal.hilbert, sosfiltfilt, butter',
    },
    {
      term: 'LFP proxies compared',
      meaning:
        'Point neurons have no LFP. Four proxies side by side: results on which they agree do not depend on the choice. Gamma share: power of 30-80 Hz over 1-150 Hz. Correlation with the first proxy, and its largest value over lags up to 20 ms; a positive lag means that the proxy follows the first.',
      source:
        'Mazzoni et al. 2008 and 2015; Teleńczuk et al., J. Neurosci. Methods 344, 108871 (2020); see the table',
    },
  ],
  spectrum: [
    {
      term: 'Power density',
      meaning: 'One-sided, averaged over windowed segments; in µV² per Hz.',
      source: 'scipy.signal.welch; Welch, IEEE Trans. Audio Electroacoust. 15, 70 (1967)',
    },
    {
      term: 'Slepian tapers',
      meaning:
        'Mean over orthogonal tapers and segments, with the jackknife interval of the logarithm, from leaving out one of them at a time.',
      source: 'Thomson and Chave 1991; Chronux specerr; elephant.spectral.multitaper_psd',
    },
    {
      term: 'Aperiodic component and peaks',
      meaning:
        'log10 P = offset − exponent log10 f plus Gaussian peaks. The robust fit is biased by construction, also on noise-free spectra.',
      source: 'fooof 1.1.1; Donoghue et al., Nat. Neurosci. 23, 1655 (2020)',
    },
    {
      term: 'Bands',
      meaning:
        'delta 1-4, theta 4-8, alpha 8-13, beta 13-30, gamma 30-80, high gamma 80-150 Hz; the field has no agreed edges.',
      source: 'trapezoid over the bins',
    },
    {
      term: 'Bursts',
      meaning:
        'Gamma amplitude at or above its median for three cycles, reaching twice it. Noise has bursts too.',
      source: 'Feingold et al., PNAS 112, 13687 (2015); neurodsp detect_bursts_dual_threshold',
    },
    {
      term: 'IRASA',
      meaning: 'The aperiodic part of the spectrum, which resampling does not move.',
      source: 'Wen and Liu, Brain Topogr. 29, 13 (2016); neurodsp.aperiodic.irasa',
    },
  ],
  spectrogram: [
    {
      term: 'Spectrogram',
      meaning:
        'The power density of each segment; its mean over time is Welch’s spectrum of the same segments.',
      source: 'scipy.signal.spectrogram',
    },
  ],
  coherence: [
    {
      term: 'MSC',
      meaning:
        'Magnitude-squared coherence |Sxy|² / (Sxx Syy), 0 to 1. Grows with the number of spikes: compare populations by PPC.',
      source: 'scipy.signal.coherence, elephant.sta.spike_field_coherence',
    },
    {
      term: '95 % level',
      meaning: '1 − 0.05^(1/(dof/2 − 1)), with degrees of freedom reduced by the number of spikes.',
      source: 'Chronux coherr.m; Jarvis and Mitra, Neural Comput. 13, 717 (2001)',
    },
    {
      term: 'PPC',
      meaning:
        'Pairwise phase consistency: mean cosine of the phase differences of all pairs of spikes; without bias, may be below 0.',
      source: 'Vinck et al., NeuroImage 51, 112 (2010)',
    },
    {
      term: 'Dither p',
      meaning:
        'Share of 199 surrogates, in which every spike is moved by up to one cycle of 30 Hz, that lock at least as strongly: (1 + those) / (1 + 199). In large populations, evenly spaced neurons are tested.',
      source:
        'elephant.spike_train_surrogates.dither_spikes; North et al., Am. J. Hum. Genet. 71, 439 (2002)',
    },
    {
      term: 'LFP of the others',
      meaning:
        'The contribution of a recorded neuron’s own |I| is subtracted from the LFP before its spikes are compared with it. Own effect: how much larger PPC is without the subtraction.',
      source: 'leave-one-out',
    },
    {
      term: 'Phase',
      meaning:
        'Mean phase of the gamma band at the spikes; 0 is its maximum. In the coherence, negative: the LFP leads.',
      source: 'scipy.signal.csd, conj(X) Y',
    },
  ],
  balance: [
    {
      term: 'E/I ratio',
      meaning: 'Total |excitatory| over total |inhibitory| synaptic current, over neurons and time.',
      source: 'this engine',
    },
    {
      term: 'Lag, tight and loose balance',
      meaning:
        'Lag at which the correlation of the currents peaks. Balance is tight if inhibition also follows changes faster than 20 ms.',
      source:
        'Okun and Lampl, Nat. Neurosci. 11, 535 (2008); Denève and Machens, Nat. Neurosci. 19, 375 (2016)',
    },
    {
      term: 'Slope at 30-50 Hz',
      meaning:
        'A steeper slope means more inhibition, for Poisson input and without a rhythm in the band. If there is gamma in the band, the slope is not informative.',
      source: 'Gao, Peterson and Voytek, NeuroImage 158, 70 (2017)',
    },
  ],
  variability: [
    {
      term: 'CV, CV2, LV',
      meaning:
        'CV: standard deviation (ddof 0) over mean of the intervals. CV2 and LV compare neighbouring intervals, so that slow changes of rate do not count. 1 for Poisson.',
      source:
        'elephant.statistics; Holt et al., J. Neurophysiol. 75, 1806 (1996); Shinomoto et al., Neural Comput. 15, 2823 (2003)',
    },
    {
      term: 'Fano factor',
      meaning: 'Variance (ddof 0) over mean of spike counts. 1 for Poisson.',
      source: 'elephant.statistics.fanofactor',
    },
  ],
  cellTypes: [
    {
      term: 'Table',
      meaning: 'Means over neurons; CV, CV2 and LV over those with at least 10 spikes.',
      source: 'as above',
    },
    {
      term: 'Chi of V',
      meaning:
        'Over the recorded neurons: sd of their mean membrane potential over the root of their mean variance. 1 if all are identical, 1/√n if they are independent.',
      source: 'Golomb and Rinzel, Physica D 72, 259 (1994)',
    },
  ],
  connectivity: [
    {
      term: 'Density, reciprocity',
      meaning: 'Edges over ordered pairs of neurons; edges whose reverse exists over edges.',
      source: 'networkx.density, overall_reciprocity',
    },
    {
      term: 'Clustering',
      meaning: 'Directed triangles of a neuron over those that its degrees allow, averaged over neurons.',
      source: 'networkx.clustering; Fagiolo, Phys. Rev. E 76, 026107 (2007)',
    },
    {
      term: 'Triads',
      meaning: 'The 16 classes of three neurons by mutual, asymmetric and null pairs.',
      source: 'networkx.triadic_census; Holland and Leinhardt, Am. J. Sociol. 76, 492 (1970)',
    },
    {
      term: 'z',
      meaning:
        'Difference from the mean of random graphs, in their standard deviations. In these graphs every neuron keeps its number of edges to and from each population.',
      source: 'Maslov and Sneppen, Science 296, 910 (2002); Milo et al., Science 298, 824 (2002)',
    },
    {
      term: 'Rich club',
      meaning:
        'Density of edges among the tenth of the neurons with the most edges, over that in the random graphs.',
      source: 'BCT rich_club_bd; Colizza et al., Nat. Phys. 2, 110 (2006)',
    },
    {
      term: 'Communities, modularity',
      meaning:
        'Louvain’s method for directed modularity Σ (edges within / m − in out / m²), together with the modularity of the populations.',
      source: 'networkx.community.modularity; Leicht and Newman, Phys. Rev. Lett. 100, 118703 (2008)',
    },
    {
      term: 'Sigma, omega',
      meaning:
        'Directions ignored: sigma = (C/C random)/(L/L random), above 1 small-world; omega = L random/L − C/C lattice, near 0 small-world.',
      source: 'networkx.sigma, omega; Humphries and Gurney 2008; Telesford et al. 2011',
    },
    {
      term: 'Path length, efficiency',
      meaning:
        'Mean number of edges on shortest directed paths, and mean of its reciprocal, which is 0 if there is no path; in large graphs from a random sample of neurons.',
      source: 'networkx.average_shortest_path_length, global_efficiency; Latora and Marchiori 2001',
    },
  ],
} as const satisfies Record<string, readonly Definition[]>;

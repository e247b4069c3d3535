/*
 * COBAHH (Brette et al. 2007, benchmark 3) as plain vectorised C: the practical limit of this machine's CPU.
 * Simultaneous exponential Euler in single precision, synapses in rows by source (one table a thread, each with the
 * targets of that thread), epochs of delay + 1 steps between synchronisations, blocks of neurons that stay in the cache.
 *
 * gcc -O3 -march=native -ffast-math -fopenmp cobahh_limit.c -lm
 * Usage: cobahh_limit NEURONS SYNAPSES_PER_NEURON DELAY_MS LIVE(1|0) WARM_UP_MS MEASURED_MS THREADS SEED; prints JSON.
 */
#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const float DT = 0.1f;
enum { BLOCK = 512, REFRACTORY_STEPS = 30 };

static uint64_t random_state;
static double uniform(void) { /* xorshift64*, Vigna 2016 */
  random_state ^= random_state >> 12, random_state ^= random_state << 25, random_state ^= random_state >> 27;
  return ((random_state * 0x2545F4914F6CDD1Dull >> 11) + 0.5) / 9007199254740992.0;
}
static double normal(void) { return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform()); }

static float *row(size_t count) {
  float *values = aligned_alloc(64, (count * sizeof(float) + 63) / 64 * 64);
  if (!values) exit(1);
  memset(values, 0, count * sizeof(float));
  return values;
}

/* x / (e^x - 1), by its series where the quotient cancels. */
static inline float inverse_exprel(float x) {
  float quotient = x / (expf(x) - 1.0f);
  return fabsf(x) < 1e-3f ? 1.0f - 0.5f * x : quotient;
}
static inline float towards(float value, float alpha, float beta) {
  float rate = alpha + beta, steady = alpha / rate;
  return steady + (value - steady) * expf(-DT * rate);
}

typedef struct { float *v, *m, *h, *n, *ge, *gi; int *since; } State;

/* One step of neurons first..last - 1; spikes are marked in `spiked`. */
static void step(State s, int first, int last, float *restrict in_e, float *restrict in_i, uint8_t *restrict spiked) {
  float *restrict V = s.v, *restrict M = s.m, *restrict H = s.h, *restrict N = s.n;
  float *restrict GE = s.ge, *restrict GI = s.gi;
  int *restrict since = s.since;
  const float decay_e = expf(-DT / 5), decay_i = expf(-DT / 10);
  const float C = 200, gL = 10, EL = -60, gNa = 20000, ENa = 50, gK = 6000, EK = -90, Ei = -80;
#pragma omp simd
  for (int i = first; i < last; i++) {
    float v = V[i], m = M[i], h = H[i], n = N[i];
    float ge = GE[i] + in_e[i], gi = GI[i] + in_i[i];
    in_e[i] = in_i[i] = 0;
    float u = v + 63;
    float na = gNa * m * m * m * h, k = gK * n * n * n * n;
    float g = gL + ge + gi + na + k;
    float steady = (gL * EL + gi * Ei + na * ENa + k * EK) / g; /* Ee = 0 */
    float after = steady + (v - steady) * expf(-DT * g / C);
    M[i] = towards(m, 1.28f * inverse_exprel((13 - u) / 4), 1.4f * inverse_exprel((u - 40) / 5));
    H[i] = towards(h, 0.128f * expf((17 - u) / 18), 4 / (1 + expf((40 - u) / 5)));
    N[i] = towards(n, 0.16f * inverse_exprel((15 - u) / 5), 0.5f * expf((10 - u) / 40));
    V[i] = after;
    GE[i] = ge * decay_e;
    GI[i] = gi * decay_i;
    int spikes = (after > -20) & (since[i] >= REFRACTORY_STEPS - 1);
    since[i] = spikes ? 0 : since[i] + 1;
    spiked[i] = spikes;
  }
}

int main(int argc, char **argv) {
  if (argc != 9) return fprintf(stderr, "eight arguments, see the source\n"), 2;
  const int neurons = atoi(argv[1]), excitatory = (int)lround(0.8 * neurons), threads = atoi(argv[7]);
  const double probability = atof(argv[2]) / neurons;
  const int delay = (int)lround(atof(argv[3]) / DT), epoch = delay + 1;
  const float weight_e = atoi(argv[4]) ? 6 : 0, weight_i = atoi(argv[4]) ? 67 : 0;
  const int warm_up = (int)lround(atof(argv[5]) / DT), steps = warm_up + (int)lround(atof(argv[6]) / DT);
  random_state = 88172645463325252ull + (uint64_t)atoi(argv[8]) * 0x9E3779B97F4A7C15ull;
  omp_set_num_threads(threads);

  double started = omp_get_wtime();
  State s = {row(neurons), row(neurons), row(neurons), row(neurons), row(neurons), row(neurons), NULL};
  s.since = malloc(neurons * sizeof(int));
  for (int i = 0; i < neurons; i++) {
    s.v[i] = (float)(-65 + 5 * normal());
    s.ge[i] = (float)(10 * (4 + 1.5 * normal()));
    s.gi[i] = (float)(10 * (20 + 12 * normal()));
    s.since[i] = REFRACTORY_STEPS;
  }
  /* Row of source i in thread t's table: pointers[t][i] .. pointers[t][i + 1]. */
  size_t **pointers = malloc(threads * sizeof(*pointers)), *capacity = malloc(threads * sizeof(*capacity));
  int **targets = malloc(threads * sizeof(*targets));
  for (int t = 0; t < threads; t++) {
    pointers[t] = calloc(neurons + 1, sizeof(size_t));
    capacity[t] = (size_t)(1.1 * probability * neurons * neurons / threads) + 1024;
    targets[t] = malloc(capacity[t] * sizeof(int));
  }
  const double log_of_miss = log1p(-probability);
  for (int i = 0; i < neurons; i++) {
    for (int t = 0; t < threads; t++) pointers[t][i + 1] = pointers[t][i];
    for (double k = floor(log(uniform()) / log_of_miss); k < neurons; k += 1 + floor(log(uniform()) / log_of_miss)) {
      int t = (int)((int64_t)k * threads / neurons);
      size_t at = pointers[t][i + 1]++;
      if (at == capacity[t]) targets[t] = realloc(targets[t], (capacity[t] *= 2) * sizeof(int));
      targets[t][at] = (int)k;
    }
  }
  size_t synapses = 0;
  for (int t = 0; t < threads; t++) synapses += pointers[t][neurons];
  float **in_e = malloc(epoch * sizeof(*in_e)), **in_i = malloc(epoch * sizeof(*in_i));
  uint8_t *spiked = calloc((size_t)epoch * neurons, 1);
  for (int e = 0; e < epoch; e++) in_e[e] = row(neurons), in_i[e] = row(neurons);
  const double build = omp_get_wtime() - started;

  double measured_from = 0;
  long long spikes = 0, events = 0;
#pragma omp parallel
  {
    const int t = omp_get_thread_num();
    /* First and last neuron of this thread, as `targets` are shared out. */
    const int from = (int)(((int64_t)t * neurons + threads - 1) / threads);
    const int to = (int)(((int64_t)(t + 1) * neurons + threads - 1) / threads);
    for (int done = 0; done < steps;) {
      if (done == warm_up) {
#pragma omp barrier
#pragma omp single
        measured_from = omp_get_wtime();
      }
      const int limit = done < warm_up ? warm_up : steps, count = done + epoch < limit ? epoch : limit - done;
      for (int block = from; block < to; block += BLOCK)
        for (int k = 0; k < count; k++) {
          const int slot = (done + k) % epoch, last = block + BLOCK < to ? block + BLOCK : to;
          step(s, block, last, in_e[slot], in_i[slot], spiked + (size_t)k * neurons);
        }
#pragma omp barrier
      long long own_events = 0, own_spikes = 0;
      for (int k = 0; k < count; k++) {
        /* A spike of step s acts in step s + 1 + delay. */
        const int slot = (done + k) % epoch;
        const uint8_t *marks = spiked + (size_t)k * neurons;
        for (int i = 0; i < neurons; i += 8) {
          uint64_t eight = 0;
          memcpy(&eight, marks + i, neurons - i < 8 ? neurons - i : 8);
          for (; eight; eight &= eight - 1) {
            const int source = i + __builtin_ctzll(eight) / 8;
            float *input = source < excitatory ? in_e[slot] : in_i[slot];
            const float weight = source < excitatory ? weight_e : weight_i;
            for (size_t at = pointers[t][source]; at < pointers[t][source + 1]; at++) input[targets[t][at]] += weight;
            own_events += (long long)(pointers[t][source + 1] - pointers[t][source]);
            own_spikes++;
          }
        }
      }
      if (done >= warm_up) {
#pragma omp atomic
        events += own_events;
        if (t == 0) spikes += own_spikes;
      }
      done += count;
#pragma omp barrier
    }
  }
  const double simulate = omp_get_wtime() - measured_from;
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"synapses\": %zu, \"spikes\": %lld, \"synapticEvents\": %lld, \"buildSeconds\": %.6f, "
         "\"simulateSeconds\": %.6f, \"peakMemoryBytes\": %lld}\n",
         synapses, spikes, events, build, simulate, usage.ru_maxrss * 1024LL);
  return 0;
}

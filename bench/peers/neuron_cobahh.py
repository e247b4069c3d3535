"""COBAHH (Brette et al. 2007, benchmark 3) in NEURON: its fixed step (implicit Euler, exponential gates), one thread.

neuron_cobahh.py LIBRARY NEURONS SYNAPSES_PER_NEURON DELAY_MS LIVE(1|0) WARM_UP_MS MEASURED_MS SEED
    LIBRARY is traub_miles.mod compiled by nrnivmodl; prints one JSON document
"""

import json
import os
import resource
import sys
import time

import numpy

# The library of the mechanism finds NEURON's functions among the process's global symbols.
sys.setdlopenflags(os.RTLD_NOW | os.RTLD_GLOBAL)
from neuron import h  # noqa: E402

AREA_um2 = 20000


def main(library, neurons, synapses_per_neuron, delay_ms, live, warm_up_ms, measured_ms, seed):
    started = time.perf_counter()
    if not h.nrn_load_dll(library):
        sys.exit(f"cannot load {library}")
    random = numpy.random.default_rng(seed)
    side_um = (AREA_um2 / numpy.pi) ** 0.5
    cells, receptors = [], ([], [])
    for _ in range(neurons):
        cell = h.Section()
        cell.L = cell.diam = side_um
        cell.cm = 1
        cell.insert("traub_miles")
        for synapses, tau_ms, reversal_mV in ((receptors[0], 5, 0), (receptors[1], 10, -80)):
            synapse = h.ExpSyn(cell(0.5))
            synapse.tau, synapse.e = tau_ms, reversal_mV
            synapses.append(synapse)
        cells.append(cell)

    excitatory = round(0.8 * neurons)
    connections = []
    out_degree = numpy.zeros(neurons, int)
    times, sources = h.Vector(), h.Vector()
    parallel = h.ParallelContext()
    for source, cell in enumerate(cells):
        parallel.set_gid2node(source, parallel.id())
        detector = h.NetCon(cell(0.5)._ref_v, None, sec=cell)
        detector.threshold = -20
        parallel.cell(source, detector)
        parallel.spike_record(source, times, sources)
        weight_uS = live * (6e-3 if source < excitatory else 67e-3)
        targets = receptors[0 if source < excitatory else 1]
        count = random.binomial(neurons, synapses_per_neuron / neurons)
        out_degree[source] = count
        for target in random.choice(neurons, count, replace=False):
            connection = h.NetCon(cell(0.5)._ref_v, targets[target], sec=cell)
            connection.threshold, connection.delay, connection.weight[0] = -20, delay_ms, weight_uS
            connections.append(connection)

    h.dt = 0.1
    h.CVode().cache_efficient(1)
    h.finitialize(-65)
    for cell, synapse_e, synapse_i in zip(cells, *receptors):
        cell(0.5).v = random.normal(-65, 5)
        synapse_e.g = 0.01 * random.normal(4, 1.5)
        synapse_i.g = 0.01 * random.normal(20, 12)
    h.fcurrent()
    build = time.perf_counter() - started

    run_to(warm_up_ms)
    started = time.perf_counter()
    run_to(warm_up_ms + measured_ms)
    simulate = time.perf_counter() - started
    in_window = numpy.asarray(times) >= warm_up_ms
    measured_sources = numpy.asarray(sources)[in_window].astype(int)
    return {
        "synapses": len(connections),
        "spikes": len(measured_sources),
        "synapticEvents": int(out_degree[measured_sources].sum()),
        "buildSeconds": build,
        "simulateSeconds": simulate,
        "peakMemoryBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def run_to(stop_ms):
    while h.t < stop_ms - h.dt / 2:
        h.fadvance()


library, n, k, delay, live, warm_up, duration, seed = sys.argv[1:]
print(json.dumps(main(library, int(n), float(k), float(delay), int(live), float(warm_up), float(duration), int(seed))))

"""COBAHH (Brette et al. 2007, benchmark 3) in Brian2's C++ standalone mode.

brian2_cobahh.py build FOLDER NEURONS SYNAPSES_PER_NEURON DELAY_MS LIVE(1|0) WARM_UP_MS MEASURED_MS THREADS SEED BITS
    generates and compiles the program in FOLDER; BITS is 64 (Brian2's default) or 32
brian2_cobahh.py run FOLDER
    runs it once
Both print one JSON document.
"""

import glob
import json
import os
import resource
import subprocess
import sys
import time

EQUATIONS = """
dv/dt = (gL*(EL-v) + ge*(Ee-v) + gi*(Ei-v) - gNa*m**3*h*(v-ENa) - gK*n**4*(v-EK))/C : volt
dm/dt = alpha_m*(1-m) - beta_m*m : 1
dh/dt = alpha_h*(1-h) - beta_h*h : 1
dn/dt = alpha_n*(1-n) - beta_n*n : 1
dge/dt = -ge/(5*ms) : siemens
dgi/dt = -gi/(10*ms) : siemens
alpha_m = 0.32*4/exprel((13*mV - u)/(4*mV))/ms : Hz
beta_m = 0.28*5/exprel((u - 40*mV)/(5*mV))/ms : Hz
alpha_h = 0.128*exp((17*mV - u)/(18*mV))/ms : Hz
beta_h = 4/(1 + exp((40*mV - u)/(5*mV)))/ms : Hz
alpha_n = 0.032*5/exprel((15*mV - u)/(5*mV))/ms : Hz
beta_n = 0.5*exp((10*mV - u)/(40*mV))/ms : Hz
u = v + 63*mV : volt
"""


def build(folder, neurons, synapses_per_neuron, delay_ms, live, warm_up_ms, measured_ms, threads, seed, bits):
    import brian2
    from brian2 import ms, mV, nS, pF, second

    started = time.perf_counter()
    brian2.set_device("cpp_standalone", directory=folder, build_on_run=False)
    brian2.prefs.devices.cpp_standalone.openmp_threads = threads if threads > 1 else 0
    if bits == 32:
        import numpy

        brian2.prefs.core.default_float_dtype = numpy.float32
    brian2.seed(seed)
    brian2.defaultclock.dt = 0.1 * ms
    constants = dict(C=200 * pF, gL=10 * nS, EL=-60 * mV, gNa=20000 * nS, ENa=50 * mV, gK=6000 * nS, EK=-90 * mV)
    constants.update(Ee=0 * mV, Ei=-80 * mV)
    cells = brian2.NeuronGroup(
        neurons, EQUATIONS, threshold="v > -20*mV", refractory=3 * ms, method="exponential_euler", namespace=constants
    )
    cells.v = "-65*mV + 5*mV*randn()"
    cells.ge = "(1.5*randn() + 4)*10*nS"
    cells.gi = "(12*randn() + 20)*10*nS"
    excitatory = round(0.8 * neurons)
    objects = [cells]
    for group, variable, weight_nS in ((cells[:excitatory], "ge", 6), (cells[excitatory:], "gi", 67)):
        synapses = brian2.Synapses(
            group, cells, on_pre=f"{variable} += weight", namespace={"weight": weight_nS * live * nS}, delay=delay_ms * ms
        )
        synapses.connect(p=synapses_per_neuron / neurons)
        objects.append(synapses)
    objects.append(brian2.SpikeMonitor(cells))
    network = brian2.Network(objects)
    # The program reports the time of its last run.
    network.run(warm_up_ms * ms)
    network.run(measured_ms * ms)
    generated = time.perf_counter()
    brian2.device.build(directory=folder, compile=True, run=False, debug=False)
    with open(os.path.join(folder, "measured.json"), "w") as file:
        json.dump({"neurons": neurons, "warmUpMs": warm_up_ms}, file)
    return {
        "version": brian2.__version__,
        "generateSeconds": generated - started,
        "compileSeconds": time.perf_counter() - generated,
    }


def run(folder):
    with open(os.path.join(folder, "measured.json")) as file:
        measured = json.load(file)
    started = time.perf_counter()
    subprocess.run(["./main"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    total = time.perf_counter() - started
    results = os.path.join(folder, "results")
    with open(os.path.join(results, "last_run_info.txt")) as file:
        simulate = float(file.read().split()[0])
    peak_bytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    # Not before: the peak of the program would start from what this process has loaded.
    import numpy

    def array(name, dtype):
        (path,) = glob.glob(os.path.join(results, f"_dynamic_array_{name}_*"))
        return numpy.fromfile(path, dtype)

    # Spike times are float64 in either precision.
    in_window = array("spikemonitor_t", numpy.float64) >= (measured["warmUpMs"] - 0.05) / 1000
    sources = array("spikemonitor_i", numpy.int32)[in_window]
    sources_of_synapses = numpy.concatenate(
        [array("synapses__synaptic_pre", numpy.int32), array("synapses_1__synaptic_pre", numpy.int32)]
    )
    out_degree = numpy.bincount(sources_of_synapses, minlength=measured["neurons"])
    return {
        "synapses": len(sources_of_synapses),
        "spikes": len(sources),
        "synapticEvents": int(out_degree[sources].sum()),
        "buildSeconds": total - simulate,
        "simulateSeconds": simulate,
        "peakMemoryBytes": peak_bytes,
    }


if sys.argv[1] == "build":
    folder, *numbers = sys.argv[2:]
    n, k, delay, live, warm_up, duration, threads, seed, bits = numbers
    # Brian2 and its tools print on standard output what belongs on standard error.
    output, sys.stdout = sys.stdout, sys.stderr
    document = build(
        folder, int(n), float(k), float(delay), int(live), float(warm_up), float(duration), int(threads), int(seed), int(bits)
    )
    print(json.dumps(document), file=output)
else:
    print(json.dumps(run(sys.argv[2])))

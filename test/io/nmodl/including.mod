NEURON {
	SUFFIX inc
	USEION k READ ek WRITE ik
}
INCLUDE "shared.inc"
PARAMETER { gbar = 1 (mS/cm2) }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) }
STATE { n }
BREAKPOINT {
	SOLVE states METHOD cnexp
	ik = 0.001*gbar*n*(v - ek)
}
DERIVATIVE states { n' = (half(v) - n)/10(ms) }

TITLE delayed rectifier, rates as Hodgkin and Huxley write them

NEURON {
	SUFFIX kd
	USEION k READ ek WRITE ik
	RANGE gbar, g
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
	(S) = (siemens)
}

PARAMETER {
	gbar = 0.036 (S/cm2)
}

ASSIGNED {
	v (mV)
	ek (mV)
	ik (mA/cm2)
	g (S/cm2)
	alpha (/ms)
	beta (/ms)
}

STATE { n }

BREAKPOINT {
	SOLVE states METHOD cnexp
	g = gbar*n^4
	ik = g*(v - ek)
}

INITIAL {
	rates(v)
	n = alpha/(alpha + beta)
}

DERIVATIVE states {
	rates(v)
	n' = alpha*(1 - n) - beta*n
}

PROCEDURE rates(v (mV)) {
	alpha = 0.01(/ms/mV)*vtrap(-(v + 55), 10)
	beta = 0.125(/ms)*exp(-(v + 65)/80(mV))
}

: x/(exp(x/y) - 1), with its limit
FUNCTION vtrap(x (mV), y (mV)) (mV) {
	if (fabs(x/y) < 1e-6) {
		vtrap = y*(1 - x/y/2)
	} else {
		vtrap = x/(exp(x/y) - 1)
	}
}

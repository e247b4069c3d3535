TITLE units that do not agree, as UNITSOFF lets through

NEURON {
	SUFFIX mixed
	NONSPECIFIC_CURRENT i
	RANGE gbar
}

PARAMETER {
	gbar = 0.001 (S/cm2)
	e = -30 (mV)
	taumin = 2 (ms)
	vhalf = -80 (mV)
	zeta = 2 (1)
}

ASSIGNED {
	v (mV)
	i (mA/cm2)
	tau
	p
}

STATE { l }

BREAKPOINT {
	SOLVE states METHOD cnexp
	p = 1/(1 + exp((v - vhalf)/9))
	i = gbar*l*p*(v - e)
}

INITIAL { l = 1/(1 + exp(0.1*zeta*(v - vhalf))) }

UNITSOFF
DERIVATIVE states {
	tau = taumin + vhalf^2/1000 + exp(v/20)
	l' = (1/(1 + exp(0.1*zeta*(v - vhalf))) - l)/tau
}
UNITSON

TITLE potassium channel of three closed states and a gate of its own

NEURON {
	SUFFIX kscheme
	USEION k READ ek WRITE ik
	RANGE gbar
}

UNITS {
	(mV) = (millivolt)
	(mA) = (milliamp)
	(pS) = (picosiemens)
	(um) = (micron)
}

PARAMETER { gbar = 50 (pS/um2) }

ASSIGNED {
	v (mV)
	ek (mV)
	ik (mA/cm2)
	a (/ms)
	b (/ms)
}

STATE { c1 c2 o shut free }

BREAKPOINT {
	SOLVE kin METHOD sparse
	ik = (1e-4)*gbar*o*free*(v - ek)
}

INITIAL { SOLVE kin STEADYSTATE sparse }

KINETIC kin {
	a = 0.5*exp((v + 20)/15)
	b = 0.2*exp(-(v + 20)/15)
	~ c1 <-> c2 (2*a, b)
	~ c2 <-> o (a, 2*b)
	~ shut <-> free (0.01, 0.002*exp(v/40))
	CONSERVE c1 + c2 + o = 1
	CONSERVE shut + free = 1
}

TITLE calcium channel with the current of Goldman, Hodgkin and Katz

NEURON {
	SUFFIX caghk
	USEION ca READ cai, cao WRITE ica
	RANGE pbar
}

UNITS {
	(mV) = (millivolt)
	(mA) = (milliamp)
	(molar) = (1/liter)
	(mM) = (millimolar)
	FARADAY = (faraday) (coulomb)
	R = (k-mole) (joule/degC)
}

PARAMETER {
	pbar = 2e-4 (cm/s)
	celsius (degC)
}

ASSIGNED {
	v (mV)
	cai (mM)
	cao (mM)
	ica (mA/cm2)
}

STATE { m }

BREAKPOINT {
	SOLVE states METHOD cnexp
	ica = pbar*m^2*ghk(v, cai, cao)
}

INITIAL { m = minf(v) }

DERIVATIVE states { m' = (minf(v) - m)/5 }

FUNCTION minf(v (mV)) { minf = 1/(1 + exp(-(v + 20 (mV))/7 (mV))) }

FUNCTION ghk(v (mV), ci (mM), co (mM)) (.001 coul/cm3) {
	LOCAL z, eci, eco
	z = (1e-3)*2*FARADAY*v/(R*(celsius + 273.15))
	eco = co*efun(z)
	eci = ci*efun(-z)
	ghk = (.001)*2*FARADAY*(eci - eco)
}

FUNCTION efun(z) {
	if (fabs(z) < 1e-4) {
		efun = 1 - z/2
	} else {
		efun = z/(exp(z) - 1)
	}
}

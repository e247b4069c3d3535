TITLE gates in arrays, potentials shifted and nudged, several currents

NEURON {
	SUFFIX many
	USEION na READ ena WRITE ina
	USEION k READ ek WRITE ik
	NONSPECIFIC_CURRENT il
	RANGE gna, gk, gl, el
	THREADSAFE
}

DEFINE NGATES 2

PARAMETER {
	gna = 0.1 (S/cm2)
	gk = 0.03 (S/cm2)
	gl = 0.0003 (S/cm2)
	el = -54 (mV)
	slow = 0
	phi = 2
}

ASSIGNED {
	v (mV)
	ena (mV)
	ek (mV)
	ina (mA/cm2)
	ik (mA/cm2)
	il (mA/cm2)
	inf[NGATES]
	tau[NGATES] (ms)
	most (S/cm2)
	factor
}

STATE { m n }

INITIAL {
	rates()
	m = inf[0]
	n = inf[1]
	most = 0
}

BREAKPOINT {
	SOLVE states METHOD derivimplicit
	ina = gna*m^3*(v - ena)
	ik = gk*n^4*(v - ek)
	il = gl*(v - el)
	if (ina > most) { most = ina }
}

DERIVATIVE states {
	rates()
	m' = (inf[0] - m)/tau[0]
	n' = (inf[1] - n)/tau[1]
}

PROCEDURE rates() {
	LOCAL a
	if (slow != 0) { factor = slow }
	v = v + 5
	if (v == -40) { v = v + 0.0001 }
	FROM i = 0 TO NGATES - 1 {
		a = alpha(v, i)
		inf[i] = a/(a + beta(v, i))
		tau[i] = (1 + factor)/phi/(a + beta(v, i))
	}
	v = v - 5
}

FUNCTION alpha(v, i) {
	if (i == 0) {
		alpha = 0.1*(v + 40)/(1 - exp(-(v + 40)/10))
	} else if (i == 1) {
		alpha = 0.125*exp(-(v + 65)/80)
	} else {
		alpha = 99
	}
}

FUNCTION beta(v, i) {
	if (i == 0) { beta = 4*exp(-(v + 65)/18) } else { beta = 1/(1 + exp(-(v + 35)/10)) }
}

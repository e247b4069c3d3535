TITLE sodium channel whose steps are written out, as files of the 1990s do
: rates of Hodgkin and Huxley 1952

INDEPENDENT { t FROM 0 TO 1 WITH 1 (ms) }

NEURON {
	SUFFIX oldna
	USEION na READ ena WRITE ina
	RANGE gnabar, gna, minf, hinf, mexp, hexp
}

UNITS {
	(mA) = (milliamp)
	(mV) = (millivolt)
}

PARAMETER {
	v (mV)
	celsius = 6.3 (degC)
	dt (ms)
	gnabar = .120 (mho/cm2)
	ena = 50 (mV)
	unused = 3
}

STATE { m h }

ASSIGNED {
	ina (mA/cm2)
	gna minf hinf mexp hexp
}

BREAKPOINT {
	SOLVE states
	gna = gnabar*m*m*m*h
	ina = gna*(v - ena)
}

UNITSOFF

INITIAL {
	rates(v)
	m = minf
	h = hinf
}

PROCEDURE states() {
	rates(v)
	m = m + mexp*(minf - m)
	h = h + hexp*(hinf - h)
	VERBATIM
	return 0;
	ENDVERBATIM
}

PROCEDURE rates(v) {
	LOCAL q10, tinc, alpha, beta, sum
	TABLE minf, mexp, hinf, hexp DEPEND dt, celsius FROM -100 TO 100 WITH 200
	q10 = 3^((celsius - 6.3)/10)
	tinc = -dt*q10
	alpha = .1*vtrap(-(v + 40), 10)
	beta = 4*Exp(-(v + 65)/18)
	sum = alpha + beta
	minf = alpha/sum
	mexp = 1 - Exp(tinc*sum)
	alpha = .07*Exp(-(v + 65)/20)
	beta = 1/(Exp(-(v + 35)/10) + 1)
	sum = alpha + beta
	hinf = alpha/sum
	hexp = 1 - Exp(tinc*sum)
}

FUNCTION vtrap(x, y) {
	if (fabs(x/y) < 1e-6) {
		vtrap = y*(1 - x/y/2)
	} else {
		vtrap = x/(Exp(x/y) - 1)
	}
}

FUNCTION Exp(x) {
	if (x < -100) {
		Exp = 0
	} else {
		Exp = exp(x)
	}
}
UNITSON

: calcium below the membrane, pumped out

NEURON {
	SUFFIX cashell
	USEION ca READ ica WRITE cai
	RANGE decay, gamma, rest, depth
}

UNITS {
	(mA) = (milliamp)
	FARADAY = (faraday) (coulombs)
	(molar) = (1/liter)
	(mM) = (millimolar)
	(um) = (micron)
}

PARAMETER {
	gamma = 0.05
	decay = 80 (ms)
	depth = 0.1 (um)
	rest = 1e-4 (mM)
}

ASSIGNED { ica (mA/cm2) }

STATE { cai (mM) }

INITIAL { cai = rest }

BREAKPOINT { SOLVE states METHOD cnexp }

DERIVATIVE states {
	cai' = -(10000)*(ica*gamma/(2*FARADAY*depth)) - (cai - rest)/decay
}

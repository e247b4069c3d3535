: Traub-Miles sodium, delayed rectifier and leak of COBAHH (Brette et al. 2007, benchmark 3), gates closed at the start.
NEURON {
  SUFFIX traub_miles
  NONSPECIFIC_CURRENT i
  RANGE gl, gna, gk
}
UNITS {
  (mV) = (millivolt)
  (mA) = (milliamp)
  (S) = (siemens)
}
PARAMETER {
  gl = 5e-5 (S/cm2)
  gna = 0.1 (S/cm2)
  gk = 0.03 (S/cm2)
  el = -60 (mV)
  ena = 50 (mV)
  ek = -90 (mV)
  vt = -63 (mV)
}
ASSIGNED {
  v (mV)
  i (mA/cm2)
  am (/ms) bm (/ms) ah (/ms) bh (/ms) an (/ms) bn (/ms)
}
STATE { m h n }
BREAKPOINT {
  SOLVE gates METHOD cnexp
  i = gl*(v - el) + gna*m*m*m*h*(v - ena) + gk*n*n*n*n*(v - ek)
}
INITIAL {
  m = 0
  h = 0
  n = 0
}
DERIVATIVE gates {
  rates(v - vt)
  m' = am*(1 - m) - bm*m
  h' = ah*(1 - h) - bh*h
  n' = an*(1 - n) - bn*n
}
PROCEDURE rates(u (mV)) {
  am = 1.28*inverse_exprel((13 - u)/4)
  bm = 1.4*inverse_exprel((u - 40)/5)
  ah = 0.128*exp((17 - u)/18)
  bh = 4/(1 + exp((40 - u)/5))
  an = 0.16*inverse_exprel((15 - u)/5)
  bn = 0.5*exp((10 - u)/40)
}
FUNCTION inverse_exprel(x) {
  if (fabs(x) < 1e-6) {
    inverse_exprel = 1 - x/2
  } else {
    inverse_exprel = x/(exp(x) - 1)
  }
}

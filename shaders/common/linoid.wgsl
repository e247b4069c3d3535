// x / (exp(x) - 1) from x and exp(x), continued through its removable singularity at 0. No bindings. Near 0 the
// quotient loses its digits in float32 (an adapter's exp is accurate only to several ULP), so the Taylor series is
// used there: below |x| = 0.2 its first neglected term is under 3e-9.

fn linoid(x: f32, exp_x: f32) -> f32 {
  let x2 = x * x;
  let series = 1.0 - 0.5 * x + x2 * (1.0 / 12.0 - x2 * (1.0 / 720.0));
  let near_zero = abs(x) < 0.2;
  return select(x / select(exp_x - 1.0, 1.0, near_zero), series, near_zero);
}

// Derivative of linoid(x) = x / (exp(x) - 1), and its series where the quotient would lose digits. No bindings.

fn linoid_slope(x: f32) -> f32 {
  let y = min(x, 40.0);
  let y2 = y * y;
  let series = -0.5 + y * (1.0 / 6.0 - y2 * (1.0 / 180.0 - y2 * (1.0 / 5040.0 - y2 * (1.0 / 151200.0))));
  let near_zero = abs(y) < 1.0;
  let e = select(exp(y) - 1.0, 1.0, near_zero);
  return select((e - y * (e + 1.0)) / (e * e), series, near_zero);
}

// Derivative of linoid(x) = x / (exp(x) - 1) from x and linoid(x) = l: l (1 - l - x) / x, and its series where that would
// lose digits. No bindings. Below |x| = 1 the series' first neglected term is under 7e-9.

fn linoid_slope(x: f32, linoid_x: f32) -> f32 {
  let x2 = x * x;
  let higher = x2 * (1.0 / 5040.0 - x2 * (1.0 / 151200.0 - x2 * (1.0 / 4790016.0)));
  let series = -0.5 + x * (1.0 / 6.0 - x2 * (1.0 / 180.0 - higher));
  let near_zero = abs(x) < 1.0;
  return select(linoid_x * (1.0 - linoid_x - x) / select(x, 1.0, near_zero), series, near_zero);
}

// (1 - exp(-x)) / x for x >= 0: the fraction of its distance that a variable relaxing at rate x covers in unit time,
// over x. No bindings. Pade approximant [3/3] of exp at x / 4, then twice the doubling
// (1 - e^-2y) / 2y = s (1 - y s / 2): no cancellation for small x (1 - exp(-x) itself would lose slow gates), relative
// error under 1e-7 up to x = 2 and under 1e-4 up to x = 8, and it stays in (0, 1].

fn relaxation(x: f32) -> f32 {
  let y = 0.25 * x;
  let y2 = y * y;
  var share = (120.0 + 2.0 * y2) / (120.0 + 12.0 * y2 + y * (60.0 + y2));
  share -= 0.5 * y * share * share;
  share -= y * share * share;
  return share;
}

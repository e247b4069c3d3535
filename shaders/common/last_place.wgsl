// The distance from x to the next float32. No bindings.

fn last_place(x: f32) -> f32 {
  return bitcast<f32>(max(bitcast<u32>(x) & 0x7f800000u, 0x10000000u) - 0x0b800000u);
}

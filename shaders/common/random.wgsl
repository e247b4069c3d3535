// Counter-based random numbers: PCG3D of Jarzynski & Olano 2020 (JCGT 9(3):20). No bindings.
// Counterpart of src/network/counter_random.ts: the same three words in give the same three words out.

fn pcg3d(counter: vec3u) -> vec3u {
  var v = counter * 1664525u + 1013904223u;
  v.x += v.y * v.z;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v ^= v >> vec3u(16u);
  v.x += v.y * v.z;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  return v;
}

// A uniform number in (0, 1] from a random word: the largest 2^8 words round to 1.
fn uniform_of(word: u32) -> f32 {
  return (f32(word >> 8u) + 0.5) * 5.9604645e-8;
}

// A standard normal number from two random words (Box & Muller 1958).
fn normal_of(words: vec2u) -> f32 {
  return sqrt(-2.0 * log(uniform_of(words.x))) * cos(6.2831853 * uniform_of(words.y));
}

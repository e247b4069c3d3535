// When a neuron fires. No bindings. Counterpart of src/engine/reference/spike_detection.ts.
#import neuron/registers

// Whether the step that took V from `before_V` to `V` ends in a spike: V over the threshold after the step and
// not before it; with a refractory period, V over the threshold at least that long after the last spike.
fn detect_spike(n: ptr<function, Neuron>, before_V: f32, V: f32, cell: Cell) -> bool {
  let is_over = V > cell.spike_threshold;
  var fires = is_over && before_V <= cell.spike_threshold;
  if (HAS_REFRACTORINESS) {
    let since = (*n).steps_since_spike + 1.0;
    if (cell.refractory_steps > 0.0) { fires = is_over && since >= cell.refractory_steps; }
    (*n).steps_since_spike = select(min(since, 1.0e6), 0.0, fires);
  }
  return fires;
}

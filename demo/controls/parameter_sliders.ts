import { element } from '../view/dom.js';

/** Range of a slider of a potential around its value, mV. */
const SPAN_mV = 40;
/** Range of another slider, times its value: 0 is left out, where a time constant or a slope would make no sense. */
const LEAST_TIMES = 0.1;
const MOST_TIMES = 3;
const STEPS = 200;

export interface ParameterSliders {
  readonly element: HTMLElement;
  /** Shows parameters by key; ranges stay as they are for the parameters that were there. */
  show(parameters: Readonly<Record<string, number>>): void;
  /** Whether they can be moved. */
  enable(isEnabled: boolean): void;
  /** Another mechanism's parameters follow. */
  clear(): void;
}

/** A slider for each parameter of a mechanism. */
export function createParameterSliders(onSlide: (key: string, value: number) => void): ParameterSliders {
  const box = element('div', { class: 'parameters' });
  let sliders = new Map<string, { readonly input: HTMLInputElement; readonly output: HTMLOutputElement }>();
  const create = (key: string, value: number) => {
    const { low, high } = rangeOf(key, value);
    const id = `parameter-${key}`;
    const input = element('input', { type: 'range', id, min: String(low), max: String(high), step: 'any' });
    const output = element('output', { for: id }, String(value));
    const step = 10 ** Math.floor(Math.log10((high - low) / STEPS));
    input.addEventListener('input', () => {
      const moved = Number((Math.round(input.valueAsNumber / step) * step).toPrecision(12));
      output.textContent = String(moved);
      onSlide(key, moved);
    });
    box.append(element('label', { for: id }, key, input, output));
    return { input, output };
  };
  const clear = () => {
    sliders = new Map();
    box.replaceChildren();
  };
  return {
    element: box,
    clear,
    enable(isEnabled) {
      for (const { input } of sliders.values()) input.disabled = !isEnabled;
    },
    show(parameters) {
      if (Object.keys(parameters).join() !== [...sliders.keys()].join()) clear();
      for (const [key, value] of Object.entries(parameters)) {
        const known = sliders.get(key);
        const { input, output } = known ?? create(key, value);
        if (!known) sliders.set(key, { input, output });
        if (value < Number(input.min)) input.min = String(value);
        if (value > Number(input.max)) input.max = String(value);
        if (input.valueAsNumber !== value && document.activeElement !== input) input.value = String(value);
        output.textContent = String(value);
      }
    },
  };
}

function rangeOf(key: string, value: number): { low: number; high: number } {
  if (key.endsWith('_mV')) return { low: value - SPAN_mV, high: value + SPAN_mV };
  if (value === 0) return { low: -1, high: 1 };
  const ends = [LEAST_TIMES * value, MOST_TIMES * value];
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

import { INJECTION_LIMIT_uA_cm2 } from '../state/page_state.js';
import { element, resetButton } from '../view/dom.js';

export interface Injection {
  readonly element: HTMLElement;
  show(current_uA_cm2: number): void;
}

/** Current into the selected neuron; it acts immediately. */
export function createInjection(onChange: (current_uA_cm2: number) => void): Injection {
  const slider = element('input', {
    id: 'injection',
    type: 'range',
    min: String(-INJECTION_LIMIT_uA_cm2),
    max: String(INJECTION_LIMIT_uA_cm2),
    step: '0.1',
    'aria-describedby': 'injection-expect',
  });
  const value = element('output', { for: 'injection', class: 'unit' });
  const show = (current: number) => {
    slider.value = String(current);
    value.textContent = `${current} µA/cm²`;
  };
  const set = (current: number) => {
    show(current);
    onChange(current);
  };
  slider.addEventListener('input', () => set(slider.valueAsNumber));
  show(0);
  return {
    element: element(
      'div',
      { class: 'experiment' },
      element('label', { for: 'injection' }, 'inject into the selected neuron'),
      element(
        'div',
        { class: 'row' },
        slider,
        value,
        resetButton('back to 0 µA/cm²', () => set(0)),
      ),
      element(
        'p',
        { class: 'expect', id: 'injection-expect' },
        `Above threshold the neuron fires, and faster with more current. Range ±${INJECTION_LIMIT_uA_cm2} µA/cm², default 0. ` +
          'Click a neuron to select it.',
      ),
    ),
    show,
  };
}

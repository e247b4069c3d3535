import { EXPERIMENT_GROUPS, type Experiment } from '../experiments/experiment.js';
import { button, element, resetButton } from '../view/dom.js';

export interface ExperimentPanel {
  readonly experiments: readonly Experiment[];
  readonly element: HTMLElement;
  /** Shows other settings, such as those of a link. */
  show(settings: Readonly<Record<string, number>>): void;
}

const OPEN_AT_FIRST = ['Light', 'Drive'];

/** Sliders for every experiment, by group. `onChange` gets null when the preset's value is restored. */
export function createExperimentPanel(
  experiments: readonly Experiment[],
  onChange: (experiment: Experiment, value: number | null) => void,
): ExperimentPanel {
  const rows = experiments.map((experiment) => ({ experiment, row: createRow(experiment, onChange) }));
  const groups = EXPERIMENT_GROUPS.flatMap((name) => {
    const members = rows.filter(({ experiment }) => experiment.group === name);
    if (members.length === 0) return [];
    const group = element('details', {}, element('summary', {}, name), ...members.map((m) => m.row.element));
    group.open = OPEN_AT_FIRST.includes(name);
    return [group];
  });
  return {
    experiments,
    element: element('div', { class: 'experiments' }, ...groups),
    show: (settings) => {
      for (const { experiment, row } of rows) row.show(settings[experiment.id] ?? experiment.initial);
    },
  };
}

function createRow(
  experiment: Experiment,
  onChange: (experiment: Experiment, value: number | null) => void,
): { element: HTMLElement; show: (value: number) => void } {
  const { id, label, unit, low, high, step, initial, expect, shortcuts } = experiment;
  const inputId = `x-${id}`;
  const limits = { min: String(low), max: String(high), step: 'any' };
  const slider = element('input', {
    ...limits,
    type: 'range',
    id: inputId,
    'aria-describedby': `${inputId}-expect`,
  });
  const field = element('input', { ...limits, type: 'number', 'aria-label': `${label}, ${unit}` });
  const reset = resetButton(`back to ${format(initial, step)} ${unit}`, () => set(initial));
  const show = (value: number) => {
    slider.value = String(value);
    field.value = format(value, step);
    reset.disabled = value === initial;
    row.classList.toggle('changed', value !== initial);
  };
  const set = (value: number) => {
    const kept = Math.min(high, Math.max(low, value));
    show(kept);
    onChange(experiment, kept === initial ? null : kept);
  };
  slider.addEventListener('input', () => set(rounded(slider.valueAsNumber, step)));
  field.addEventListener('change', () =>
    set(Number.isFinite(field.valueAsNumber) ? field.valueAsNumber : initial),
  );
  const row = element(
    'div',
    { class: 'experiment' },
    element('label', { for: inputId }, label),
    element('div', { class: 'row' }, slider, field, element('span', { class: 'unit' }, unit), reset),
    element(
      'div',
      { class: 'shortcuts' },
      ...shortcuts.map((shortcut) => {
        const made = button(shortcut.label, `${format(shortcut.value, step)} ${unit}`, () =>
          set(shortcut.value),
        );
        made.dataset.shortcut = `${id}:${shortcut.label}`;
        return made;
      }),
    ),
    element(
      'p',
      { class: 'expect', id: `${inputId}-expect` },
      `${expect} Range ${format(low, step)} to ${format(high, step)} ${unit}, default ${format(initial, step)}.`,
    ),
  );
  show(initial);
  return { element: row, show };
}

const rounded = (value: number, step: number): number =>
  Number((Math.round(value / step) * step).toPrecision(12));

/** With the decimals that a step makes visible. */
function format(value: number, step: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step)));
  return String(Number(value.toFixed(decimals)));
}

import { CircuitError, type CircuitIssue } from '../../src/index.js';
import type { MechanismData } from '../../src/mechanism/mechanism_schema.js';
import {
  afterEdit,
  hasSameForm,
  isEdited,
  type MechanismEdits,
  type MechanismUse,
  mechanismOfText,
  remember,
  sharedWith,
  usesOf,
  withEdits,
  withoutEdits,
} from '../mechanisms/edits.js';
import { MechanismReader } from '../mechanisms/mechanism_reader.js';
import { textOfUse, withParameters } from '../mechanisms/mechanism_text.js';
import type { Reading } from '../mechanisms/reading.js';
import { MechanismPlots } from '../plots/mechanism_plots.js';
import { basisOf, type PageState } from '../state/page_state.js';
import { button, byId, element } from '../view/dom.js';
import { createMarkedText } from '../view/marked_text.js';
import { createParameterSliders } from './parameter_sliders.js';

/** How an edit of the mechanisms is applied: throws CircuitError, and nothing changes, where the circuit does not allow it. */
export type ApplyEdits = (edits: MechanismEdits) => void;

/** The editor of the mechanisms of the circuit that is shown. */
export class MechanismPanel {
  private readonly list = element('select', { 'aria-label': 'mechanism' });
  private readonly text = createMarkedText('text of the mechanism', () => {
    this.data = null;
    this.read();
  });
  private readonly issues = element('ul', { class: 'issues', 'aria-live': 'polite' });
  private readonly sliders = createParameterSliders((key, value) => this.slide(key, value));
  private readonly plots = new MechanismPlots();
  private readonly reader = new MechanismReader((reading, { text, use }) => {
    if (use !== this.use) return;
    if (reading.data) remember(text, reading.data);
    if (reading.curves) this.plots.show(reading.curves);
    if (text === this.text.value) this.take(reading);
  });
  private readonly apply = button('Apply', 'apply to the running simulation (Ctrl+Enter)', () =>
    this.applyText(),
  );
  private readonly revert = button('Revert', 'back to the mechanism of the circuit', () => this.revertText());
  private readonly word = element('span', { class: 'word', role: 'status' });
  private readonly panel = byId('mechanisms');
  private state: PageState | null = null;
  private uses: readonly MechanismUse[] = [];
  /** What the text says, where it is right. */
  private data: MechanismData | null = null;
  /** What is shown was made from this. */
  private shown: { readonly preset: string; readonly edits: MechanismEdits } | null = null;

  constructor(private readonly applyEdits: ApplyEdits) {
    const close = button('×', 'close', () => this.toggle(false));
    this.panel.replaceChildren(
      element('div', { class: 'row' }, this.list, this.apply, this.revert, this.word, close),
      element('div', { class: 'text' }, this.text.element, this.issues, this.sliders.element),
      element('div', { class: 'curves' }, ...this.plots.elements),
    );
    this.list.addEventListener('change', () => {
      this.sliders.clear();
      this.showText();
    });
    this.text.field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.applyText();
    });
  }

  get isOpen(): boolean {
    return !this.panel.hidden;
  }

  toggle(isOpen = !this.isOpen): void {
    this.panel.hidden = !isOpen;
    byId('edit-mechanisms').setAttribute('aria-expanded', String(isOpen));
    if (isOpen) this.showText();
  }

  /** Says what becomes of the last edit. */
  say(word: string): void {
    this.word.textContent = word;
  }

  /** Shows the mechanisms of a state; `keepsText`: what is in the field stays, to be mended. */
  show(state: PageState, keepsText = false): void {
    const isOther = this.shown?.preset !== state.preset || this.shown.edits !== state.edits;
    this.state = state;
    if (!isOther) return;
    this.shown = state;
    this.offer(state);
    if (!this.isOpen) return;
    if (keepsText) this.read();
    else this.showText();
  }

  private get use(): MechanismUse | undefined {
    return this.uses[Number(this.list.value)];
  }

  private offer({ preset, edits }: PageState): void {
    const { circuit } = basisOf(preset);
    const before = this.use;
    this.uses = usesOf(circuit);
    const groups = new Map<string, HTMLElement>();
    this.uses.forEach((use, i) => {
      const { cell, label, mechanism } = use;
      const populations = Object.keys(circuit.populations).filter(
        (name) => circuit.populations[name].cell === cell,
      );
      const group = groups.get(cell) ?? element('optgroup', { label: cell });
      groups.set(cell, group);
      const mark = isEdited(edits, use) ? ' (edited)' : '';
      const who = populations.join(', ');
      group.append(element('option', { value: String(i) }, `${who} ${label}: ${mechanism}${mark}`));
    });
    this.list.replaceChildren(...groups.values());
    const same = this.uses.findIndex((use) => use.cell === before?.cell && use.label === before.label);
    this.list.value = String(Math.max(0, same));
  }

  /** The text of the chosen mechanism as it is in the state. */
  private currentText(): string {
    const { preset, edits } = this.state!;
    return textOfUse(basisOf(preset).circuit, edits, this.use!);
  }

  private showText(): void {
    if (!this.state || !this.use) return;
    const text = this.currentText();
    if (this.text.value !== text) {
      this.text.value = text;
      this.data = null;
    }
    this.say('');
    this.read();
  }

  private read(): void {
    if (!this.state || !this.use) return;
    const { preset, edits } = this.state;
    const { mechanisms, cellTypes, simulation } = withEdits(basisOf(preset).circuit, edits);
    const circuit = { mechanisms, cellTypes, simulation };
    this.reader.read({ text: this.text.value, use: this.use, circuit });
  }

  private take(reading: Reading): void {
    this.data = reading.data;
    this.showIssues(reading.issues);
    this.sliders.enable(reading.data !== null);
    const { state, use } = this;
    if (!state || !use) return;
    const isChanged = this.text.value !== this.currentText();
    this.apply.disabled = !isChanged || !reading.data;
    this.revert.disabled = !isChanged && !isEdited(state.edits, use);
    if (!reading.data) {
      this.say(reading.issues.length === 1 ? '1 problem' : `${reading.issues.length} problems`);
      return;
    }
    this.sliders.show(reading.data.parameters);
    if (!isChanged) return;
    const before = this.before();
    const { circuit } = basisOf(state.preset);
    const shared = sharedWith(withEdits(circuit, state.edits), use, before, reading.data);
    this.say(
      !hasSameForm(before, reading.data)
        ? 'other formulas: compiled while the present ones run on'
        : shared.length > 0
          ? `only numbers, one of them so far the same as of ${shared.join(', ')}: compiled once`
          : 'only numbers: nothing is compiled',
    );
  }

  /** The mechanism before the text was changed. */
  private before() {
    return mechanismOfText(this.use!.mechanism, this.currentText());
  }

  private showIssues(issues: readonly CircuitIssue[]): void {
    const placed = issues.filter(({ line }) => line !== null);
    this.text.mark(
      placed.map(({ line, column, marked }) => ({
        line: line!,
        column: column!,
        length: marked ? marked[1].trim().length : lengthOfWord(this.text.value, line!, column!),
      })),
    );
    this.issues.replaceChildren(
      ...issues.map((issue) => {
        const { line, column, path, source, message } = issue;
        if (line === null) return element('li', {}, [source, path, message].filter(Boolean).join(': '));
        const go = button(`${line}:${column}`, 'go there', () =>
          this.text.goTo({ line, column: column ?? 1 }),
        );
        return element('li', {}, go, ` ${message}`);
      }),
    );
  }

  /** A slider wrote another number into the text: it acts at once, as other sliders do. */
  private slide(key: string, value: number): void {
    if (!this.data || !this.use) return;
    const wasApplied = this.text.value === this.currentText();
    const text = withParameters(this.text.value, this.use.mechanism, (name) => (name === key ? value : null));
    this.data = { ...this.data, parameters: { ...this.data.parameters, [key]: value } };
    remember(text, this.data);
    this.text.value = text;
    if (wasApplied) this.applyText();
    this.read();
  }

  private applyText(): void {
    const { state, use } = this;
    if (!state || !use) return;
    const text = this.text.value;
    if (!this.data || text === this.currentText()) return;
    const { circuit } = basisOf(state.preset);
    this.change(afterEdit(circuit, state.edits, use, this.before(), text, this.data));
  }

  private revertText(): void {
    const { state, use } = this;
    if (!state || !use) return;
    if (isEdited(state.edits, use))
      this.change(withoutEdits(basisOf(state.preset).circuit, state.edits, use.mechanism));
    this.showText();
  }

  private change(edits: MechanismEdits): void {
    try {
      this.applyEdits(edits);
    } catch (error) {
      if (!(error instanceof CircuitError)) throw error;
      this.showIssues(error.issues.map((issue) => ({ ...issue, line: null, column: null })));
      this.say('not applied');
    }
  }
}

/** Characters of the word at a place, 1 at least. */
function lengthOfWord(text: string, line: number, column: number): number {
  const rest = (text.split('\n')[line - 1] ?? '').slice(column - 1);
  return Math.max(1, /^[^\s:,{}[\]]*/.exec(rest)?.[0].length ?? 1);
}

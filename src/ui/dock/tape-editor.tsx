// The tape as text: CodeMirror with what may stand where, an underline at what is wrong, a switch beside each action, and the time at
// which an action came about that waited for a condition.

import { autocompletion, closeCompletion, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec, RangeSet, StateEffect, StateField, type Text } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  GutterMarker,
  gutter,
  keymap,
  tooltips,
  WidgetType,
} from '@codemirror/view';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import type { ClusterSpec } from '../../core/kernel/cluster-spec.ts';
import { lineWords } from '../faults/action-words.ts';
import { useT } from '../i18n/i18n.ts';
import { faultText } from '../i18n/refusal-text.ts';
import { belowHead, theme } from './editor-look.ts';
import { diagnosticOf, offersIn, type TapeFault } from './tape-assist.ts';
import { movedLine, readTapeLine, switchedLine } from './tape-lines.ts';

/** Where an action is written: nodes and groups there are, and the time of a line that has none yet. */
export interface TapePlace {
  readonly cluster: ClusterSpec | null;
  readonly nowMs: number;
}

export interface TapeHandle {
  readonly setText: (text: string) => void;
  /** Lines behind the one with the cursor; this part of them is selected, and offers are shown where it is empty. */
  readonly insert: (lines: string, selected: string | null) => void;
  /** Lines with the selection, earlier or later. */
  readonly move: (byMs: number) => void;
  /** Lines with the selection, off or on again. */
  readonly toggle: () => void;
  readonly showFault: (fault: TapeFault | null) => void;
  /** Marks of the run, by which lines that waited have their time; null: this text was not run. */
  readonly showMarks: (marks: readonly TapeMark[] | null) => void;
}

interface TapeMark {
  readonly at: number;
  readonly text: string;
}

class SwitchMarker extends GutterMarker {
  readonly isOn: boolean;
  constructor(isOn: boolean) {
    super();
    this.isOn = isOn;
  }
  override eq(other: SwitchMarker): boolean {
    return other.isOn === this.isOn;
  }
  override toDOM(): HTMLElement {
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.checked = this.isOn;
    // For a pointer: what is in a gutter is hidden from other ways, which have a button and a key.
    box.tabIndex = -1;
    return box;
  }
}

class TimeWidget extends WidgetType {
  readonly said: string;
  constructor(said: string) {
    super();
    this.said = said;
  }
  override eq(other: TimeWidget): boolean {
    return other.said === this.said;
  }
  override toDOM(): HTMLElement {
    const span = document.createElement('span');
    span.className = 'tape-came';
    span.textContent = this.said;
    return span;
  }
}

const setMarks = StateEffect.define<readonly TapeMark[] | null>();
const marksField = StateField.define<readonly TapeMark[] | null>({
  create: () => null,
  update: (marks, { effects }) =>
    effects.reduce((now, effect) => (effect.is(setMarks) ? effect.value : now), marks),
});

function decorate(doc: Text, marks: readonly TapeMark[] | null, unmet: string): DecorationSet {
  const widgets = [];
  for (let number = 1; number <= doc.lines; number++) {
    const { from, to, text } = doc.line(number);
    const line = readTapeLine(text, number);
    if (line.kind !== 'action') continue;
    if (!line.isOn) widgets.push(Decoration.line({ class: 'tape-off' }).range(from));
    const [, condition] = /^when\s+"([^"]*)"/.exec(line.text) ?? [];
    if (condition === undefined || !line.isOn || marks === null) continue;
    const mark = marks.find(({ text: said }) => said === `when ${condition}`);
    const said = mark === undefined ? unmet : `${(mark.at / 1000).toFixed(3)} ms`;
    widgets.push(Decoration.widget({ widget: new TimeWidget(`→ ${said}`), side: 1 }).range(to));
  }
  return Decoration.set(widgets, true);
}

/** `unmet`: said of a line whose condition has not come about. */
const lineDecorations = (unmet: string) =>
  EditorView.decorations.compute(['doc', marksField], (state) =>
    decorate(state.doc, state.field(marksField), unmet),
  );

/** Each line with the selection, changed. */
function changeLines(view: EditorView, change: (text: string) => string): boolean {
  const { state } = view;
  const changes = [];
  const first = state.doc.lineAt(state.selection.main.from).number;
  const last = state.doc.lineAt(state.selection.main.to).number;
  for (let number = first; number <= last; number++) {
    const { from, to, text } = state.doc.line(number);
    const next = change(text);
    if (next !== text) changes.push({ from, to, insert: next });
  }
  if (changes.length > 0) view.dispatch({ changes });
  return true;
}

function insertLines(view: EditorView, lines: string, selected: string | null): void {
  const { doc, selection } = view.state;
  const { to, text } = doc.lineAt(selection.main.head);
  const at = readTapeLine(text, 1).kind === 'action' ? to : doc.length;
  const isAtStart = at === 0 || doc.sliceString(at - 1, at) === '\n';
  const lead = isAtStart ? '' : '\n';
  const begin = selected === null ? lines.length : selected === '' ? lines.length : lines.indexOf(selected);
  const base = at + lead.length + begin;
  view.dispatch({
    changes: { from: at, insert: lead + lines },
    selection: { anchor: base, head: base + (selected?.length ?? 0) },
    scrollIntoView: true,
  });
  view.focus();
  if (selected === '') startCompletion(view);
}

interface EditorProps {
  readonly initial: string;
  readonly handle: RefObject<TapeHandle | null>;
  readonly place: RefObject<TapePlace>;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

export function TapeEditor(props: EditorProps): ReactNode {
  const t = useT();
  const host = useRef<HTMLDivElement>(null);
  const shown = useRef(props);
  shown.current = props;
  const { handle } = props;
  useEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const keys = [
      { key: 'Alt-ArrowLeft', run: (view: EditorView) => changeLines(view, (text) => movedLine(text, -1)) },
      { key: 'Alt-ArrowRight', run: (view: EditorView) => changeLines(view, (text) => movedLine(text, 1)) },
      { key: 'Mod-/', run: (view: EditorView) => changeLines(view, switchedLine) },
      {
        key: 'Ctrl-Enter',
        mac: 'Cmd-Enter',
        run: () => {
          shown.current.onRun();
          return true;
        },
      },
    ];
    const switches = gutter({
      class: 'tape-switches',
      lineMarker(view, { from }) {
        const { number, text } = view.state.doc.lineAt(from);
        const line = readTapeLine(text, number);
        return line.kind === 'action' ? new SwitchMarker(line.isOn) : null;
      },
      lineMarkerChange: ({ docChanged }) => docChanged,
      domEventHandlers: {
        change(view, { from, to }) {
          const text = view.state.doc.sliceString(from, to);
          view.dispatch({ changes: { from, to, insert: switchedLine(text) } });
          return true;
        },
      },
      markers: () => RangeSet.empty,
    });
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: shown.current.initial,
        extensions: [
          switches,
          lintGutter(),
          history(),
          Prec.highest(keymap.of(keys)),
          // Tab is left to the page: the editor is no keyboard trap.
          keymap.of([...defaultKeymap, ...historyKeymap]),
          autocompletion({
            icons: false,
            activateOnCompletion: () => true,
            override: [
              ({ state, pos }) => {
                const { cluster, nowMs } = shown.current.place.current;
                const { from, text } = state.doc.lineAt(pos);
                const wordsOf = (line: string): string => lineWords(line, t);
                return cluster === null
                  ? null
                  : offersIn(text, pos - from, from, { cluster, nowMs, wordsOf });
              },
            ],
          }),
          tooltips({ tooltipSpace: belowHead }),
          EditorState.phrases.of({ Completions: t('tape.offers') }),
          EditorView.domEventHandlers({ blur: (_event, view) => closeCompletion(view) }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) shown.current.onChange(state.doc.toString());
          }),
          EditorView.lineWrapping,
          marksField,
          lineDecorations(t('tape.unmet')),
          EditorView.contentAttributes.of({
            'aria-label': t('tape.text'),
            spellcheck: 'false',
            tabindex: '0',
          }),
          theme,
        ],
      }),
    });
    handle.current = {
      setText: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
      insert: (lines, selected) => insertLines(view, lines, selected),
      move: (byMs) => {
        changeLines(view, (text) => movedLine(text, byMs));
        view.focus();
      },
      toggle: () => {
        changeLines(view, switchedLine);
        view.focus();
      },
      showFault: (fault) => {
        const { state } = view;
        const { cluster } = shown.current.place.current;
        const mendLabel = (word: string): string => t('tape.use', { word });
        const found =
          fault === null ? [] : [diagnosticOf(state.doc, fault, faultText(fault), cluster, mendLabel)];
        view.dispatch(setDiagnostics(state, found));
      },
      showMarks: (marks) => view.dispatch({ effects: setMarks.of(marks) }),
    };
    return () => {
      handle.current = null;
      view.destroy();
    };
  }, [t, handle]);
  return <div ref={host} className="tape-editor h-full min-h-0 overflow-auto" />;
}

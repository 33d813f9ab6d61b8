// The statement editor: CodeMirror with PostgreSQL's dialect, our tokens as its theme, and an underline where the
// server found an error. Ctrl+Enter runs.

import { autocompletion, closeCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  lineNumbers,
  placeholder,
  tooltips,
} from '@codemirror/view';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { belowHead, colours, theme } from './editor-look.ts';
import type { Schema } from './sql-catalog.ts';

const setError = StateEffect.define<number | null>();

const errorField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setError)) continue;
      if (effect.value === null) return Decoration.none;
      const at = Math.min(effect.value, Math.max(0, transaction.state.doc.length - 1));
      const word = transaction.state.wordAt(at);
      const end = Math.max(word?.to ?? at + 1, at + 1);
      return Decoration.set(
        Decoration.mark({ class: 'sql-error' }).range(at, Math.min(end, transaction.state.doc.length)),
      );
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export interface EditorHandle {
  readonly text: () => string;
  readonly setText: (text: string) => void;
  /** Underlines the word at a 0-based position, or clears the mark. */
  readonly markError: (position: number | null) => void;
  readonly focus: () => void;
}

const language = (schema: Schema) => sql({ dialect: PostgreSQL, upperCaseKeywords: false, schema });

interface EditorProps {
  readonly label: string;
  /** Name of the list of completions. */
  readonly listLabel: string;
  readonly hint: string;
  readonly initial: string;
  readonly handle: RefObject<EditorHandle | null>;
  readonly onRun: (toReply: boolean) => void;
  /** Tables and columns that it completes. */
  readonly schema: Schema;
  readonly onFocus: (isFocused: boolean) => void;
  /** An older statement (1) or a newer one (−1) in place of the text; null: there is none. */
  readonly onRecall: (step: 1 | -1, current: string) => string | null;
  /** Ctrl R: a statement of before is looked for. */
  readonly onSearch: () => void;
  /** The text as it stands when the editor goes. */
  readonly onLeave: (text: string) => void;
}

export function SqlEditor(props: EditorProps): ReactNode {
  const { label, listLabel, hint, initial, handle, schema, onRun, onLeave } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const shown = useRef(props);
  shown.current = props;
  const [completed] = useState(() => new Compartment());
  const run = useRef(onRun);
  run.current = onRun;
  const leave = useRef(onLeave);
  leave.current = onLeave;
  const first = useRef(initial);
  useEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const start = (toReply: boolean): boolean => {
      run.current(toReply);
      return true;
    };
    const recalled = (step: 1 | -1, view: EditorView): boolean => {
      const text = shown.current.onRecall(step, view.state.doc.toString());
      if (text === null) return true;
      const changes = { from: 0, to: view.state.doc.length, insert: text };
      view.dispatch({ changes, selection: { anchor: text.length } });
      return true;
    };
    const keys = [
      { key: 'Alt-ArrowUp', run: (view: EditorView) => recalled(1, view) },
      { key: 'Alt-ArrowDown', run: (view: EditorView) => recalled(-1, view) },
      {
        key: 'Ctrl-r',
        run: () => {
          shown.current.onSearch();
          return true;
        },
      },
      { key: 'Ctrl-Enter', mac: 'Cmd-Enter', run: () => start(false) },
      { key: 'Shift-Ctrl-Enter', mac: 'Shift-Cmd-Enter', run: () => start(true) },
    ];
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          history(),
          Prec.highest(keymap.of(keys)),
          // Tab is left to the page: the console is no keyboard trap.
          keymap.of([...defaultKeymap, ...historyKeymap]),
          completed.of(language(shown.current.schema)),
          autocompletion({ icons: false }),
          // Not over what stands above the editor: its buttons have to be reached while the list is open.
          tooltips({ tooltipSpace: belowHead }),
          EditorState.phrases.of({ Completions: listLabel }),
          // Whoever has left the editor wants no list over what follows it; a query under way is ended as well.
          EditorView.domEventHandlers({ blur: (_event, view) => closeCompletion(view) }),
          EditorView.focusChangeEffect.of((_state, isFocused) => {
            shown.current.onFocus(isFocused);
            return null;
          }),
          syntaxHighlighting(colours),
          errorField,
          placeholder(hint),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
          theme,
        ],
      }),
    });
    editor.current = view;
    handle.current = {
      text: () => view.state.doc.toString(),
      setText: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
      markError: (position) => view.dispatch({ effects: setError.of(position) }),
      focus: () => view.focus(),
    };
    return () => {
      first.current = view.state.doc.toString();
      leave.current(first.current);
      handle.current = null;
      editor.current = null;
      view.destroy();
    };
  }, [label, listLabel, hint, handle, completed]);
  useEffect(() => {
    editor.current?.dispatch({ effects: completed.reconfigure(language(schema)) });
  }, [schema, completed]);
  return <div ref={host} className="h-full min-h-0 overflow-auto" />;
}

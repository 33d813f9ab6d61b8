// How the dock's editors look, the console's and the tape's: our colours, and where their lists may lie.

import type { syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';

export const theme: ReturnType<typeof EditorView.theme> = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'transparent', color: 'var(--text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { fontFamily: 'var(--font-mono)', caretColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--text-muted)', border: 'none' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-placeholder': { color: 'var(--text-muted)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent) !important',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--bg-1)',
    color: 'var(--text)',
    border: '1px solid var(--border-control)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent)',
    color: 'var(--bg-1)',
  },
  '.sql-keyword': { color: 'var(--wal)', fontWeight: '600' },
  '.sql-string': { color: 'var(--ack)' },
  '.sql-number': { color: 'var(--reader)' },
  '.sql-comment': { color: 'var(--text-muted)', fontStyle: 'italic' },
  '.sql-error': { textDecoration: 'underline wavy var(--fence) 1.5px', textUnderlineOffset: '4px' },
});

/** Token classes by the names of the grammar's tags; the theme above gives them our colours. */
const tokenClasses: Readonly<Record<string, string>> = {
  keyword: 'sql-keyword',
  string: 'sql-string',
  'special(string)': 'sql-string',
  number: 'sql-number',
  bool: 'sql-number',
  null: 'sql-number',
  lineComment: 'sql-comment',
  blockComment: 'sql-comment',
};

export const colours: Parameters<typeof syntaxHighlighting>[0] = {
  style: (tags) => tags.map((tag) => tokenClasses[tag.toString()]).find((name) => name !== undefined) ?? null,
};

/** The window from the editor's head down. */
export const belowHead = ({
  dom,
}: EditorView): { top: number; left: number; bottom: number; right: number } => ({
  top: dom.getBoundingClientRect().top,
  left: 0,
  bottom: window.innerHeight,
  right: window.innerWidth,
});

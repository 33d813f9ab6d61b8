// The lines of a tape as text that a person edits: header lines stay as they are, an action has a time and a switch. A line that is off
// becomes a comment, so that the text is a tape all the time and loses nothing.

export interface TapeLine {
  /** From 1, in the text that is edited. */
  readonly line: number;
  readonly kind: 'header' | 'action' | 'comment';
  readonly isOn: boolean;
  /** Virtual ms; NaN for lines without a time. */
  readonly at: number;
  /** The line without its time. */
  readonly text: string;
  /** Characters before `text`. */
  readonly start: number;
}

const OFF = '#off ';
const ACTION = /^([0-9]+(?:\.[0-9]+)?)\s+(\S.*)$/;

export function readTapeLine(text: string, line: number): TapeLine {
  const isOn = !text.startsWith(OFF);
  const body = isOn ? text : text.slice(OFF.length);
  const [, at, action] = ACTION.exec(body) ?? [];
  if (at !== undefined && action !== undefined) {
    const start = text.length - action.length;
    return { line, kind: 'action', isOn, at: Number(at), text: action, start };
  }
  const isHeader = isOn && body.trim() !== '' && !body.startsWith('#');
  return { line, kind: isHeader ? 'header' : 'comment', isOn: true, at: Number.NaN, text, start: 0 };
}

export const linesOf = (text: string): readonly TapeLine[] =>
  text
    .replace(/\n+$/, '')
    .split('\n')
    .map((line, i) => readTapeLine(line, i + 1));

const timed = (at: number): string => at.toFixed(3);

const printLine = ({ kind, isOn, at, text }: Omit<TapeLine, 'line' | 'start'>): string =>
  kind === 'action' ? `${isOn ? '' : OFF}${timed(at)} ${text}` : text;

export interface RunnableTape {
  readonly text: string;
  /** Where a place of this text (line and column from 1) stands in the edited one. */
  readonly placeOf: (line: number, column: number) => { readonly line: number; readonly column: number };
}

/** What is run of an edited tape: actions in the order of time; it says nothing of the old run's end. */
export function runnableTape(text: string): RunnableTape {
  const lines = linesOf(text);
  const others = lines.filter(({ kind, text: said }) => kind !== 'action' && !/^end\s/.test(said));
  const actions = lines
    .filter(({ kind }) => kind === 'action')
    .sort((a, b) => a.at - b.at || a.line - b.line);
  const ordered = [...others, ...actions];
  return {
    text: `${ordered.map(printLine).join('\n')}\n`,
    placeOf(line, column) {
      const one = ordered[line - 1];
      if (one === undefined) return { line: 1, column: 1 };
      const printed = printLine(one).length - one.text.length;
      return { line: one.line, column: column > printed ? column - printed + one.start : column };
    },
  };
}

/** The line switched off, or on again; a line that is no action stays. */
export function switchedLine(text: string): string {
  const line = readTapeLine(text, 1);
  return line.kind === 'action' ? printLine({ ...line, isOn: !line.isOn }) : text;
}

/** The line so much earlier or later, never before the run's beginning. */
export function movedLine(text: string, byMs: number): string {
  const line = readTapeLine(text, 1);
  return line.kind === 'action' ? printLine({ ...line, at: Math.max(0, line.at + byMs) }) : text;
}

/** Actions of a tape behind its first `from` ones. */
export const actionsFrom = (text: string, from: number): readonly string[] =>
  linesOf(text)
    .filter(({ kind }) => kind === 'action')
    .slice(from)
    .map(printLine);

export const countActions = (text: string): number => actionsFrom(text, 0).length;

/** Recorded lines moved so that the first is at `at`; the others keep their distance from it. */
export function linesAt(lines: readonly string[], at: number): readonly string[] {
  const first = readTapeLine(lines[0] ?? '', 1).at;
  return lines.map((line) => movedLine(line, at - first));
}

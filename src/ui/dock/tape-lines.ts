// Editable rows of a tape: header lines stay as they are, an action has a time and a switch. Rows that are off
// become comments, so that the text is a tape all the time and loses nothing.

export interface TapeRow {
  readonly id: number;
  readonly kind: 'header' | 'action' | 'comment';
  readonly on: boolean;
  /** Virtual ms; NaN for lines without a time. */
  readonly at: number;
  /** The line without its time. */
  readonly text: string;
}

const off = '#off ';

function readRow(line: string, id: number): TapeRow {
  const on = !line.startsWith(off);
  const body = on ? line : line.slice(off.length);
  const action = /^([0-9]+(?:\.[0-9]+)?)\s+(\S.*)$/.exec(body);
  if (action !== null) return { id, kind: 'action', on, at: Number(action[1]), text: action[2] ?? '' };
  const isHeader = on && body.trim() !== '' && !body.startsWith('#');
  return { id, kind: isHeader ? 'header' : 'comment', on: true, at: Number.NaN, text: line };
}

export const readRows = (text: string): readonly TapeRow[] =>
  text
    .replace(/\n+$/, '')
    .split('\n')
    .map((line, i) => readRow(line, i));

const printRow = (row: TapeRow): string =>
  row.kind === 'action' ? `${row.on ? '' : off}${row.at.toFixed(3)} ${row.text}` : row.text;

/** Rows as the text has them: actions in the order of time; an edited tape says nothing of the old run's end. */
function ordered(rows: readonly TapeRow[], isEdited: boolean): readonly TapeRow[] {
  const others = rows.filter((row) => row.kind !== 'action' && !(isEdited && /^end\s/.test(row.text)));
  const actions = rows.filter((row) => row.kind === 'action').sort((a, b) => a.at - b.at || a.id - b.id);
  return [...others, ...actions];
}

export const printRows = (rows: readonly TapeRow[], isEdited: boolean): string =>
  `${ordered(rows, isEdited).map(printRow).join('\n')}\n`;

/** The row that a line of the printed text is, counted from 1. */
export const rowAtLine = (rows: readonly TapeRow[], isEdited: boolean, line: number): number | null =>
  ordered(rows, isEdited)[line - 1]?.id ?? null;

export const changeRow = (
  rows: readonly TapeRow[],
  id: number,
  change: Partial<TapeRow>,
): readonly TapeRow[] => rows.map((row) => (row.id === id ? { ...row, ...change } : row));

export const removeRow = (rows: readonly TapeRow[], id: number): readonly TapeRow[] =>
  rows.filter((row) => row.id !== id);

/** A new action behind all others. */
export function addRow(rows: readonly TapeRow[], at: number, text: string): readonly TapeRow[] {
  const id = rows.reduce((most, row) => Math.max(most, row.id), -1) + 1;
  return [...rows, { id, kind: 'action', on: true, at, text }];
}

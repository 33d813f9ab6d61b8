// A tape as editable rows: nothing is lost, and what is printed is a tape.

import { expect, test } from 'vitest';
import { parseTape } from '../../sim/tape-parse.ts';
import { tapes } from '../../stacks/tapes.ts';
import { addRow, changeRow, printRows, readRows, removeRow, rowAtLine } from './tape-lines.ts';

const text = `postdb-tape 1
engine 0.1.0
preset cynosdb
profile demo
seed 3
end 20.000
# why this run
5.000 crash store-2
9.000 restart store-2
`;

test('an untouched tape prints as it was', () => {
  expect(printRows(readRows(text), false)).toBe(text);
});

test('a row that is off stays in the text as a comment, and comes back', () => {
  const rows = readRows(text);
  const crash = rows.find((row) => row.text === 'crash store-2');
  const off = changeRow(rows, crash?.id ?? -1, { on: false });
  const printed = printRows(off, true);
  expect(printed).toContain('#off 5.000 crash store-2');
  expect(printed).not.toContain('end 20');
  const parsed = parseTape(tapes, printed);
  expect(parsed.ok && parsed.tape.actions.map((action) => action.kind)).toEqual(['restart']);
  const back = readRows(printed).map((row) => ({ ...row, on: true }));
  expect(printRows(back, false)).toContain('\n5.000 crash store-2');
});

test('another time is another place; a wrong line is found again by its number', () => {
  const rows = readRows(text);
  const restart = rows.find((row) => row.text === 'restart store-2')?.id ?? -1;
  const moved = changeRow(rows, restart, { at: 2 });
  expect(printRows(moved, true).trimEnd().split('\n').slice(-2)).toEqual([
    '2.000 restart store-2',
    '5.000 crash store-2',
  ]);
  const wrong = addRow(moved, 3, 'crash nobody');
  const parsed = parseTape(tapes, printRows(wrong, true));
  expect(parsed.ok).toBe(false);
  const line = parsed.ok ? 0 : parsed.line;
  const id = rowAtLine(wrong, true, line);
  expect(wrong.find((row) => row.id === id)?.text).toBe('crash nobody');
  expect(parseTape(tapes, printRows(removeRow(wrong, id ?? -1), true)).ok).toBe(true);
});

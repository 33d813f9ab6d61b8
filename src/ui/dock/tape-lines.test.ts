// A tape as text that is edited: nothing is lost, and what is run of it is a tape.

import { expect, test } from 'vitest';
import { parseTape } from '../../sim/tape-parse.ts';
import { tapes } from '../../stacks/tapes.ts';
import { actionsFrom, countActions, linesAt, movedLine, runnableTape, switchedLine } from './tape-lines.ts';

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

const parsed = (tape: string) => {
  const read = parseTape(tapes, tape);
  if (!read.ok) throw new Error(read.error);
  return read.tape;
};

test('a line that is off stays in the text as a comment, and comes back', () => {
  const off = switchedLine('5.000 crash store-2');
  expect(off).toBe('#off 5.000 crash store-2');
  expect(switchedLine(off)).toBe('5.000 crash store-2');
  expect(switchedLine('seed 3')).toBe('seed 3');
  const run = runnableTape(text.replace('5.000', '#off 5.000')).text;
  expect(run).toContain('#off 5.000 crash store-2');
  expect(parsed(run).actions.map(({ kind }) => kind)).toEqual(['restart']);
});

test('what is run is in the order of time and says nothing of the end; places lead back to the edited text', () => {
  const { text: run, placeOf } = runnableTape(text.replace('5.000', '12'));
  expect(parsed(run).actions.map(({ at, kind }) => [at, kind])).toEqual([
    [9_000, 'restart'],
    [12_000, 'crash'],
  ]);
  expect(parsed(run).header.end).toBeNull();
  // The crash: the last line of what is run, the eighth of the text, where its time is shorter.
  expect(placeOf(8, 14)).toEqual({ line: 8, column: 10 });
  expect(placeOf(8, 1)).toEqual({ line: 8, column: 1 });
  expect(placeOf(7, 7)).toEqual({ line: 9, column: 7 });
  expect(placeOf(3, 8)).toEqual({ line: 3, column: 8 });
});

test('a line moves in time, never before the beginning', () => {
  expect(movedLine('5.000 crash store-2', 1.25)).toBe('6.250 crash store-2');
  expect(movedLine('#off 0.5 crash store-2', -1)).toBe('#off 0.000 crash store-2');
  expect(movedLine('# a comment', 1)).toBe('# a comment');
});

test('what was recorded is put elsewhere with its distances', () => {
  expect(countActions(text)).toBe(2);
  const recorded = actionsFrom(text, 0);
  expect(linesAt(recorded, 100)).toEqual(['100.000 crash store-2', '104.000 restart store-2']);
  expect(actionsFrom(text, 1)).toEqual(['9.000 restart store-2']);
});

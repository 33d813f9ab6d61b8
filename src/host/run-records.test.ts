// Keeping runs: nothing that a person pinned is forgotten, and no branch loses its place when its parent goes.

import { describe, expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { parseAction } from '../sim/tape-parse.ts';
import { tapes } from '../stacks/tapes.ts';
import { undoable } from './run-plan.ts';
import {
  engineOf,
  hasOwnLines,
  type KeptRun,
  MAX_KEPT_RUNS,
  openRedos,
  overflow,
  type RunRecord,
  tapeText,
  withoutRun,
} from './run-records.ts';

const record = (runId: string, change: Partial<RunRecord> = {}): RunRecord => ({
  runId,
  parent: null,
  origin: { kind: 'start' },
  name: null,
  isPinned: false,
  marks: [],
  startedAt: 0,
  forkedAt: 0,
  ...change,
});

function action(line: string): TapeAction {
  const parsed = parseAction(tapes, line);
  if ('error' in parsed) throw new Error(parsed.error);
  return parsed;
}

const kept = (runId: string, change: Partial<KeptRun> = {}): KeptRun => ({
  ...record(runId, change),
  header: 'postdb-lab 1\n',
  lines: ['0.000 workload d1', '1.000 crash store-1'],
  until: 0,
  ...change,
});

test('the oldest run beyond the limit goes, a pinned one never', () => {
  const runs = Array.from({ length: MAX_KEPT_RUNS + 2 }, (_, i) =>
    kept(`r${i}`, { startedAt: i, isPinned: i === 0 }),
  );
  expect(overflow(runs)).toEqual(['r1', 'r2']);
  expect(overflow(runs.slice(0, MAX_KEPT_RUNS))).toEqual([]);
});

test('before any of them goes one that its preset and seed give again', () => {
  const empty = ['0.000 workload d1'];
  const cut = [...empty, '9.000 powerCut store-1 9.000 1 1 0 0'];
  const runs = Array.from({ length: MAX_KEPT_RUNS + 3 }, (_, i) => kept(`r${i}`, { startedAt: i }));
  const replace = (place: number, change: Partial<KeptRun>): void => {
    runs[place] = kept(`r${place}`, { startedAt: place, ...change });
  };
  replace(40, { lines: empty });
  replace(30, { lines: cut });
  replace(20, { lines: empty, name: 'mine' });
  replace(10, { lines: empty, marks: [{ at: 1 as Time, text: 'here' }] });
  replace(5, { lines: empty, parent: 'r1' });
  expect(overflow(runs)).toEqual(['r30', 'r40', 'r0']);
});

test('children of a run that is deleted hang below its parent', () => {
  const runs = [record('a'), record('b', { parent: 'a' }), record('c', { parent: 'b' })];
  expect(withoutRun(runs, 'b').map(({ runId, parent }) => [runId, parent])).toEqual([
    ['a', null],
    ['c', 'a'],
  ]);
});

test('a preset’s own load is nobody’s action: such a run need not be kept, and an undo has nothing to take back', () => {
  const load =
    '0.000 workload d1 kind=transfer rows=100 clients=2 thinkUs=3000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=0 load=true';
  expect(hasOwnLines([load])).toBe(false);
  expect(hasOwnLines([load, '1.000 crash store-1'])).toBe(true);
  expect(undoable([action(load)])).toBeNull();
  const crash = action('1.000 crash store-1');
  const cut: TapeAction = { kind: 'powerCut', at: action('2.000 healAll').at, stamps: [] };
  expect(undoable([action(load), crash, cut])).toBe(1);
});

test('a kept run’s text is its tape', () => {
  expect(tapeText({ header: 'postdb-tape 1\n\n', lines: ['1.000 healAll'] })).toBe(
    'postdb-tape 1\n\n1.000 healAll\n',
  );
});

describe('redos that stand open for a run that is opened again', () => {
  const load = '0.000 workload d1 kind=transfer';
  const crash = '5.000 crash store-1';
  const cut = '7.000 cut rw-1 | store-3';
  const reload = '7.000 powerCut rw-1 6.900 ms 4 1 0123456789abcdef 0123456789abcdef';
  const kept = (runId: string, lines: readonly string[], change: Partial<RunRecord> = {}): KeptRun => ({
    ...record(runId, change),
    header: '',
    lines,
    until: 9000,
  });
  const first = kept('first', [load, crash, cut]);
  const undone = (line: string, parent: string): Partial<RunRecord> => ({
    parent,
    origin: { kind: 'undo', line },
  });

  test('one undo, with a power cut since', () => {
    const on = { record: record('on', undone(cut, 'first')), lines: [load, crash, reload] };
    expect(openRedos(on, [first])).toEqual([{ runId: 'first', line: cut }]);
  });

  test('two undos, the newest last', () => {
    const second = kept('second', [load, crash], undone(cut, 'first'));
    const on = { record: record('on', undone(crash, 'second')), lines: [load] };
    expect(openRedos(on, [first, second])).toEqual([
      { runId: 'first', line: cut },
      { runId: 'second', line: crash },
    ]);
  });

  test('none once something new was done, or the branch is gone, or nothing was undone', () => {
    const rewound = record('on', undone(cut, 'first'));
    expect(openRedos({ record: rewound, lines: [load, crash, '8.000 healAll'] }, [first])).toEqual([]);
    expect(openRedos({ record: rewound, lines: [load, crash] }, [])).toEqual([]);
    expect(openRedos({ record: record('on'), lines: [load, crash, cut] }, [first])).toEqual([]);
  });

  test('a statement that speaks of a power cut is something new', () => {
    const on = {
      record: record('on', undone(cut, 'first')),
      lines: [load, crash, '8.000 sql d1 "a powerCut"'],
    };
    expect(openRedos(on, [first])).toEqual([]);
  });
});

test('a kept header names its engine; one that names none is of no engine that there is', () => {
  expect(engineOf('postdb-tape 1\nengine 0.19.0\npreset cynosdb\n')).toBe('0.19.0');
  expect(engineOf('postdb-tape 1\npreset cynosdb\n')).toBe('');
});

// What belongs to a run goes with it: an answer, a value or an event of one cluster is shown in no other, and stays in the
// branches that left its run after it was seen.

import { expect, test } from 'vitest';
import type { Branch } from '../lab/time-api.ts';
import { isPartOf, type NamedRun, originOf, type SeenAt, takeForks } from './of-run.ts';

const run = (runId: string, change: Partial<NamedRun> = {}): NamedRun => ({
  runId,
  parent: null,
  shown: 'main',
  isReplay: false,
  openedTapes: 0,
  branches: [],
  ...change,
});
const twin = (at: number, id: Branch['id'] = 'twin-1', from: Branch['id'] = 'main'): Branch => ({
  id,
  fork: { from, at: at as Branch['time'] },
  time: at as Branch['time'],
  own: [],
  ofMain: 0,
  beyondMain: [],
});

test('another run has nothing of the one before, whatever preset and seed they share', () => {
  const seen: SeenAt = { run: 'a main', time: 5 };
  const places: readonly [NamedRun, boolean][] = [
    [run('a'), true],
    // The same preset begun again, a lesson, a tape that was opened: none left this run.
    [run('b'), false],
    [run('a', { isReplay: true, openedTapes: 1 }), false],
  ];
  for (const [shown, is] of places) {
    takeForks(shown);
    expect([isPartOf(seen, `${originOf(shown)}`), shown]).toEqual([is, shown]);
  }
  expect(originOf(run(''))).toBe('');
});

test('an undo keeps what was seen before the instant that it goes back to, and a redo brings the rest', () => {
  const undone = run('c', { parent: { runId: 'a', at: 10 } });
  takeForks(undone);
  expect([5, 10, 11].map((time) => isPartOf({ run: 'a main', time }, 'c main'))).toEqual([true, true, false]);
  expect(isPartOf({ run: 'a main', time: 11 }, 'a main')).toBe(true);
  expect(isPartOf({ run: 'c main', time: 5 }, 'a main')).toBe(false);
  expect(originOf(undone)).toBe('a main');
  // Through two undos, the earlier instant counts.
  takeForks(run('d', { parent: { runId: 'c', at: 7 } }));
  expect([7, 8].map((time) => isPartOf({ run: 'a main', time }, 'd main'))).toEqual([true, false]);
});

test('a twin has the past of its run up to its fork; another twin of its name has nothing of it', () => {
  const shown = run('e', { shown: 'twin-1', branches: [twin(20)] });
  takeForks(shown);
  expect([20, 21].map((time) => isPartOf({ run: 'e main', time }, 'e twin-1@20'))).toEqual([true, false]);
  const own: SeenAt = { run: 'e twin-1@20', time: 25 };
  expect(isPartOf(own, 'e main')).toBe(false);
  takeForks(run('e', { shown: 'twin-1', branches: [twin(30)] }));
  expect(isPartOf(own, 'e twin-1@30')).toBe(false);
  expect(originOf(shown)).toBe('e main');
});

// What is reported to the lab's storage of twins, so that none that somebody did something in is lost with its page.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { BranchState } from '../host/branches.ts';
import { makeTwinKeeping } from './twin-keeping.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const time = (us: number): Time => us as Time;
const main: BranchState = { id: 'main', fork: null, time: time(9), own: [], ofMain: 0, beyondMain: [] };
const twin = (at: number, lines: readonly string[], id: 'twin-1' | 'twin-2' = 'twin-1'): BranchState => ({
  id,
  fork: { from: 'main', at: time(5) },
  time: time(at),
  own: lines,
  ofMain: 2,
  beyondMain: lines,
});

function keeping() {
  const said: unknown[] = [];
  const twins = makeTwinKeeping((request) => said.push(request), Date.now);
  return { twins, said };
}

const reported = (until: number, lines: readonly string[]) => ({
  kind: 'twin',
  runId: 'r',
  branch: 'twin-1',
  at: 5,
  until,
  inherited: 2,
  lines,
});

test('E13 what is done to a twin is reported at once, how far it has come once in a while and at last', () => {
  const { twins, said } = keeping();
  twins.tell('r', [main, twin(5, [])]);
  twins.tell('r', [main, twin(8, [])]);
  expect(said).toEqual([]);
  twins.tell('r', [main, twin(8, ['0.008 crash store-1'])]);
  expect(said).toEqual([reported(8, ['0.008 crash store-1'])]);
  for (let at = 9; at < 20; at++) twins.tell('r', [main, twin(at, ['0.008 crash store-1'])]);
  expect(said).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(said.slice(1)).toEqual([reported(19, ['0.008 crash store-1'])]);
  // Taken back: there is nothing to keep, which is reported as well.
  twins.tell('r', [main, twin(8, [])]);
  expect(said.slice(2)).toEqual([reported(8, [])]);
});

test('E13 a twin that a person drops is dropped there, one that only went from the worker is not', () => {
  const { twins, said } = keeping();
  const [first, second] = [twin(8, ['0.008 crash store-1']), twin(8, ['0.008 healAll'], 'twin-2')];
  twins.tell('r', [main, first, second]);
  twins.tell('r', [main]);
  expect(said).toHaveLength(2);
  twins.tell('r', [main, first]);
  twins.tell('r', [main, { ...first, time: time(20) }]);
  twins.drop('r', first);
  vi.advanceTimersByTime(5000);
  expect(said.slice(3)).toEqual([{ kind: 'dropTwin', runId: 'r', branch: 'twin-1', at: 5 }]);
});

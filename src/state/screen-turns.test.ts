// The parts of the screen and the pictures they are given: by turns while one cluster goes on, together when it is another.

import { describe, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { makeScreenTurns, partsBesideArrival, partsThatFit } from './screen-turns.ts';

const parts = ['map', 'lens', 'inspector', 'dock', 'frame'] as const;

describe('the parts of the screen', () => {
  test('begin with what there is, and all come to the newest picture', async () => {
    const newest = createStore(() => ({ time: 0 }));
    const turns = makeScreenTurns(newest);
    const times = () => parts.map((part) => turns.store(part).getState().time);
    expect(times()).toEqual([0, 0, 0, 0, 0]);
    newest.setState({ time: 1 });
    turns.start();
    newest.setState({ time: 2 });
    turns.start();
    await expect.poll(times).toEqual([2, 2, 2, 2, 2]);
  });

  test('a part is given the newest only: none in between while it waits for its turn', async () => {
    const newest = createStore(() => ({ time: 0 }));
    const turns = makeScreenTurns(newest);
    const seen: number[] = [];
    turns.store('dock').subscribe(({ time }) => seen.push(time));
    for (let time = 1; time <= 50; time++) {
      newest.setState({ time });
      turns.start();
      if (time % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await expect.poll(() => seen.at(-1)).toBe(50);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect(seen.length).toBeLessThan(50);
  });

  test('a frame has the part that waits longest, and beside it what fits, measured by what each took before', () => {
    const costs = (...due: number[]) =>
      partsThatFit(due.map((costMs) => ({ costMs }))).map(({ costMs }) => costMs);
    expect(costs()).toEqual([]);
    expect(costs(5, 0.1)).toEqual([5]);
    expect(costs(1, 1.5, 0.5)).toEqual([1, 0.5]);
    expect(costs(0.5, 0.5, 0.5, 0.5, 0.5)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test('in the frame in which a picture came only light parts take it, the others in the next one', () => {
    expect(partsBesideArrival([5, 0.4, 1.1, 1].map((costMs) => ({ costMs })))).toEqual([
      { costMs: 0.4 },
      { costMs: 1 },
    ]);
  });

  test('while a control is held down they keep their picture; then all come to the newest', async () => {
    const newest = createStore(() => ({ time: 0 }));
    let isHeld = true;
    let looks = 0;
    const turns = makeScreenTurns(newest, () => {
      looks++;
      return isHeld;
    });
    const times = () => parts.map((part) => turns.store(part).getState().time);
    newest.setState({ time: 1 });
    turns.start();
    await expect.poll(() => looks).toBeGreaterThan(3);
    expect(times()).toEqual([0, 0, 0, 0, 0]);
    isHeld = false;
    await expect.poll(times).toEqual([1, 1, 1, 1, 1]);
  });

  test.each([
    ['a run is brought to where it begins', 200],
    ['time stands', 50],
  ])('while %s they take each picture together', async (_when, ms) => {
    const newest = createStore(() => ({ time: 0 }));
    let areTogether = true;
    const turns = makeScreenTurns(
      newest,
      () => false,
      () => (areTogether ? ms : null),
    );
    const times = () => parts.map((part) => turns.store(part).getState().time);
    const mixed: number[][] = [];
    // Asked between two tasks, as the browser paints.
    for (let time = 1; time <= 60; time++) {
      newest.setState({ time });
      turns.start();
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (new Set(times()).size > 1) mixed.push(times());
    }
    expect(mixed).toEqual([]);
    expect(times()[0]).toBeGreaterThan(0);
    areTogether = false;
    await expect.poll(times).toEqual([60, 60, 60, 60, 60]);
  });

  test('another cluster is every part’s at once', () => {
    const newest = createStore(() => ({ time: 0 }));
    const turns = makeScreenTurns(newest);
    newest.setState({ time: 7 });
    turns.giveAll();
    expect(parts.map((part) => turns.store(part).getState())).toEqual(parts.map(() => newest.getState()));
  });
});

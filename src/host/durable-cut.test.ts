// When windows that ran ahead of the disks count as durable, and what is let out of a lab until then.

import { expect, test } from 'vitest';
import { makeDurableCut } from './durable-cut.ts';
import type { FabricEvent, LiveState } from './fabric-messages.ts';
import { makeOutlet } from './outlet.ts';

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A cut whose steps end when the test says so. */
function makeBench() {
  const steps: string[] = [];
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  const step = (what: string): Promise<void> => {
    steps.push(what);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  };
  let now = 0;
  const cut = makeDurableCut(
    (turn) => step(`write ${turn}`),
    (turn, at) => step(`decide ${turn} at ${at}`),
    () => now,
    'run',
  );
  const heard: FabricEvent[] = [];
  const post = makeOutlet((event) => heard.push(event), cut.pending);
  return {
    cut,
    steps,
    heard,
    post,
    window() {
      now += 10;
      cut.onWindow();
    },
    async end(error?: Error) {
      const next = ends.shift();
      if (error === undefined) next?.resolve();
      else next?.reject(error);
      await soon();
    },
  };
}

const done = (id: number): FabricEvent => ({ kind: 'done', id, value: null });

test('E12 a window is durable once every node has written a cut that covers it and the lab has decided for it', async () => {
  const { cut, steps, window, end } = makeBench();
  expect(cut.pending()).toBe(null);
  window();
  expect(steps).toEqual(['write run/1']);
  let isDurable = false;
  void cut.pending()?.then(() => {
    isDurable = true;
  });
  // More windows run meanwhile: they are the next cut's, and none begins beside the one under way.
  window();
  window();
  let isNextDurable = false;
  void cut.pending()?.then(() => {
    isNextDurable = true;
  });
  await end();
  expect(steps).toEqual(['write run/1', 'decide run/1 at 10']);
  expect(isDurable).toBe(false);
  await end();
  expect([isDurable, isNextDurable]).toEqual([true, false]);
  window();
  expect(steps.at(-1)).toBe('write run/2');
  await end();
  expect(steps.at(-1)).toBe('decide run/2 at 40');
  await end();
  expect(isNextDurable).toBe(true);
  expect(cut.pending()).toBe(null);
});

test('E12 whoever lets a run stand waits for the cut under way and for one of what it does not cover', async () => {
  const { cut, steps, window, end } = makeBench();
  await cut.settle();
  expect(steps).toEqual([]);
  window();
  window();
  let isSettled = false;
  const settled = cut.settle().then(() => {
    isSettled = true;
  });
  for (let i = 0; i < 4; i++) {
    expect(isSettled).toBe(false);
    await end();
  }
  await settled;
  expect(steps.map((step) => step.split(' ')[0])).toEqual(['write', 'decide', 'write', 'decide']);
  expect(cut.pending()).toBe(null);
});

test('E12 nothing leaves before what it speaks of is durable, and all leaves in the order in which it was said', async () => {
  const { heard, post, window, end } = makeBench();
  post(done(1));
  expect(heard).toEqual([done(1)]);
  window();
  post(done(2));
  window();
  post(done(3));
  post({ kind: 'work', bar: null });
  await end();
  expect(heard).toEqual([done(1), { kind: 'work', bar: null }]);
  await end();
  expect(heard.at(-1)).toEqual(done(2));
  // Not before that either, though it is of a time that is durable.
  window();
  await end();
  await end();
  expect(heard.at(-1)).toEqual(done(3));
});

test('E12 what the disks refuse is never shown: questions are refused, and the run is as it was last shown', async () => {
  const { cut, heard, post, window, end } = makeBench();
  const live = (time: number, playing: boolean): FabricEvent => ({
    kind: 'live',
    live: { time, playing, events: time, measuredSpeed: 1 } as LiveState,
  });
  post(live(5, true));
  window();
  post(live(10, true));
  post(done(1));
  window();
  post(done(2));
  const full = new Error('the disk is full');
  await end(full);
  await soon();
  post(live(20, false));
  await soon();
  expect(heard).toEqual([
    live(5, true),
    live(5, true),
    { kind: 'refused', id: 1, error: 'the disk is full' },
    { kind: 'refused', id: 2, error: 'the disk is full' },
    live(5, false),
  ]);
  // Asked for and left: nobody has to wait for what fails.
  expect(cut.pending()).toBe(cut.pending());
  expect(window).toThrow(full);
  await expect(cut.settle()).rejects.toBe(full);
});

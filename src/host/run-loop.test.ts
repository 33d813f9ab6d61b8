// The loop around a real cluster of toy nodes with memory disks: what it does when a store or a step fails.

import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Time } from '../base/ids.ts';
import { makeRecorder } from '../run-model/recorder/recorder.ts';
import { makeFabric } from '../sim/fabric-state.ts';
import type { TapeAction } from '../sim/tape-actions.ts';
import { parseAction } from '../sim/tape-parse.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { describeToyFrame, ms, toyEdge, toyRun } from '../stacks/toy/testing/toy-world.ts';
import { type LabStore, openMemoryStore } from './lab-store.ts';
import { makeLiveCluster } from './live-cluster.ts';
import { makeLiveKeyframes } from './live-keyframes.ts';
import { makeMemoryHost } from './node-ports.ts';
import { makeRunLoop } from './run-loop.ts';

function act(line: string): TapeAction {
  const action = parseAction(tapes, line);
  if ('error' in action) throw new Error(action.error);
  return action;
}

function makeBench(store: LabStore = openMemoryStore()) {
  const spec = toyRun(1);
  const errors: unknown[] = [];
  const cluster = makeLiveCluster({
    fabric: makeFabric(spec),
    recorder: makeRecorder(known, spec.cluster, spec.params.lal),
    program: 'toy',
    edge: toyEdge,
    tape: tapes,
    store,
    host: makeMemoryHost(),
    placeOf: (node) => ({ database: node, epoch: 1, turn: null }),
    keyframes: makeLiveKeyframes(() => undefined),
    failpoint: null,
    onFenced: () => {},
    decideCut: () => Promise.resolve(),
  });
  const loop = makeRunLoop(cluster, {
    describe: describeToyFrame,
    onReply: () => {},
    needsPicture: () => true,
    onPictureBegun: () => {},
    onPicture: () => {},
    onError: (error) => errors.push(error),
  });
  return { loop, cluster, errors };
}

const full = new Error('the disk is full');
const crash = act('5.000 crash t1');

afterEach(() => {
  vi.useRealTimers();
});

describe('a loop that runs', () => {
  test('rests only when nothing was asked for while it worked', async () => {
    const { loop } = makeBench();
    await loop.runTo(ms(1));
    // No timer runs out from here on: a rest that is not broken lasts for ever.
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    let later: Promise<readonly [string, unknown]> | undefined;
    await loop.between(async () => {
      const work = Promise.all([loop.between(() => Promise.resolve('done')), loop.tape([crash])]);
      later = work;
      // Long enough for the turn to be past its orders.
      await new Promise((resolve) => setImmediate(resolve));
    });
    expect((await later)?.[0]).toBe('done');
    vi.useRealTimers();
    await loop.stop();
  });

  test('tapes between two windows, runs to a limit, and steps to an event', async () => {
    const { loop, cluster, errors } = makeBench();
    await loop.runTo(ms(4));
    expect(cluster.fabric.now).toBe(ms(4));
    expect((await loop.tape([crash])).map(({ action }) => action.at)).toEqual([ms(5)]);
    expect(await loop.step('meaningful')).toBe(true);
    await loop.runTo(ms(6));
    expect(cluster.fabric.nodes.filter((node) => node.status === 'down').length).toBe(1);
    await loop.stop();
    expect(errors).toEqual([]);
  });

  test('a lesson’s stop is exact; who puts something on the tape pauses the run before it', async () => {
    const { loop, cluster } = makeBench();
    loop.limit = ms(7);
    loop.setSpeed(null);
    loop.play();
    await expect.poll(() => loop.playing).toBe(false);
    expect(cluster.fabric.now).toBe(ms(7));
    loop.limit = ms(60_000);
    loop.play();
    const [taped] = await loop.tape([act('0.000 healAll')]);
    expect(loop.playing).toBe(false);
    expect(taped?.action.at).toBeLessThan(ms(60_000));
    await loop.stop();
  });

  test('runs until a condition holds and stands at that instant; a pause cancels; a time is an exact limit', async () => {
    const { loop, cluster } = makeBench();
    const onT1 = [{ field: ['node'], operator: '=', value: ['t1'] } as const];
    expect(await loop.runUntil({ kind: 'event', kinds: ['toy.add'], filters: onT1 })).toBe('found');
    const last = cluster.recorder.listed.at(-1);
    expect(loop.playing).toBe(false);
    expect(
      cluster.recorder.listed.filter(({ event, node }) => event.kind === 'toy.add' && node === 't1'),
    ).toHaveLength(1);
    expect(last?.at).toBe(
      cluster.recorder.listed.find(({ event, node }) => event.kind === 'toy.add' && node === 't1')?.at,
    );
    const never = loop.runUntil({ kind: 'violation' });
    loop.pause();
    expect(await never).toBe('cancelled');
    const left = { kind: 'world', what: 'time', text: 'time' } as const;
    const right = { kind: 'value', value: 40, text: '40' } as const;
    const time = { kind: 'compare', left, operator: '>=', right } as const;
    expect(await loop.runUntil(time)).toBe('found');
    expect(cluster.fabric.now).toBe(ms(40));
    await loop.stop();
  });

  test('a step or a limit that another takes the place of is answered', async () => {
    const { loop } = makeBench();
    const replaced = [loop.step('every'), loop.runTo(ms(1))] as const;
    const last = [loop.step('every'), loop.runTo(ms(2))] as const;
    expect(await replaced[0]).toBe(false);
    await replaced[1];
    expect(await last[0]).toBe(true);
    await last[1];
    await loop.stop();
  });
});

describe('a loop that has ended', () => {
  const failing: LabStore = { ...openMemoryStore(), appendLines: () => Promise.reject(full) };

  test('by a failure: reported once, everybody who waits is answered, everybody later is refused', async () => {
    const { loop, errors } = makeBench(failing);
    await loop.runTo(ms(1));
    const waiting = Promise.allSettled([
      loop.tape([crash]),
      loop.between(() => Promise.resolve('done')),
      loop.runTo(ms(50)),
    ]);
    expect((await waiting).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(errors).toEqual([full]);
    expect(loop.ended()).toBe(full);
    await expect(loop.tape([crash])).rejects.toBe(full);
    await expect(loop.between(() => Promise.resolve(1))).rejects.toBe(full);
    expect(await loop.step('meaningful')).toBe(false);
    await loop.runTo(60_000 as Time);
    loop.play();
    expect(loop.playing).toBe(false);
    await loop.stop();
  });

  test('because another run took its place', async () => {
    const { loop, errors } = makeBench();
    await loop.stop();
    await expect(loop.tape([crash])).rejects.toThrow('this run has ended');
    expect(errors).toEqual([]);
  });
});

// Steps forwards and back over links that answer when the test says, or refuse: each step begins where the last one ended.

import { expect, test } from 'vitest';
import type { FabricRequest } from '../host/fabric-messages.ts';
import type { ReplayRequest } from '../host/replay-messages.ts';
import { makeLabCore } from './lab-core.ts';
import { makeMirroring } from './lab-mirror.ts';
import { makePastSide } from './lab-past.ts';
import { makeLabSteps } from './lab-steps.ts';

/** When something happens in the run that is stepped through. */
const HAPPENINGS = [10, 20, 30, 40, 50, 60];
const nextAfter = (time: number): number | undefined => HAPPENINGS.find((at) => at > time);
const lastBefore = (time: number): number => HAPPENINGS.findLast((at) => at < time) ?? 0;

interface Asked<Request> {
  readonly request: Request;
  answer(value: unknown): void;
  refuse(why: string): void;
}

/** A link whose requests lie until they are answered. */
function makeLink<Request>(asked: Asked<Request>[]) {
  let nextId = 1;
  return {
    tell: (): void => undefined,
    close: (): void => undefined,
    ask: (make: (id: number) => Request): Promise<unknown> =>
      new Promise((answer, reject) => {
        const refuse = (why: string): void => reject(new Error(why));
        asked.push({ request: make(nextId++), answer, refuse });
      }),
  };
}

/** A lab that is paused at 0, with a cluster and a replay that do what they are asked. */
function makeBench() {
  const core = makeLabCore({
    lab: 'a',
    storage: 'memory',
    fallback: { preset: 'cynosdb', seed: 1 },
    replay: null,
    failpoint: null,
    keyframe: null,
  });
  const toCluster: Asked<FabricRequest>[] = [];
  const toReplay: Asked<ReplayRequest>[] = [];
  const standAt = (time: number): void => void Object.assign(core, { frame: { time } });
  const stand = (): number => core.frame?.time ?? 0;
  const liveAt = (time: number): void => {
    Object.assign(core, { live: { time, playing: false } });
    standAt(time);
  };
  Object.assign(core, { fabric: makeLink(toCluster), replay: makeLink(toReplay) });
  liveAt(0);
  const past = makePastSide(
    core,
    makeMirroring(core, () => Promise.reject(new Error('nobody asks'))),
  );
  const milestones: (() => void)[] = [];
  const steps = makeLabSteps(core, past, () => new Promise<void>((done) => milestones.push(done)));
  /** In words, what the links were asked, in order. */
  const log: string[] = [];

  const serveCluster = ({ request, answer }: Asked<FabricRequest>): void => {
    log.push(`live ${request.kind}`);
    if (request.kind === 'step') liveAt(nextAfter(stand()) ?? stand());
    const { time } = core.live ?? { time: 0 };
    answer(request.kind === 'present' ? { text: 'postdb-tape 1', time, bytes: null } : undefined);
  };
  const serveReplay = ({ request, answer }: Asked<ReplayRequest>): void => {
    const found = request.kind === 'step' ? nextAfter(stand()) : undefined;
    if (request.kind === 'load') log.push(`load at ${request.seek}`);
    else if (request.kind === 'seek') log.push(`seek ${request.time}`);
    else log.push(request.kind);
    if (request.kind === 'load') standAt(request.seek ?? 0);
    else if (request.kind === 'seek') standAt(request.time);
    else if (request.kind === 'back') standAt(lastBefore(stand()));
    else if (found !== undefined) standAt(found);
    answer(found !== undefined);
  };
  /** What was asked so far comes to be asked: promises have had their turn. */
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  /** Answers all that is asked, until nothing is. */
  const serve = async (): Promise<void> => {
    for (await settle(); toCluster.length + toReplay.length > 0; await settle()) {
      for (const one of toCluster.splice(0)) serveCluster(one);
      for (const one of toReplay.splice(0)) serveReplay(one);
    }
  };
  return { core, steps, toCluster, toReplay, milestones, log, stand, settle, serve };
}

/** Ends well, or the test fails with what it was refused with. */
async function done(bench: ReturnType<typeof makeBench>, ...asked: Promise<void>[]): Promise<void> {
  const all = Promise.all(asked);
  await bench.serve();
  await all;
}

test('two quick steps and a back end where a step, a step and a back end', async () => {
  const [quick, slow] = [makeBench(), makeBench()];
  await done(quick, quick.steps.step('every'), quick.steps.step('every'), quick.steps.back('every'));
  await done(slow, slow.steps.step('every'));
  await done(slow, slow.steps.step('every'));
  expect(slow.stand()).toBe(20);
  await done(slow, slow.steps.back('every'));
  expect(quick.log).toEqual(['live step', 'live step', 'live present', 'load at 20', 'seek 10']);
  expect(slow.log).toEqual(quick.log);
  expect([quick.stand(), slow.stand()]).toEqual([10, 10]);
});

test('a step waits for the one that is under way', async () => {
  const bench = makeBench();
  const both = [bench.steps.step('every'), bench.steps.step('every')];
  await bench.settle();
  expect(bench.toCluster.map(({ request }) => request.kind)).toEqual(['step']);
  await done(bench, ...both);
  expect(bench.log).toEqual(['live step', 'live step']);
  expect(bench.stand()).toBe(20);
});

test('a step that is refused tells who asked, and holds up nobody', async () => {
  const bench = makeBench();
  await done(bench, bench.steps.step('every'));
  const [refused, next, back] = [
    bench.steps.step('every'),
    bench.steps.step('every'),
    bench.steps.back('every'),
  ];
  await bench.settle();
  bench.toCluster.shift()?.refuse('the worker is gone');
  await expect(refused).rejects.toThrow('the worker is gone');
  await done(bench, next, back);
  expect(bench.log.slice(1)).toEqual(['live step', 'live present', 'load at 20', 'seek 10']);
});

test('a step that is refused is none to go back over', async () => {
  const bench = makeBench();
  await done(bench, bench.steps.step('meaningful')); // 0 to 10
  await done(bench, bench.steps.step('meaningful')); // 10 to 20
  const refused = bench.steps.step('meaningful');
  await bench.settle();
  bench.toCluster.shift()?.refuse('no');
  await expect(refused).rejects.toThrow('no');
  await done(bench, bench.steps.back('meaningful'));
  expect(bench.log.slice(2)).toEqual(['live present', 'load at 20', 'seek 10']);
});

test('as many steps back as forwards lead to exactly where one was, and beyond that by what happened', async () => {
  const bench = makeBench();
  Object.assign(bench.core, { live: { time: 25, playing: false }, frame: { time: 25 } });
  for (let i = 0; i < 2; i++) await done(bench, bench.steps.step('every'));
  expect(bench.stand()).toBe(40);
  for (let i = 0; i < 3; i++) await done(bench, bench.steps.back('every'));
  expect(bench.log.slice(2)).toEqual(['live present', 'load at 40', 'seek 30', 'seek 25', 'back']);
  expect(bench.stand()).toBe(20);
});

test('after a seek the steps before it lead nowhere', async () => {
  const bench = makeBench();
  await done(bench, bench.steps.step('every'), bench.steps.step('every'), bench.steps.step('every'));
  await done(bench, bench.steps.seek(25));
  await done(bench, bench.steps.back('every'));
  expect(bench.log.slice(3)).toEqual(['live present', 'load at 25', 'back']);
  expect(bench.stand()).toBe(20);
});

test('a step that had not begun when a seek came is not taken, and none to go back over', async () => {
  const bench = makeBench();
  await done(bench, bench.steps.seek(25));
  await done(bench, bench.steps.step('every'), bench.steps.seek(50), bench.steps.back('every'));
  expect(bench.log.slice(2)).toEqual(['seek 50', 'back']);
});

test('after the run went on by itself the steps before lead nowhere', async () => {
  const bench = makeBench();
  await done(bench, bench.steps.step('every'));
  bench.steps.forget();
  await done(bench, bench.steps.back('every'));
  expect(bench.log.slice(1)).toEqual(['live present', 'load at 10', 'back']);
});

test('steps that wait for their turn are not taken any more once the run goes on by itself', async () => {
  const bench = makeBench();
  const asked = Array.from({ length: 40 }, () => bench.steps.step('every'));
  await new Promise((resolve) => setTimeout(resolve, 0)); // the first has begun
  bench.steps.forget();
  await done(bench, ...asked);
  expect(bench.log).toEqual(['live step']);
});

test('a step beyond the end of a review is live again', async () => {
  const bench = makeBench();
  Object.assign(bench.core, { live: { time: 60, playing: false }, frame: { time: 60 } });
  await done(bench, bench.steps.back('every'));
  expect(bench.core.past.kind).toBe('review');
  await done(bench, bench.steps.step('every'));
  expect(bench.core.past.kind).toBe('review');
  await done(bench, bench.steps.step('every'));
  expect(bench.core.past.kind).toBe('none');
});

test('a milestone that is far away holds up no step', async () => {
  const bench = makeBench();
  const milestone = bench.steps.step('milestones');
  await done(bench, bench.steps.step('every'));
  expect(bench.log).toEqual(['live step']);
  bench.milestones.shift()?.();
  await milestone;
});

// A lab's host in this process, with nodes and disks in memory: what a waiting caller gets when the cluster goes.

import { afterEach, expect, test, vi } from 'vitest';
import type { FabricEvent, LiveState, RunSource } from './fabric-messages.ts';
import { type LabHost, makeLabHost } from './lab-host.ts';
import type { RunsState } from './run-records.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const fallback = { preset: 'cynosdb', seed: 1 };
const bootRequest = {
  kind: 'boot',
  lab: 'test',
  storage: 'memory',
  workers: new MessageChannel().port1,
  fallback,
  ask: null,
  fork: null,
  failpoint: null,
  keyframe: null,
} as const;

/** A lab that stands, in memory, and what it reported so far. */
async function standingHost(): Promise<{ readonly host: LabHost; readonly events: FabricEvent[] }> {
  const events: FabricEvent[] = [];
  const host = makeLabHost((event) => events.push(event));
  await host.handle({ ...bootRequest, id: 1 });
  await host.handle({ kind: 'pause' });
  return { host, events };
}

test('a statement that waits is answered as unknown when another cluster takes the place of its own', async () => {
  const { host, events } = await standingHost();
  const long = 'x'.repeat(1_100_000);
  await expect(
    host.handle({ kind: 'sql', id: 6, session: 's', driver: null, text: long, runToReply: false }),
  ).rejects.toThrow('1024 KiB');
  const answer = host.handle({
    kind: 'sql',
    id: 2,
    session: 's',
    driver: null,
    text: 'select 1',
    runToReply: false,
  });
  expect(await host.handle({ kind: 'tape', id: 5 })).toContain('select 1');
  await host.handle({ kind: 'start', id: 3, source: { kind: 'preset', ...fallback }, standAt: null });
  expect(await answer).toMatchObject({ result: { outcome: 'unknown', scn: -1 } });
  expect(events.filter((event) => event.kind === 'notice')).toEqual([]);
  await host.handle({ kind: 'forget', id: 4 });
});

test('a run that is asked for while the lab boots begins once it has booted', async () => {
  const events: FabricEvent[] = [];
  const host = makeLabHost((event) => events.push(event));
  const booting = host.handle({ ...bootRequest, id: 1 });
  const source = { kind: 'preset', preset: 'cynosdb-ro', seed: 3 } as const;
  await host.handle({ kind: 'start', id: 2, source, standAt: null });
  await booting;
  expect(await host.handle({ kind: 'tape', id: 3 })).toMatch(/^preset cynosdb-ro$/m);
  expect(events.filter((event) => event.kind === 'notice')).toEqual([]);
  await host.handle({ kind: 'forget', id: 4 });
});

test('when an action is answered, the state of the run since was reported before: the action on its tape, its instant past', async () => {
  const { host, events } = await standingHost();
  const lastReported = (): LiveState => {
    const reported = events.findLast((event) => event.kind === 'live');
    if (reported?.kind !== 'live') throw new Error('nothing was reported of the run');
    return reported.live;
  };
  for (const line of ['crash store-2', 'cut rw-1 | store-3 for 6.000 ms', 'restart store-2']) {
    await host.handle({ kind: 'digest', id: 2 });
    const before = lastReported();
    const answer = await host.handle({ kind: 'act', id: 3, line });
    // Of pictures and what comes with them nothing is waited for.
    const after = lastReported();
    expect(after.taped).toBe(before.taped + 1);
    expect(after.undo).toMatch(new RegExp(` ${line.replace('|', '\\|')}$`));
    expect(answer).toMatchObject({ ok: true, at: after.time - 1 });
  }
  await host.handle({ kind: 'forget', id: 4 });
});

test('a step is one picture with all that happened in it; one that takes long shows how far it is, and tells at its end', async () => {
  const { host, events } = await standingHost();
  let wallMs = performance.now();
  let perLookMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (wallMs += perLookMs));
  const stepped = async (): Promise<{ readonly pictures: number; readonly news: readonly number[] }> => {
    wallMs += 60_000; // the last picture is long past
    const from = events.length;
    await host.handle({ kind: 'step', id: 1, size: 'meaningful' });
    const posted = events.slice(from);
    return {
      pictures: posted.filter(({ kind }) => kind === 'frame').length,
      news: posted.flatMap((event) => (event.kind === 'events' ? [event.newEvents.events.length] : [])),
    };
  };
  await stepped(); // and the picture that the pause owes
  for (let i = 0; i < 10; i++) expect(await stepped()).toEqual({ pictures: 1, news: [expect.any(Number)] });
  perLookMs = 200;
  let most = 0;
  for (let i = 0; i < 10; i++) {
    const { pictures, news } = await stepped();
    most = Math.max(most, pictures);
    expect(news.slice(0, -1).every((count) => count === 0)).toBe(true);
    expect(news.at(-1)).toBeGreaterThan(0);
  }
  expect(most).toBeGreaterThan(1);
});

test('a speed chosen while the cluster boots is the one that it goes on with', async () => {
  const events: FabricEvent[] = [];
  let isChosen = false;
  const host = makeLabHost((event) => {
    events.push(event);
    if (isChosen || event.kind !== 'frame') return;
    isChosen = true;
    void host.handle({ kind: 'speed', speed: 7 });
  });
  await host.handle({ ...bootRequest, id: 1 });
  const speeds = events.flatMap((event) => (event.kind === 'live' ? [event.live] : []));
  expect(speeds.some(({ booting, speed }) => booting && speed === 7)).toBe(true);
  expect(speeds.at(-1)).toMatchObject({ booting: false, speed: 7 });
  await host.handle({ kind: 'forget', id: 2 });
});

test('a run keeps which lesson began it; one that no lesson began has none', async () => {
  vi.stubGlobal('navigator', {});
  const { host, events } = await standingHost();
  const lessonOf = (): string | null | undefined => {
    const live = events.findLast((event) => event.kind === 'live');
    return live?.kind === 'live' ? live.live.lesson : undefined;
  };
  const start = (source: RunSource): Promise<unknown> =>
    host.handle({ kind: 'start', id: 2, source, standAt: 1000 });
  expect(lessonOf()).toBeNull();
  const text = String(await host.handle({ kind: 'tape', id: 3 }));
  await start({ kind: 'tape', text, lesson: 'H01' });
  expect(lessonOf()).toBe('H01');
  await host.handle({ kind: 'act', id: 4, line: 'crash store-2' });
  await start({ kind: 'tape', text, lesson: null });
  expect(lessonOf()).toBeNull();
  const kept = ((await host.handle({ kind: 'runs', id: 5 })) as RunsState).runs.filter(({ isOn }) => !isOn);
  expect(kept.map(({ lesson }) => lesson)).toContain('H01');
  await host.handle({ kind: 'forget', id: 6 });
});

// Tabs that watch each other over a real channel: who sees whose pictures, and what stays of a lab that was taken over.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LabCore, makeLabCore, unwatched } from './lab-core.ts';
import { makeMirroring } from './lab-mirror.ts';
import type { WorkerLink } from './worker-link.ts';

/** A browser without locks, unless a test has them. */
beforeEach(() => {
  vi.stubGlobal('navigator', {});
});

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
  vi.unstubAllGlobals();
});

interface Request {
  readonly options: LockOptions;
  grant(): void;
}

/** The browser's locks as they are specified: one holder, a line in order, a lock that can be stolen from its holder. */
function stubLocks(): { isHeld(): boolean } {
  let stolen: (() => void) | null = null;
  let line: Request[] = [];
  const grantNext = (): void => {
    if (stolen === null) line.shift()?.grant();
  };
  const request = <T>(_name: string, options: LockOptions, work: (lock: object | null) => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const grant = (): void => {
        const mine = (): void => reject(new Error('the lock was stolen'));
        stolen = mine;
        void Promise.resolve(work({})).then((done) => {
          if (stolen === mine) {
            stolen = null;
            grantNext();
          }
          resolve(done);
        });
      };
      if (options.steal === true) {
        stolen?.();
        grant();
      } else if (stolen === null && line.length === 0) grant();
      else if (options.ifAvailable === true) resolve(work(null));
      else {
        const one: Request = { options, grant };
        line.push(one);
        options.signal?.addEventListener('abort', () => {
          if (!line.includes(one)) return;
          line = line.filter((other) => other !== one);
          reject(new Error('the wait was given up'));
        });
      }
    });
  vi.stubGlobal('navigator', { locks: { request } });
  return { isHeld: () => stolen !== null };
}

const noticesOf = (tab: ReturnType<typeof makeTab>): readonly string[] =>
  tab.core.notices.map(({ kind }) => kind);

/** A link to nobody, and whether it was let go. */
function makeLink() {
  const link = { closed: false, tell: () => {}, ask: () => new Promise<never>(() => {}), close: () => {} };
  link.close = () => {
    link.closed = true;
  };
  return link satisfies WorkerLink<never>;
}

function makeTab(lab: string, isAudience = false) {
  const core = makeLabCore({
    lab,
    storage: 'memory',
    fallback: { preset: 'cynosdb', seed: 1 },
    replay: null,
    failpoint: null,
    keyframe: null,
    isAudience,
  });
  const mirroring = makeMirroring(core, (what) => core.ask((id) => ({ ...what, id }) as never));
  open.push(mirroring.ownership);
  return { core, ...mirroring };
}

const mirror: LabCore['role'] = { kind: 'mirror', isOwnerGone: false };
const isWatched = ({ core: { role } }: ReturnType<typeof makeTab>): boolean =>
  role.kind === 'owner' && role.isWatched;

test('who watches goes on with the next owner, also when the last one went without a word', async () => {
  const [watcher, last] = [makeTab('a'), makeTab('a')];
  watcher.core.role = mirror;
  watcher.ownership.post({ kind: 'watch', isAudience: false });
  await expect.poll(() => isWatched(last)).toBe(true);
  last.ownership.close();
  const next = makeTab('a');
  next.ownership.post({ kind: 'owner' });
  await expect.poll(() => isWatched(next)).toBe(true);
});

test('a tab that was taken over keeps no worker, no past and no bar of its own', () => {
  const { core, becomeMirror } = makeTab('b');
  const [fabric, replay] = [makeLink(), makeLink()];
  Object.assign(core, { fabric, replay });
  core.past = { kind: 'review', place: { playing: true, end: 0, shown: 'twin-1', against: null } };
  core.setProgress('boot', {
    id: 'boot',
    label: 'progress.boot',
    params: {},
    done: 1,
    of: 5,
    cancellable: false,
  });
  becomeMirror();
  expect([fabric.closed, replay.closed]).toEqual([true, true]);
  expect(core.state()).toMatchObject({ mode: 'MIRROR', progress: [], playing: false, shown: 'main' });
});

test('what the tab that drives a run cannot say is refused with its reason', async () => {
  const [owner, watcher] = [makeTab('past'), makeTab('past')];
  watcher.core.role = mirror;
  owner.core.fabric = { ...makeLink(), ask: () => Promise.reject(new Error('it has just ended')) } as never;
  const query = { from: 0, to: 1, minRank: 0, kinds: null, withMessages: false, known: null, limit: 1 };
  await expect(watcher.ask({ kind: 'past', query })).rejects.toThrow('it has just ended');
});

test('what a tab of another build asks, or says, is left alone where it has another shape', async () => {
  const [owner, watcher] = [makeTab('shape'), makeTab('shape')];
  watcher.core.role = mirror;
  const asked: string[] = [];
  owner.core.fabric = {
    ...makeLink(),
    ask: (make: (id: number) => { kind: string }) => {
      asked.push(make(0).kind);
      return Promise.resolve('one');
    },
  } as never;
  const other = new BroadcastChannel('postdb-lab/shape');
  open.push(other);
  for (const what of [
    undefined,
    null,
    'tape',
    {},
    { kind: 'rows' },
    { kind: 'past' },
    { kind: 'trace', query: 1 },
  ])
    other.postMessage({ kind: 'ask', id: 'x', what });
  for (const error of [1, {}]) other.postMessage({ kind: 'answer', id: 'x', value: null, error });
  other.postMessage({ kind: 'ask', id: 7, what: { kind: 'tape' } });
  expect(await watcher.ask({ kind: 'tape' })).toBe('one');
  expect(asked).toEqual(['tape']);
});

test('the tape of a run comes from the tab that drives it; who moved to another lab answers there', async () => {
  const driving = (tab: ReturnType<typeof makeTab>, tape: string): void => {
    tab.core.fabric = { ...makeLink(), ask: () => Promise.resolve(tape) } as never;
  };
  const [owner, moved] = [makeTab('c'), makeTab('c')];
  driving(owner, 'one');
  expect(await moved.ask({ kind: 'tape' })).toBe('one');
  moved.ownership.moveTo('d');
  driving(moved, 'another');
  expect(await makeTab('d').ask({ kind: 'tape' })).toBe('another');
  expect(await makeTab('c').ask({ kind: 'tape' })).toBe('one');
});

test('a tab that takes over twice at once does not lose the lab to itself', async () => {
  const locks = stubLocks();
  const [owner, taker] = [makeTab('e'), makeTab('e')];
  expect(await owner.ownership.claim()).toBe(true);
  // The owner does not answer: the lock is stolen from it, once.
  taker.core.role = mirror;
  await Promise.all([taker.ownership.takeOver(), taker.ownership.takeOver()]);
  taker.core.role = unwatched;
  taker.core.fabric = makeLink() as never;
  await expect.poll(() => owner.core.role.kind).toBe('mirror');
  expect([taker.core.role.kind, locks.isHeld()]).toEqual(['owner', true]);
});

test('a tab that watches says that its owner is gone when that one went without a word, and no longer once another drives', async () => {
  stubLocks();
  const [owner, watcher] = [makeTab('f'), makeTab('f')];
  await owner.ownership.claim();
  expect(await watcher.ownership.claim()).toBe(false);
  watcher.core.role = mirror;
  watcher.watchOwner(() => expect.unreachable('who watches does not claim'));
  expect(watcher.core.state().isOwnerGone).toBe(false);
  owner.ownership.close();
  owner.ownership.release();
  await expect.poll(() => watcher.core.state().isOwnerGone).toBe(true);
  expect(noticesOf(watcher)).toEqual(['mirrorLost']);
  const next = makeTab('f');
  await next.ownership.takeOver();
  next.ownership.post({ kind: 'owner' });
  await expect.poll(() => watcher.core.state().isOwnerGone).toBe(false);
  // Nobody is notified of a lab that goes from one tab to another.
  const last = makeTab('f');
  next.core.fabric = makeLink() as never;
  await last.ownership.takeOver();
  last.core.fabric = makeLink() as never;
  last.ownership.post({ kind: 'owner' });
  await expect.poll(() => isWatched(next) || next.core.role.kind === 'mirror').toBe(true);
  expect(watcher.core.state().isOwnerGone).toBe(false);
  expect(noticesOf(watcher)).toEqual(['mirrorLost']);
});

test('a tab that found the lab taken by the page it was reloaded from has it when that page is gone', async () => {
  const locks = stubLocks();
  const [before, reloaded] = [makeTab('g'), makeTab('g')];
  await before.ownership.claim();
  const claim = vi.fn(() => void reloaded.ownership.claim());
  expect(await reloaded.ownership.claim()).toBe(false);
  reloaded.watchOwner(claim);
  before.ownership.close();
  before.ownership.release();
  await expect.poll(() => claim.mock.calls.length).toBe(1);
  expect([locks.isHeld(), reloaded.core.role.kind, noticesOf(reloaded)]).toEqual([true, 'owner', []]);
});

test('a run with an audience is not hidden with its window, until the last audience has gone', async () => {
  vi.stubGlobal('document', { visibilityState: 'hidden' });
  const owner = makeTab('h');
  const told: unknown[] = [];
  owner.core.fabric = { ...makeLink(), tell: (request: unknown) => told.push(request) } as never;
  const [first, second] = [makeTab('h', true), makeTab('h', true)];
  for (const tab of [first, second]) tab.core.role = mirror;
  first.watch();
  second.watch();
  await expect.poll(() => owner.core.state().hasAudience).toBe(true);
  expect(told).toEqual([{ kind: 'hidden', hidden: false }]);
  // The other one says that it is still there.
  first.leave();
  await expect.poll(() => told.length).toBe(3);
  expect(owner.core.state().hasAudience).toBe(true);
  second.leave();
  first.ownership.close();
  second.ownership.close();
});

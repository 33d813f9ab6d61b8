// Tabs that watch each other over a real channel: who sees whose pictures, and what stays of a lab that was taken over.

import { afterEach, expect, test } from 'vitest';
import { makeLabCore } from './lab-core.ts';
import { makeMirroring } from './lab-mirror.ts';
import type { WorkerLink } from './worker-link.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** A link to nobody, and whether it was let go. */
function makeLink() {
  const link = { closed: false, tell: () => {}, ask: () => new Promise<never>(() => {}), close: () => {} };
  link.close = () => {
    link.closed = true;
  };
  return link satisfies WorkerLink<never>;
}

function makeTab(lab: string) {
  const core = makeLabCore({
    lab,
    storage: 'memory',
    fallback: { preset: 'cynosdb', seed: 1 },
    replay: null,
    failpoint: null,
    keyframe: null,
  });
  const mirroring = makeMirroring(core);
  open.push(mirroring.ownership);
  return { core, ...mirroring };
}

test('who watches goes on with the next owner, also when the last one went without a word', async () => {
  const [watcher, last] = [makeTab('a'), makeTab('a')];
  watcher.core.mirror = true;
  watcher.ownership.post({ kind: 'watch' });
  await expect.poll(() => last.core.mirrors).toBe(true);
  last.ownership.close();
  const next = makeTab('a');
  next.ownership.post({ kind: 'owner' });
  await expect.poll(() => next.core.mirrors).toBe(true);
});

test('a tab that was taken over keeps no worker, no past and no bar of its own', () => {
  const { core, becomeMirror } = makeTab('b');
  const [fabric, replay] = [makeLink(), makeLink()];
  Object.assign(core, { fabric, replay, past: 'review' });
  core.pastState = { ...core.pastState, playing: true, shown: 'twin-1' };
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

test('the tape of a run comes from the tab that drives it; who moved to another lab answers there', async () => {
  const driving = (tab: ReturnType<typeof makeTab>, tape: string): void => {
    tab.core.fabric = { ...makeLink(), ask: () => Promise.resolve(tape) } as never;
  };
  const [owner, moved] = [makeTab('c'), makeTab('c')];
  driving(owner, 'one');
  expect(await moved.askTape()).toMatchObject({ text: 'one', playing: false });
  moved.ownership.moveTo('d');
  driving(moved, 'another');
  expect(await makeTab('d').askTape()).toMatchObject({ text: 'another' });
  expect(await makeTab('c').askTape()).toMatchObject({ text: 'one' });
});

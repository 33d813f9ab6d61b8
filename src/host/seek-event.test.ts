// To an event by its number: ahead of what was played, behind it, and beyond the run.

import { expect, test, vi } from 'vitest';
import type { Time } from '../base/ids.ts';
import { freshTape } from '../sim/run-setup.ts';
import { printTape } from '../sim/tape-print.ts';
import { presets } from '../stacks/presets.ts';
import { tapes } from '../stacks/tapes.ts';
import { searchEvents } from './event-search.ts';
import { makeReplayHost } from './replay-host.ts';
import type { ReplayEvent } from './replay-messages.ts';

vi.mock('./event-search.ts', { spy: true });

const end = 140_000 as Time;

async function loaded(seek: Time) {
  const tape = freshTape(presets, 'hook-hole', 7);
  if ('error' in tape) throw new Error(tape.error);
  const text = printTape(tapes, { ...tape, header: { ...tape.header, end: { at: end, hash: null } } });
  const posted: ReplayEvent[] = [];
  const host = makeReplayHost((event) => posted.push(event));
  await host.handle({ kind: 'load', id: 1, text, seek, verify: false, error: null });
  const time = async (): Promise<number> =>
    ((await host.handle({ kind: 'digest', id: 2 })) as { readonly time: number }).time;
  const lastEvents = () => posted.flatMap((event) => (event.kind === 'events' ? [event] : [])).at(-1);
  return { host, time, lastEvents };
}

test('an event that is ahead is played to once, and stands where a search for it would', async () => {
  const near = await loaded(40_000 as Time);
  const far = await loaded(end);
  const index = (far.lastEvents()?.total ?? 0) - 200;
  expect(await near.host.handle({ kind: 'seekEvent', id: 3, index })).toBe(true);
  expect(searchEvents).not.toHaveBeenCalled();
  const stands = await near.time();
  expect(stands).toBeGreaterThan(40_000);
  expect(near.lastEvents()?.total).toBeGreaterThan(index);
  // From where it is remembered, and from before: the same instant.
  expect(await far.host.handle({ kind: 'seekEvent', id: 4, index })).toBe(true);
  expect(await far.time()).toBe(stands);
  expect(await near.host.handle({ kind: 'digest', id: 5 })).toEqual(
    await far.host.handle({ kind: 'digest', id: 6 }),
  );
});

test('one that is behind is found again, and one that the run does not have is said to be missing', async () => {
  const { host, time, lastEvents } = await loaded(end);
  expect(await host.handle({ kind: 'seekEvent', id: 3, index: 50 })).toBe(true);
  expect(await time()).toBeLessThan(40_000);
  expect(lastEvents()?.total).toBeGreaterThan(50);
  expect(await host.handle({ kind: 'seekEvent', id: 4, index: 10_000_000 })).toBe(false);
});

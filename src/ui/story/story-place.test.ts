// The live cluster's captions go on as if nobody had looked at its past meanwhile.

import { expect, test } from 'vitest';
import type { ListedEvent } from '../../run-model/picture/frame.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import { type Flow, newFlow, offer } from './caption-flow.ts';
import { newStory } from './story.ts';
import { noStory, type StoryPlace, saidOf, turnTo } from './story-place.ts';

const { cluster } = makeHookFrame();

const acked = (index: number, at: number, scn: number): ListedEvent =>
  ({
    index,
    at,
    node: 'rw-1',
    rank: 2,
    event: { kind: 'commit.ack', volume: 'v1', scn },
  }) as unknown as ListedEvent;

function hear(current: StoryPlace, of: string, events: readonly ListedEvent[], jumped: boolean): StoryPlace {
  const flow = (of === current.of ? current.flow : null) ?? newFlow(newStory(cluster));
  return { ...current, of, flow: offer(flow, { events, jumped, nowMs: 0, needsMs: 0, stands: true }) };
}

const storyOf = ({ flow }: StoryPlace): Flow['story'] | undefined => flow?.story;

test('a look at the past leaves the live story as it was, and none of the past in it', () => {
  const live = hear(turnTo(noStory, 'live', 'r1'), 'hook', [acked(10, 5000, 322)], true);
  const past = hear(turnTo(live, 'past', 'r1'), 'hook', [acked(2, 1000, 110)], true);
  expect(storyOf(past)?.acked.get('v1')).toBe(110);
  const back = turnTo(past, 'live', 'r1');
  expect(back.flow).toBe(live.flow);
  expect(back.flow?.shown?.moment.listed.at).toBe(5000);
  const next = hear(back, 'hook', [acked(11, 5600, 330)], false);
  expect(storyOf(next)?.acked.get('v1')).toBe(330);
});

test('a jump to before the first event leaves nothing current', () => {
  const past = hear(turnTo(noStory, 'past', 'r1'), 'hook', [acked(2, 1000, 110)], true);
  expect(past.flow?.shown).not.toBe(null);
  expect(hear(past, 'hook', [], true).flow?.shown).toBe(null);
  expect(hear(past, 'hook', [], false).flow).toBe(past.flow);
});

test('a tape between a past and the present is another story, and a second tape is none of the first', () => {
  const live = hear(turnTo(noStory, 'live', 'r1'), 'hook', [acked(10, 5000, 322)], true);
  const past = turnTo(live, 'past', 'r1');
  const tape = hear(turnTo(past, 'tape', 'r1'), '1 cynosdb', [acked(4, 700, 90)], true);
  const other = hear(tape, '2 cynosdb', [acked(1, 100, 40)], false);
  expect(storyOf(other)?.acked.get('v1')).toBe(40);
  expect(turnTo(other, 'live', 'r1').flow).toBe(live.flow);
});

test('another run that became live meanwhile begins with an empty strip', () => {
  const live = hear(turnTo(noStory, 'live', 'r1'), 'hook', [acked(10, 5000, 322)], true);
  const twin = hear(turnTo(live, 'past', 'r1'), 'hook', [acked(10, 5000, 322)], false);
  expect(turnTo(twin, 'live', 'r2').flow).toBe(null);
  expect(turnTo(live, 'live', 'r2').flow).toBe(null);
});

test('while a run is being started nothing is said of the one before, nor of what an undo took back', () => {
  const live = hear(turnTo(noStory, 'live', 'r1'), 'hook', [acked(10, 5000, 322)], true);
  expect(saidOf(live, null)).toBe(live.flow);
  expect(saidOf(live, { of: 'polardb', time: 200_000 })).toBe(null);
  expect(saidOf(live, { of: 'hook', time: 4999 })).toBe(null);
  expect(saidOf(live, { of: 'hook', time: 5000 })).toBe(live.flow);
});

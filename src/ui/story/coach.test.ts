// Which suggestion stands where: each at its own moment, none twice; and what is read out of a batch of events.

import { beforeEach, describe, expect, test } from 'vitest';
import { time } from '../../base/ids.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import { chipIds, coachStore, forgetCoach, markSeen } from '../../state/coach-store.ts';
import { t } from '../i18n/i18n.ts';
import { makeHookFrame } from '../testing/hook-frame.ts';
import type { Moment } from './caption-table.ts';
import { advise, type CoachInput, cutFromWriter } from './coach.ts';
import { chipLabel } from './coach-chip.tsx';
import { narrate } from './narrate.ts';
import { instantBefore } from './open-at.ts';
import { newStory, type Story } from './story.ts';
import { listed } from './story-fixture.ts';
import '../../words/story/story.en.json';

const hookFrame = makeHookFrame();
const calm = { ...hookFrame, faults: [], flights: [] };
const story = newStory(hookFrame.cluster);
const input = (change: Partial<CoachInput>): CoachInput => ({
  frame: calm,
  story,
  memory: { healed: false, relieved: false },
  playedMs: 9000,
  shown: null,
  seen: [],
  ...change,
});
const cut = { text: 'cut', pairs: [['rw-1', 'store-3'] as const] };
const cutBoth: Story = {
  ...story,
  stalled: true,
  cuts: [{ text: 'both', pairs: [['rw-1', 'store-3'] as const, ['rw-1', 'store-2'] as const] }],
};

describe('suggestions', () => {
  test.each([
    ['nothing in the first seconds', { playedMs: 7000 }, null],
    ['the cut at a quiet instant after 8 s', {}, 'cut'],
    ['not while messages fly', { frame: { ...calm, flights: hookFrame.flights } }, null],
    [
      'it does not go when the quiet is over',
      { frame: { ...calm, flights: hookFrame.flights }, shown: 'cut' },
      'cut',
    ],
    ['nor waits for ever', { frame: { ...calm, flights: hookFrame.flights }, playedMs: 20_000 }, 'cut'],
    ['not while a fault is in force', { frame: { ...calm, faults: hookFrame.faults } }, null],
    ['nor a second time', { seen: ['cut'] }, null],
    ['both replicas once one has healed itself', { memory: { healed: true, relieved: false } }, 'cutBoth'],
    [
      'not while a hole is open',
      {
        memory: { healed: true, relieved: false },
        story: {
          ...story,
          healing: new Map([
            [
              'store-3',
              {
                open: new Set(['g1']),
                asked: new Set(),
                records: 0,
                given: new Set(),
                from: [],
                commits: 0,
              },
            ],
          ]),
        },
      },
      null,
    ],
    ['what if, once commits came back', { memory: { healed: true, relieved: true } }, 'whatIf'],
    ['and then nothing', { memory: { healed: true, relieved: true }, seen: chipIds }, null],
  ] as const)('%s', (_title, change, expected) => {
    expect(advise(input(change as Partial<CoachInput>)).onLink).toBe(expected);
  });

  test('healing is suggested while commits wait for a quorum that is cut off, as often as that is so', () => {
    const waiting = calm.nodes.map((node) => ({
      ...node,
      view:
        node.view === null
          ? null
          : {
              ...node.view,
              roles: node.view.roles.map((role) =>
                role.role === 'compute'
                  ? { ...role, commitsWaiting: [{ tx: 1, scn: 9, sinceUs: 4000 }] }
                  : role,
              ),
            },
    }));
    const off = (...replicas: string[]) =>
      calm.links.map((link) => ({ ...link, cut: link.from === 'rw-1' && replicas.includes(link.to) }));
    const frame = { ...calm, nodes: waiting, links: off('store-2', 'store-3') };
    expect(cutFromWriter(frame)).toEqual(['store-2', 'store-3']);
    expect(chipLabel('heal', 'rw-1', { replicas: [], cut: cutFromWriter(frame) }, t)).toBe(
      'Heal rw-1–store-2, rw-1–store-3',
    );
    expect(advise(input({ frame, story: cutBoth, seen: chipIds })).onLink).toBe('heal');
    expect(advise(input({ story: { ...cutBoth, cuts: [cut] } })).onLink).toBe(null);
    // A quorum that is gone because nodes are down comes back by no link.
    expect(advise(input({ frame: { ...frame, links: off() }, story: cutBoth })).onLink).toBe(null);
  });

  test('a lesson is offered beside it', () => {
    const frame = { ...calm, links: calm.links.map((link) => ({ ...link, cut: false })) };
    expect(advise(input({ frame })).inStrip).toBe('lesson');
    expect(advise(input({ frame, seen: ['lesson'] })).inStrip).toBe(null);
  });

  test('while one replica is cut off, a stop at the hole that this will open is offered', () => {
    const links = calm.links.map((link) => ({ ...link, cut: link.from === 'rw-1' && link.to === 'store-3' }));
    const inForce = (text: string) => [{ text, at: time(0), until: null }];
    const frame = { ...calm, links, faults: inForce('cut rw-1 > store-3 for 6 ms') };
    expect(advise(input({ frame })).inStrip).toBe('atHole');
    expect(advise(input({ frame, seen: ['atHole'] })).inStrip).toBe('lesson');
    // What stays cut off hears nothing, and so misses nothing that it knows of.
    expect(advise(input({ frame: { ...frame, faults: inForce('cut rw-1 > store-3') } })).inStrip).toBe(
      'lesson',
    );
  });
});

describe('what was seen', () => {
  beforeEach(forgetCoach);
  test('a chip that was followed goes and is remembered, until it is forgotten', () => {
    coachStore.setState({ onLink: { chip: 'cut', link: 'rw-1|store-3' }, inStrip: 'lesson' });
    markSeen('cut');
    expect(coachStore.getState()).toMatchObject({ onLink: null, inStrip: 'lesson', seen: ['cut'] });
    markSeen('cut');
    expect(coachStore.getState().seen).toEqual(['cut']);
    forgetCoach();
    expect(coachStore.getState()).toMatchObject({ seen: [], inStrip: null });
  });
});

const moment = (event: TraceEvent, node: string, at = 1000, index = 0): Moment => ({
  listed: { ...listed(event, node, index), at: time(at) },
  story,
});
const opened = moment({ kind: 'hole.open', group: 'g1', first: 108, end: 112 }, 'store-3');
const acked = (scn: number) =>
  moment({ kind: 'commit.ack', volume: 'v1', tx: scn, scn, vdl: scn, term: 1 }, 'rw-1');
const moved = (value: number) => moment({ kind: 'mark.vdl', volume: 'v1', value, term: 1 }, 'rw-1');

describe('narration', () => {
  test('merges each kind, the most important first, and leaves out what the caption says', () => {
    const batch = [acked(112), moved(112), acked(115), moved(118), opened];
    expect(narrate(batch, 'meaningful', null, t)).toBe(
      'store-3 found a hole: g1 [108,112) never arrived. A later record names a predecessor that is missing. ' +
        '2 commits acknowledged, the last at record 115: on disk at 2 of 3 each. ' +
        'The log is safe up to record 118, 112 before: no crash can lose it.',
    );
    expect(narrate(batch, 'meaningful', 'hole.open', t)).not.toContain('found a hole');
  });

  test('goes by its level', () => {
    const down = moment({ kind: 'node.down', incarnation: 1, mode: 'drawn' }, 'store-2');
    expect(narrate([opened, down], 'beats', null, t)).toBe(
      'store-2 is down. Its disk keeps all that was synced, and any part of the rest.',
    );
    expect(narrate([opened, down], 'off', null, t)).toBe('');
    const ordinary = moment({ kind: 'wal.ack', group: 'g1', scl: 112, nwl: 112, token: 1 }, 'store-1');
    expect(narrate([ordinary], 'meaningful', null, t)).toBe('');
    expect(narrate([ordinary], 'all', null, t)).toBe('wal.ack g1 · scl 112 · nwl 112 · token 1');
  });
});

test('a link to a violation stands a few meaningful instants before it', () => {
  const events = [1, 2, 2, 3, 4, 5, 6, 7].map((at, i) => ({ ...moved(i).listed, at: time(at), index: i }));
  expect(instantBefore(events, 7, 5)).toBe(2);
  expect(instantBefore(events, 3, 5)).toBe(1);
  expect(instantBefore(events, 1, 5)).toBe(null);
});

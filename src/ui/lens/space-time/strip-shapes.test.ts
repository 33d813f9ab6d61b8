// What the strip's worker is given: everything that reaches into the bitmaps that are drawn anew, in px from their left edge.

import { expect, test } from 'vitest';
import { nodeId, time } from '../../../base/ids.ts';
import type { MessageFamily } from '../../../core/kernel/message-label.ts';
import type { EventMark, MessageMark, SpaceTimeModel } from './model.ts';
import { markReach, slabWidth, stripShapes } from './strip-shapes.ts';

const message = (sentAt: number, arrivesAt: number, family: MessageFamily = 'wal'): MessageMark => ({
  message: {
    id: `rw-1.${sentAt}.0`,
    from: nodeId('rw-1'),
    to: nodeId('store-1'),
    sentAt: time(sentAt),
    arrivesAt: time(arrivesAt),
    fate: 'arrived',
    label: { kind: 'x', family, group: null, range: null, token: null },
    bytes: 1,
    causeOrdinal: 1,
  },
  from: 0,
  to: 1,
  cone: 'none',
});

const mark = (at: number, count = 1): EventMark => ({
  lane: 0,
  at,
  rank: 1,
  events: Array.from({ length: count }, () => ({}) as EventMark['events'][number]),
  cone: 'none',
});

const modelOf = (messages: readonly MessageMark[], marks: readonly EventMark[]): SpaceTimeModel =>
  ({ messages, marks, through: [], chosen: null, scope: null }) as unknown as SpaceTimeModel;

/** One px is one µs. */
const geometry = { scale: 1, y: (lane: number): number => 100 * lane };

test('a message that ends left of what is drawn anew is not sent, one that reaches into it is, from its beginning', () => {
  const left = 3 * slabWidth;
  const model = modelOf([message(0, left - markReach - 1), message(10, left), message(left, left + 50)], []);
  const { shapes } = stripShapes(model, geometry, 3);
  expect(shapes.map(({ lines }) => [...lines])).toEqual([[10 - left, 0, 0, 100, 0, 0, 50, 100]]);
});

test('events are circles of their look; of merged ones the number stands above the lane', () => {
  const model = modelOf([], [mark(0), mark(40), mark(64, 7)]);
  const { shapes, numbers } = stripShapes(model, geometry, 1);
  const [only, ...others] = shapes;
  expect(others).toEqual([]);
  expect([...(only?.circles ?? [])].filter((_, i) => i % 3 === 0)).toEqual([8, 32]);
  expect([...numbers]).toEqual([32, -9, 7]);
});

test('which family lies above which does not depend on which came first', () => {
  const order = (...families: readonly MessageFamily[]) =>
    stripShapes(
      modelOf(
        families.map((family, i) => message(i, i + 9, family)),
        [],
      ),
      geometry,
      0,
    ).shapes.map(({ look }) => look.key);
  expect(order('ack', 'wal')).toEqual(order('wal', 'ack'));
  expect(order('ack', 'wal')).toHaveLength(2);
});

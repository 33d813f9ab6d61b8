// Tape actions on links: cut, partition, hold, latency, loss, duplication, reordering, corruption, bandwidth, and faults of
// the next messages of a family. A cut loses what is in flight (PRE-3); no latency goes below the floor (PRE-2).

import { assert } from '../../base/assert.ts';
import type { MessageFamily } from '../../core/kernel/door.ts';
import {
  type ChangeLink,
  changeLinks,
  directionsAround,
  directionsBetween,
  directionsOf,
  everyDirection,
} from '../fabric-links.ts';
import { healLink } from '../network.ts';
import { cutLink, releaseLink } from '../traffic.ts';
import { count, LONGEST_US, latencyArg, millis, oneOf, percent } from './args.ts';
import { defineAction } from './define.ts';

const cut: ChangeLink = ({ traffic, now }, link, from, to) => {
  if (link.isCut) return false;
  cutLink(traffic, from, to, now);
  return true;
};
const uncut: ChangeLink = (_, link) => {
  link.isCut = false;
  return true;
};
const release: ChangeLink = ({ traffic, now }, _, from, to) => {
  releaseLink(traffic, from, to, now);
  return true;
};
const heal: ChangeLink = (fabric, link, from, to) => {
  healLink(link);
  return release(fabric, link, from, to);
};

const setBase =
  (baseUs: number | null): ChangeLink =>
  ({ lookaheadUs }, link) => {
    link.baseUs = baseUs ?? link.presetBaseUs;
    assert(link.baseUs >= lookaheadUs, 'PRE-2: no link goes below the latency floor');
    return true;
  };
const setJitter =
  (jitterUs: number | null): ChangeLink =>
  (_, link) => {
    link.jitterUs = jitterUs ?? link.presetJitterUs;
    return true;
  };
const setBandwidth =
  (bytesPerMs: number): ChangeLink =>
  (_, link) => {
    link.bytesPerMs = bytesPerMs;
    return true;
  };

type PercentField = 'lossPercent' | 'duplicatePercent' | 'reorderPercent' | 'corruptPercent';

/** That share of what a direction carries is lost, duplicated, reordered or corrupted. */
function percentFault<U extends string>(undo: U, field: PercentField) {
  const set =
    (value: number): ChangeLink =>
    (_, link) => {
      link[field] = value;
      return true;
    };
  return defineAction({
    target: 'link',
    args: { percent: percent(0, 100, 20) },
    isFault: true,
    undo,
    do: (fabric, action) => changeLinks(fabric, directionsOf(fabric, action.link), set(action.percent)),
    end: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), set(0)),
  });
}

const messageFamilies: readonly MessageFamily[] = [
  'sqlRequest',
  'sqlReply',
  'wal',
  'ack',
  'holeRequest',
  'holeFill',
  'pageRead',
  'pageReply',
  'control',
  'heartbeat',
  'fence',
  'archive',
];

/** Most messages that one `dropNext` or `holdNext` waits for. */
const MOST_NEXT = 1000;
/** Waits for the next of a family that one direction keeps; a further one has no effect. */
const NEXT_LIMIT = 32;

/** The next messages of a family in each direction are lost, or kept back each by itself. */
const nextOfFamily = (kind: 'drop' | 'hold') =>
  defineAction({
    target: 'link',
    args: { family: oneOf(messageFamilies, ''), count: count(1, MOST_NEXT, 1) },
    isFault: true,
    do: (fabric, action) =>
      changeLinks(fabric, directionsOf(fabric, action.link), (_, link) => {
        if (link.next.length >= NEXT_LIMIT) return false;
        link.next = [...link.next, { kind, family: action.family, left: action.count }];
        return true;
      }),
  });

export const linkActions = {
  isolate: defineAction({
    target: 'nodes',
    isFault: true,
    undo: 'heal',
    do: (fabric, { nodes }) => changeLinks(fabric, directionsAround(fabric, nodes), cut),
    end: (fabric, { nodes }) => changeLinks(fabric, directionsAround(fabric, nodes), uncut),
  }),
  partition: defineAction({
    target: 'sides',
    isFault: true,
    undo: 'heal',
    do: (fabric, { sides }) => changeLinks(fabric, directionsBetween(fabric, sides), cut),
    end: (fabric, { sides }) => changeLinks(fabric, directionsBetween(fabric, sides), uncut),
  }),
  cut: defineAction({
    target: 'link',
    isFault: true,
    undo: 'heal',
    do: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), cut),
    end: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), uncut),
  }),
  hold: defineAction({
    target: 'link',
    isFault: true,
    undo: 'release',
    do: (fabric, action) =>
      changeLinks(fabric, directionsOf(fabric, action.link), (_, link) => {
        link.isHeld = true;
        return true;
      }),
    end: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), release),
  }),
  heal: defineAction({
    target: 'link',
    do: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), heal),
  }),
  release: defineAction({
    target: 'link',
    do: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), release),
  }),
  latency: defineAction({
    target: 'link',
    args: { baseUs: latencyArg(1, LONGEST_US, 5_000) },
    isFault: true,
    undo: 'latency',
    check: ({ baseUs }, _, { latencyFloorUs }) =>
      baseUs >= latencyFloorUs
        ? null
        : `latency ${baseUs} µs is below latencyFloorUs = ${latencyFloorUs} µs (PRE-2)`,
    do: (fabric, { link, baseUs }) => changeLinks(fabric, directionsOf(fabric, link), setBase(baseUs)),
    end: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), setBase(null)),
  }),
  jitter: defineAction({
    target: 'link',
    args: { jitterUs: millis(0, LONGEST_US, 2_000) },
    isFault: true,
    undo: 'jitter',
    do: (fabric, { link, jitterUs }) => changeLinks(fabric, directionsOf(fabric, link), setJitter(jitterUs)),
    end: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), setJitter(null)),
  }),
  /** Bytes that a direction carries in a virtual millisecond. */
  bandwidth: defineAction({
    target: 'link',
    args: { bytesPerMs: count(1, 1_000_000_000, 256) },
    isFault: true,
    undo: 'bandwidth',
    do: (fabric, { link, bytesPerMs }) =>
      changeLinks(fabric, directionsOf(fabric, link), setBandwidth(bytesPerMs)),
    end: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), setBandwidth(0)),
  }),
  dropNext: nextOfFamily('drop'),
  holdNext: nextOfFamily('hold'),
  loss: percentFault('loss', 'lossPercent'),
  duplicate: percentFault('duplicate', 'duplicatePercent'),
  reorder: percentFault('reorder', 'reorderPercent'),
  corrupt: percentFault('corrupt', 'corruptPercent'),
  healAll: defineAction({
    target: 'world',
    do: (fabric) => changeLinks(fabric, everyDirection(fabric), heal),
  }),
};

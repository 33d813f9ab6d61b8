// Tape actions on links: cut, partition, hold, latency, loss, duplication, reordering, corruption, bandwidth, and faults of
// the next messages of a family. A cut loses what is in flight (PRE-3); no latency goes below the floor (PRE-2).

import { assert } from '../../base/assert.ts';
import type { MessageFamily } from '../../core/kernel/message-label.ts';
import { refusal } from '../../presets/refusals.ts';
import {
  type ChangeLink,
  changeLinks,
  directionsAround,
  directionsBetween,
  directionsOf,
  everyDirection,
} from '../fabric-links.ts';
import { type LinkField, linkParts } from '../fault-parts.ts';
import { healLink, type LinkState } from '../network.ts';
import { cutLink, releaseLink } from '../traffic.ts';
import { count, LONGEST_US, latencyArg, millis, oneOf, percent } from './args.ts';
import { type ArgFields, type Args, defineAction } from './define.ts';

const cut: ChangeLink = ({ traffic, now }, link, from, to) => {
  if (link.isCut) return false;
  cutLink(traffic, from, to, now);
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

/** Sets values of a direction. */
const set =
  (values: (link: LinkState) => Partial<LinkState>): ChangeLink =>
  (_, link) => {
    Object.assign(link, values(link));
    return true;
  };
const uncut = set(() => ({ isCut: false }));
const hold = set(() => ({ isHeld: true }));

/** A fault of every direction that the link names: the field it sets, how, and what its end does to each. */
const linkFault = <A extends Args, U extends string>(
  undo: U,
  field: LinkField,
  args: A,
  change: (action: ArgFields<A>) => ChangeLink,
  end: ChangeLink,
) =>
  defineAction({
    target: 'link',
    args,
    isFault: true,
    undo,
    parts: (fabric, { link }) => linkParts(fabric, directionsOf(fabric, link), field),
    do: (fabric, action) => changeLinks(fabric, directionsOf(fabric, action.link), change(action)),
    end: (fabric, action) => changeLinks(fabric, directionsOf(fabric, action.link), end),
  });

type PercentField = 'lossPercent' | 'duplicatePercent' | 'reorderPercent' | 'corruptPercent';

/** That share of what a direction carries is lost, duplicated, reordered or corrupted. */
const percentFault = <U extends string>(undo: U, field: PercentField) =>
  linkFault(
    undo,
    field,
    { percent: percent(0, 100, 20) },
    (action) => set(() => ({ [field]: action.percent })),
    set(() => ({ [field]: 0 })),
  );

export const messageFamilies: readonly MessageFamily[] = [
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
  /** Cuts every link of these nodes to others. */
  isolate: defineAction({
    target: 'nodes',
    isFault: true,
    undo: 'heal',
    parts: (fabric, { nodes }) => linkParts(fabric, directionsAround(fabric, nodes), 'isCut'),
    do: (fabric, { nodes }) => changeLinks(fabric, directionsAround(fabric, nodes), cut),
    end: (fabric, { nodes }) => changeLinks(fabric, directionsAround(fabric, nodes), uncut),
  }),
  /** Cuts every link between nodes of different sides. */
  partition: defineAction({
    target: 'sides',
    isFault: true,
    undo: 'heal',
    parts: (fabric, { sides }) => linkParts(fabric, directionsBetween(fabric, sides), 'isCut'),
    do: (fabric, { sides }) => changeLinks(fabric, directionsBetween(fabric, sides), cut),
    end: (fabric, { sides }) => changeLinks(fabric, directionsBetween(fabric, sides), uncut),
  }),
  /** What is sent on the link, and what is in flight there, is lost (PRE-3). */
  cut: linkFault('heal', 'isCut', {}, () => cut, uncut),
  /** What is sent on the link waits until it is released. */
  hold: linkFault('release', 'isHeld', {}, () => hold, release),
  /** Ends every fault of the link. */
  heal: defineAction({
    target: 'link',
    do: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), heal),
  }),
  /** What is held on the link goes on. */
  release: defineAction({
    target: 'link',
    do: (fabric, { link }) => changeLinks(fabric, directionsOf(fabric, link), release),
  }),
  /** The link takes this long, never less than the floor (PRE-2). */
  latency: defineAction({
    target: 'link',
    args: { baseUs: latencyArg(1, LONGEST_US, 5_000) },
    isFault: true,
    undo: 'latency',
    parts: (fabric, { link }) => linkParts(fabric, directionsOf(fabric, link), 'baseUs'),
    check: ({ baseUs }, _, { latencyFloorUs }) =>
      baseUs >= latencyFloorUs
        ? null
        : refusal('latencyBelowFloor', { found: baseUs, least: latencyFloorUs }),
    do: (fabric, { link, baseUs }) => {
      assert(baseUs >= fabric.lookaheadUs, 'PRE-2: no link goes below the latency floor');
      return changeLinks(
        fabric,
        directionsOf(fabric, link),
        set(() => ({ baseUs })),
      );
    },
    end: (fabric, { link }) =>
      changeLinks(
        fabric,
        directionsOf(fabric, link),
        set((state) => ({ baseUs: state.presetBaseUs })),
      ),
  }),
  /** The link takes up to this much longer, drawn for each message. */
  jitter: linkFault(
    'jitter',
    'jitterUs',
    { jitterUs: millis(0, LONGEST_US, 2_000) },
    ({ jitterUs }) => set(() => ({ jitterUs })),
    set((link) => ({ jitterUs: link.presetJitterUs })),
  ),
  /** Bytes that a direction carries in a virtual millisecond. */
  bandwidth: linkFault(
    'bandwidth',
    'bytesPerMs',
    { bytesPerMs: count(1, 1_000_000_000, 256) },
    ({ bytesPerMs }) => set(() => ({ bytesPerMs })),
    set(() => ({ bytesPerMs: 0 })),
  ),
  /** The next messages of a family are lost. */
  dropNext: nextOfFamily('drop'),
  /** The next messages of a family are kept back, each by itself. */
  holdNext: nextOfFamily('hold'),
  /** This share of what the link carries is lost. */
  loss: percentFault('loss', 'lossPercent'),
  /** This share of what the link carries arrives twice. */
  duplicate: percentFault('duplicate', 'duplicatePercent'),
  /** This share of what the link carries may be passed by later messages. */
  reorder: percentFault('reorder', 'reorderPercent'),
  /** This share of what the link carries has a bit flipped. */
  corrupt: percentFault('corrupt', 'corruptPercent'),
  /** Ends every fault of every link. */
  healAll: defineAction({
    target: 'world',
    do: (fabric) => changeLinks(fabric, everyDirection(fabric), heal),
  }),
};

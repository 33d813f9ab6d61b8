// How a replica leaves its disk: WAL-66, WAL-71, WAL-75.

import { describe, expect, test } from 'vitest';
import { nodeId } from '../../../base/ids.ts';
import type { Descriptor } from '../../kernel/fields.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { SUSPEND_US } from './limits.ts';
import { A, B, batch, C, createReplica, DESCRIPTOR, heartbeat, readPage, record } from './message-fixture.ts';
import {
  advance,
  crash,
  createdRig,
  deliver,
  deliverAndSettle,
  eventsOf,
  groupOf,
  type Rig,
  settle,
  syncOne,
  takeSent,
} from './store-fixture.ts';

const META = nodeId('meta-1');
const D = nodeId('D');
const dual: Descriptor = {
  ...DESCRIPTOR,
  sets: [
    [A, B, C],
    [A, D, C],
  ],
  memberEpoch: 3,
};
const moved: Descriptor = { ...DESCRIPTOR, sets: [[A, D, C]], memberEpoch: 4 };
const again: Descriptor = { ...moved, learners: [B], memberEpoch: 5 };

const install = (descriptor: Descriptor): MessageOf<'InstallMembers'> => ({
  kind: 'InstallMembers',
  volume: 'v1',
  descriptor,
  origin: 'meta',
});
const tell = (rig: Rig, descriptor: Descriptor): void => deliver(rig, install(descriptor), META);
const drop: MessageOf<'DropReplica'> = {
  kind: 'DropReplica',
  volume: 'v1',
  group: DESCRIPTOR.group,
  isMade: true,
};

/** B with two pages as versions, whose log GC has dropped, and records above them. */
function replica(): Rig {
  const rig = createdRig({ node: B });
  const records = [
    record(1),
    record(2, { block: 8 }),
    record(3, { prevBlock: 1, payload: 3 }),
    record(4, { block: 8, prevBlock: 2, payload: 4 }),
  ];
  deliverAndSettle(rig, batch(records));
  deliver(rig, heartbeat({ pgcl: 4, vdl: 4, groupTail: 4, pgmrpl: 4, holdTo: 4 }));
  advance(rig, 100_000);
  deliverAndSettle(rig, batch([record(5, { prevBlock: 3, payload: 5 })]));
  rig.sent = [];
  return rig;
}

/** What a node whose map is older is given of each page. */
function pagesOf(rig: Rig): unknown[] {
  rig.sent = [];
  const { memberEpoch } = groupOf(rig).superblock.descriptor;
  for (const block of [7, 8]) deliver(rig, readPage(5, 5, { block, memberEpoch }));
  settle(rig);
  return takeSent(rig, 'PageReply').map(({ blockKey, page, refused }) => ({ blockKey, page, refused }));
}

/** A loss of power after each sync of the deletion, with each part of what waits for the next one. */
function fatesOf(rig: Rig): Rig[] {
  const found: Rig[] = [];
  for (; rig.stores.length > 0; syncOne(rig)) {
    const count = rig.stores.flatMap(({ writes }) => writes).length;
    for (let kept = 0; kept < 2 ** count; kept++) found.push(crash(rig, (_, i) => ((kept >> i) & 1) === 1));
  }
  return [...found, crash(rig)];
}

describe('F17 WAL-66 WAL-75 whatever of a deletion a loss of power keeps, the replica is found whole, or not at all', () => {
  const left = (rig: Rig): void => tell(rig, moved);
  // superblocks take turns in two places
  const cases: readonly (readonly [what: string, steps: readonly Descriptor[], end: (rig: Rig) => void])[] = [
    ['a member that a step leaves out', [], left],
    ['its superblock in the other place', [dual], left],
    ['its volume is gone (seed 47 of `postdb-v4`)', [], (rig) => deliver(rig, drop, META)],
  ];
  test.each(cases)('%s', (_, steps, end) => {
    const rig = replica();
    for (const step of steps) tell(rig, step);
    settle(rig);
    const { sequence } = groupOf(rig).superblock;
    const pages = pagesOf(rig);
    expect(pages).toMatchObject([{ refused: null }, { refused: null }]);
    end(rig);
    const fates = fatesOf(rig);
    const isWhole = fates.map((fate) => fate.state.groups.size === 1);
    expect(new Set(isWhole)).toEqual(new Set([true, false]));
    for (const fate of fates) {
      if (fate.state.groups.size === 1) {
        expect(groupOf(fate)).toMatchObject({ scl: 5, superblock: { sequence } });
        expect(pagesOf(fate)).toEqual(pages);
      } else {
        settle(fate);
        expect([...fate.disk.keys()]).toEqual([]);
      }
    }
  });
});

test('WAL-66 WAL-71 nothing is made anew of a group until its old replica is gone from the disk', () => {
  const rig = replica();
  tell(rig, moved);
  for (let syncs = 0; syncs < 3; syncs++) {
    tell(rig, again);
    deliver(rig, createReplica());
    expect([rig.state.imports.size, rig.state.creations.size]).toEqual([0, 0]);
    syncOne(rig);
  }
  expect([rig.stores.length, rig.disk.size]).toEqual([0, 0]);
  expect(eventsOf(rig, 'member.dropped')).toMatchObject([{ memberEpoch: 4 }]);
  tell(rig, again);
  expect(takeSent(rig, 'BaseReq')).toHaveLength(1);
});

test.each([0, 1, 2])('WAL-66 a deletion that fails is tried again (after %i syncs)', (syncs) => {
  const rig = replica();
  tell(rig, moved);
  for (let n = 0; n < syncs; n++) syncOne(rig);
  syncOne(rig, 'EIO');
  tell(rig, again);
  expect([rig.stores.length, rig.state.imports.size]).toEqual([0, 0]);
  advance(rig, SUSPEND_US);
  expect([...rig.disk.keys()]).toEqual([]);
  tell(rig, again);
  expect(takeSent(rig, 'BaseReq')).toHaveLength(1);
});

// What the metadata orders of a group's members: a replica that is here takes the step in its turn, a learner that is not
// here yet asks for a base image (docs/spec/wal.md WAL-70, WAL-71).

import type { Lsn, NodeId } from '../../base/ids.ts';
import { memberStateIn } from '../kernel/membership.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import { cancelImport, startImport } from './base/base-import.ts';
import { makeHoleList } from './holes/hole-list.ts';
import { queueControl } from './replica/control.ts';
import type { StoreContext } from './replica/hooks.ts';
import { makeLog } from './replica/log.ts';
import { dropGroup } from './replica/membership.ts';
import { makeGroup } from './replica/open.ts';
import type { StoreState } from './replica/state.ts';
import type { Superblock } from './replica/superblock.ts';
import { dropRestore } from './restore/restore-load.ts';

export function onInstallMembers(
  state: StoreState,
  ctx: StoreContext,
  from: NodeId,
  message: MessageOf<'InstallMembers'>,
): void {
  const { descriptor, volume } = message;
  const group = state.groups.get(descriptor.group);
  if (group) {
    if (group.superblock.volume === volume)
      queueControl(state, group, ctx, { kind: 'members', from, traceId: ctx.traceId, message });
    return;
  }
  const is = memberStateIn(descriptor, state.nodeId);
  if (is === 'learner') {
    dropRestore(state, ctx, volume, descriptor.group); // the volume opened without what was being loaded here
    startImport(state, ctx, volume, descriptor);
  } else if (is === 'none') cancelImport(state, ctx, descriptor);
  else if (has(state.mutants, 'store.lost-rejoins')) rejoin(state, ctx, from, message);
}

/** Of `store.lost-rejoins`: a store that has lost its disk takes its old place again, with nothing in it. */
function rejoin(
  state: StoreState,
  ctx: StoreContext,
  from: NodeId,
  message: MessageOf<'InstallMembers'>,
): void {
  const { descriptor, volume } = message;
  const none = (descriptor.baseLsn - 1) as Lsn;
  const superblock: Superblock = {
    sequence: 1,
    volume,
    descriptor: { ...descriptor, memberEpoch: 0 },
    maxToken: 0 as Superblock['maxToken'],
    volumeEpoch: 0 as Superblock['volumeEpoch'],
    openToken: 0 as Superblock['openToken'],
    history: [],
    mode: 'normal',
    maxNwl: none,
    knownVdl: none,
    groupTail: none,
    pgmrpl: none,
    logFloor: none,
    nclCheckpoint: none,
    failed: '',
  };
  const list = makeHoleList(descriptor.baseLsn);
  const { group: id } = descriptor;
  state.groups.set(id, makeGroup(state, { id, superblock, log: makeLog(), list }));
  onInstallMembers(state, ctx, from, message);
}

/** The volume is gone, or opened without this replica: it goes, whole or in part (WAL-45). */
export function onDropReplica(
  state: StoreState,
  ctx: StoreContext,
  { volume, group: id, isMade }: MessageOf<'DropReplica'>,
): void {
  const group = state.groups.get(id);
  if (!group) dropRestore(state, ctx, volume, id);
  else if (isMade && group.superblock.volume === volume)
    dropGroup(state, group, ctx, group.superblock.descriptor.memberEpoch);
}

// Detection of a disk that was rolled back (WAL-75): a replica found at the start is silent until the metadata has answered what
// it last reported. What a replica reported was durable, and memberEpoch, the superblock's sequence and, under one history, the SCL never fall; so a
// disk that is behind was put back to an earlier state, and the replica is deleted as if the disk were empty (F24). A late
// answer can only hold less. Damage that was found lowers the SCL and is no rollback: where it may hide records above the SCL, the SCL is not
// compared. What lies at or below the SCL is here, whatever a damaged segment has lost of it.

import { trace } from '../../kernel/context.ts';
import type { ReplicaKnown } from '../../kernel/fields.ts';
import { keysOf, startDeletion } from './deletion.ts';
import type { StoreContext } from './hooks.ts';
import type { Group, StoreState } from './state.ts';

export const isUnchecked = (state: StoreState): boolean => state.unchecked.size > 0;

export function awaitCheck(state: StoreState): void {
  for (const id of state.groups.keys()) state.unchecked.set(id, 'asked');
}

interface Compared {
  readonly memberEpoch: number;
  readonly sequence: number;
  readonly scl: number;
  /** What is known of the same; −1: nothing that can be compared. */
  readonly knownEpoch: number;
  readonly knownSequence: number;
  readonly knownScl: number;
}

export function compare(
  { superblock, scl, repair: { damaged } }: Group,
  known: ReplicaKnown | undefined,
): Compared {
  const { sequence, volumeEpoch } = superblock;
  const { memberEpoch } = superblock.descriptor;
  const isSame = known?.memberEpoch === memberEpoch;
  const isHidden = damaged.some(({ range: [, end] }) => end > scl + 1);
  const hasScl = isSame && known.volumeEpoch === volumeEpoch && !isHidden;
  return {
    memberEpoch,
    sequence,
    scl,
    knownEpoch: known?.memberEpoch ?? -1,
    knownSequence: isSame ? known.sequence : -1,
    knownScl: hasScl ? known.scl : -1,
  };
}

export const isBehind = (c: Compared): boolean =>
  c.memberEpoch < c.knownEpoch || c.sequence < c.knownSequence || c.scl < c.knownScl;

/** What is left of the replica goes; until it is gone for good the node's heartbeats report none of its replicas. */
export function deleteRolledBack(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  compared: Compared,
): void {
  state.unchecked.set(group.id, 'deleting');
  trace(ctx, { kind: 'disk.rolledBack', group: group.id, ...compared });
  const { memberEpoch } = compared;
  startDeletion(state, ctx, group.id, { why: 'rolledBack', memberEpoch, ...keysOf(state, group, ctx) });
}

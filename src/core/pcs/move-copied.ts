// How far the base images of new members have come (docs/spec/placement.md PCS-76): a change that goes on is not taken back, for an image is
// copied in time proportional to its bytes, and one that is given up is begun from the start. Memory of the metadata's leader.

import type { GroupId, NodeId, Time } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Move } from './meta-content.ts';
import type { MetaState } from './meta-state.ts';
import { reportOf } from './move-driver.ts';
import { moveOf } from './moves.ts';
import { placeOf } from './volumes.ts';

/** The most bytes that a change's new member has reported, and when the leader first received so many. */
interface Copied {
  /** Which change of the group it is: when it began. */
  readonly since: number;
  readonly bytes: number;
  readonly at: Time;
}

export type CopiedByGroup = Map<GroupId, Copied>;

/** An image that is begun again at another donor counts once it has more than the one before. */
export function recordCopied(
  { content, moves }: MetaState,
  now: Time,
  from: NodeId,
  { sizes }: MessageOf<'GroupSizes'>,
): void {
  for (const { group, size } of sizes) {
    const place = placeOf(content, group);
    const move = place && moveOf(place.volume, group);
    // a member that has the group is asked for its log: that grows for ever
    if (move?.phase !== 'learner' || move.to !== from || reportOf(moves, group, from) !== null) continue;
    recordMost(moves.copied, group, move.since, size, now);
  }
}

/** FS-77: a learner of a chunk group reports what it has of the chunk. */
export function recordCopiedChunks(
  { content: { storage }, chunks: { groups }, moves }: MetaState,
  now: Time,
  from: NodeId,
  { chunks }: MessageOf<'ChunkReport'>,
): void {
  for (const { group, size } of chunks) {
    const move = storage?.moves.find((one) => one.group === group);
    if (move?.to !== from || groups.get(group)?.voters.includes(from)) continue;
    recordMost(moves.copied, group, move.since, size, now);
  }
}

function recordMost(copied: CopiedByGroup, group: GroupId, since: number, bytes: number, now: Time): void {
  const known = copied.get(group);
  const most = known?.since === since ? known.bytes : 0;
  if (bytes > most) copied.set(group, { since, bytes, at: now });
}

/** Its deadline is over, and nothing more was copied for as long; a leader that follows has to hear of it first (PCS-96). */
export function isOverdue(
  { failover, moves }: MetaState,
  now: Time,
  { group, since, deadline }: Pick<Move, 'group' | 'since' | 'deadline'>,
): boolean {
  const copied = moves.copied.get(group);
  const heard = copied?.since === since ? copied.at : failover.since;
  return now >= Math.max(deadline, heard + moves.moveTimeoutUs);
}

// How far the base images of new members have come (docs/spec/pcs.md PCS-76): a change that goes on is not taken back, for an image is
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
    const known = moves.copied.get(group);
    const most = known?.since === move.since ? known.bytes : 0;
    if (size > most) moves.copied.set(group, { since: move.since, bytes: size, at: now });
  }
}

/** Its deadline is over, and nothing more was copied for as long; a leader that follows has to hear of it first (PCS-96). */
export function isOverdue(
  { failover, moves }: MetaState,
  now: Time,
  { group, since, deadline }: Move,
): boolean {
  const copied = moves.copied.get(group);
  const heard = copied?.since === since ? copied.at : failover.since;
  return now >= Math.max(deadline, heard + moves.moveTimeoutUs);
}

// Whether a node of an HA group reaches a write quorum of its volume's stores (docs/spec/failover.md FENCE-57). The writer knows it from what
// is acknowledged. A standby, or a node that recovers the volume, asks the stores only when the metadata wants to know, by the message
// that asks them whether a token still stands; that they answer is what counts, not what.

import type { NodeId, Time } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import type { Descriptor } from '../kernel/fields.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { valueAtQuorum } from '../quorum/quorum.ts';
import { quorumHeardAt } from '../quorum-log/writer-members.ts';
import type { Attachment } from './attachment-state.ts';

/** What the stores have answered. Invariant: nothing is older than `since`. */
export interface Reach {
  /** First question of the metadata in this part of the node. */
  readonly since: Time;
  groups: readonly Descriptor[];
  /** Group and store: its last answer. */
  readonly heard: Map<string, Time>;
}

const keyOf = (group: string, node: NodeId): string => `${group}/${node}`;

export function onCheckReach<E>(
  { ha, recovery }: Attachment<E>,
  ctx: RoleContext,
  { volume, token, groups }: MessageOf<'CheckReach'>,
): void {
  if (!ha || recovery.volume !== volume) return;
  ha.reach ??= { since: ctx.now, groups, heard: new Map() };
  ha.reach.groups = groups;
  for (const { group, sets, memberEpoch } of groups)
    for (const node of new Set(sets.flat()))
      send(ctx, node, { kind: 'Confirm', volume, group, token, memberEpoch, round: 0 });
}

export function onReached<E>(
  { ha }: Attachment<E>,
  now: Time,
  from: NodeId,
  { group }: MessageOf<'ConfirmReply'>,
): void {
  ha?.reach?.heard.set(keyOf(group, from), now);
}

const heardAt = ({ since, groups, heard }: Reach): number =>
  Math.min(
    ...groups.map(({ group, sets, vw }) =>
      valueAtQuorum(sets, vw, (node) => heard.get(keyOf(group, node)) ?? since, 0),
    ),
  );

/** For the report. Stores owe a writer that makes no records an answer once in its heartbeat only: what is overdue counts. */
export function quorumSilence<E>({ ha, writer, reader }: Attachment<E>, now: Time): number | null {
  if (writer && !reader) return Math.max(0, now - quorumHeardAt(writer) - writer.limits.heartbeatUs);
  return ha?.reach ? Math.max(0, now - heardAt(ha.reach)) : null;
}

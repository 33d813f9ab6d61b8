// A replica that has forgotten comes back under a new identity (docs/spec/polarfs.md FS-79), and one that the metadata orders comes in
// (FS-76): the group's leader makes it a learner, names the identity to that life of the node once the entry is committed, and lets it
// vote in place of the lost one, or of the one that leaves, when it holds all.

import type { NodeId } from '../../base/ids.ts';
import { type MemberId, memberId, withLearner, withVoter } from '../consensus/configuration.ts';
import type { GroupPort } from '../consensus/group-member.ts';
import { firstIdentity, membersAt, nextIdentity, PLACES } from '../consensus/identities.ts';
import { drive, type LogResult } from '../consensus/node-log.ts';
import { currentConfig, lastIndex } from '../consensus/raft-log.ts';
import { hasCaughtUp, isReady, settledConfig } from '../consensus/raft-state.ts';
import { trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { type Hosted, serversOf } from './chunk-state.ts';

/** A node says that it runs under no identity: one of the group's, or one that is to come in. */
export function onIdle(hosted: Hosted, from: NodeId, { incarnation }: MessageOf<'ChunkStarts'>): void {
  const { idle, log, exchange } = hosted;
  const { raft } = log;
  if (raft === null || !isReady(raft) || !serversOf(hosted).includes(from)) return;
  const isMember = membersAt(currentConfig(raft.log), serversOf(hosted), from).length > 0;
  if (!isMember && exchange?.to !== from) return;
  if (idle.get(from)?.incarnation !== incarnation) idle.set(from, { incarnation, member: null });
}

/** A number that the node was never given: of each entry that changes members there is one (FS-76). */
const nextOf = (
  own: readonly MemberId[],
  servers: readonly NodeId[],
  node: NodeId,
  index: number,
): MemberId =>
  own.length > 0
    ? nextIdentity(Math.max(...own) as MemberId)
    : memberId(firstIdentity(servers, node) + index * PLACES);

/** The leader brings on what is open, one change at a time. */
export function driveAdmission(hosted: Hosted, port: GroupPort): LogResult | null {
  const { log, idle } = hosted;
  const { raft } = log;
  const config = settledConfig(raft);
  if (config === null || raft === null) return null;
  for (const [node, one] of idle) {
    if (one.member !== null && config.learners.includes(one.member)) {
      port.say(node, { kind: 'JoinAs', incarnation: one.incarnation, member: one.member });
      continue;
    }
    const own = membersAt(config, serversOf(hosted), node);
    if (own.length === 0 && hosted.exchange?.to !== node) {
      idle.delete(node);
      continue;
    }
    const member = nextOf(own, serversOf(hosted), node, lastIndex(raft.log) + 1);
    one.member = member;
    return drive(log, port, { kind: 'changeMembers', target: withLearner(config, own, member) });
  }
  return null;
}

/** A learner holds all that its log speaks of; the log itself is held up to the entry that made it a learner, at least. */
export function onWhole(
  hosted: Hosted,
  port: GroupPort,
  from: NodeId,
  { member }: MessageOf<'ChunkCaughtUp'>,
): LogResult | null {
  const { log, group, idle, exchange } = hosted;
  const { raft } = log;
  const config = settledConfig(raft);
  if (raft === null || config === null || !config.learners.includes(member)) return null;
  if (!hasCaughtUp(raft, member)) return null;
  const own = membersAt(config, serversOf(hosted), from);
  const isVoter = own.some((id) => config.voters.includes(id));
  if (!isVoter && exchange?.to !== from) return null;
  const left = isVoter || exchange === null ? null : exchange.from;
  idle.delete(from);
  const out = left === null ? own : [...own, ...membersAt(config, serversOf(hosted), left)];
  trace(port.ctx, { kind: 'chunk.admitted', group, node: from, member });
  return drive(log, port, { kind: 'changeMembers', target: withVoter(config, out, member) });
}

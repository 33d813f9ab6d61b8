// A replica that has forgotten comes back under a new identity (docs/spec/polarfs.md FS-79), and one that the metadata orders comes in
// (FS-76): the group's leader makes it a learner, names the identity to that life of the node once the entry is committed, and lets it
// vote in place of the lost one, or of the one that leaves, when it holds all.

import type { NodeId } from '../../base/ids.ts';
import { type Configuration, isJoint, type MemberId, memberId } from '../consensus/configuration.ts';
import { firstIdentity, membersAt, nextIdentity, PLACES } from '../consensus/identities.ts';
import { drive, type LogPort, type LogResult } from '../consensus/node-log.ts';
import { currentConfig, currentConfigIndex, lastIndex } from '../consensus/raft-log.ts';
import { isReady } from '../consensus/raft-state.ts';
import type { Raft } from '../consensus/raft-types.ts';
import { send, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { type Hosted, serversOf } from './chunk-state.ts';

/** The newest configuration, if this node leads and it is committed: then the next change may begin. */
export function settled(raft: Raft | null): Configuration | null {
  if (raft === null || !isReady(raft)) return null;
  const config = currentConfig(raft.log);
  return isJoint(config) || currentConfigIndex(raft.log) > raft.commit ? null : config;
}

/** A node says that it runs under no identity: one of the group's, or one that is to come in. */
export function onIdle(hosted: Hosted, from: NodeId, { life }: MessageOf<'ChunkStarts'>): void {
  const { idle, log, exchange } = hosted;
  const { raft } = log;
  if (raft === null || !isReady(raft) || !serversOf(hosted).includes(from)) return;
  const isMember = membersAt(currentConfig(raft.log), serversOf(hosted), from).length > 0;
  if (!isMember && exchange?.to !== from) return;
  if (idle.get(from)?.life !== life) idle.set(from, { life, member: null });
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
export function driveAdmission(hosted: Hosted, port: LogPort): LogResult | null {
  const { log, idle, group } = hosted;
  const { raft } = log;
  const config = settled(raft);
  if (config === null || raft === null) return null;
  for (const [node, one] of idle) {
    if (one.member !== null && config.learners.includes(one.member)) {
      send(port.ctx, node, { kind: 'ChunkJoinAs', group, life: one.life, member: one.member });
      continue;
    }
    const own = membersAt(config, serversOf(hosted), node);
    if (own.length === 0 && hosted.exchange?.to !== node) {
      idle.delete(node);
      continue;
    }
    const member = nextOf(own, serversOf(hosted), node, lastIndex(raft.log) + 1);
    one.member = member;
    const learners = [...config.learners.filter((id) => !own.includes(id)), member];
    return drive(log, port, { kind: 'changeMembers', target: { voters: config.voters, learners } });
  }
  return null;
}

/** A learner holds all that its log speaks of; the log itself is held up to the entry that made it a learner, at least. */
export function onWhole(
  hosted: Hosted,
  port: LogPort,
  from: NodeId,
  { member }: MessageOf<'ChunkWhole'>,
): LogResult | null {
  const { log, group, idle, exchange } = hosted;
  const { raft } = log;
  const config = settled(raft);
  if (raft === null || config === null || !config.learners.includes(member)) return null;
  if ((raft.leadership?.progress.get(member)?.match ?? 0) < currentConfigIndex(raft.log)) return null;
  const own = membersAt(config, serversOf(hosted), from);
  const isVoter = own.some((id) => config.voters.includes(id));
  if (!isVoter && exchange?.to !== from) return null;
  const left = isVoter || exchange === null ? null : exchange.from;
  idle.delete(from);
  const out = left === null ? own : [...own, ...membersAt(config, serversOf(hosted), left)];
  const isOther = (id: MemberId): boolean => !out.includes(id);
  const target = {
    voters: [...config.voters.filter(isOther), member],
    learners: config.learners.filter(isOther),
  };
  trace(port.ctx, { kind: 'chunk.admitted', group, node: from, member });
  return drive(log, port, { kind: 'changeMembers', target });
}

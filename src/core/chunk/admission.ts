// A replica that has forgotten comes back under a new identity (docs/spec/polarfs.md FS-79): the group's leader makes it a learner, names the
// identity to that life of the node once the entry is committed, and lets it vote in place of the lost one when it holds all.

import type { NodeId } from '../../base/ids.ts';
import { type Configuration, isJoint, type MemberId } from '../consensus/configuration.ts';
import { membersAt, nextIdentity } from '../consensus/identities.ts';
import { drive, type LogPort, type LogResult } from '../consensus/node-log.ts';
import { currentConfig, currentConfigIndex } from '../consensus/raft-log.ts';
import { isReady } from '../consensus/raft-state.ts';
import type { Raft } from '../consensus/raft-types.ts';
import { type RoleContext, send, trace } from '../kernel/context.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { Hosted } from './chunk-state.ts';

/** The newest configuration, if this node leads and it is committed: then the next change may begin. */
function settled(raft: Raft | null): Configuration | null {
  if (raft === null || !isReady(raft)) return null;
  const config = currentConfig(raft.log);
  return isJoint(config) || currentConfigIndex(raft.log) > raft.commit ? null : config;
}

/** A node says that it runs under no identity. */
export function onIdle(hosted: Hosted, from: NodeId, { life }: MessageOf<'ChunkStarts'>): void {
  const { idle, log, replicas } = hosted;
  if (log.raft === null || !isReady(log.raft) || !replicas.includes(from)) return;
  if (idle.get(from)?.life !== life) idle.set(from, { life, member: null });
}

/** The leader brings on what is open, one change at a time. */
export function driveAdmission(hosted: Hosted, port: LogPort): LogResult | null {
  const { log, replicas, idle, group } = hosted;
  const config = settled(log.raft);
  if (config === null) return null;
  for (const [node, one] of idle) {
    if (one.member !== null && config.learners.includes(one.member)) {
      send(port.ctx, node, { kind: 'ChunkJoinAs', group, life: one.life, member: one.member });
      continue;
    }
    const own = membersAt(config, replicas, node);
    const member = nextIdentity(Math.max(...own) as MemberId);
    one.member = member;
    const learners = [...config.learners.filter((id) => !own.includes(id)), member];
    return drive(log, port, { kind: 'changeMembers', target: { voters: config.voters, learners } });
  }
  return null;
}

/** A learner holds all that its log speaks of; the log itself is held up to the entry that made it a learner, at least. */
export function onWhole(
  ctx: RoleContext,
  hosted: Hosted,
  port: LogPort,
  from: NodeId,
  { member }: MessageOf<'ChunkWhole'>,
): LogResult | null {
  const { log, replicas, group, idle } = hosted;
  const { raft } = log;
  const config = settled(raft);
  if (raft === null || config === null || !config.learners.includes(member)) return null;
  if ((raft.leadership?.progress.get(member)?.match ?? 0) < currentConfigIndex(raft.log)) return null;
  idle.delete(from);
  const own = membersAt(config, replicas, from);
  const isOther = (id: MemberId): boolean => !own.includes(id);
  const target = {
    voters: [...config.voters.filter(isOther), member],
    learners: config.learners.filter(isOther),
  };
  trace(ctx, { kind: 'chunk.admitted', group, node: from, member });
  return drive(log, port, { kind: 'changeMembers', target });
}

// What the trace has of the metadata's Raft log, where it has several members: a member that is alone elects nobody and waits for nobody.

import { crc32c } from '../../base/crc32c.ts';
import type { Configuration, MemberId } from '../consensus/configuration.ts';
import { memberName } from '../consensus/identities.ts';
import type { LogResult } from '../consensus/node-log.ts';
import { currentConfig, currentConfigIndex, lastIndex, lastTerm } from '../consensus/raft-log.ts';
import type { Entry, Fact, Raft } from '../consensus/raft-types.ts';
import { encodeConfiguration } from '../consensus/wire.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { MetaState } from './meta-state.ts';
import { isReplicated, nodeAt } from './pcs-raft.ts';

type Member = Pick<MetaState, 'pcs' | 'strangers' | 'log'>;

const nameOf = (state: Member, member: MemberId): string => memberName(nodeAt(state, member), member);

const namesOf = (state: Member, members: readonly MemberId[]): string =>
  members.map((member) => nameOf(state, member)).join(',');

/** Of equal entries equal. */
const sumOf = (entry: Entry): number => {
  if (entry.kind === 'data') return crc32c(entry.data);
  return entry.kind === 'config' ? crc32c(encodeConfiguration(entry.config)) : 0;
};

/** A member begins, or is alone no more: what its disk holds of the log, and who votes by it. */
export function traceOpened(state: Member, ctx: RoleContext): void {
  const { raft } = state.log;
  if (raft === null || !isReplicated(state)) return;
  if (raft.amnesia !== null) {
    trace(ctx, { kind: 'raft.identityLost', why: raft.amnesia });
    return;
  }
  const { baseIndex, baseTerm: base, durable } = raft.log;
  const entries = raft.log.entries.slice(0, durable - baseIndex);
  const as = nameOf(state, raft.config.self);
  trace(ctx, { kind: 'raft.open', as, term: raft.term, first: baseIndex + 1, ...logOf(entries), base });
  trace(ctx, {
    kind: 'raft.members',
    index: currentConfigIndex(raft.log),
    ...membersOf(state, currentConfig(raft.log)),
  });
}

const logOf = (entries: readonly Entry[]): { terms: readonly number[]; sums: readonly number[] } => ({
  terms: entries.map(({ term }) => term),
  sums: entries.map(sumOf),
});

export function traceFacts(state: Member, ctx: RoleContext, { facts, durable }: LogResult): void {
  const { raft } = state.log;
  if (raft === null || !isReplicated(state)) return;
  for (const { from, entries } of durable)
    trace(ctx, { kind: 'raft.durable', first: from, ...logOf(entries) });
  for (const fact of facts) traceFact(state, ctx, raft, fact);
}

function traceFact(state: Member, ctx: RoleContext, raft: Raft, fact: Fact): void {
  switch (fact.kind) {
    case 'role':
      traceRole(ctx, raft, fact);
      break;
    case 'voted':
      trace(ctx, { kind: 'raft.vote', term: fact.term, candidate: nameOf(state, fact.for) });
      break;
    case 'truncated':
      trace(ctx, { kind: 'raft.truncate', from: fact.from });
      break;
    case 'committed':
      trace(ctx, {
        kind: 'raft.commit',
        index: fact.index,
        term: raft.term,
        leads: raft.leadership !== null,
      });
      break;
    case 'configured':
      trace(ctx, { kind: 'raft.members', index: fact.index, ...membersOf(state, fact.config) });
      break;
    case 'compacted':
      trace(ctx, { kind: 'raft.snapshot', index: fact.index, what: 'taken', peer: '' });
      break;
    case 'snapshotBegun':
      trace(ctx, { kind: 'raft.snapshot', index: fact.index, what: 'sent', peer: nameOf(state, fact.to) });
      break;
    case 'installed':
      trace(ctx, { kind: 'raft.snapshot', index: fact.index, what: 'installed', peer: '' });
      break;
    case 'amnesiac':
      trace(ctx, { kind: 'raft.identityLost', why: fact.why });
      break;
    default:
  }
}

const membersOf = (state: Member, { voters, outgoing, learners }: Configuration) => ({
  voters: namesOf(state, voters),
  outgoing: namesOf(state, outgoing),
  learners: namesOf(state, learners),
});

function traceRole(ctx: RoleContext, { log }: Raft, { role, term }: Extract<Fact, { kind: 'role' }>): void {
  if (role === 'leader')
    trace(ctx, { kind: 'raft.leader', term, index: lastIndex(log), lastTerm: lastTerm(log) });
  else if (role === 'candidate') trace(ctx, { kind: 'raft.candidate', term });
  else if (role === 'follower') trace(ctx, { kind: 'raft.follower', term });
}

// A member of a group beside its log (docs/spec/raft.md PCS-104): whom it asks, how it starts, what it tells others.

import { expect, test } from 'vitest';
import { nodeId, type Time } from '../../base/ids.ts';
import { makePrng } from '../../base/prng.ts';
import type { RoleContext } from '../kernel/context.ts';
import { makeIds } from '../kernel/context-fixture.ts';
import { demoParams } from '../kernel/params-fixture.ts';
import { memberId } from './configuration.ts';
import {
  answerStart,
  beginStartupProbe,
  endStartupProbe,
  type GroupPort,
  type GroupWords,
  groupPort,
  isFromMember,
  makeGroupMember,
  peersOf,
  sendStartupProbe,
  takeAnswer,
} from './group-member.ts';
import { nextIdentity } from './identities.ts';
import { bootstrap } from './raft-state.ts';
import type { Message } from './raft-types.ts';
import type { Verdict } from './startup-probe.ts';
import type { JournalRead } from './stored.ts';
import { testLimits } from './testing/test-cluster.ts';

const nodes = ['a', 'b', 'c', 'd'].map(nodeId);
const [one, two, three] = [memberId(1), memberId(2), memberId(3)];
const empty: JournalRead = { kind: 'new' };

/** A journal in which members 1 and 2 vote, in term 1. */
const ofTwo: JournalRead = {
  kind: 'stored',
  stored: bootstrap(one, 4, [one, two]),
  slot: 0,
  checkpoints: 1,
  checkpointSequence: 0,
  sequence: 0,
  firstKept: 1,
};

/** Member 1 on node `a` in its fourth boot, in a group of four nodes of which three begin it; `said` is what it says. */
function hostOf(journal: JournalRead) {
  const member = makeGroupMember({
    config: {
      nodeId: nodeId('a'),
      roles: ['meta'],
      cluster: { preset: 'test', volume: 'v1', nodes: [], groups: [] },
      params: demoParams,
      prng: makePrng(1, 'a'),
      mutants: [],
    },
    disk: new Map(),
    journal,
    nodes,
    first: one,
    prefix: 'meta/',
    bootEpoch: 4,
    stream: 'test',
    limits: testLimits,
  });
  const said: [string, GroupWords][] = [];
  const ctx: RoleContext = {
    now: 0 as Time,
    role: 'meta',
    tag: 0,
    scope: '',
    ids: makeIds(),
    effects: [],
    traceId: 0,
  };
  const port: GroupPort = groupPort(member, {
    ctx,
    nodeId: nodeId('a'),
    incarnation: 7,
    nodes: () => nodes,
    founders: () => nodes.slice(0, 3),
    say: (to, words) => said.push([to, words]),
    startupProbeTimer: 'startupProbe',
    identityTimer: 'idle',
  });
  return { member, port, said };
}

const answerOf = (boot: number, term: number) => ({ boot, term, heardBoot: 3, heardTerm: 2, heardMatch: 9 });
const grantOf = (from: typeof one, term: number): Message => ({
  kind: 'VoteReply',
  from,
  to: one,
  term,
  granted: true,
});

test('PCS-104 a member asks the nodes of the configuration that its disk holds, with an empty disk the first ones', () => {
  const stored = hostOf(ofTwo);
  expect(peersOf(stored.member, stored.port)).toEqual(['b']);
  const fresh = hostOf(empty);
  expect(peersOf(fresh.member, fresh.port)).toEqual(['b', 'c']);
});

test('PCS-104 who has answered in this life is not asked again', () => {
  const { member, port, said } = hostOf(empty);
  beginStartupProbe(member, port, [nodeId('b'), nodeId('c')], [nodeId('b')]);
  expect(takeAnswer(member, nodeId('b'), answerOf(3, 0))).toBe(false);
  expect(takeAnswer(member, nodeId('c'), answerOf(4, 0))).toBe(true);
  sendStartupProbe(member, port);
  expect(said).toEqual([['b', { kind: 'MemberStarts', boot: 4, member: 1, incarnation: 7 }]]);
});

test.each<[string, JournalRead, number | null, boolean | null, Verdict['kind']]>([
  ['an empty disk waits for every answer', empty, null, true, 'wait'],
  ['an empty disk begins the group once all say that it has not begun', empty, 0, true, 'new'],
  ['a group that has begun proves an empty disk to be a lost one', empty, 2, true, 'empty'],
  ['PCS-120 nobody has said whether the group may be begun', empty, 0, null, 'wait'],
  ['PCS-120 the group may not be begun with an empty disk', empty, 0, false, 'empty'],
  ['a disk that holds the log waits for an answer', ofTwo, null, true, 'wait'],
  ['a disk that holds the log runs with what others heard of it', ofTwo, 2, true, 'run'],
])('PCS-104 %s', (_, journal, term, mayBegin, kind) => {
  const { member, port } = hostOf(journal);
  beginStartupProbe(member, port, [nodeId('b')], [nodeId('b')]);
  if (term !== null) takeAnswer(member, nodeId('b'), answerOf(4, term));
  const verdict = endStartupProbe(member, 0 as Time, mayBegin);
  expect(verdict.kind).toBe(kind);
  expect(member.startupProbe === null).toBe(kind !== 'wait');
  if (verdict.kind === 'run') expect(verdict.witness).toEqual({ bootEpoch: 3, term: 2, match: 9 });
});

test('PCS-104 a member that starts is told the most that it has promised, by who holds a log', () => {
  const { member, port, said } = hostOf(ofTwo);
  expect(isFromMember(member, port, nodeId('b'), { boot: 5, message: grantOf(two, 3) })).toBe(true);
  answerStart(member, port, nodeId('b'), { boot: 6, member: two });
  const answer = { boot: 6, term: 1, heardBoot: 5, heardTerm: 3, heardMatch: 0 };
  expect(said).toEqual([['b', { kind: 'MemberKnown', ...answer }]]);
  // from its new life on, messages of the one before count for nothing
  expect(isFromMember(member, port, nodeId('b'), { boot: 5, message: grantOf(two, 4) })).toBe(false);
  const damaged = hostOf({ kind: 'damaged', error: 'torn' });
  answerStart(damaged.member, damaged.port, nodeId('b'), { boot: 6, member: two });
  expect(damaged.said).toEqual([]);
});

test('PCS-105 a message counts from the node of its member only; a node without a place is taken at its word, and answered', () => {
  const { member, port, said } = hostOf(ofTwo);
  expect(isFromMember(member, port, nodeId('b'), { boot: 1, message: grantOf(three, 1) })).toBe(false);
  const stranger = memberId(5);
  expect(isFromMember(member, port, nodeId('e'), { boot: 1, message: grantOf(stranger, 1) })).toBe(true);
  const reply: Message = { kind: 'TimeoutNow', from: one, to: stranger, term: 1 };
  port.send(reply);
  port.send({ ...reply, to: nextIdentity(two) });
  port.send({ ...reply, to: memberId(6) }); // nobody knows where it is
  expect(said.map(([to]) => to)).toEqual(['e', 'b']);
});

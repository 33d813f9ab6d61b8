// Members of the metadata's log as entries have them (PCS-105 to PCS-107), and the dedup table of all requests (PCS-30, PCS-32).

import { describe, expect, test } from 'vitest';
import { nodeId, type Term } from '../../base/ids.ts';
import { memberId } from '../consensus/configuration.ts';
import { memberName, nodeOfMember } from '../consensus/identities.ts';
import type { ClusterSpec } from '../kernel/cluster-spec.ts';
import { applyMeta, initialContent } from './apply-meta.ts';
import { movedPcs } from './leaving-voters.ts';
import { isGone } from './members.ts';
import { type MetaContent, type MetaOperation, openContent, sealContent } from './meta-content.ts';
import { isVoteNeeded } from './vote-needed.ts';

const [p1, p2, p3, p4] = ['p1', 'p2', 'p3', 'p4'].map(nodeId) as [
  ReturnType<typeof nodeId>,
  ReturnType<typeof nodeId>,
  ReturnType<typeof nodeId>,
  ReturnType<typeof nodeId>,
];
const [rw1, rw2] = [nodeId('rw-1'), nodeId('rw-2')];
const pcs = [p1, p2, p3, p4];

const cluster: ClusterSpec = {
  preset: 'test',
  volume: 'v1',
  nodes: [
    ...pcs.map((id) => ({
      id,
      zone: 'a',
      roles: ['meta' as const],
      ...(id === p4 && { isSpare: true as const }),
    })),
    { id: rw1, zone: 'a', roles: ['compute'] },
    { id: rw2, zone: 'b', roles: ['compute'], isSpare: true },
  ],
  groups: [],
};
const made = (): MetaContent => initialContent(cluster);

let requests = 0;
type Content<T> = T extends unknown ? Omit<T, 'from' | 'boot' | 'reqId'> : never;
const apply = (content: MetaContent, one: Content<MetaOperation>) =>
  applyMeta(content, { ...one, from: p1, boot: 1, reqId: ++requests } as MetaOperation);
const change = (content: MetaContent, node: typeof p1, want: 'in' | 'out', isIdle = false) =>
  apply(content, { kind: 'changePcs', node, want, isIdle, at: 5 });

describe('PCS-105 an identity is given once', () => {
  test('a spare node is numbered by its place, an identity that follows by 64 more', () => {
    const content = made();
    expect(content.config.voters).toEqual([1, 2, 3]);
    change(content, p4, 'in');
    expect(apply(content, { kind: 'admitPcs', node: p4, incarnation: 9 })).toMatchObject({ member: 4 });
    expect(apply(content, { kind: 'admitPcs', node: p4, incarnation: 12 })).toMatchObject({ member: 68 });
    expect(content.members.find(({ node }) => node === p4)).toEqual({
      node: p4,
      member: 68,
      incarnation: 12,
    });
    expect([4, 68, 131].map((member) => nodeOfMember(pcs, memberId(member)))).toEqual([p4, p4, p3]);
    expect([68, 131].map((member) => memberName(p4, memberId(member)))).toEqual(['p4#2', 'p4#3']);
    expect([memberName(p4, memberId(4)), memberName(null, memberId(5))]).toEqual(['p4', 'member 5']);
  });

  test('none is given to a node that nobody asked for', () => {
    const content = made();
    expect(apply(content, { kind: 'admitPcs', node: p4, incarnation: 9 })).toMatchObject({
      kind: 'pcsRefused',
    });
    expect(content.change).toBeNull();
  });
});

describe('PCS-106 one change at a time', () => {
  test.each([
    ['a voter that runs', p2, 'in', false, 'ALREADY_VOTER'],
    ['a node that is no member', p4, 'out', false, 'NOT_MEMBER'],
  ] as const)('%s', (_, node, want, isIdle, code) => {
    expect(change(made(), node, want, isIdle)).toMatchObject({ kind: 'pcsRefused', code });
  });

  test('a second one waits to be asked for again; the newer order counts for the same node', () => {
    const content = made();
    change(content, p4, 'in');
    expect(change(content, p2, 'out')).toMatchObject({ code: 'CHANGE_IN_PROGRESS' });
    expect(change(content, p4, 'in')).toMatchObject({ code: 'CHANGE_IN_PROGRESS' });
    expect(change(content, p4, 'out')).toMatchObject({ kind: 'pcsChange', want: 'out' });
    expect(apply(content, { kind: 'endPcsChange', node: p4 })).toMatchObject({ kind: 'pcsDone' });
    expect(change(content, p2, 'in', true)).toMatchObject({ kind: 'pcsChange' });
  });

  test('the last voter stays', () => {
    const content = made();
    content.config = { voters: [memberId(2)], outgoing: [], learners: [] };
    expect(change(content, p2, 'out')).toMatchObject({ code: 'LAST_VOTER' });
  });
});

test('PCS-107 who was a member is gone by what is committed; who is yet to come is not', () => {
  const content = made();
  const gone = (member: number): boolean => isGone(content, memberId(member));
  expect([1, 2, 3, 4, 68].map(gone)).toEqual([false, false, false, false, false]);
  change(content, p4, 'in');
  apply(content, { kind: 'admitPcs', node: p4, incarnation: 9 });
  expect(gone(4)).toBe(false);
  apply(content, { kind: 'admitPcs', node: p4, incarnation: 10 });
  expect([4, 68].map(gone)).toEqual([true, false]);
  content.config = { voters: [1, 2].map(memberId), outgoing: [], learners: [] };
  expect([3, 67].map(gone)).toEqual([true, false]);
});

describe('PCS-30, PCS-32 one dedup table', () => {
  const grant = (reqId: number, boot = 1, from = rw1): MetaOperation => ({
    kind: 'grantToken',
    from,
    boot,
    reqId,
    volume: 'v1',
    expect: null,
  });

  test('FENCE-1 a request is done once and answered the same, through a snapshot too', () => {
    const content = made();
    expect(applyMeta(content, grant(1))).toMatchObject({ kind: 'granted', token: 1 });
    const opened = openContent(sealContent(content));
    if (!opened.ok) throw new Error(opened.error);
    for (const one of [content, opened.value]) {
      expect(applyMeta(one, grant(1))).toEqual({ kind: 'repeated', code: '', value: 1 });
      expect(one.volumes[0]?.token).toBe(1);
    }
  });

  test('a request of an earlier life of its client comes too late', () => {
    const content = made();
    applyMeta(content, grant(1, 2));
    expect(applyMeta(content, grant(1, 1))).toEqual({ kind: 'repeated', code: 'LATE', value: 0 });
  });

  test('what is long answered is too late as well; what was refused is refused again', () => {
    const content = made();
    const claim = (reqId: number, term: number): MetaOperation => ({
      ...{ kind: 'setWriter', from: rw1, boot: 1, reqId, volume: 'v1', state: 'RECOVERING' },
      term: term as Term,
    });
    expect(applyMeta(content, claim(2, 7))).toEqual({ kind: 'STALE_TERM' });
    expect(applyMeta(content, claim(2, 7))).toEqual({ kind: 'repeated', code: 'STALE_TERM', value: 0 });
    for (let reqId = 3; reqId < 80; reqId++) applyMeta(content, claim(reqId, 7));
    expect(applyMeta(content, claim(2, 7))).toEqual({ kind: 'repeated', code: 'LATE', value: 0 });
    expect(applyMeta(content, claim(1, 7))).toEqual({ kind: 'repeated', code: 'LATE', value: 0 });
  });

  test('FENCE-2 a token goes only to the node that the PCS chose', () => {
    const content = made();
    expect(applyMeta(content, grant(1, 1, rw2))).toEqual({ kind: 'NOT_CHOSEN' });
    expect(content.volumes[0]).toMatchObject({ token: 0, holder: null });
  });
});

describe('PCS-1 who is told which nodes hold the log', () => {
  const moved = (content: MetaContent) => movedPcs(content, cluster);
  const holds = (content: MetaContent, ...members: readonly number[]): void => {
    content.config = { ...content.config, voters: members.map(memberId) };
  };

  test('nobody, while they are those of the layout; then each other list, and that of the layout when it is back', () => {
    const content = made();
    expect(moved(content)).toBeNull();
    change(content, p4, 'in');
    apply(content, { kind: 'admitPcs', node: p4, incarnation: 9 });
    holds(content, 1, 2, 3, 4);
    expect(moved(content)).toEqual([p1, p2, p3, p4]);
    holds(content, 2, 3, 4);
    expect(moved(content)).toEqual([p2, p3, p4]);
    holds(content, 1, 2, 3);
    expect(moved(content)).toEqual([p1, p2, p3]);
  });

  test('a new identity of a node of the layout makes no other list', () => {
    const content = made();
    change(content, p1, 'in', true);
    apply(content, { kind: 'admitPcs', node: p1, incarnation: 9 });
    holds(content, 65, 2, 3);
    expect(moved(content)).toBeNull();
  });
});

test.each<readonly [string, typeof p1, readonly (typeof p1)[], readonly (typeof p1)[], boolean]>([
  ['with a spare node it may go', p1, [p4], [], false],
  ['without one it is needed', p1, [], [], true],
  ['a spare node that is to leave takes no place', p1, [p4], [p4], true],
  ['another voter that is to leave does not stay', p1, [p4], [p2], true],
  ['a spare node may go', p4, [p4], [], false],
  [
    'the last spare node takes the place of a voter that is to leave (drawn postdb-v4 seed 11)',
    p4,
    [p4],
    [p2],
    true,
  ],
  ['one that is to leave already is told so again', p1, [], [p1], false],
])('PCS-80 a vote: %s', (_, node, spares, offline, isNeeded) => {
  const facts = { voters: [p1, p2, p3], spares, offline, fewest: 3 };
  expect(isVoteNeeded(node, facts)).toBe(isNeeded);
  expect(isVoteNeeded(rw1, facts)).toBe(false);
});

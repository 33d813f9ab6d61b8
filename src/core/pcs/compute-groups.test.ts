// Who writes a volume with an HA group, as entries of the metadata's log change it (docs/spec/failover.md §2, §3).

import { describe, expect, test } from 'vitest';
import { nodeId, type Term } from '../../base/ids.ts';
import type { ClusterSpec, NodeSpec } from '../kernel/cluster-spec.ts';
import { applyMeta, initialContent } from './apply-meta.ts';
import type { MetaContent, MetaOperation } from './meta-content.ts';

const member = (id: string, haPriority?: number): NodeSpec => ({
  id: nodeId(id),
  zone: 'a',
  roles: ['compute'],
  ...(id === 'rw-1' ? {} : { isReader: true }),
  ...(haPriority === undefined ? {} : { haPriority }),
});
const cluster: ClusterSpec = {
  preset: 'test',
  volume: 'v1',
  nodes: [
    member('rw-1', 1),
    member('ha-1', 1),
    member('ro-1'),
    { id: nodeId('meta-1'), zone: 'a', roles: ['meta'] },
  ],
  groups: [],
};

type Change = Extract<MetaOperation, { kind: 'promote' | 'setState' | 'switchover' | 'moveToHa' }>;
type Bare<T> = T extends unknown ? Omit<T, 'from' | 'boot' | 'reqId' | 'volume'> : never;

function metadata() {
  const content: MetaContent = initialContent(cluster);
  const [volume] = content.volumes;
  const [group] = content.computeGroups;
  if (volume === undefined || group === undefined) throw new Error('no volume');
  let asked = 0;
  const change = (one: Bare<Change>) =>
    applyMeta(content, { ...one, from: nodeId('meta-1'), boot: 1, reqId: ++asked, volume: 'v1' } as Change);
  const promote = (holder: string, expect: number) =>
    change({ kind: 'promote', holder: nodeId(holder), holderBoot: 1, expect: expect as Term });
  const open = (holder: string): void => {
    promote(holder, volume.token);
    Object.assign(volume, { created: true, state: 'OPEN', writer: nodeId(holder) });
  };
  const switchTo = (target: string) => change({ kind: 'switchover', target: nodeId(target) });
  const thaw = (term: number) => change({ kind: 'setState', term: term as Term, state: 'OPEN' });
  return { volume, group, change, promote, open, switchTo, thaw };
}

const names = (members: readonly { readonly node: string }[]): string[] => members.map(({ node }) => node);

describe('groups', () => {
  test('FENCE-18 the lists are disjoint, a reader of the RO group is never granted a token, and moveToHa alone changes that', () => {
    const { group, promote, change } = metadata();
    expect([names(group.members), group.readers]).toEqual([['rw-1', 'ha-1'], ['ro-1']]);
    expect(promote('ro-1', 0)).toEqual({ kind: 'switchRefused', code: 'BAD_TARGET' });
    expect([names(group.members), group.readers]).toEqual([['rw-1', 'ha-1'], ['ro-1']]);
    expect(change({ kind: 'moveToHa', node: nodeId('ro-1'), priority: 3 })).toEqual({ kind: 'groupSet' });
    expect([names(group.members), group.readers]).toEqual([['rw-1', 'ha-1', 'ro-1'], []]);
    expect(promote('ro-1', 0)).toEqual({ kind: 'granted', token: 1 });
  });

  test.each(['rw-1', 'ha-1', 'elsewhere'])('FENCE-18 %s is no reader: moveToHa refuses it', (node) => {
    const { change } = metadata();
    expect(change({ kind: 'moveToHa', node: nodeId(node), priority: 1 })).toEqual({
      kind: 'switchRefused',
      code: 'BAD_TARGET',
    });
  });
});

describe('states (§3)', () => {
  test('FENCE-1 H1 token and state are one entry; a decision made on an older token is TOKEN_RACE', () => {
    const { volume, open, promote } = metadata();
    open('rw-1');
    expect(promote('ha-1', 1)).toEqual({ kind: 'granted', token: 2 });
    expect(volume).toMatchObject({ token: 2, holder: 'ha-1', state: 'FENCING' });
    expect(promote('rw-1', 1)).toEqual({ kind: 'switchRefused', code: 'TOKEN_RACE' });
    expect(volume.holder).toBe('ha-1');
  });

  test('FENCE-23 FENCE-34 FREEZING goes back to OPEN under the same token, and not once a token was granted', () => {
    const { volume, group, open, switchTo, thaw, promote } = metadata();
    open('rw-1');
    expect(switchTo('ha-1')).toEqual({ kind: 'stateSet' });
    expect([volume.state, group.target]).toEqual(['FREEZING', 'ha-1']);
    expect(thaw(1)).toEqual({ kind: 'stateSet' });
    expect([volume.state, group.target, volume.token]).toEqual(['OPEN', null, 1]);
    switchTo('ha-1');
    promote('ha-1', 1);
    expect(thaw(1)).toEqual({ kind: 'switchRefused', code: 'STALE_TERM' });
    expect(thaw(2)).toEqual({ kind: 'switchRefused', code: 'STALE_TERM' });
    expect(volume.state).toBe('FENCING');
  });

  test('FENCE-23 from FENCING on only a further token leads on, which may go to the old node', () => {
    const { volume, open, promote, switchTo } = metadata();
    open('rw-1');
    promote('ha-1', 1);
    expect(switchTo('rw-1')).toEqual({ kind: 'switchRefused', code: 'CHANGE_IN_PROGRESS' });
    expect(promote('rw-1', 2)).toEqual({ kind: 'granted', token: 3 });
    expect(volume).toMatchObject({ holder: 'rw-1', state: 'FENCING' });
  });

  test.each(['rw-1', 'ro-1', 'elsewhere'])(
    'W1 a switchover to %s, who cannot follow, is BAD_TARGET',
    (target) => {
      const { volume, open, switchTo } = metadata();
      open('rw-1');
      expect(switchTo(target)).toEqual({ kind: 'switchRefused', code: 'BAD_TARGET' });
      expect(volume.state).toBe('OPEN');
    },
  );
});

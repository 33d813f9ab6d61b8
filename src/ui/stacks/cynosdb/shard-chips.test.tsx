// The shards of a node on its card: what it leads first, and no chip for what it has no copy of.

import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { GroupId } from '../../../base/ids.ts';
import type { MemberState } from '../../../core/kernel/membership.ts';
import { CardRoom } from '../../kit/card-room.ts';
import { ShardChips, shardsOf } from './shard-chips.tsx';

const of = (group: string, memberState: MemberState) => ({ group: group as GroupId, memberState });

test('PCS-36 primaries come first, then copies that come or go; of a group without a copy nothing is shown', () => {
  const groups = [
    of('g1', 'voter'),
    of('g2', 'learner'),
    of('g3', 'voter'),
    of('g4', 'none'),
    of('g5', 'outgoing'),
  ];
  expect(shardsOf(groups, ['g3'])).toEqual([
    { group: 'g3', attachment: 'primary' },
    { group: 'g2', attachment: 'learner' },
    { group: 'g5', attachment: 'outgoing' },
    { group: 'g1', attachment: 'replica' },
  ]);
});

test('PCS-48 a primary whose replica leaves is no primary like the others', () => {
  const groups = [of('g1', 'voter'), of('g2', 'outgoing')];
  expect(shardsOf(groups, ['g1', 'g2'])).toEqual([
    { group: 'g1', attachment: 'primary' },
    { group: 'g2', attachment: 'leavingPrimary' },
  ]);
});

test('what has no room is counted', () => {
  const shards = shardsOf(
    Array.from({ length: 9 }, (_, i) => of(`g${i + 1}`, 'voter')),
    [],
  );
  const drawn = (width: number): string =>
    renderToStaticMarkup(
      <CardRoom value={width}>
        <ShardChips shards={shards} />
      </CardRoom>,
    );
  expect(drawn(400).match(/<button/g)).toHaveLength(9);
  expect(drawn(130).match(/<button/g)).toHaveLength(3);
  expect(drawn(130)).toContain('+6');
});

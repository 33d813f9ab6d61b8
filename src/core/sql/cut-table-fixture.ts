// A table that is cut into two tablets, each in a group of its own, for tests of who sends requests to them and of who reads both.

import { groupId, lsn, nodeId, term } from '../../base/ids.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { pageKey } from '../page/page-key.ts';
import { partStatement } from './part-statement.ts';
import { describeTable, tabletTable } from './tablets.ts';

const { definition } = describeTable({
  name: 't',
  columns: [{ name: 'k', type: 'int4', notNull: true }],
  indexes: [
    {
      name: null,
      keys: [{ column: 0, descending: false, nullsFirst: false }],
      isUnique: true,
      constraint: 'primary',
    },
  ],
  checks: [],
  foreignKeys: [],
  ifNotExists: false,
  sequences: [],
});

/** `second`: the first key of the second tablet, in text form. */
export const cutTable = (second: string) => ({
  id: 1,
  name: 't',
  definition,
  version: 1,
  state: 'active' as const,
  tablets: [
    { relation: 8, from: '', geoEpoch: 1 },
    { relation: 16, from: second, geoEpoch: 1 },
  ],
});

/** It reads both tablets. */
export const whole = partStatement({
  table: tabletTable(cutTable(''), 8),
  columns: [true],
  least: null,
  most: null,
});

export type MapGroups = MessageOf<'MapIs'>['groups'];

export const groupOf = (relation: number, leader: string): MapGroups[number] => ({
  volume: `v${relation}`,
  leader: nodeId(leader),
  term: term(1),
  descriptor: {
    group: groupId(`g${relation}`),
    keyFirst: pageKey(relation, 0, 0),
    keyEnd: pageKey(relation + 8, 0, 0),
    baseLsn: lsn(0),
    sets: [['n1', 'n2'].map(nodeId)],
    learners: [],
    memberEpoch: 1,
    geoEpoch: 1,
    vw: 2,
    vr: 1,
  },
});

/** n1 leads the first, n2 the second. */
export const cutGroups: MapGroups = [groupOf(8, 'n1'), groupOf(16, 'n2')];

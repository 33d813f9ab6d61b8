// What the metadata shows of tables, tablets and the shard map (docs/spec/placement.md PCS-36 to PCS-42, pcs.md PCS-85). Pure.

import { MAX } from '../../base/ids.ts';
import { shownFigures } from './group-figures.ts';
import type { MetaState } from './meta-state.ts';
import type { ShardingView } from './pcs-view.ts';
import { type Sharding, shardGroups, tabletKeys } from './sharding.ts';
import { openSplits } from './splits.ts';

export const shardingView = (
  state: MetaState,
  { schemaVersion, tables, offline }: Sharding,
): ShardingView => ({
  schemaVersion,
  tables: tables.map(({ name, version, state, tablets }) => ({
    name,
    version,
    state,
    tablets: tablets.map(({ relation, from }) => ({
      relation,
      from,
      keyFirst: tabletKeys(relation).keyFirst,
    })),
  })),
  groups: shardGroups(state.content).map(
    ({ group, volume, leader, term, geoEpoch, keyFirst, keyEnd, shards }) => ({
      ...shownFigures(state, group),
      group,
      volume,
      leader,
      term,
      geoEpoch,
      keyFirst,
      keyEnd,
      shards: shards.map(({ id, first, end }) => ({ id, first, end: end === MAX ? -1 : end })),
    }),
  ),
  splits: openSplits(state.content).flatMap(({ group, child, other }) =>
    (child?.groups ?? []).map(({ group: made }) => ({ group, child: made, other })),
  ),
  offline: [...offline],
});

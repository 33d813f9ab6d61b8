// Gauges of the shard map: what there is of it, and what moves. Every node holds the metadata, so each figure is the greatest of them.

import type { RoleView } from '../../core/kernel/view.ts';
import type { MetaView } from '../../core/pcs/pcs-view.ts';
import { type GaugeTable, setBy } from '../../run-model/gauges/gauge.ts';

const newest = { unit: 'count', scope: 'node', total: 'max' } as const;

const metadata =
  (read: (view: MetaView) => number) =>
  (role: RoleView): readonly { readonly value: number }[] =>
    role.role === 'meta' ? [{ value: read(role) }] : [];

export const postdbV4Gauges = {
  shardGroups: { ...newest, fromView: metadata(({ sharding }) => sharding?.groups.length ?? 0) },
  shards: {
    ...newest,
    fromView: metadata(({ sharding }) =>
      (sharding?.groups ?? []).reduce((sum, { shards }) => sum + shards.length, 0),
    ),
  },
  /** Groups whose members change now. */
  replicaMoves: { ...newest, fromView: metadata(({ groups }) => groups.filter(({ move }) => move).length) },
  /** Groups that nobody leads now. */
  leaderless: {
    ...newest,
    fromView: metadata(
      ({ sharding }) => (sharding?.groups ?? []).filter(({ leader }) => leader === null).length,
    ),
  },
  /** PCS-33, of the definitions: *Run until* `schema >= 4`. */
  schemaVersion: {
    unit: 'count',
    scope: 'cluster',
    word: 'schema',
    event: setBy('table.step', ({ version }) => ({ value: version })),
  },
} as const satisfies GaugeTable;

declare module '../../run-model/gauges/gauge.ts' {
  interface StackGauges {
    postdbV4: typeof postdbV4Gauges;
  }
}

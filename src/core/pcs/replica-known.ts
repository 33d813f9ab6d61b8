// The highest state that each store has reported of its replicas (docs/spec/wal.md WAL-75): what a store that starts is compared with.
// Memory of the metadata's leader, made of heartbeats. A store's later heartbeat that does not name a replica any more
// has deleted it, so what was known of it goes.

import type { NodeId } from '../../base/ids.ts';
import type { ReplicaKnown, ReplicaReport } from '../kernel/fields.ts';

export type KnownReplicas = Map<NodeId, readonly ReplicaKnown[]>;

export function recordReports(known: KnownReplicas, from: NodeId, reports: readonly ReplicaReport[]): void {
  const before = known.get(from) ?? [];
  const merged = reports.map((report) =>
    mostOf(
      before.find(({ group }) => group === report.group),
      report,
    ),
  );
  known.set(from, merged);
}

/** Heartbeats may come late: of two reports the numbers that never fall say which tells more. */
function mostOf(before: ReplicaKnown | undefined, report: ReplicaReport): ReplicaKnown {
  const { group, memberEpoch, sequence, volumeEpoch, scl } = report;
  const reported: ReplicaKnown = { group, memberEpoch, sequence, volumeEpoch, scl };
  if (!before || memberEpoch > before.memberEpoch) return reported;
  if (memberEpoch < before.memberEpoch || sequence < before.sequence) return before;
  if (volumeEpoch > before.volumeEpoch || scl > before.scl) return reported;
  return { group, memberEpoch, sequence, volumeEpoch: before.volumeEpoch, scl: before.scl };
}

// The archive's part of lens 4.8: what the object store holds of the volume's log and pages, what is missing, how far it is
// behind, and the points that can be restored (WAL-40…44). Pure: node frames in, a model out.

import type { Range } from '../../../../../base/ids.ts';
import type { BackupGroupView, ObjectStoreView } from '../../../../../core/object-store/object-store-view.ts';
import type { LensSource } from '../../../../lens/lens-need.ts';
import { type Health, healthOf, objectStoreOf } from '../../../../model/node-facts.ts';
import { findWriter } from '../wal/project.ts';

export interface ArchiveGroup extends BackupGroupView {
  /** LSNs that VDL is ahead of what the archive has of the group. */
  readonly lag: number;
}

/** A commit that can be restored, and when it was made, virtual µs. */
export interface RestorePoint {
  readonly lsn: number;
  readonly time: number;
}

export interface ArchiveModel {
  readonly node: string;
  readonly health: Health;
  readonly volume: string;
  readonly version: number;
  readonly token: number;
  readonly objects: number;
  readonly bytes: number;
  readonly bad: readonly string[];
  readonly vdl: number;
  readonly groups: readonly ArchiveGroup[];
  readonly restorable: readonly Range[];
  /** Ascending. */
  readonly points: readonly RestorePoint[];
  readonly window: Range;
}

function findObjectStore(
  source: LensSource,
): { readonly node: string; readonly health: Health; readonly view: ObjectStoreView | null } | null {
  const spec = source.cluster.nodes.find(({ roles }) => roles.includes('objectStore'));
  if (spec === undefined) return null;
  const frame = source.nodes[spec.id];
  return {
    node: spec.id,
    health: frame === undefined ? 'down' : healthOf(frame),
    view: objectStoreOf(frame),
  };
}

function windowOf(groups: readonly BackupGroupView[], vdl: number): Range {
  const starts = groups.flatMap(({ bases, logs }) => [
    ...bases.slice(0, 1),
    ...logs.slice(0, 1).map(([at]) => at),
  ]);
  const first = starts.length === 0 ? 0 : Math.max(0, Math.min(...starts));
  const ends = groups.map(({ archivedTo }) => archivedTo);
  return [first, Math.max(first + 1, vdl + 1, ...ends.map((end) => end + 1))];
}

/** Null: the cluster has no object store, or nothing is archived of the volume. */
export function projectArchive(source: LensSource): ArchiveModel | null {
  const found = findObjectStore(source);
  if (found === null) return null;
  const backup = found.view?.backups.find(({ volume }) => volume === source.cluster.volume) ?? null;
  const vdl = findWriter(source)?.view.vdl ?? -1;
  const groups = (backup?.groups ?? []).map((group) => ({
    ...group,
    lag: vdl < 0 ? -1 : Math.max(0, vdl - group.archivedTo),
  }));
  const restorable = backup?.restorable ?? [];
  return {
    node: found.node,
    health: found.health,
    volume: source.cluster.volume,
    version: backup?.version ?? -1,
    token: backup?.token ?? -1,
    objects: found.view?.objects ?? 0,
    bytes: found.view?.bytes ?? 0,
    bad: found.view?.bad ?? [],
    vdl,
    groups,
    restorable,
    points: (backup?.points ?? []).filter(({ lsn }) =>
      restorable.some(([first, last]) => first <= lsn && lsn < last),
    ),
    window: windowOf(groups, vdl),
  };
}

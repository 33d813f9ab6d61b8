// What the monitors of the backup remember (archive-monitors.ts).

import type { NodeId } from '../../base/ids.ts';
import type { ClusterSpec } from '../../core/kernel/door.ts';

export interface GroupArchive {
  /** As the standing manifest has it. */
  archivedTo: number;
  /** The highest it ever was: what GC may go by, also after the object store has lost its disk. */
  highest: number;
  /** Segments that are named, by their first LSN. */
  readonly ranges: Map<number, number>;
  base: number;
}

export interface ArchiveWatch {
  /** Node of the object store, or null: nothing is backed up. */
  readonly store: NodeId | null;
  /** Of the manifest that stands; null: a run that was resumed has not been told of it yet. */
  version: number | null;
  token: number;
  /** Highest VDL′ that a replica was opened with: R7 follows R6, so a write quorum of every group holds all up to it. */
  openedTo: number;
  readonly groups: Map<string, GroupArchive>;
}

export const makeArchiveWatch = ({ nodes }: ClusterSpec, isResumed: boolean): ArchiveWatch => ({
  store: nodes.find(({ roles }) => roles.includes('objectStore'))?.id ?? null,
  version: isResumed ? null : 0,
  token: 0,
  openedTo: -1,
  groups: new Map(),
});

export function archiveOf({ groups }: ArchiveWatch, id: string): GroupArchive {
  let group = groups.get(id);
  if (!group) {
    group = { archivedTo: -1, highest: -1, ranges: new Map(), base: -2 };
    groups.set(id, group);
  }
  return group;
}

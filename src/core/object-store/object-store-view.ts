// What the object store shows of itself: objects, and of each volume's backup what can be restored (WAL-41…43).

import type { GroupId, NodeId, Range } from '../../base/ids.ts';

/** The backup of a volume's group as the manifest has it (WAL-41, WAL-42). */
export interface BackupGroupView {
  readonly group: GroupId;
  readonly archiver: NodeId;
  readonly archivedTo: number;
  /** Log segments, ascending. */
  readonly logs: readonly Range[];
  readonly bases: readonly number[];
  /** Log that is lost to the backup, and the object that held it. */
  readonly gaps: readonly { readonly first: number; readonly end: number; readonly name: string }[];
  readonly restorable: readonly Range[];
}

export interface ObjectStoreView {
  readonly role: 'objectStore';
  readonly bootEpoch: number;
  readonly objects: number;
  readonly bytes: number;
  /** Uploads of which a part is there. */
  readonly uploads: number;
  /** Objects found missing or rotten since it opened, and not put again. */
  readonly bad: readonly string[];
  /** Volumes that are being restored, and how many objects stay for each until they are. */
  readonly pinned: readonly { readonly volume: string; readonly objects: number }[];
  readonly backups: readonly {
    readonly volume: string;
    readonly version: number;
    readonly token: number;
    /** Objects that the manifest names. */
    readonly named: number;
    readonly groups: readonly BackupGroupView[];
    /** Ranges in which every CPL can be restored (WAL-43). */
    readonly restorable: readonly Range[];
    readonly cpls: number;
    readonly newestCommit: { readonly lsn: number; readonly time: number } | null;
    /** When pages are asked for: the newest commits that the manifest names, ascending. */
    readonly points?: readonly { readonly lsn: number; readonly time: number }[];
  }[];
}

declare module '../kernel/view.ts' {
  interface RoleViews {
    objectStore: ObjectStoreView;
  }
}

// What a replica that archives its group keeps (docs/spec/wal.md WAL-40…42): plain data, none of it durable. The manifest is
// the truth; after a restart it is read again. One request is under way at a time.

import type { GroupId, Lsn, NodeId, RequestNumber, Time } from '../../../base/ids.ts';
import type { ManifestEdit } from '../../object-store/manifest-edit.ts';
import type { ObjectParts } from '../../object-store/object-parts.ts';
import type { Manifest, ManifestGroup, ObjectRef } from '../../object-store/objects.ts';
import type { PageKey } from '../../page/page-key.ts';
import type { ImageVersions, OfGroup } from '../replica/state.ts';
import type { Turns } from './archive-turns.ts';

declare module '../replica/state.ts' {
  interface StoreState {
    /** Where the volume is backed up to, or null (WAL-37). */
    readonly objectStore: NodeId | null;
    /** Groups that the metadata has named this node the archiver of (WAL-40). */
    readonly archivers: Map<GroupId, Archiver>;
  }
  interface PendingReads {
    /** For a base image of the archive. */
    archive: OfGroup & ImageVersions & { readonly base: number };
  }
}

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What is to be put, and the edit of the manifest that follows. */
export interface UploadJob {
  readonly kind: 'upload';
  readonly objects: readonly NamedBytes[];
  /** Null: the manifest names the object already (F31). */
  readonly edit: ManifestEdit | null;
}

/** A base image, put part after part. */
export interface BaseJob {
  readonly kind: 'base';
  /** `base`: beside those there are; `appoint`, `restart`: the archive begins from it. */
  readonly why: 'base' | 'appoint' | 'restart';
  readonly base: Lsn;
  readonly keys: readonly PageKey[];
  /** Keys of which the pages are in a part. */
  taken: number;
  pages: number;
  parts: ObjectRef[];
}

export interface Archiver {
  readonly volume: string;
  readonly store: NodeId;
  /** The metadata's node that named it. */
  namedBy: NodeId;
  appointment: number;
  isLast: boolean;
  /** Since when this replica has lacked log below its group's tail, or null. */
  behindSince: Time | null;
  /**
   * What is under way, one request at a time: which manifest stands (`asking`), its object (`fetching`; `refused`: there is none that can
   * be read, so it is asked again which manifest stands), pages of a base image
   * (`gathering`), an object of the job (`putting`), another group's change of the manifest (`yielding`), the next manifest
   * (`staging`), its compare-and-set (`setting`), which objects are lost (`checking`), or nothing.
   */
  phase:
    | 'asking'
    | 'fetching'
    | 'refused'
    | 'idle'
    | 'gathering'
    | 'putting'
    | 'yielding'
    | 'staging'
    | 'setting'
    | 'checking';
  /** Of what it has asked last. */
  reqId: RequestNumber | null;
  manifest: Manifest | null;
  /** Its object. */
  manifestName: string;
  /** Read since the job's last object was put. */
  isFresh: boolean;
  /** Of the manifest that is being fetched. */
  fetchName: string;
  fetched: ObjectParts;
  job: UploadJob | null;
  /** A base image in the making, pinned; log that it needs is put meanwhile. */
  base: BaseJob | null;
  /** Objects still to be put, the first is under way; `have` bytes of it are there. */
  puts: NamedBytes[];
  have: number;
  /** The manifest that is to stand next. */
  staged: { readonly object: NamedBytes; readonly manifest: Manifest } | null;
  readonly turns: Turns;
  /** Named by the manifest, and gone from the object store. */
  missing: string[];
  /** Which of its objects are asked after next, and when. */
  checkFrom: number;
  checkAt: Time;
  /** When it last archived log. */
  since: Time;
  /** Requests in a row that the object store did not answer or refused: from FAILURES_OF_OUTAGE on it is out. */
  failures: number;
  /** A base image that could not be built is tried again then. */
  baseAt: Time;
}

export const ownGroup = ({ manifest }: Archiver, group: ManifestGroup['group']): ManifestGroup | null =>
  manifest?.groups.find((one) => one.group === group) ?? null;

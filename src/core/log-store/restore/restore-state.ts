// A replica that is being loaded from the archive (docs/spec/wal.md WAL-45): what it is loaded from, how far it is, and what
// a load that was cut short left on the disk. Each object is one batch of writes with a record of what was durable before it,
// so a load goes on from there; objects are immutable, so what lies there is what would come again.

import { type Decoded, type Infer, struct, text, uint } from '../../../base/codec.ts';
import type { GroupId, Lsn, NodeId, RequestNumber, Time } from '../../../base/ids.ts';
import { wakeAt } from '../../kernel/context.ts';
import type { DiskImage, Write } from '../../kernel/door.ts';
import { openWith, sealWith } from '../../kernel/framing.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import type { EncodedRecord } from '../../log/record.ts';
import type { ObjectParts } from '../../object-store/object-parts.ts';
import type { PageKey } from '../../page/page-key.ts';
import type { PageAt } from '../replica/group-state.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { logKey, restoreKey, versionKey } from '../replica/keys.ts';
import { decodeVersion } from '../replica/pages.ts';
import { readSegment } from '../replica/segment.ts';
import type { Group, OfGroup, StoreState } from '../replica/state.ts';

declare module '../replica/state.ts' {
  interface StoreState {
    /** Replicas of a restored volume that are being loaded (WAL-45). */
    readonly restores: Map<GroupId, RestoreLoad>;
    /** What a load that was cut short left on the disk: it goes on when the metadata repeats its order. */
    readonly unfinished: Map<GroupId, Unfinished>;
  }
  interface PendingWrites {
    /** An object of a restore. */
    restored: OfGroup;
    /** The superblock that ends it. */
    restoreMade: OfGroup;
  }
}

const VERSION = 1;

/** `done` objects are durable, and hold this many pages and records up to the restore's LSN. */
const progress = struct({ volume: text, done: uint, pages: uint, records: uint });
export type RestoreProgress = Infer<typeof progress>;

export const sealProgress = (value: RestoreProgress): Uint8Array => sealWith(progress, VERSION, value);
export const openProgress = (bytes: Uint8Array): Decoded<RestoreProgress> =>
  openWith(progress, VERSION, bytes);

/** Records of one log object, in the segment of its ordinal. */
export interface LoadedSegment {
  readonly ordinal: number;
  readonly size: number;
  readonly records: readonly EncodedRecord[];
}

export interface RestoreLoad {
  readonly order: MessageOf<'RestoreReplica'>;
  readonly meta: NodeId;
  /** Names of all objects: parts of the base, then log segments. */
  readonly names: readonly string[];
  /** Objects that are durable here. */
  done: number;
  pages: PageAt[];
  segments: LoadedSegment[];
  bytes: number;
  /** Of the object under way. */
  fetched: ObjectParts;
  phase: LoadPhase;
  /** Requests in a row that nobody answered. */
  silent: number;
}

/**
 * Object after object is asked for and written, then the superblock. `asking` without a request and `finishing` without a
 * replica wait for the timer. `failed`: the next object cannot be had, for `code`. Invariant: only the answer to `reqId` counts.
 */
export type LoadPhase =
  | { readonly kind: 'asking'; readonly reqId: RequestNumber | null }
  | { readonly kind: 'writing'; readonly next: LoadedObject }
  | { readonly kind: 'finishing'; readonly made: Group | null }
  | { readonly kind: 'failed'; readonly code: string };

/** What an object adds when its write is durable. */
export interface LoadedObject {
  readonly pages: readonly PageAt[];
  readonly segment: LoadedSegment | null;
  readonly bytes: number;
}

/** LSN that the group's log of the image begins above: its last record at or below the image. */
export const floorOf = ({ pages, order }: RestoreLoad): Lsn =>
  pages.reduce((max, { lsn }) => Math.max(max, lsn), order.descriptor.baseLsn - 1) as Lsn;

export interface Unfinished {
  readonly volume: string;
  /** Everything that lies there, deleted when the metadata drops the restore. */
  readonly keys: readonly string[];
  readonly done: number;
  readonly pages: readonly PageAt[];
  readonly segments: readonly LoadedSegment[];
}

/** Ordinal of the segment of the log object with this index among all objects. */
export const ordinalOf = (index: number): number => index + 1;

export function progressWrite(group: GroupId, load: RestoreLoad): Write {
  const records = load.segments.reduce((sum, segment) => sum + segment.records.length, 0);
  const value: RestoreProgress = {
    volume: load.order.volume,
    done: load.done,
    pages: load.pages.length,
    records,
  };
  return { key: restoreKey(group), bytes: sealProgress(value) };
}

interface FoundKeys {
  readonly all: readonly string[];
  readonly ordinals: readonly number[];
  readonly versions: readonly { readonly key: string; readonly blockKey: PageKey; readonly lsn: number }[];
}

/** What a load left, or null without a record of its progress: then its keys are of no use. */
export function readUnfinished(group: GroupId, keys: FoundKeys, disk: DiskImage): Unfinished | null {
  const bytes = disk.get(restoreKey(group));
  const opened = bytes && openProgress(bytes);
  if (!opened?.ok) return null;
  const { volume, done, pages: pageCount, records: recordCount } = opened.value;
  const pages: PageAt[] = [];
  for (const { key, blockKey, lsn } of keys.versions.slice(0, pageCount)) {
    const value = disk.get(key);
    if (value && decodeVersion(value, blockKey, lsn)) pages.push({ blockKey, lsn });
  }
  const segments = keys.ordinals
    .filter((ordinal) => ordinal < ordinalOf(done))
    .flatMap((ordinal) => readLoaded(group, ordinal, disk) ?? []);
  const records = segments.reduce((sum, segment) => sum + segment.records.length, 0);
  const isWhole = pages.length === pageCount && records === recordCount;
  const rest = { volume, keys: keys.all };
  return isWhole ? { ...rest, done, pages, segments } : { ...rest, done: 0, pages: [], segments: [] };
}

function readLoaded(group: GroupId, ordinal: number, disk: DiskImage): LoadedSegment | null {
  const value = disk.get(logKey(group, ordinal));
  if (!value) return null;
  const { records, torn, damaged } = readSegment(value, { group, ordinal });
  return torn || damaged ? null : { ordinal, size: value.length, records };
}

/** Every key that the load has written or is writing. */
export function keysOfLoad({ order, pages, segments, phase }: RestoreLoad): string[] {
  const { group } = order.descriptor;
  const next = phase.kind === 'writing' ? phase.next : null;
  const all = next?.segment ? [...segments, next.segment] : segments;
  return [
    restoreKey(group),
    ...all.map(({ ordinal }) => logKey(group, ordinal)),
    ...[...pages, ...(next?.pages ?? [])].map(({ blockKey, lsn }) => versionKey(group, blockKey, lsn)),
  ];
}

export const restoreTimer = (group: GroupId): string => `restore/${group}`;

/** After as long as a peer is given to answer, twice. */
export const retryLater = (state: StoreState, ctx: StoreContext, group: GroupId): void =>
  wakeAt(ctx, restoreTimer(group), (ctx.now + 2000 * state.params.reqTimeoutMs) as Time);

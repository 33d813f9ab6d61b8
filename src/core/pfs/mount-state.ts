// A mount as plain data: its metadata and position in the journal, open files, and the stack of tasks that a call is made of. A task
// asks for one batch of reads or writes of the device at a time, or for another task, and goes on with what comes back (mount.ts).

import type { Mutants } from '../kernel/mutants.ts';
import type { Geometry, Place } from './geometry.ts';
import { firstLeader, type Leader } from './journal.ts';
import { type Metadata, makeMetadata } from './metadata.ts';
import type { PfsObject } from './objects.ts';

export type FsError =
  | 'ENOENT'
  | 'EEXIST'
  | 'ENOTDIR'
  | 'EISDIR'
  | 'ENOTEMPTY'
  | 'ENAMETOOLONG'
  | 'EINVAL'
  | 'EBUSY'
  | 'EPERM'
  | 'EBADF'
  | 'EMFILE'
  | 'EROFS'
  | 'EFBIG'
  | 'ENOSPC'
  | 'EPFS_FILE_2MANY'
  | 'ENODATA'
  | DeviceError;

/** What a device answers beside bytes: EINVAL is a place beyond its end. */
export type DeviceError = 'EIO' | 'ENOQUORUM' | 'TOKEN_STALE' | 'EINVAL';

/** Whole sectors; null: zeros. The writes of one batch may become durable in any order, a sector is written whole or not at all. */
export interface DeviceWrite {
  readonly place: Place;
  readonly bytes: Uint8Array | null;
}

/** A file by its path, or by a descriptor. */
export type FileRef = string | number;

export type Call =
  | { readonly kind: 'create' | 'mkdir' | 'unlink' | 'rmdir'; readonly path: string }
  | { readonly kind: 'readdir' | 'stat' | 'fmap'; readonly path: string }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'open';
      readonly path: string;
      readonly create?: boolean;
      readonly exclusive?: boolean;
    }
  | { readonly kind: 'close'; readonly fd: number }
  | { readonly kind: 'fstat' | 'fsync'; readonly fd: number }
  | { readonly kind: 'read'; readonly fd: number; readonly length: number }
  | { readonly kind: 'write'; readonly fd: number; readonly bytes: Uint8Array }
  | { readonly kind: 'pread'; readonly file: FileRef; readonly offset: number; readonly length: number }
  | { readonly kind: 'pwrite'; readonly file: FileRef; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'append'; readonly file: FileRef; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly file: FileRef; readonly length: number }
  | { readonly kind: 'fallocate'; readonly path: string; readonly length: number }
  | { readonly kind: 'growfs'; readonly chunks: number }
  | { readonly kind: 'statfs' | 'journal' }
  | { readonly kind: 'flushlog' | 'sync' | 'reload' };

export interface Stat {
  readonly ino: number;
  readonly kind: 'file' | 'dir';
  readonly size: number;
  readonly nlink: number;
  readonly nblock: number;
  readonly atime: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly btime: number;
}

export interface StatFs {
  readonly chunks: number;
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly freeInodes: number;
  readonly freeDirentries: number;
}

/** FS-62: what a sync of a reader did. */
export interface SyncResult {
  readonly mode: 'NONE' | 'REPLAY' | 'RELOAD';
  readonly from: number;
  readonly to: number;
  readonly txs: number;
  readonly entries: number;
}

/** [blkid, number of the blktag, holeoff] */
export type Mapped = readonly [blkid: number, blktag: number, holeoff: number];

export type Value =
  | null
  | number
  | Uint8Array
  | readonly string[]
  | readonly Mapped[]
  | Stat
  | StatFs
  | SyncResult
  | Leader;

export type Outcome =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: FsError };

export const ok = (value: Value = null): Outcome => ({ ok: true, value });
export const fail = (error: FsError): Outcome => ({ ok: false, error });

/** The end of the transactions that are where the metadata is. */
interface Position {
  readonly tx: number;
  readonly off: number;
  readonly lsn: number;
}

/** FS-54: transactions since the last swap, and the superblock sectors that they changed. */
interface WorkGroup {
  transactions: number;
  readonly sectors: Set<number>;
}

/** FS-54: to be written, as of its last transaction. */
interface WaitGroup {
  readonly end: Position;
  readonly images: readonly { readonly sector: number; readonly bytes: Uint8Array }[];
}

export type LoadMode = 'rw' | 'ro' | 'fsck';

/** One activity with its place in it. `phase` 0 is its beginning. */
export type Task =
  | {
      readonly kind: 'load';
      readonly mode: LoadMode;
      phase: number;
      /** What the superblocks say; the mount's once the journal has been replayed on it. */
      meta: Metadata | null;
      first: Leader | null;
      last: Leader | null;
      /** Chunks that header 0 named when an entry of a later one was met; the device has grown since, or is damaged. */
      tooFew: number;
    }
  | { readonly kind: 'mount'; phase: number }
  | { readonly kind: 'sync'; phase: number; leader: Leader | null; from: number }
  | {
      readonly kind: 'commit';
      readonly changes: readonly PfsObject[];
      phase: number;
      /** The last sector's bytes after the entries, where older entries in it are still needed (FS-53). */
      after: Uint8Array | null;
    }
  | { readonly kind: 'trim'; readonly isForced: boolean; phase: number }
  | {
      readonly kind: 'call';
      readonly call: Call;
      phase: number;
      /** Inode to be released after its transaction; −1: none. */
      release: number;
      result: Value;
      /** Reads and writes through a descriptor move its place. */
      fd: number;
    }
  | { readonly kind: 'release'; readonly ino: number; phase: number }
  | {
      readonly kind: 'write';
      readonly ino: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
      phase: number;
    }
  | { readonly kind: 'truncate'; readonly ino: number; readonly length: number; phase: number }
  | {
      readonly kind: 'fallocate';
      readonly changes: readonly PfsObject[];
      readonly zeros: readonly Place[];
      phase: number;
    }
  | {
      readonly kind: 'read';
      readonly ino: number;
      readonly offset: number;
      readonly length: number;
      phase: number;
      bytes: Uint8Array;
    }
  | { readonly kind: 'mkfs'; readonly chunks: number; readonly isForced: boolean; phase: number }
  | { readonly kind: 'grow'; readonly chunks: number; phase: number };

interface OpenFile {
  readonly ino: number;
  /** Where `read` and `write` go on. */
  at: number;
  /** FS-41: at a reader, its inode was freed, or the metadata loaded anew. */
  isStale: boolean;
}

export interface Mount {
  readonly geometry: Geometry;
  readonly mode: LoadMode;
  readonly token: number;
  readonly mutants: Mutants;
  /** `fenced`: the device refused the token (FS-82). `failed`: what a commit left on the device is not known; only a new mount can tell. */
  state: 'closed' | 'open' | 'fenced' | 'failed';
  /** Virtual ms of the call. */
  now: number;
  meta: Metadata;
  /** Of a writer: as last written. Of a reader: as last read. */
  leader: Leader;
  /** What the metadata is the state after. */
  position: Position;
  /** Blktags of the journal file, by blkid. */
  journal: number[];
  /** The ring's sector with headOff in it, up to there. */
  ringEnd: Uint8Array;
  work: WorkGroup;
  wait: WaitGroup | null;
  readonly files: Map<number, OpenFile>;
  nextFd: number;
  /** Inodes that the replayed transactions of this call touched (FS-64). */
  readonly touched: Set<number>;
  /** Of a reader: what this call's syncs did, but for NONE. */
  readonly syncs: SyncResult[];
  /** FS-38: inodes whose names have gone, for who runs the mount to hear of. */
  readonly orphans: number[];
  readonly stack: Task[];
  /** What the device was asked last is a write. */
  isWriting: boolean;
  /** Chunks whose header fails its check, found when it was loaded for fsck. */
  badChunks: number[];
}

export function makeMount(geometry: Geometry, mode: LoadMode, token: number, mutants: Mutants = []): Mount {
  return {
    geometry,
    mode,
    token,
    mutants,
    state: 'closed',
    now: 0,
    meta: makeMetadata(geometry),
    leader: firstLeader(geometry, token),
    position: { tx: 0, off: 0, lsn: 0 },
    journal: [],
    ringEnd: new Uint8Array(),
    work: { transactions: 0, sectors: new Set() },
    wait: null,
    files: new Map(),
    nextFd: 3,
    touched: new Set(),
    syncs: [],
    orphans: [],
    stack: [],
    isWriting: false,
    badChunks: [],
  };
}

/** What a task goes on with. */
export type Came =
  | { readonly kind: 'start' }
  | { readonly kind: 'bytes'; readonly bytes: readonly Uint8Array[] }
  | { readonly kind: 'written' }
  | { readonly kind: 'failed'; readonly error: DeviceError }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

export type Io =
  | { readonly kind: 'read'; readonly places: readonly Place[] }
  | { readonly kind: 'write'; readonly writes: readonly DeviceWrite[] };

export type Action =
  | Io
  | { readonly kind: 'run'; readonly task: Task }
  | { readonly kind: 'end'; readonly outcome: Outcome };

export const end = (outcome: Outcome): Action => ({ kind: 'end', outcome });
export const run = (task: Task): Action => ({ kind: 'run', task });
export const read = (places: readonly Place[]): Action => ({ kind: 'read', places });
export const write = (writes: readonly DeviceWrite[]): Action => ({ kind: 'write', writes });

/** The bytes that came, as one. */
export function joined(came: Came): Uint8Array {
  const parts = came.kind === 'bytes' ? came.bytes : [];
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

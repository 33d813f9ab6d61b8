// Names and opening of the browser's databases. One database for the fabric of a lab (tape, owner, stamps of shown
// replies), one for the disk of each node of a run, and one for keyframes. A database's version is the epoch of the tab that
// owns the lab, or of the keyframes a count of their owners: opening with a higher one makes every older connection close,
// so a tab that was taken over can no longer write.

import { type DBSchema, deleteDB, type IDBPDatabase, openDB, type StoreNames } from 'idb';
import { openInTime } from './in-time.ts';
import type { KeptRun, RunRecord } from './run-records.ts';

const PREFIX = 'postdb-lab';
/** Wall ms that connections of others have to close once they were asked to, before they are said to hold a database. */
const BLOCKED_LIMIT_MS = 1000;
/** Wall ms after which a database that is neither opened nor refused counts as held. */
const SILENT_LIMIT_MS = 10_000;
/** Longest wait for the deletion of one database: what is held goes when it is let go. */
const DELETE_LIMIT_MS = 2000;

type StoredStamp = { until: number; ordinal: number; life: number; hash: string };

export interface DiskSchema extends DBSchema {
  disk: { key: string; value: Uint8Array };
  stamp: { key: 'stamp'; value: StoredStamp };
  /** What the disk differs in for a run that is to take over, until the lab has decided. */
  staged: { key: 'staged'; value: StagedDisk };
}

/** `turn`: name of the change of runs. `writes`: null deletes a key. `stamp` null: the disk has none. */
export interface StagedDisk {
  readonly turn: string;
  readonly writes: readonly { readonly key: string; readonly bytes: Uint8Array | null }[];
  readonly stamp: StoredStamp | null;
}

export interface SavedRun {
  readonly runId: string;
  /** Names its disks' databases: another set each time they are made anew. Absent: as the run. */
  readonly disks?: string;
  /** The change by which it took over: what its disks have staged under this name is theirs. Absent: it began anew. */
  readonly turn?: string;
  /** Absent in a lab that was saved before runs were kept. */
  readonly record?: RunRecord;
  /** Tape header as text; the actions are rows of `tape`. */
  readonly header: string;
  /** Version of everything kept: another one is refused, nothing is guessed. */
  readonly format: number;
}

export interface FabricSchema extends DBSchema {
  run: { key: 'run'; value: SavedRun };
  /** Action lines in order. */
  tape: { key: number; value: string };
  /** Virtual time up to which replies were shown. */
  shown: { key: 'shown'; value: number };
  /** Runs that are not on, by their names. */
  kept: { key: string; value: KeptRun };
  /** What-if twins of the run that is on, by their names: kept ones once their page or their run is gone. */
  twins: { key: string; value: KeptRun };
}

/** A keyframe of the live cluster, by what leads to it. */
export interface KeyframeRow {
  /** The run that it was taken in: it goes with it. */
  readonly runId: string;
  readonly engine: string;
  readonly past: string;
  readonly time: number;
  readonly bytes: number;
}

export interface KeyframeSchema extends DBSchema {
  row: { key: number; value: KeyframeRow };
  /** Packed; under the number of its row. */
  keyframe: { key: number; value: Uint8Array };
}

export const fabricDatabase = (lab: string): string => `${PREFIX}/${lab}/fabric`;
export const diskDatabase = (lab: string, disks: string, node: string): string =>
  `${PREFIX}/${lab}/run/${disks}/${node}`;
export const keyframeDatabase = (lab: string): string => `${PREFIX}/${lab}/keyframes`;
const labPrefix = (lab: string): string => `${PREFIX}/${lab}/`;

/** Why storage cannot be used, in words for a person. */
export class StorageRefused extends Error {
  override name = 'StorageRefused';
}

/** Somebody else has it open still. */
export class StorageHeld extends StorageRefused {
  override name = 'StorageHeld';
}

const deniedNames: ReadonlySet<string> = new Set(['SecurityError', 'InvalidStateError']);

/**
 * The browser keeps no data for this site, by a setting or by the kind of its window. Chromium says no more of that than of
 * a disk that cannot be read (UnknownError); but where storage is refused, so are locks.
 */
export async function isDenied(error: unknown): Promise<boolean> {
  if (error instanceof DOMException && deniedNames.has(error.name)) return true;
  if (typeof indexedDB === 'undefined') return true;
  if (navigator.locks === undefined) return false;
  return navigator.locks.request('postdb-lab/allowed', { ifAvailable: true }, () => false).catch(() => true);
}

/** No room left: the one refusal of storage that a person can mend. */
export const isQuota = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'QuotaExceededError';

/** Why a database is not its owner's any more: a later owner has opened it, or the site's data were removed while it was open. */
export type Loss = 'taken' | 'removed';

/**
 * Opens a database, with these stores, for the owner with this epoch; `onFenced` is called when it is lost. A disk that is
 * deleted by name has made way for another run's; the lab's own database (`isLasting`) is deleted by nobody who has not closed it.
 */
const openOwned = <Schema extends DBSchema>(
  name: string,
  epoch: number,
  stores: readonly StoreNames<Schema>[],
  onFenced: (why: Loss) => void,
  isLasting: boolean,
): Promise<IDBPDatabase<Schema>> =>
  openInTime(
    (setLimit) =>
      openDB<Schema>(name, epoch, {
        upgrade(db) {
          for (const store of stores) if (!db.objectStoreNames.contains(store)) db.createObjectStore(store);
        },
        blocked: () => setLimit(BLOCKED_LIMIT_MS),
        blocking(_current, next, event) {
          (event.target as IDBDatabase).close();
          if (next !== null) onFenced('taken');
          else if (isLasting) onFenced('removed');
        },
        terminated: () => onFenced('removed'),
      }),
    SILENT_LIMIT_MS,
    () => new StorageHeld(`${name} is kept open by another page`),
  );

/** Opens a node's disk. */
export const openDisk = (
  name: string,
  epoch: number,
  onFenced: (why: Loss) => void,
): Promise<IDBPDatabase<DiskSchema>> => openOwned(name, epoch, ['disk', 'stamp', 'staged'], onFenced, false);

/** Opens the lab's fabric database under a new owner epoch, one above the last. */
export async function openFabricDatabase(
  lab: string,
  onFenced: (why: Loss) => void,
): Promise<{ db: IDBPDatabase<FabricSchema>; epoch: number }> {
  const name = fabricDatabase(lab);
  const epoch = await nextVersion(name);
  const db = await openOwned<FabricSchema>(
    name,
    epoch,
    ['run', 'tape', 'shown', 'kept', 'twins'],
    onFenced,
    true,
  );
  return { db, epoch };
}

/** Opens the lab's keyframes; whoever had them open writes them no more. */
export const openKeyframeDatabase = async (
  lab: string,
  onLost: () => void,
): Promise<IDBPDatabase<KeyframeSchema>> => {
  const name = keyframeDatabase(lab);
  return openOwned<KeyframeSchema>(name, await nextVersion(name), ['row', 'keyframe'], onLost, true);
};

const nextVersion = async (name: string): Promise<number> =>
  ((await indexedDB.databases()).find((database) => database.name === name)?.version ?? 0) + 1;

/**
 * The last virtual time that a disk of this set is stamped with, µs; 0: none is. Nothing is taken from who has it open, and a disk that
 * cannot be read counts for nothing.
 */
export async function lastStamp(lab: string, disks: string, turn: string | null): Promise<number> {
  const prefix = diskDatabase(lab, disks, '');
  const all = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []));
  const stamps = await Promise.all(all.map((name) => stampOf(name, turn).catch(() => 0)));
  return Math.max(0, ...stamps);
}

async function stampOf(name: string, turn: string | null): Promise<number> {
  const db = await openInTime(
    () =>
      openDB<DiskSchema>(name, undefined, {
        blocking: (_now, _next, event) => (event.target as IDBDatabase).close(),
      }),
    BLOCKED_LIMIT_MS,
    () => new StorageHeld(`${name} is kept open by another page`),
  );
  try {
    const tx = db.transaction(['stamp', 'staged'], 'readonly');
    const [stamp, staged] = await Promise.all([
      tx.objectStore('stamp').get('stamp'),
      tx.objectStore('staged').get('staged'),
    ]);
    const decided = staged !== undefined && staged.turn === turn ? staged.stamp : stamp;
    return decided?.until ?? 0;
  } finally {
    db.close();
  }
}

/** Deletes every set of disks of the lab but `keep`. A crash in the middle, and what stays held, is made good by the next start. */
export async function deleteOtherDisks(lab: string, kept: string | null): Promise<void> {
  const all = await indexedDB.databases();
  const isKept = (name: string): boolean => kept !== null && name.startsWith(diskDatabase(lab, kept, ''));
  await Promise.all(
    all.map(({ name }) =>
      name?.startsWith(`${labPrefix(lab)}run/`) && !isKept(name) ? deleteInTime(name) : undefined,
    ),
  );
}

/** What somebody still holds is deleted when it is let go: nobody waits for that, and nobody opens it again. */
async function deleteInTime(name: string): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DELETE_LIMIT_MS);
  });
  await Promise.race([deleteDB(name), limit]);
  clearTimeout(timer);
}

export async function deleteLab(lab: string): Promise<void> {
  await deleteOtherDisks(lab, null);
  await deleteInTime(keyframeDatabase(lab));
  await deleteInTime(fabricDatabase(lab));
}

/** Bytes used and granted, for the quota screen; zeros when the browser does not tell. */
export async function storageEstimate(): Promise<{ usedBytes: number; quotaBytes: number }> {
  const estimate = await navigator.storage?.estimate?.();
  return { usedBytes: estimate?.usage ?? 0, quotaBytes: estimate?.quota ?? 0 };
}

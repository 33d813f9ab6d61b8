// Where keyframes of the live cluster outlive the page: a database of the lab's own, beside the one that decides, so that
// no write of a keyframe keeps a decision waiting. Bounded in number and bytes, the oldest forgotten first. Nothing here is
// needed: what cannot be written, opened or read is as if it had never been taken, and nobody is refused for it.

import type { IDBPDatabase } from 'idb';
import type { Time } from '../base/ids.ts';
import { ENGINE } from '../sim/engine.ts';
import { isQuota, type KeyframeRow, type KeyframeSchema, openKeyframeDatabase } from './databases.ts';
import { type KeyframeKey, type StoredWorld, wholeWorld } from './stored-keyframe.ts';

export const KEYFRAME_LIMITS = { count: 64, bytes: 16 * 1024 * 1024 } as const;
/** One may take this part of the bytes at most. */
const LARGEST_PART = 4;

/** Which keyframe: of this past, the newest not after a time, or the one at that very time. */
export interface Wanted {
  readonly past: string;
  readonly time: Time;
  readonly isExact: boolean;
}

export interface KeyframeStore {
  has(key: KeyframeKey): Promise<boolean>;
  put(key: KeyframeKey, runId: string, bytes: Uint8Array): Promise<void>;
  /** Checked and decoded, it is nobody else's; what is not whole is dropped on the way. */
  open(wanted: Wanted): Promise<StoredWorld | null>;
  /** Keyframes of other runs than these are forgotten, also such as are still to be put. */
  retain(runs: readonly string[]): Promise<void>;
  /** What is kept of each run. */
  bytes(): Promise<ReadonlyMap<string, number>>;
  close(): void;
}

interface Opened {
  readonly db: IDBPDatabase<KeyframeSchema>;
  /** By number, the oldest first. */
  readonly rows: Map<number, KeyframeRow>;
}

export function makeKeyframeStore(
  lab: string,
  limits: { readonly count: number; readonly bytes: number } = KEYFRAME_LIMITS,
): KeyframeStore {
  let opened: Opened | null = null;
  /** Closed, or another tab's: nothing is written any more. */
  let isClosed = false;
  let runs: ReadonlySet<string> = new Set();
  let turn: Promise<unknown> = Promise.resolve();

  const opening = async (): Promise<Opened> => {
    if (opened !== null) return opened;
    if (isClosed) throw new Error('the keyframes are closed');
    const db = await openKeyframeDatabase(lab, () => {
      isClosed = true;
    });
    if (isClosed) db.close();
    const [numbers, rows] = await Promise.all([db.getAllKeys('row'), db.getAll('row')]);
    const all = numbers.flatMap((number, i): [number, KeyframeRow][] => {
      const row = rows[i];
      return row === undefined ? [] : [[number, row]];
    });
    opened = { db, rows: new Map(all) };
    await change(opened, ofOthers(opened.rows), null);
    return opened;
  };

  const ofOthers = (rows: Opened['rows']): number[] =>
    [...rows].filter(([, { runId }]) => !runs.has(runId)).map(([number]) => number);

  /** One thing at a time; what fails is as if nothing were kept. */
  const inTurn = <T>(none: T, work: (at: Opened) => Promise<T>): Promise<T> => {
    const done = turn.then(async () => (isClosed ? none : work(await opening()))).catch(() => none);
    turn = done;
    return done;
  };

  const change = async (
    { db, rows }: Opened,
    gone: readonly number[],
    fresh: { readonly row: KeyframeRow; readonly bytes: Uint8Array } | null,
  ): Promise<void> => {
    if (gone.length === 0 && fresh === null) return;
    const tx = db.transaction(['row', 'keyframe'], 'readwrite', { durability: 'strict' });
    const [row, keyframe] = [tx.objectStore('row'), tx.objectStore('keyframe')];
    const number = Math.max(0, ...rows.keys()) + 1;
    const begun = [tx.done];
    try {
      for (const one of gone) begun.push(row.delete(one), keyframe.delete(one));
      if (fresh !== null) {
        begun.push(row.put(fresh.row, number).then(noValue));
        begun.push(keyframe.put(fresh.bytes, number).then(noValue));
      }
      await Promise.all(begun);
    } catch (error) {
      // All of it or nothing: a row without its keyframe is of no use.
      await Promise.allSettled([...begun, aborted(tx)]);
      throw error;
    }
    for (const one of gone) rows.delete(one);
    if (fresh !== null) rows.set(number, fresh.row);
  };

  return {
    has: ({ past, time }) =>
      inTurn(false, async ({ rows }) =>
        [...rows.values()].some((row) => row.past === past && row.time === time),
      ),
    put: ({ past, time }, runId, bytes) =>
      inTurn(undefined, async (at) => {
        if (!runs.has(runId) || bytes.length > limits.bytes / LARGEST_PART) return;
        const row = { runId, engine: ENGINE, past, time, bytes: bytes.length };
        try {
          await change(at, displaced(at.rows, row, limits), { row, bytes });
        } catch (error) {
          // The run needs what room there is.
          if (isQuota(error)) await change(at, [...at.rows.keys()], null);
        }
      }),
    open: (wanted) =>
      inTurn(null, async (at): Promise<StoredWorld | null> => {
        for (;;) {
          const number = find(at.rows, wanted);
          const row = number === null ? undefined : at.rows.get(number);
          if (number === null || row === undefined) return null;
          const key = { past: row.past, time: row.time as Time };
          const world = wholeWorld(await at.db.get('keyframe', number), key);
          if (world !== null) return world;
          await change(at, [number], null);
        }
      }),
    retain(kept) {
      runs = new Set(kept);
      // Whoever opens it does so: a cluster boots without it.
      return opened === null
        ? Promise.resolve()
        : inTurn(undefined, (at) => change(at, ofOthers(at.rows), null));
    },
    bytes: () =>
      inTurn<ReadonlyMap<string, number>>(new Map(), async ({ rows }) => {
        const sums = new Map<string, number>();
        for (const { runId, bytes } of rows.values()) sums.set(runId, (sums.get(runId) ?? 0) + bytes);
        return sums;
      }),
    close() {
      isClosed = true;
      opened?.db.close();
    },
  };
}

const noValue = (): void => undefined;

/** It may have ended so by itself. */
const aborted = async (tx: { abort(): void }): Promise<void> => tx.abort();

/** Number of the keyframe that is wanted, of this engine or not. */
function find(rows: ReadonlyMap<number, KeyframeRow>, { past, time, isExact }: Wanted): number | null {
  let found: number | null = null;
  let newest = -1;
  for (const [number, row] of rows) {
    if (row.past !== past || row.time > time || row.time < newest || (isExact && row.time !== time)) continue;
    found = number;
    newest = row.time;
  }
  return found;
}

/** What goes when this one comes: all of other engines, one of the same instant, and the oldest beyond the limits. */
function displaced(
  rows: ReadonlyMap<number, KeyframeRow>,
  fresh: KeyframeRow,
  limits: { readonly count: number; readonly bytes: number },
): number[] {
  const isOut = (row: KeyframeRow): boolean =>
    row.engine !== ENGINE || (row.past === fresh.past && row.time === fresh.time);
  const gone = [...rows].filter(([, row]) => isOut(row)).map(([number]) => number);
  const left = [...rows].filter(([, row]) => !isOut(row));
  let bytes = left.reduce((sum, [, row]) => sum + row.bytes, fresh.bytes);
  let count = left.length + 1;
  for (const [number, row] of left) {
    if (count <= limits.count && bytes <= limits.bytes) break;
    gone.push(number);
    bytes -= row.bytes;
    count--;
  }
  return gone;
}

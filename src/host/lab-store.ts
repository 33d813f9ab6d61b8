// What the fabric itself keeps: the run that is on (header, every tape action before its window is released, up to which
// virtual time replies were shown) and the other runs as tapes. All strict. One run takes another's place in a single
// transaction: before it the old one is whole, after it the new one. In memory where storage is refused.

import type { IDBPDatabase } from 'idb';
import { present } from '../base/assert.ts';
import {
  deleteLab,
  deleteOtherDisks,
  diskDatabase,
  type FabricSchema,
  type Loss,
  openFabricDatabase,
  type SavedRun,
} from './databases.ts';
import type { MemoryDisks } from './idb-disk.ts';
import { type KeyframeStore, makeKeyframeStore } from './keyframe-store.ts';
import {
  type KeptRun,
  overflow,
  type RecordChange,
  type RunRecord,
  tapeText,
  withMarks,
  withoutRun,
} from './run-records.ts';
import { STORED_FORMAT } from './stored-format.ts';

export interface StoredRun {
  readonly run: SavedRun;
  readonly lines: readonly string[];
  readonly shown: number;
  /** Twins that a page before has left open: they are in Runs. */
  readonly twins: number;
}

/** One that this lab cannot open, and why; its tape may be read elsewhere. */
export interface RefusedRun {
  readonly refused: string;
  readonly tape: string;
}

/** A run that takes the place of the one that was on. */
export interface NextRun {
  readonly record: RunRecord;
  readonly disks: string;
  /** Name of the change that its disks are staged for; null: they are its own from the beginning. */
  readonly turn: string | null;
  readonly header: string;
  readonly lines: readonly string[];
}

export interface LabStore {
  /** Owner's epoch: databases are opened with it. */
  readonly epoch: number;
  readonly memoryOnly: boolean;
  /** Of the run that is on and of the kept ones; each goes with its run. Null: nothing outlives the page. */
  readonly keyframes: KeyframeStore | null;
  /** What a page before has left open is in Runs from then on. */
  load(): Promise<StoredRun | RefusedRun | null>;
  /** The run that is on from now on; `left` is what was on, to be kept, or null when nobody needs it. */
  replaceRun(next: NextRun, left: KeptRun | null): Promise<void>;
  /** Deletes all disks but those of the run that is on. */
  cleanDisks(): Promise<void>;
  /** Durable when it resolves. */
  appendLines(lines: readonly string[]): Promise<void>;
  markShown(time: number): Promise<void>;
  /** Every disk has staged this cut, and it is decided for: what happened up to this time may be shown. */
  markCut(turn: string, time: number): Promise<void>;
  keptRuns(): Promise<readonly KeptRun[]>;
  /** A twin of the run that is on, as it stands; kept when another run takes its place, or the page is gone. */
  putTwin(twin: KeptRun): Promise<void>;
  dropTwin(runId: string): Promise<void>;
  /** Changes what a person may: name, pin and marks, of the run that is on or of a kept one. */
  changeRecord(runId: string, change: RecordChange): Promise<void>;
  deleteKept(runId: string): Promise<void>;
  forget(): Promise<void>;
  close(): void;
}

export type OpenStore = typeof openLabStore;

export async function openLabStore(lab: string, onFenced: (why: Loss) => void): Promise<LabStore> {
  const { db, epoch } = await openFabricDatabase(lab, onFenced);
  let nextLine = 0;
  let disks: string | null = null;
  const keyframes = makeKeyframeStore(lab);
  let on: string | null = null;
  /** Nobody waits for it: what is left behind goes when they are opened the next time. */
  const retainKeyframes = async (): Promise<void> => {
    const kept = await db.getAllKeys('kept');
    await keyframes.retain(on === null ? kept : [...kept, on]);
  };
  const close = (): void => {
    db.close();
    keyframes.close();
  };
  return {
    epoch,
    memoryOnly: false,
    keyframes,
    load: async () => {
      const twins = await keepTwins(db);
      const stored = await loadRun(db);
      if (stored !== null && 'lines' in stored) {
        nextLine = stored.lines.length;
        disks = stored.run.disks ?? stored.run.runId;
        on = stored.run.runId;
        void retainKeyframes().catch(() => undefined);
      }
      return stored !== null && 'lines' in stored ? { ...stored, twins } : stored;
    },
    replaceRun: async (next, left) => {
      await replaceRun(db, next, left);
      nextLine = next.lines.length;
      disks = next.disks;
      on = next.record.runId;
      void retainKeyframes().catch(() => undefined);
    },
    cleanDisks: () => (disks === null ? Promise.resolve() : deleteOtherDisks(lab, disks)),
    appendLines: async (lines) => {
      const tx = strict(db, ['tape']);
      const puts = lines.map((line) => tx.objectStore('tape').put(line, nextLine++));
      await Promise.all([...puts, tx.done]);
    },
    markShown: async (time) => {
      const tx = strict(db, ['shown']);
      await Promise.all([tx.objectStore('shown').put(time, 'shown'), tx.done]);
    },
    markCut: async (turn, time) => {
      const tx = strict(db, ['run', 'shown']);
      const run = present(await tx.objectStore('run').get('run'), 'the run that is on');
      const puts = [
        tx.objectStore('run').put({ ...run, turn }, 'run'),
        tx.objectStore('shown').put(time, 'shown'),
      ];
      await Promise.all([...puts, tx.done]);
    },
    putTwin: async (twin) => {
      const tx = strict(db, ['twins']);
      await Promise.all([tx.objectStore('twins').put(twin, twin.runId), tx.done]);
    },
    dropTwin: async (runId) => {
      const tx = strict(db, ['twins']);
      await Promise.all([tx.objectStore('twins').delete(runId), tx.done]);
    },
    keptRuns: async () => (await db.getAll('kept')).map(withMarks),
    changeRecord: (runId, change) => changeRecord(db, runId, change),
    deleteKept: async (runId) => {
      await deleteKept(db, runId);
      await retainKeyframes();
    },
    forget: async () => {
      close();
      await deleteLab(lab);
    },
    close,
  };
}

type StoreName = 'run' | 'tape' | 'shown' | 'kept' | 'twins';

function strict<const Names extends StoreName[]>(db: IDBPDatabase<FabricSchema>, names: Names) {
  const tx = db.transaction(names, 'readwrite', { durability: 'strict' });
  if (tx.durability !== 'strict')
    throw new Error(`the transaction's durability is ${tx.durability}, not strict`);
  return tx;
}

async function replaceRun(
  db: IDBPDatabase<FabricSchema>,
  { record, disks, turn, header, lines }: NextRun,
  left: KeptRun | null,
): Promise<void> {
  const tx = strict(db, ['run', 'tape', 'shown', 'kept', 'twins']);
  const twins = await tx.objectStore('twins').getAll();
  const kept = tx.objectStore('kept');
  const tape = tx.objectStore('tape');
  const work: Promise<unknown>[] = [
    tape.clear(),
    tx.objectStore('shown').clear(),
    tx.objectStore('run').put(
      {
        runId: record.runId,
        disks,
        ...(turn === null ? {} : { turn }),
        record,
        header,
        format: STORED_FORMAT,
      },
      'run',
    ),
    ...lines.map((line, i) => tape.put(line, i)),
    kept.delete(record.runId),
    tx.objectStore('twins').clear(),
    ...twins.map((twin) => kept.put(twin, twin.runId)),
  ];
  if (left !== null) work.push(kept.put(left, left.runId));
  await Promise.all(work);
  for (const runId of overflow(await kept.getAll())) await kept.delete(runId);
  await tx.done;
}

async function keepTwins(db: IDBPDatabase<FabricSchema>): Promise<number> {
  const tx = strict(db, ['kept', 'twins']);
  const kept = tx.objectStore('kept');
  const twins = await tx.objectStore('twins').getAll();
  for (const twin of twins) await kept.put(twin, twin.runId);
  await tx.objectStore('twins').clear();
  await tx.done;
  return twins.length;
}

async function changeRecord(
  db: IDBPDatabase<FabricSchema>,
  runId: string,
  change: RecordChange,
): Promise<void> {
  const tx = strict(db, ['run', 'kept']);
  const on = await tx.objectStore('run').get('run');
  const kept = await tx.objectStore('kept').get(runId);
  if (on?.runId === runId && on.record !== undefined)
    await tx.objectStore('run').put({ ...on, record: { ...on.record, ...change } }, 'run');
  if (kept !== undefined) await tx.objectStore('kept').put({ ...kept, ...change }, runId);
  await tx.done;
}

async function deleteKept(db: IDBPDatabase<FabricSchema>, runId: string): Promise<void> {
  const tx = strict(db, ['run', 'kept']);
  const kept = tx.objectStore('kept');
  const all = await kept.getAll();
  const gone = all.find((record) => record.runId === runId);
  const on = await tx.objectStore('run').get('run');
  await kept.delete(runId);
  for (const record of withoutRun(all, runId)) await kept.put(record, record.runId);
  if (on?.record?.parent === runId) {
    const record = { ...on.record, parent: gone?.parent ?? null };
    await tx.objectStore('run').put({ ...on, record }, 'run');
  }
  await tx.done;
}

async function loadRun(
  db: IDBPDatabase<FabricSchema>,
): Promise<Omit<StoredRun, 'twins'> | RefusedRun | null> {
  const tx = db.transaction(['run', 'tape', 'shown'], 'readonly');
  const [run, lines, shown] = await Promise.all([
    tx.objectStore('run').get('run'),
    tx.objectStore('tape').getAll(),
    tx.objectStore('shown').get('shown'),
  ]);
  if (run === undefined) return null;
  if (run.format !== STORED_FORMAT)
    return {
      refused: `the saved cluster has format ${run.format}, this lab reads ${STORED_FORMAT}`,
      tape: tapeText({ header: run.header, lines }),
    };
  return { run, lines, shown: typeof shown === 'number' ? shown : 0 };
}

/** Storage that lives as long as the page; `images` are its nodes' disks. */
export function openMemoryStore(lab = '', images: MemoryDisks = new Map()): LabStore {
  let kept: readonly KeptRun[] = [];
  let twins: readonly KeptRun[] = [];
  let disks = '';
  return {
    epoch: 1,
    memoryOnly: true,
    keyframes: null,
    load: () => Promise.resolve(null),
    replaceRun: (next, left) => {
      kept = [...kept.filter(({ runId }) => runId !== next.record.runId && runId !== left?.runId), ...twins];
      twins = [];
      disks = next.disks;
      if (left !== null) kept = [...kept, left];
      const gone = overflow(kept);
      kept = kept.filter(({ runId }) => !gone.includes(runId));
      return Promise.resolve();
    },
    cleanDisks: () => {
      for (const name of images.keys())
        if (!name.startsWith(diskDatabase(lab, disks, ''))) images.delete(name);
      return Promise.resolve();
    },
    appendLines: () => Promise.resolve(),
    markShown: () => Promise.resolve(),
    markCut: () => Promise.resolve(),
    putTwin: (twin) => {
      twins = [...twins.filter(({ runId }) => runId !== twin.runId), twin];
      return Promise.resolve();
    },
    dropTwin: (dropped) => {
      twins = twins.filter(({ runId }) => runId !== dropped);
      return Promise.resolve();
    },
    keptRuns: () => Promise.resolve(kept),
    changeRecord: (runId, change) => {
      kept = kept.map((run) => (run.runId === runId ? { ...run, ...change } : run));
      return Promise.resolve();
    },
    deleteKept: (runId) => {
      kept = withoutRun(kept, runId);
      return Promise.resolve();
    },
    forget: () => Promise.resolve(),
    close: () => {},
  };
}

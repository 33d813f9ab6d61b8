// What the fabric itself keeps: the run's header, every tape action before its window is released, and up to which
// virtual time replies were shown. All strict. In memory where storage is refused.

import type { IDBPDatabase } from 'idb';
import {
  deleteLab,
  deleteOtherRuns,
  type FabricSchema,
  openFabricDatabase,
  type SavedRun,
  STORED_FORMAT,
} from './databases.ts';

export interface StoredRun {
  readonly run: SavedRun;
  readonly lines: readonly string[];
  readonly shown: number;
}

export interface LabStore {
  /** Owner's epoch: databases are opened with it. */
  readonly epoch: number;
  readonly memoryOnly: boolean;
  load(): Promise<StoredRun | { readonly refused: string } | null>;
  /** A new run takes the place of the old one; old disks are deleted afterwards. */
  startRun(runId: string, header: string): Promise<void>;
  /** Durable when it resolves. */
  appendLines(lines: readonly string[]): Promise<void>;
  markShown(time: number): Promise<void>;
  forget(): Promise<void>;
  close(): void;
}

export async function openLabStore(lab: string, onFenced: () => void): Promise<LabStore> {
  const { db, epoch } = await openFabricDatabase(lab, onFenced);
  let nextLine = 0;
  return {
    epoch,
    memoryOnly: false,
    load: async () => {
      const stored = await loadRun(db);
      if (stored !== null && 'lines' in stored) nextLine = stored.lines.length;
      return stored;
    },
    startRun: async (runId, header) => {
      const tx = strict(db, ['run', 'tape', 'shown']);
      await Promise.all([
        tx.objectStore('tape').clear(),
        tx.objectStore('shown').clear(),
        tx.objectStore('run').put({ runId, header, format: STORED_FORMAT }, 'run'),
        tx.done,
      ]);
      nextLine = 0;
      await deleteOtherRuns(lab, runId);
    },
    appendLines: async (lines) => {
      const tx = strict(db, ['tape']);
      const puts = lines.map((line) => tx.objectStore('tape').put(line, nextLine++));
      await Promise.all([...puts, tx.done]);
    },
    markShown: async (time) => {
      const tx = strict(db, ['shown']);
      await Promise.all([tx.objectStore('shown').put(time, 'shown'), tx.done]);
    },
    forget: async () => {
      db.close();
      await deleteLab(lab);
    },
    close: () => db.close(),
  };
}

function strict<const Names extends ('run' | 'tape' | 'shown')[]>(
  db: IDBPDatabase<FabricSchema>,
  names: Names,
) {
  const tx = db.transaction(names, 'readwrite', { durability: 'strict' });
  if (tx.durability !== 'strict')
    throw new Error(`the transaction's durability is ${tx.durability}, not strict`);
  return tx;
}

async function loadRun(
  db: IDBPDatabase<FabricSchema>,
): Promise<StoredRun | { readonly refused: string } | null> {
  const tx = db.transaction(['run', 'tape', 'shown'], 'readonly');
  const [run, lines, shown] = await Promise.all([
    tx.objectStore('run').get('run'),
    tx.objectStore('tape').getAll(),
    tx.objectStore('shown').get('shown'),
  ]);
  if (run === undefined) return null;
  if (run.format !== STORED_FORMAT)
    return { refused: `the saved cluster has format ${run.format}, this lab reads ${STORED_FORMAT}` };
  return { run, lines, shown: typeof shown === 'number' ? shown : 0 };
}

/** Storage that lives as long as the page. */
export function openMemoryStore(): LabStore {
  return {
    epoch: 1,
    memoryOnly: true,
    load: () => Promise.resolve(null),
    startRun: () => Promise.resolve(),
    appendLines: () => Promise.resolve(),
    markShown: () => Promise.resolve(),
    forget: () => Promise.resolve(),
    close: () => {},
  };
}

// Clusters that a person keeps, in a database of their own: each is the text of its file, by its name. What is read back is checked as any
// cluster's file is.

import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import { createStore } from 'zustand/vanilla';

interface SavedCluster {
  readonly name: string;
  readonly architecture: string;
  /** Lines of its file (docs/spec/presets.md). */
  readonly text: string;
  /** Wall time, ms. */
  readonly savedAt: number;
}

interface Schema extends DBSchema {
  cluster: { key: string; value: SavedCluster };
}

/** Of all labs of the site: what was built is not a run's. */
const databaseName = 'postdb-lab/clusters';

let opened: Promise<IDBPDatabase<Schema>> | null = null;

function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>(databaseName, 1, {
    upgrade(db) {
      db.createObjectStore('cluster', { keyPath: 'name' });
    },
    terminated() {
      opened = null;
    },
  }).then((db) => {
    // removed from outside: whoever asks next makes a new one
    db.addEventListener('versionchange', () => {
      db.close();
      opened = null;
    });
    return db;
  });
  opened.catch(() => {
    opened = null;
  });
  return opened;
}

/** The newest first; null: not read yet. */
export const savedClusters = createStore<{ readonly list: readonly SavedCluster[] | null }>(() => ({
  list: null,
}));

export async function readSavedClusters(): Promise<readonly SavedCluster[]> {
  const list = (await (await database()).getAll('cluster')).sort((a, b) => b.savedAt - a.savedAt);
  savedClusters.setState({ list });
  return list;
}

export async function saveCluster(cluster: Omit<SavedCluster, 'savedAt'>): Promise<void> {
  await (await database()).put('cluster', { ...cluster, savedAt: Date.now() });
  await readSavedClusters();
}

export async function removeCluster(name: string): Promise<void> {
  await (await database()).delete('cluster', name);
  await readSavedClusters();
}

/** All of them, with their database; where another tab keeps it open it is empty at once and goes when that lets go. */
export async function forgetClusters(): Promise<void> {
  const db = await database();
  await db.clear('cluster');
  db.close();
  opened = null;
  savedClusters.setState({ list: [] });
  void deleteDB(databaseName).catch(() => undefined);
}

// PRE-9: clusters that are saved outlive the page, by their names, and are forgotten with everything.

import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import {
  forgetClusters,
  readSavedClusters,
  removeCluster,
  saveCluster,
  savedClusters,
} from './saved-clusters.ts';

const names = async (): Promise<readonly string[]> => (await readSavedClusters()).map(({ name }) => name);

test('PRE-9 a saved cluster is read back by its name, replaced under it, removed and forgotten', async () => {
  const architecture = 'cynosdb';
  expect(await names()).toEqual([]);
  await saveCluster({ name: 'one', architecture, text: 'cluster one' });
  await saveCluster({ name: 'two', architecture, text: 'cluster two' });
  await saveCluster({ name: 'one', architecture, text: 'cluster one again' });
  expect(new Set(await names())).toEqual(new Set(['one', 'two']));
  expect(savedClusters.getState().list?.find(({ name }) => name === 'one')?.text).toBe('cluster one again');
  await removeCluster('two');
  expect(await names()).toEqual(['one']);
  await forgetClusters();
  expect(savedClusters.getState().list).toEqual([]);
  expect(await names()).toEqual([]);
});

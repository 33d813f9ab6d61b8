// One table from those of several owners, by key. Two entries of one key are a programmer's error: the later would silently
// replace the earlier. Several owners may list one and the same entry.

import { assert } from './assert.ts';

export function mergeTables<K extends string, T>(
  what: string,
  tables: readonly Readonly<Record<string, T>>[],
): Readonly<Record<K, T>> {
  const merged: Record<string, T> = {};
  for (const table of tables)
    for (const [key, entry] of Object.entries(table)) {
      assert(!Object.hasOwn(merged, key) || merged[key] === entry, `one owner of the ${what}`, key);
      merged[key] = entry;
    }
  return merged as Record<K, T>;
}

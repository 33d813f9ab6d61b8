// The newest entries of a stream that has no end, by key: a map that forgets. Two halves, the older of which goes as a
// whole: to delete a map's oldest entry one by one costs a walk over all that were deleted before it. Plain data.

export interface Newest<K, V> {
  /** Most entries kept; at least half as many are, once there were so many. */
  readonly limit: number;
  young: Map<K, V>;
  old: Map<K, V>;
}

export const makeNewest = <K, V>(limit: number): Newest<K, V> => ({
  limit,
  young: new Map(),
  old: new Map(),
});

export const findNewest = <K, V>({ young, old }: Newest<K, V>, key: K): V | undefined =>
  young.get(key) ?? old.get(key);

export function recordNewest<K, V>(newest: Newest<K, V>, key: K, value: V): void {
  newest.young.set(key, value);
  if (newest.young.size * 2 < newest.limit) return;
  newest.old = newest.young;
  newest.young = new Map();
}

// Rows of two volumes, compared by their primary key: only in one, or different in both. Pure.

type Row = readonly (string | null)[];

export interface RowDiff {
  readonly key: string;
  /** `added` since the point that was restored, `removed` since, `changed` since. */
  readonly kind: 'added' | 'removed' | 'changed';
  readonly original: Row | null;
  readonly restored: Row | null;
}

const isSameRow = (a: Row, b: Row): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

/** Without a key a row is identified by all its values. */
const keyOf = (row: Row, primaryKey: readonly number[]): string =>
  (primaryKey.length === 0 ? row : primaryKey.map((column) => row[column] ?? null))
    .map((value) => value ?? 'NULL')
    .join(', ');

/** In the order of the original's rows, then what only the restored volume has. */
export function diffRows(
  original: readonly Row[],
  restored: readonly Row[],
  primaryKey: readonly number[],
): readonly RowDiff[] {
  const there = new Map(restored.map((row) => [keyOf(row, primaryKey), row]));
  const diffs: RowDiff[] = [];
  for (const row of original) {
    const key = keyOf(row, primaryKey);
    const twin = there.get(key);
    there.delete(key);
    if (twin === undefined) diffs.push({ key, kind: 'added', original: row, restored: null });
    else if (!isSameRow(row, twin)) diffs.push({ key, kind: 'changed', original: row, restored: twin });
  }
  for (const [key, row] of there) diffs.push({ key, kind: 'removed', original: null, restored: row });
  return diffs;
}

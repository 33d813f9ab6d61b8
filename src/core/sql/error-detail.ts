// What PostgreSQL says in the DETAIL of an error about a constraint: the key that is there already or is not, and the row that fails.

import type { ColumnDef, IndexDef, Row, TableDef, Value } from './access.ts';
import type { ErrorAbout } from './failure.ts';
import { nameText } from './name-text.ts';
import { ownName } from './relation-name.ts';
import { isDropped } from './table-def.ts';
import { formatValue } from './text-form.ts';
import { asNode } from './tree.ts';
import { treeText } from './tree-text.ts';
import { decodeView } from './view-text.ts';

/** Bytes of a value that are shown of a row. */
const SHOWN_BYTES_MAX = 64;

const shown = (value: Value): string => formatValue(value) ?? 'null';

function cut(text: string): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > SHOWN_BYTES_MAX) return `${kept}...`;
    kept += character;
  }
  return kept;
}

/** Of a row that breaks a constraint of its own. */
export function failingRow({ name, columns }: TableDef, row: Row): ErrorAbout {
  const values = columns.flatMap((column, i) => (isDropped(column) ? [] : [cut(shown(row[i] ?? null))]));
  return { table: name, detail: `Failing row contains (${values.join(', ')}).` };
}

const keyText = (names: readonly string[], values: readonly Value[]): string =>
  `Key (${names.join(', ')})=(${values.map(shown).join(', ')})`;

const namesOf = (columns: readonly ColumnDef[], places: readonly number[]): readonly string[] =>
  places.map((place) => columns[place]?.name ?? '');

/** Of a row whose key is taken in a unique index. */
export function takenKey(
  { name, columns }: TableDef,
  { keys }: IndexDef,
  values: readonly Value[],
): ErrorAbout {
  const names = keys.map(({ column, computed }) =>
    computed === undefined
      ? nameText(columns[column]?.name ?? '')
      : treeText(asNode(decodeView(computed.tree), 'a key')),
  );
  return {
    table: name,
    detail: `${keyText(names, values)} already exists.`,
  };
}

/** Of a row that refers to a key that is not there. */
export function missingKey(
  { name, columns }: TableDef,
  places: readonly number[],
  key: readonly Value[],
  target: TableDef,
): ErrorAbout {
  const detail = `${keyText(namesOf(columns, places), key)} is not present in table "${ownName(target.name)}".`;
  return { table: name, detail };
}

/** Of a row whose key another table refers to. */
export function referredKey(
  { columns }: TableDef,
  places: readonly number[],
  key: readonly Value[],
  child: TableDef,
): ErrorAbout {
  const detail = `${keyText(namesOf(columns, places), key)} is still referenced from table "${ownName(child.name)}".`;
  return { table: child.name, detail };
}

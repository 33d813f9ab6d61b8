// COMMENT ON TABLE and ON COLUMN: the table's definition with what is said of it. On anything else it is 0A000.

import { type AlterTable, NOTHING_TO_ALTER } from './analyse-alter.ts';
import { type Analysis, meantRelation } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { ownName } from './relation-name.ts';
import { isDropped, redefine } from './table-def.ts';
import { type Fields, listItems, nodeOf, onlyFields, optionalText, textOf } from './tree.ts';

const COMMENT = new Set(['objtype', 'object', 'comment']);

export function analyseComment(analysis: Analysis, fields: Fields): AlterTable {
  onlyFields(fields, COMMENT, 'COMMENT');
  const type = textOf(fields, 'objtype');
  const isColumn = type === 'OBJECT_COLUMN';
  if (!isColumn && type !== 'OBJECT_TABLE')
    unsupported(`COMMENT ON ${type.replace('OBJECT_', '').replaceAll('_', ' ')}`);
  const names = listItems(nodeOf(fields, 'object')).map((part) => textOf(part.fields, 'sval'));
  const column = isColumn ? (names.at(-1) ?? '') : null;
  const parts = isColumn ? names.slice(0, -1) : names;
  const name = meantRelation(analysis, [parts.at(-2) ?? null, parts.at(-1) ?? ''], 'relation');
  const from = analysis.findTable(name);
  if (from === null) return fail('42P01', `relation "${parts.join('.')}" does not exist`);
  if (from.metadata) fail('42501', `permission denied: "${name}" is a system view`);
  if (from.view !== undefined || from.sequence !== undefined) {
    if (!isColumn) fail('42809', `"${ownName(name)}" is not a table`);
    unsupported('COMMENT ON COLUMN of what is no table');
  }
  const place =
    column === null ? 0 : 1 + from.columns.findIndex((one) => !isDropped(one) && one.name === column);
  if (column !== null && place === 0)
    fail('42703', `column "${column}" of relation "${ownName(name)}" does not exist`);
  const text = optionalText(fields, 'comment') ?? '';
  const others = (from.comments ?? []).filter(([of]) => of !== place);
  const comments = text === '' ? others : [...others, [place, text] as const].toSorted(([a], [b]) => a - b);
  return { ...NOTHING_TO_ALTER, from, to: redefine(from, { comments }), tag: 'COMMENT' };
}

// ALTER SCHEMA and ALTER TYPE … OWNER TO (analyse-owner.ts).

import { type AlterTable, NOTHING_TO_ALTER } from './analyse-alter.ts';
import { checkOwner } from './analyse-owner.ts';
import { type Analysis, findNamedType, noSchema } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { PUBLIC, schemaEntry } from './relation-name.ts';
import { type Fields, listItems, nodeOf, onlyFields, textOf } from './tree.ts';

const ALTER_OWNER = new Set(['objectType', 'object', 'newowner']);

/** Tables and what is like them come with ALTER TABLE. */
export function analyseAlterOwner(analysis: Analysis, fields: Fields): AlterTable {
  const type = textOf(fields, 'objectType').replace('OBJECT_', '').replaceAll('_', ' ');
  if (type !== 'SCHEMA' && type !== 'TYPE') unsupported(`ALTER ${type} … OWNER TO`);
  onlyFields(fields, ALTER_OWNER, 'ALTER OWNER');
  checkOwner(fields);
  if (type === 'TYPE') {
    const names = listItems(nodeOf(fields, 'object')).map((part) => textOf(part.fields, 'sval'));
    if (findNamedType(analysis, [names.at(-2) ?? null, names.at(-1) ?? '']) === null)
      fail('42704', `type "${names.join('.')}" does not exist`);
    return { ...NOTHING_TO_ALTER, tag: 'ALTER TYPE' };
  }
  const name = textOf(nodeOf(fields, 'object').fields, 'sval');
  if (name === PUBLIC) unsupported('another owner of the schema public');
  if (analysis.findTable(schemaEntry(name)) === null) noSchema(name);
  return { ...NOTHING_TO_ALTER, tag: 'ALTER SCHEMA' };
}

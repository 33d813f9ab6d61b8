// ALTER SCHEMA … OWNER TO (analyse-owner.ts).

import { type AlterTable, NOTHING_TO_ALTER } from './analyse-alter.ts';
import { checkOwner } from './analyse-owner.ts';
import { type Analysis, noSchema } from './analysis.ts';
import { unsupported } from './failure.ts';
import { PUBLIC, schemaEntry } from './relation-name.ts';
import { type Fields, nodeOf, onlyFields, textOf } from './tree.ts';

const ALTER_OWNER = new Set(['objectType', 'object', 'newowner']);

/** ALTER SCHEMA … OWNER TO; tables and what is like them come with ALTER TABLE. */
export function analyseAlterOwner(analysis: Analysis, fields: Fields): AlterTable {
  const type = textOf(fields, 'objectType').replace('OBJECT_', '').replaceAll('_', ' ');
  if (type !== 'SCHEMA') unsupported(`ALTER ${type} … OWNER TO`);
  onlyFields(fields, ALTER_OWNER, 'ALTER OWNER');
  checkOwner(fields);
  const name = textOf(nodeOf(fields, 'object').fields, 'sval');
  if (name === PUBLIC) unsupported('another owner of the schema public');
  if (analysis.findTable(schemaEntry(name)) === null) noSchema(name);
  return { ...NOTHING_TO_ALTER, tag: 'ALTER SCHEMA' };
}

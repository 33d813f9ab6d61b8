// REINDEX: an index of the lab has no more pages than its rows ask for and is checked with each of them, so nothing is built anew. What
// it names has to be there, as in PostgreSQL.

import { type Analysis, relationName } from './analysis.ts';
import { asciiLower } from './ascii.ts';
import { DATABASE } from './catalog-functions.ts';
import { fail, unsupported } from './failure.ts';
import { PUBLIC, schemaEntry } from './relation-name.ts';
import type { Analysed } from './statement.ts';
import { type Fields, fieldsOf, has, locationOf, nameOf, nodesOf, onlyFields, textOf } from './tree.ts';

const REINDEX_STMT = new Set(['kind', 'relation', 'name', 'params']);
const OPTIONS: ReadonlySet<string> = new Set(['verbose', 'concurrently']);

export function analyseReindex(analysis: Analysis, fields: Fields): Analysed {
  onlyFields(fields, REINDEX_STMT, 'REINDEX');
  const kind = textOf(fields, 'kind').replace('REINDEX_OBJECT_', '');
  const options = nodesOf(fields, 'params').map(({ fields: option }) => {
    const name = textOf(option, 'defname');
    if (name === 'tablespace') unsupported('REINDEX TABLESPACE', locationOf(option));
    if (!OPTIONS.has(name)) fail('42601', `unrecognized REINDEX option "${name}"`, locationOf(option));
    return name;
  });
  const alone = options.includes('concurrently')
    ? 'REINDEX CONCURRENTLY'
    : kind === 'TABLE' || kind === 'INDEX'
      ? null
      : `REINDEX ${kind}`;
  if (kind === 'TABLE' || kind === 'INDEX') checkRelation(analysis, kind, fieldsOf(fields, 'relation'));
  else if (has(fields, 'name')) checkWhole(analysis, kind, nameOf(fields, 'name'));
  return { kind: 'nothing', tag: 'REINDEX', alone };
}

function checkRelation(analysis: Analysis, kind: 'TABLE' | 'INDEX', relation: Fields): void {
  const name = relationName(analysis, relation);
  const table = analysis.findTable(name);
  const isIndex = table === null && analysis.findIndex(name) !== null;
  if (table === null && !isIndex) fail('42P01', `relation "${name}" does not exist`);
  const own = textOf(relation, 'relname');
  if (kind === 'INDEX' && !isIndex) fail('42809', `"${own}" is not an index`);
  const isTable = table !== null && table.view === undefined && table.sequence === undefined;
  if (kind === 'TABLE' && !isTable) fail('42809', `"${own}" is not a table or materialized view`);
}

function checkWhole(analysis: Analysis, kind: string, name: string): void {
  if (kind === 'SCHEMA') {
    if (name !== PUBLIC && analysis.findTable(schemaEntry(name)) === null)
      fail('3F000', `schema "${name}" does not exist`);
  } else if (asciiLower(name) !== DATABASE && name !== 'postgres')
    fail('0A000', 'can only reindex the currently open database');
}

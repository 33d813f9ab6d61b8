// LOCK TABLE and TRUNCATE: names of tables, looked up when the statement is analysed, and again when its turn has come.

import { type Analysis, relationName } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import type { Analysed, LockMode } from './statement.ts';
import { type Fields, firstLocation, flagOf, integerOf, nodesOf, onlyFields, textOf } from './tree.ts';

const LOCK_STMT = new Set(['relations', 'mode', 'nowait']);
const TRUNCATE_STMT = new Set(['relations', 'restart_seqs', 'behavior']);
const MODES: readonly LockMode[] = [1, 2, 3, 4, 5, 6, 7, 8];

export function analyseLockTable(analysis: Analysis, fields: Fields): Analysed {
  onlyFields(fields, LOCK_STMT, 'LOCK TABLE');
  const mode = MODES.find((one) => one === integerOf(fields, 'mode'));
  if (mode === undefined) return unsupported('a lock mode', firstLocation(fields, 0));
  const names = tableNames(analysis, fields, (name) => `cannot lock relation "${name}"`, true);
  return { kind: 'lockTable', names, mode, noWait: flagOf(fields, 'nowait') };
}

/** With CASCADE the tables that refer to those that are emptied are emptied as well. */
export function analyseTruncate(
  analysis: Analysis,
  fields: Fields,
): { readonly names: readonly string[]; readonly restarts: boolean } {
  onlyFields(fields, TRUNCATE_STMT, 'TRUNCATE');
  const isCascade = textOf(fields, 'behavior') === 'DROP_CASCADE';
  const names = new Set(tableNames(analysis, fields, (name) => `"${name}" is not a table`, false));
  if (isCascade)
    for (const name of names)
      for (const child of analysis.referrersOf(analysis.findTable(name)?.relation ?? 0))
        names.add(child.name);
  return { names: [...names], restarts: flagOf(fields, 'restart_seqs') };
}

function tableNames(
  analysis: Analysis,
  fields: Fields,
  notTable: (name: string) => string,
  takesViews: boolean,
): readonly string[] {
  return nodesOf(fields, 'relations').map(({ fields: relation }) => {
    const name = relationName(analysis, relation);
    const table = analysis.findTable(name);
    const isTable = table !== null && !table.metadata && !table.sequence;
    if (isTable && (takesViews || table.view === undefined)) return name;
    if (table !== null || analysis.findIndex(name) !== null) fail('42809', notTable(name));
    return fail('42P01', `relation "${name}" does not exist`);
  });
}

// Runs CREATE and ALTER SEQUENCE, and what other statements do with sequences of columns. That a sequence exists, what it is like
// and whose it is are rows of the catalog and undone with the transaction; where it stands is not.

import { present } from '../../base/assert.ts';
import type { Access, ColumnDef, OwnedSequence, TableDef } from './access.ts';
import type { ColumnSequence } from './analyse-ddl.ts';
import type { ColumnName } from './analyse-sequence.ts';
import type { Context } from './context.ts';
import type { ColumnSequences, ProgressOf } from './execution-types.ts';
import { fail, unsupported } from './failure.ts';
import { besideName, ownName, schemaOf } from './relation-name.ts';
import { applyOptions } from './sequence.ts';
import { done, isTaken, settle } from './settle.ts';
import type { ExecutionStep } from './statement.ts';
import { chooseConstraintName, redefine, usesSequence, withoutSequence } from './table-def.ts';

export function runCreateSequence(
  progress: ProgressOf<'createSequence'>,
  { access }: Context,
): ExecutionStep {
  const { name, options, owner, ifNotExists } = progress.plan;
  if (!progress.isMade) {
    const taken = isTaken(access, name);
    if (taken && ifNotExists) return done('CREATE SEQUENCE');
    const made = applyOptions(options, null);
    if (taken) fail('42P07', `relation "${ownName(name)}" already exists`);
    if (owner) ownerOf(access, owner);
    const step = settle(access.createSequence(name, made));
    if (step !== null) return step;
    progress.isMade = true;
  }
  const step = owner ? giveTo(access, present(access.findTable(name), 'a new sequence'), owner) : null;
  return step ?? done('CREATE SEQUENCE');
}

export function runAlterSequence(progress: ProgressOf<'alterSequence'>, { access }: Context): ExecutionStep {
  const { name, options, owner, ifExists } = progress.plan;
  const sequence = access.findTable(name);
  if (sequence === null) {
    if (access.findIndex(name) !== null) fail('42809', `"${name}" is not a sequence`);
    return ifExists ? done('ALTER SEQUENCE') : fail('42P01', `relation "${name}" does not exist`);
  }
  const { sequence: def, relation } = sequence;
  if (def === undefined) return fail('42809', `"${name}" is not a sequence`);
  if (!progress.isMade && Object.keys(options).length > 0) {
    const made = applyOptions(options, { def, state: access.sequenceState(sequence) });
    const step = settle(access.alterSequence(sequence, made));
    if (step !== null) return step;
  }
  progress.isMade = true;
  if (owner === undefined) return done('ALTER SEQUENCE');
  for (const table of access.usersOf(relation)) {
    const owned = (table.owned ?? []).filter((one) => one.sequence !== relation);
    if (owned.length === (table.owned ?? []).length) continue;
    if (identityOf(table, relation) !== null) fail('0A000', 'cannot change ownership of identity sequence');
    const step = settle(access.redefineTable(table, redefine(table, { owned })));
    if (step !== null) return step;
  }
  return (owner === null ? null : giveTo(access, sequence, owner)) ?? done('ALTER SEQUENCE');
}

/** The table and the place of the column that is to own a sequence. */
function ownerOf(access: Access, { table: name, column }: ColumnName): { table: TableDef; column: number } {
  const table = access.findTable(name);
  if (table === null) return fail('42P01', `relation "${name}" does not exist`);
  if (table.view || table.sequence || table.metadata)
    fail('42809', `sequence cannot be owned by relation "${ownName(name)}"`);
  const at = table.columns.findIndex((one) => one.name === column);
  if (at < 0) fail('42703', `column "${column}" of relation "${ownName(name)}" does not exist`);
  return { table, column: at };
}

function giveTo(access: Access, { relation, name: own }: TableDef, name: ColumnName): ExecutionStep | null {
  const { table, column } = ownerOf(access, name);
  if (schemaOf(own) !== schemaOf(table.name))
    fail('55000', 'sequence must be in same schema as table it is linked to');
  const owned = [...(table.owned ?? []), { column, sequence: relation }];
  return settle(access.redefineTable(table, redefine(table, { owned })));
}

/** The identity column whose sequence it is; null: none. */
function identityOf({ columns, owned = [] }: TableDef, sequence: number): string | null {
  const own = owned.find((one) => one.sequence === sequence);
  const column = own && columns[own.column];
  return column?.identity === undefined || column.draws !== sequence ? null : column.name;
}

/** The sequences of a table's columns, one at a time; null when all are made. */
export function makeColumnSequences(
  made: ColumnSequences,
  { name, columns }: Pick<TableDef, 'name' | 'columns'>,
  sequences: readonly ColumnSequence[],
  access: Access,
): ExecutionStep | null {
  const { relations } = made;
  for (let next = sequences[relations.length]; next !== undefined; next = sequences[relations.length]) {
    if (made.name === null) {
      const chosen = nameOfSequence(access, name, columns[next.column]?.name ?? '', next);
      const step = settle(access.createSequence(chosen, applyOptions(next.options, null)));
      if (step !== null) return step;
      made.name = chosen;
    }
    relations.push(present(access.findTable(made.name), 'a new sequence').relation);
    made.name = null;
  }
  return null;
}

/** The columns, which draw from the sequences that were made for them, and who owns these. */
export function withSequences(
  columns: readonly ColumnDef[],
  sequences: readonly ColumnSequence[],
  { relations }: ColumnSequences,
): { readonly columns: readonly ColumnDef[]; readonly owned: readonly OwnedSequence[] } {
  const owned = sequences.map(({ column }, i) => ({ column, sequence: relations[i] ?? 0 }));
  const drawing = columns.map((column, i) => {
    const own = owned.find((one) => one.column === i);
    return own === undefined ? column : { ...column, draws: own.sequence };
  });
  return { columns: drawing, owned };
}

function nameOfSequence(access: Access, table: string, column: string, { name }: ColumnSequence): string {
  if (name === null)
    return besideName(
      table,
      chooseConstraintName(table, column, 'seq', (one) => {
        const made = besideName(table, one);
        return made === table || isTaken(access, made);
      }),
    );
  if (isTaken(access, name)) fail('42P07', `relation "${ownName(name)}" already exists`);
  return name;
}

/** What draws from sequences that go; only CASCADE takes them. */
export function usersOfDropped(
  dropped: readonly TableDef[],
  access: Pick<Access, 'usersOf'>,
  cascade: boolean,
  refuseDrop: () => never,
): readonly TableDef[] {
  const users = new Map<number, TableDef>();
  for (const { relation, sequence, name } of dropped) {
    if (sequence === undefined) continue;
    for (const table of access.usersOf(relation)) {
      if (dropped.some((one) => one.relation === table.relation)) continue;
      const column = identityOf(table, relation);
      if (column !== null)
        fail(
          '2BP01',
          `cannot drop sequence ${name} because column ${column} of table ${table.name} requires it`,
        );
      if (!cascade && table.columns.some(({ draws }) => draws === relation)) refuseDrop();
      users.set(table.relation, table);
    }
  }
  return [...users.values()];
}

/** The table without the sequences that go. */
export const withoutDropped = (table: TableDef, dropped: readonly TableDef[]): TableDef =>
  dropped.reduce(
    (rest, { sequence, relation }) =>
      sequence !== undefined && usesSequence(rest, relation) ? withoutSequence(rest, relation) : rest,
    table,
  );

/** Sequences that are owned by columns which go with `to`: nobody else may draw from them. */
export function dropOwned(from: TableDef, to: TableDef, access: Access): ExecutionStep | null {
  for (const { sequence } of from.owned ?? []) {
    if (to.owned?.some((one) => one.sequence === sequence)) continue;
    const gone = access.findRelation(sequence);
    if (gone === null) continue;
    if (access.usersOf(sequence).length > 0)
      fail('2BP01', `cannot drop column of table ${to.name} because other objects depend on it`);
    if (access.viewsOf(sequence).length > 0) unsupported('DROP COLUMN whose sequence a view reads');
    const step = settle(access.dropTable(gone));
    if (step !== null) return step;
  }
  return null;
}

/** ALTER TABLE: sequences of identity columns with other options, one at a time. */
export function alterOwned(progress: ProgressOf<'alterTable'>, access: Access): ExecutionStep | null {
  const { sequences } = progress.plan;
  for (let next = sequences[progress.sequences]; next !== undefined; next = sequences[progress.sequences]) {
    const sequence = present(access.findRelation(next.relation), 'the sequence of an identity column');
    const def = present(sequence.sequence, 'a sequence');
    const made = applyOptions(next.options, { def, state: access.sequenceState(sequence) });
    const step = settle(access.alterSequence(sequence, made));
    if (step !== null) return step;
    progress.sequences += 1;
  }
  return null;
}

/** TRUNCATE … RESTART IDENTITY: the sequences of the table's columns begin anew; `at` is the next of them. */
export function restartOwned(
  progress: { restarted: number },
  { owned = [] }: TableDef,
  access: Access,
): ExecutionStep | null {
  for (let own = owned[progress.restarted]; own !== undefined; own = owned[progress.restarted]) {
    const sequence = access.findRelation(own.sequence);
    if (sequence?.sequence !== undefined) {
      const { sequence: def } = sequence;
      const made = applyOptions({ restart: null }, { def, state: access.sequenceState(sequence) });
      const step = settle(access.alterSequence(sequence, made));
      if (step !== null) return step;
    }
    progress.restarted += 1;
  }
  progress.restarted = 0;
  return null;
}

// Runs CREATE TABLE, CREATE INDEX, CREATE SCHEMA and TRUNCATE. What exists is looked up again here: a plan may be older than the catalog.

import { present } from '../../base/assert.ts';
import type { Access, NamedIndex, NewIndex, TableDef } from './access.ts';
import { type Context, spend } from './context.ts';
import { makeColumnSequences, restartOwned, withSequences } from './execute-sequence.ts';
import type { IndexBuild, ProgressOf } from './execution-types.ts';
import { fail } from './failure.ts';
import { ownName, PUBLIC, schemaEntry } from './relation-name.ts';
import { done, isTaken, settle } from './settle.ts';
import type { ExecutionStep } from './statement.ts';
import { chooseIndexName, redefine } from './table-def.ts';

export function runCreateSchema({ plan }: ProgressOf<'createSchema'>, { access }: Context): ExecutionStep {
  const { name, ifNotExists } = plan;
  if (name === PUBLIC || access.findTable(schemaEntry(name)) !== null) {
    if (ifNotExists) return done('CREATE SCHEMA');
    fail('42P06', `schema "${name}" already exists`);
  }
  return settle(access.createSchema(name)) ?? done('CREATE SCHEMA');
}

/** First the table with its primary key, then the indexes of its other constraints, one at a time. */
export function runCreateTable(progress: ProgressOf<'createTable'>, context: Context): ExecutionStep {
  const { access } = context;
  const { name, columns, indexes, checks, foreignKeys, ifNotExists, splitAt } = progress.plan;
  const isCheck = (one: string): boolean => isCheckOf({ checks, foreignKeys }, ownName(one));
  if (splitAt !== undefined)
    fail('0A000', 'split_at is not supported: this cluster cuts no table into tablets');
  const named = (index: NewIndex): NamedIndex => {
    if (index.name !== null && isCheck(index.name))
      fail('42710', `constraint "${ownName(index.name)}" for relation "${ownName(name)}" already exists`);
    const isUsed = (one: string): boolean => one === name || isCheck(one) || isTaken(access, one);
    const chosen = chooseIndexName(name, columns, index, isUsed);
    if (chosen === name || isTaken(access, chosen))
      fail('42P07', `relation "${ownName(chosen)}" already exists`);
    return { ...index, name: chosen };
  };
  if (!progress.isMade) {
    if (isTaken(access, name)) {
      if (ifNotExists) return done(progress.plan.as?.command ?? 'CREATE TABLE');
      fail('42P07', `relation "${ownName(name)}" already exists`);
    }
    const { sequences } = progress.plan;
    const waits = makeColumnSequences(progress.made, progress.plan, sequences, access);
    if (waits !== null) return waits;
    const [first] = indexes;
    const primaryKey = first?.constraint === 'primary' ? named(first) : null;
    const drawing = withSequences(columns, sequences, progress.made);
    const step = settle(access.createTable({ name, ...drawing, primaryKey, checks, foreignKeys }));
    if (step !== null) return step;
    progress.isMade = true;
    progress.at = primaryKey === null ? 0 : 1;
  }
  for (; progress.at < indexes.length; progress.at++) {
    const table = present(access.findTable(name), 'a table that was just made');
    const index = named(present(indexes[progress.at], 'an index of a constraint'));
    const step = settle(access.createIndex(table, index));
    if (step !== null) return step;
  }
  const { as } = progress.plan;
  return as === undefined ? done('CREATE TABLE') : fillTable(progress, context);
}

/** Writes the rows of the query that a table is made of. */
function fillTable(progress: ProgressOf<'createTable'>, context: Context): ExecutionStep {
  const { plan, input } = progress;
  if (input === null) return done(plan.as?.command ?? '');
  const table = present(context.access.findTable(plan.name), 'a table that was just made');
  for (;;) {
    progress.pending ??= context.next(input);
    if (progress.pending === null) return done(`SELECT ${progress.written}`);
    spend(context);
    const step = settle(context.access.insertRow(table, progress.pending));
    if (step !== null) return step;
    progress.pending = null;
    progress.written += 1;
  }
}

/** First the index is made, then all rows are entered, a few in each step. */
export function runCreateIndex(progress: ProgressOf<'createIndex'>, context: Context): ExecutionStep {
  const { table, index, ifNotExists } = progress.plan;
  return makeIndex(progress, table, index, ifNotExists, context) ?? done('CREATE INDEX');
}

/** Null when it is made. */
export function makeIndex(
  build: IndexBuild,
  tableName: string,
  index: NewIndex,
  ifNotExists: boolean,
  context: Context,
): ExecutionStep | null {
  const { access } = context;
  if (build.name === null) {
    const named = nameIndex(access, tableName, index, ifNotExists);
    if (named === null) return null;
    const step = settle(access.createIndex(named.table, named.index));
    if (step !== null) return step;
    build.name = named.index.name;
  }
  const { table, index: made } = present(access.findIndex(build.name), 'an index that is being built');
  for (;;) {
    spend(context);
    const built = access.buildIndex(table, made, build.from);
    if (built.kind !== 'ok') return settle(built);
    if (built.next === null) return null;
    build.from = built.next;
  }
}

/** The table, and the index by its name; null when there is a relation of that name, which IF NOT EXISTS forgives. */
export function nameIndex(
  access: Pick<Access, 'findTable' | 'findIndex'>,
  tableName: string,
  index: NewIndex,
  ifNotExists: boolean,
): { readonly table: TableDef; readonly index: NamedIndex } | null {
  const table = access.findTable(tableName) ?? fail('42P01', `relation "${tableName}" does not exist`);
  const isUsed = (one: string): boolean => isTaken(access, one) || isCheckOf(table, ownName(one));
  const name = chooseIndexName(tableName, table.columns, index, isUsed);
  if (isTaken(access, name)) {
    if (ifNotExists) return null;
    fail('42P07', `relation "${ownName(name)}" already exists`);
  }
  if (index.constraint !== null && isCheckOf(table, ownName(name)))
    fail('42710', `constraint "${ownName(name)}" for relation "${ownName(tableName)}" already exists`);
  return { table, index: { ...index, name } };
}

/** Is it the name of a constraint that has no index? */
const isCheckOf = ({ checks = [], foreignKeys = [] }: Partial<TableDef>, name: string): boolean =>
  [...checks, ...foreignKeys].some((one) => one.name === name);

/** Each table gets new, empty pages: first for its rows, then for each index; views that read it and tables that refer to it learn of the new relation. */
export function runTruncate(progress: ProgressOf<'truncate'>, { access }: Context): ExecutionStep {
  const { names, restarts } = progress.plan;
  for (; progress.at < names.length; progress.at++, progress.part = 0, progress.before = null) {
    const name = present(names[progress.at], 'a table to be emptied');
    for (;;) {
      const table = access.findTable(name) ?? fail('42P01', `relation "${name}" does not exist`);
      const children = access
        .referrersOf(table.relation)
        .filter(({ relation }) => relation !== table.relation);
      if (children.some((child) => !names.includes(child.name)))
        fail('0A000', 'cannot truncate a table referenced in a foreign key constraint');
      progress.before ??= {
        relation: table.relation,
        views: [...access.viewsOf(table.relation)],
        children: children.map((child) => child.name),
      };
      if (progress.part > table.indexes.length) break;
      const step = settle(access.truncateTable(table, progress.part));
      if (step !== null) return step;
      progress.part += 1;
    }
    const step =
      moveViews(progress, access, name) ??
      moveChildren(progress, access, name) ??
      (restarts
        ? restartOwned(progress, present(access.findTable(name), 'a table that was just emptied'), access)
        : null);
    if (step !== null) return step;
  }
  return done('TRUNCATE TABLE');
}

/** Tables that refer to the emptied one, and are emptied as well, learn of its new relation. */
function moveChildren(
  { before }: ProgressOf<'truncate'>,
  access: Access,
  name: string,
): ExecutionStep | null {
  const now = present(access.findTable(name), 'a table that was just emptied').relation;
  for (let child = before?.children[0]; before && child !== undefined; child = before.children[0]) {
    const table = present(access.findTable(child), 'a table that refers to it');
    const foreignKeys = (table.foreignKeys ?? []).map((key) =>
      key.target === before.relation ? { ...key, target: now } : key,
    );
    const step = settle(access.redefineTable(table, redefine(table, { foreignKeys })));
    if (step !== null) return step;
    before.children.shift();
  }
  return null;
}

function moveViews({ before }: ProgressOf<'truncate'>, access: Access, name: string): ExecutionStep | null {
  const now = present(access.findTable(name), 'a table that was just emptied').relation;
  if (before === null) return null;
  for (let definition = before.views[0]; definition !== undefined; definition = before.views[0]) {
    const { columns, view } = definition;
    if (view !== undefined) {
      const reads = view.reads.map((relation) => (relation === before.relation ? now : relation));
      const moved = { name: definition.name, columns, view: { ...view, reads } };
      const step = settle(access.createView(moved, definition));
      if (step !== null) return step;
    }
    before.views.shift();
  }
  return null;
}

// Runs CREATE TABLE and CREATE INDEX. What exists is looked up again here: a plan may be older than the catalog.

import { AssertionError, present } from '../../base/assert.ts';
import type { Access, NamedIndex, NewIndex, WriteOutcome } from './access.ts';
import type { ProgressOf } from './execution-types.ts';
import { fail } from './failure.ts';
import { type Context, spend } from './operators.ts';
import type { ExecutionStep } from './statement.ts';
import { chooseIndexName } from './table-def.ts';

export const done = (tag: string): ExecutionStep => ({ kind: 'done', result: { kind: 'done', tag } });

/** The step that an outcome stands for, or null when the write is done. */
export function settle(outcome: WriteOutcome): ExecutionStep | null {
  switch (outcome.kind) {
    case 'ok':
      return null;
    case 'wait':
      return outcome;
    case 'error':
      return {
        kind: 'failed',
        error: { sqlstate: outcome.sqlstate, message: outcome.message, position: null },
      };
    case 'changed':
      throw new AssertionError('only a row that was found can have changed');
  }
}

const isTaken = (access: Access, name: string): boolean =>
  access.findTable(name) !== null || access.findIndex(name) !== null;

/** First the table with its primary key, then the indexes of its other constraints, one at a time. */
export function runCreateTable(progress: ProgressOf<'createTable'>, { access }: Context): ExecutionStep {
  const { name, columns, indexes, ifNotExists } = progress.plan;
  const named = (index: NewIndex): NamedIndex => {
    const chosen = chooseIndexName(name, columns, index, (one) => one === name || isTaken(access, one));
    if (chosen === name || isTaken(access, chosen)) fail('42P07', `relation "${chosen}" already exists`);
    return { ...index, name: chosen };
  };
  if (!progress.isMade) {
    if (isTaken(access, name)) {
      if (ifNotExists) return done('CREATE TABLE');
      fail('42P07', `relation "${name}" already exists`);
    }
    const [first] = indexes;
    const primaryKey = first?.constraint === 'primary' ? named(first) : null;
    const step = settle(access.createTable({ name, columns, primaryKey }));
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
  return done('CREATE TABLE');
}

/** First the index is made, then all rows are entered, a few in each step. */
export function runCreateIndex(progress: ProgressOf<'createIndex'>, context: Context): ExecutionStep {
  const { access } = context;
  const { table: tableName, index, ifNotExists } = progress.plan;
  if (progress.name === null) {
    const table = access.findTable(tableName);
    if (table === null) return fail('42P01', `relation "${tableName}" does not exist`);
    const name = chooseIndexName(tableName, table.columns, index, (one) => isTaken(access, one));
    if (isTaken(access, name)) {
      if (ifNotExists) return done('CREATE INDEX');
      fail('42P07', `relation "${name}" already exists`);
    }
    const step = settle(access.createIndex(table, { ...index, name }));
    if (step !== null) return step;
    progress.name = name;
  }
  const { table, index: made } = present(access.findIndex(progress.name), 'an index that is being built');
  for (;;) {
    spend(context);
    const built = access.buildIndex(table, made, progress.from);
    if (built.kind !== 'ok') return settle(built) ?? done('CREATE INDEX');
    if (built.next === null) return done('CREATE INDEX');
    progress.from = built.next;
  }
}

/** Each table gets new, empty pages: first for its rows, then for each index; views that read it learn of the new relation. */
export function runTruncate(progress: ProgressOf<'truncate'>, { access }: Context): ExecutionStep {
  const { names } = progress.plan;
  for (; progress.at < names.length; progress.at++, progress.part = 0, progress.before = null) {
    const name = present(names[progress.at], 'a table to be emptied');
    for (;;) {
      const table = access.findTable(name) ?? fail('42P01', `relation "${name}" does not exist`);
      progress.before ??= { relation: table.relation, views: [...access.viewsOf(table.relation)] };
      if (progress.part > table.indexes.length) break;
      const step = settle(access.truncateTable(table, progress.part));
      if (step !== null) return step;
      progress.part += 1;
    }
    const step = moveViews(progress, access, name);
    if (step !== null) return step;
  }
  return done('TRUNCATE TABLE');
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

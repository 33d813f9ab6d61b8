// Runs CREATE VIEW and DROP. A view depends on the relations that its query reads: they are dropped with it (CASCADE), or
// not at all (2BP01). Everything is looked up when it is run: a plan may be older than the catalog.

import { present } from '../../base/assert.ts';
import type { Access, FoundIndex, NewView, TableDef } from './access.ts';
import type { Context } from './context.ts';
import { usersOfDropped, withoutDropped } from './execute-sequence.ts';
import { usersOfTypes, withoutTypes } from './execute-type.ts';
import type { ProgressOf } from './execution-types.ts';
import { fail } from './failure.ts';
import { isReferenced } from './references.ts';
import { ownName, PUBLIC, schemaOf } from './relation-name.ts';
import { done, settle } from './settle.ts';
import type { ExecutionStep } from './statement.ts';
import { redefine } from './table-def.ts';
import { typeName } from './types.ts';

export function runCreateView({ plan }: ProgressOf<'createView'>, { access }: Context): ExecutionStep {
  const { name, columns, view, replace } = plan;
  const known = access.findTable(name);
  if (replace && known?.metadata) fail('42501', `permission denied: "${name}" is a system view`);
  if (!replace && (known !== null || access.findIndex(name) !== null))
    fail('42P07', `relation "${ownName(name)}" already exists`);
  if (known === null && access.findIndex(name) !== null) fail('42809', `"${name}" is not a view`);
  if (known !== null) checkReplaced(known, plan);
  return settle(access.createView({ name, columns, view }, known)) ?? done('CREATE VIEW');
}

/** Who reads the old columns finds them in the new ones. */
function checkReplaced({ name, columns, view }: TableDef, made: NewView): void {
  if (view === undefined) fail('42809', `"${name}" is not a view`);
  if (made.columns.length < columns.length) fail('42P16', 'cannot drop columns from view');
  for (const [i, old] of columns.entries()) {
    const column = made.columns[i] ?? old;
    if (column.name !== old.name)
      fail('42P16', `cannot change name of view column "${old.name}" to "${column.name}"`);
    if (column.type !== old.type) {
      const types = `from ${typeName(old.type)} to ${typeName(column.type)}`;
      fail('42P16', `cannot change data type of view column "${old.name}" ${types}`);
    }
  }
}

export function runDrop(progress: ProgressOf<'drop'>, { access }: Context): ExecutionStep {
  const { names, ifExists, kind } = progress.plan;
  if (kind === 'dropIndex') {
    for (; progress.at < names.length; progress.at++) {
      const name = present(names[progress.at], 'what is dropped');
      // What is named twice is dropped once.
      const step = names.indexOf(name) < progress.at ? null : dropIndex(access, name, ifExists);
      if (step !== null) return step;
    }
    return done('DROP INDEX');
  }
  if (progress.relations === null) {
    const dropped = relationsDropped(progress.plan, access);
    const bound = withDraws(referrersOf(dropped, access), progress.plan, dropped, access);
    const ofTypes = usersOfTypes(dropped, access).filter(
      (one) => ![...bound, ...dropped].some(({ relation }) => relation === one.relation),
    );
    progress.unbound.push(...bound, ...ofTypes);
    progress.relations = dropped;
  }
  for (let table = progress.unbound[0]; table !== undefined; table = progress.unbound[0]) {
    const { relations } = progress;
    const foreignKeys = (table.foreignKeys ?? []).filter(
      ({ target }) => !relations.some(({ relation }) => relation === target),
    );
    const step = settle(
      access.redefineTable(
        table,
        withoutTypes(withoutDropped(redefine(table, { foreignKeys }), relations), relations),
      ),
    );
    if (step !== null) return step;
    progress.unbound.shift();
  }
  for (; progress.at < progress.relations.length; progress.at++) {
    const step = settle(access.dropTable(present(progress.relations[progress.at], 'what is dropped')));
    if (step !== null) return step;
  }
  return done(TAGS[kind]);
}

const TAGS = {
  dropTable: 'DROP TABLE',
  dropView: 'DROP VIEW',
  dropSequence: 'DROP SEQUENCE',
  dropIndex: 'DROP INDEX',
  dropSchema: 'DROP SCHEMA',
  dropType: 'DROP TYPE',
} as const;

/** With the tables whose columns draw from what is dropped. */
function withDraws(
  referring: readonly TableDef[],
  { cascade }: ProgressOf<'drop'>['plan'],
  dropped: readonly TableDef[],
  access: Pick<Access, 'usersOf'>,
): readonly TableDef[] {
  const users = usersOfDropped(dropped, access, cascade, () => refuseDependent('desired object(s)', 'them'));
  return [
    ...referring,
    ...users.filter((one) => !referring.some(({ relation }) => relation === one.relation)),
  ];
}

const refuseDependent = (object: string, them: string): never =>
  fail('2BP01', `cannot drop ${object} because other objects depend on ${them}`);

/** Tables that stay and have foreign keys to what is dropped. */
function referrersOf(dropped: readonly TableDef[], access: Pick<Access, 'referrersOf'>): readonly TableDef[] {
  const found = new Map<number, TableDef>();
  for (const { relation } of dropped)
    for (const table of access.referrersOf(relation)) found.set(table.relation, table);
  for (const { relation } of dropped) found.delete(relation);
  return [...found.values()];
}

const OBJECTS = {
  dropTable: 'table',
  dropView: 'view',
  dropSequence: 'sequence',
  dropIndex: 'index',
  dropSchema: 'schema',
  dropType: 'type',
} as const;

const kindOf = ({ view, sequence }: TableDef): ProgressOf<'drop'>['plan']['kind'] =>
  view !== undefined ? 'dropView' : sequence !== undefined ? 'dropSequence' : 'dropTable';

type Lookups = Pick<
  Access,
  | 'findTable'
  | 'findType'
  | 'usersOfType'
  | 'findIndex'
  | 'viewsOf'
  | 'referrersOf'
  | 'usersOf'
  | 'findRelation'
  | 'relationsIn'
>;

/** What is dropped, with the views that read it and the sequences that it owns. */
export function relationsDropped(plan: ProgressOf<'drop'>['plan'], access: Lookups): readonly TableDef[] {
  const { kind, cascade } = plan;
  const named =
    kind === 'dropSchema'
      ? schemasNamed(plan, access)
      : kind === 'dropType'
        ? typesNamed(plan, access)
        : relationsNamed(plan, access);
  const dropped = [...named];
  const refuseDrop = (): never => {
    const [only] = named;
    const own = only === undefined ? '' : kind === 'dropSchema' ? schemaOf(only.name) : only.name;
    return named.length === 1
      ? refuseDependent(`${OBJECTS[kind]} ${own}`, 'it')
      : refuseDependent('desired object(s)', 'them');
  };
  if (kind === 'dropSchema')
    for (const { name } of named) {
      const inside = access.relationsIn(schemaOf(name));
      if (!cascade && inside.length > 0) refuseDrop();
      dropped.push(...inside);
    }
  for (const { owned = [] } of [...dropped])
    for (const { sequence } of owned) {
      const own = access.findRelation(sequence);
      if (own !== null && !dropped.some(({ relation }) => relation === sequence)) dropped.push(own);
    }
  usersOfDropped(dropped, access, cascade, refuseDrop);
  for (const user of usersOfTypes([...dropped], access)) {
    if (dropped.some(({ relation }) => relation === user.relation)) continue;
    if (!cascade) refuseDrop();
    if (user.view !== undefined) dropped.push(user);
    else dropped.push(...access.viewsOf(user.relation).filter((view) => !dropped.includes(view)));
  }
  for (let i = 0; i < dropped.length; i++)
    for (const view of access.viewsOf(present(dropped[i], 'what is dropped').relation)) {
      if (dropped.some(({ relation }) => relation === view.relation)) continue;
      if (!cascade) refuseDrop();
      dropped.push(view);
    }
  if (!cascade && referrersOf(dropped, access).length > 0) refuseDrop();
  return dropped;
}

type Named = ProgressOf<'drop'>['plan'];

/** Their entries in the catalog; what is named twice is dropped once. */
function schemasNamed({ names, ifExists }: Named, access: Lookups): readonly TableDef[] {
  return [...new Set(names)].flatMap((name) => {
    const schema = schemaOf(name);
    if (schema === PUBLIC || SYSTEM_SCHEMAS.has(schema))
      fail('2BP01', `cannot drop schema ${schema} because it is required by the database system`);
    const found = access.findTable(name);
    if (found === null && !ifExists) fail('3F000', `schema "${schema}" does not exist`);
    return found === null ? [] : [found];
  });
}

function typesNamed({ names, ifExists }: Named, access: Lookups): readonly TableDef[] {
  return [...new Set(names)].flatMap((name) => {
    const found = access.findType(name);
    if (found === null && !ifExists) fail('42704', `type "${ownName(name)}" does not exist`);
    return found === null ? [] : [found];
  });
}

const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema']);

function relationsNamed({ kind, names, ifExists }: Named, access: Lookups): readonly TableDef[] {
  const what = OBJECTS[kind];
  const found = names.flatMap((name): readonly TableDef[] => {
    const one = access.findTable(name);
    if (one === null && access.findIndex(name) === null) {
      if (!ifExists) fail('42P01', `${what} "${name}" does not exist`);
      return [];
    }
    if (one?.metadata && kind !== 'dropView') fail('42809', `"${name}" is not a ${what}`);
    if (one?.metadata)
      fail('2BP01', `cannot drop view ${name} because it is required by the database system`);
    return one === null || kindOf(one) !== kind ? fail('42809', `"${name}" is not a ${what}`) : [one];
  });
  // What is named twice is dropped once.
  return found.filter(({ relation }, i) => found.findIndex((one) => one.relation === relation) === i);
}

function dropIndex(access: Access, name: string, ifExists: boolean): ExecutionStep | null {
  const found = indexDropped(access, name, ifExists);
  return found && settle(access.dropIndex(found.table, found.index));
}

/** The index that is dropped; null when there is none of that name, which IF EXISTS forgives. */
export function indexDropped(
  access: Pick<Access, 'findTable' | 'findIndex' | 'referrersOf'>,
  name: string,
  ifExists: boolean,
): FoundIndex | null {
  const found = access.findIndex(name);
  if (found === null) {
    if (access.findTable(name) !== null) fail('42809', `"${name}" is not an index`);
    return ifExists ? null : fail('42704', `index "${name}" does not exist`);
  }
  const { table, index } = found;
  if (index.constraint !== null) {
    const reason = `constraint ${name} on table ${table.name} requires it`;
    fail('2BP01', `cannot drop index ${name} because ${reason}`);
  }
  const rest = table.indexes.filter((one) => one !== index);
  if (isReferenced(table, rest, access.referrersOf(table.relation)))
    fail('2BP01', `cannot drop index ${name} because other objects depend on it`);
  return found;
}

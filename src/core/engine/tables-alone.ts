// Which tables a statement of definitions has alone, with those whose definitions follow from it.

import type { TableDef } from '../sql/access.ts';
import type { DropKind, DropNames } from '../sql/plan-types.ts';
import { schemaOf } from '../sql/relation-name.ts';
import type { PlanNode } from '../sql/statement.ts';
import {
  findIndex,
  findRelation,
  findTable,
  findType,
  referrersOf,
  relationsIn,
  usersOf,
  usersOfType,
  viewsOf,
} from './catalog.ts';
import type { Env, Session } from './engine-state.ts';
/** Tables that new foreign keys refer to: nobody may write them while the keys are looked up. */
export function newTargets(plan: PlanNode): readonly number[] {
  if (plan.kind === 'createTable') return plan.foreignKeys.flatMap(({ target }) => target || []);
  if (plan.kind !== 'alterTable') return [];
  return plan.foreign.flatMap((at) => plan.to?.foreignKeys?.[at]?.target || []);
}

/** The tables whose definitions a statement changes. */
export function tablesAlone(env: Env, session: Session, plan: PlanNode): readonly (TableDef | null)[] {
  switch (plan.kind) {
    case 'createView':
      return plan.replace ? [findTable(env, session, plan.name)] : [];
    case 'dropTable':
    case 'dropView':
    case 'dropSequence':
    case 'dropSchema':
    case 'dropType':
      return withViews(env, session, plan);
    case 'truncate':
      return plan.names.map((name) => findTable(env, session, name));
    case 'createSequence':
    case 'alterSequence':
      return sequenceAlone(env, session, plan);
    case 'dropIndex':
      return plan.names.map((name) => findIndex(env, session, name)?.table ?? null);
    case 'createIndex':
      return [findTable(env, session, plan.table)];
    case 'alterTable':
      if (plan.from === null) return [];
      return [plan.from, ...beside(env, session, plan.from, plan.rewritten.length > 0)];
    default:
      return [];
  }
}

const beside = (
  env: Env,
  session: Session,
  { relation, enum: type }: TableDef,
  isMoved: boolean,
): readonly TableDef[] =>
  type !== undefined
    ? usersOfType(env, session, relation)
    : isMoved
      ? referrersOf(env, session, relation)
      : [];

/** A sequence that is altered, and the tables that own it or are to own it: their definitions name it. */
function sequenceAlone(
  env: Env,
  session: Session,
  { name, owner }: Extract<PlanNode, { kind: 'createSequence' | 'alterSequence' }>,
): readonly (TableDef | null)[] {
  const sequence = findTable(env, session, name);
  const owners = sequence === null || owner === undefined ? [] : usersOf(env, session, sequence.relation);
  return [sequence, ...owners, owner ? findTable(env, session, owner.table) : null];
}

/** What is dropped; CASCADE takes the views that read it, and foreign keys of tables that refer to it. */
function withViews(
  env: Env,
  session: Session,
  { kind, names, cascade }: DropNames & { kind: DropKind },
): readonly TableDef[] {
  const found = names.flatMap((name) => {
    const one = (kind === 'dropType' ? findType : findTable)(env, session, name);
    if (!one?.isSchema) return one ?? [];
    return [one, ...(cascade ? relationsIn(env, session, schemaOf(name)) : [])];
  });
  for (const { owned = [] } of [...found])
    found.push(...owned.flatMap(({ sequence }) => findRelation(env, session, sequence) ?? []));
  for (const { sequence, relation } of [...found])
    if (sequence !== undefined) found.push(...usersOf(env, session, relation));
  for (const one of [...found])
    if (one.enum !== undefined) found.push(...usersOfType(env, session, one.relation));
  if (!cascade) return found;
  for (const { relation } of found)
    for (const view of viewsOf(env, session, relation))
      if (!found.some((known) => known.relation === view.relation)) found.push(view);
  const referring = found.flatMap(({ relation }) => referrersOf(env, session, relation));
  return [...found, ...referring];
}

// FOR UPDATE, NO KEY UPDATE, SHARE and KEY SHARE of a query: which of its tables' rows are locked, how strongly, and what is
// done where another transaction has them. Without OF all tables of FROM are meant, those of derived tables as well.

import type { LockPolicy, LockStrength, RowLock } from './access.ts';
import type { Analysis } from './analysis.ts';
import { fail, unsupported } from './failure.ts';
import { LOCK_NAMES, LOCK_STRENGTHS } from './lock-strengths.ts';
import type { Query, QuerySource } from './query.ts';
import { type LockingClause, queryLevel } from './scope.ts';
import {
  type Fields,
  flagOf,
  has,
  isSetOperation,
  locationOf,
  nameOf,
  nodesOf,
  onlyFields,
  own,
  textOf,
} from './tree.ts';

const POLICIES: ReadonlyMap<string, LockPolicy> = new Map([
  ['LockWaitBlock', 'wait'],
  ['LockWaitSkip', 'skip'],
  ['LockWaitError', 'refuse'],
]);
const LOCKING_CLAUSE = new Set(['lockedRels', 'strength', 'waitPolicy', 'isInherited']);
/** The later ones win where several clauses mean one table. */
const BY_POLICY: readonly LockPolicy[] = ['wait', 'skip', 'refuse'];

/** The clauses of a query, in their order. */
export const readLocking = (fields: Fields): readonly LockingClause[] =>
  nodesOf(fields, 'lockingClause').map(({ fields: clause }) => {
    onlyFields(clause, LOCKING_CLAUSE, 'FOR UPDATE/SHARE');
    const strength = LOCK_STRENGTHS.get(textOf(clause, 'strength'));
    const policy = POLICIES.get(has(clause, 'waitPolicy') ? textOf(clause, 'waitPolicy') : 'LockWaitBlock');
    if (strength === undefined || policy === undefined) return unsupported('FOR UPDATE/SHARE');
    const of = nodesOf(clause, 'lockedRels').map(({ fields: relation }) => ({
      name: nameOf(relation, 'relname'),
      isPlain: !has(relation, 'schemaname') && !has(relation, 'catalogname'),
      at: locationOf(relation),
    }));
    return { strength, policy, of, isInherited: flagOf(clause, 'isInherited') };
  });

/** How the present query locks the rows of a relation of its FROM clause; null: not. */
export function lockOf(analysis: Analysis, alias: string): RowLock | null {
  let lock: RowLock | null = null;
  for (const { strength, policy, of } of queryLevel(analysis).locking) {
    if (of.length > 0 && !of.some(({ name }) => name === alias)) continue;
    lock = lock === null ? { strength, policy } : strongest(lock, { strength, policy });
  }
  return lock;
}

const strongest = (a: RowLock, b: RowLock): RowLock => ({
  ...(a.strength < b.strength ? b : a),
  policy: BY_POLICY.indexOf(a.policy) < BY_POLICY.indexOf(b.policy) ? b.policy : a.policy,
});

/** A derived table's query with the locks that the query around it asks of its tables. */
export function withLocking(analysis: Analysis, fields: Fields, lock: RowLock | null): Fields {
  if (lock === null || has(fields, 'valuesLists')) return fields;
  if (isSetOperation(fields)) {
    analysis.lockRefusal = notAllowed(lock.strength, 'UNION/INTERSECT/EXCEPT');
    return fields;
  }
  const strength = [...LOCK_STRENGTHS].find(([, one]) => one === lock.strength)?.[0];
  const waitPolicy = [...POLICIES].find(([, one]) => one === lock.policy)?.[0];
  const given = own(fields, 'lockingClause');
  const clause = { LockingClause: { strength, waitPolicy, isInherited: true } };
  return { ...fields, lockingClause: [...(Array.isArray(given) ? given : []), clause] };
}

/** Reads a derived table: of the reasons against locks of several the first one's counts. */
export function lockInside<T>(analysis: Analysis, lock: RowLock | null, read: () => T): T {
  if (lock === null) return read();
  const before = analysis.lockRefusal;
  analysis.lockRefusal = null;
  const result = read();
  analysis.lockRefusal = before ?? analysis.lockRefusal;
  return result;
}

const notAllowed = (strength: LockStrength, what: string): string =>
  `${LOCK_NAMES[strength]} is not allowed with ${what}`;

/** A set operation or VALUES has no rows of tables. */
export function refuseLockingOf(fields: Fields, what: 'VALUES' | 'UNION/INTERSECT/EXCEPT'): void {
  if (!has(fields, 'lockingClause')) return;
  const strength = readLocking(fields)[0]?.strength ?? 3;
  if (what !== 'VALUES') fail('0A000', notAllowed(strength, what));
  fail('0A000', `${LOCK_NAMES[strength]} cannot be applied to VALUES`);
}

/** Of a query that is being read. */
type Unfolded = Pick<Query, 'source' | 'distinct' | 'distinctOn' | 'grouping' | 'windows'>;

/** After the query was read: it has rows of tables to lock, and each name after OF means one of its relations. */
export function checkLocking(analysis: Analysis, fields: Fields, query: Unfolded): void {
  const { locking, scope } = queryLevel(analysis);
  for (const { strength, of, isInherited } of locking) {
    const clause = clauseAgainst(fields, query);
    if (clause !== null) {
      const refusal = notAllowed(strength, clause);
      if (!isInherited) fail('0A000', refusal);
      analysis.lockRefusal = refusal;
    }
    if (!isInherited && analysis.lockRefusal !== null) fail('0A000', analysis.lockRefusal);
    const words = LOCK_NAMES[strength];
    for (const { name, isPlain, at } of of) {
      if (!isPlain) fail('42601', `${words} must specify unqualified relation names`, at);
      const source = findSource(query.source, name);
      if (source?.kind === 'cte' || source?.kind === 'workTable')
        fail('0A000', `${words} cannot be applied to a WITH query`, at);
      if (source !== null) continue;
      if (scope.relations.some(({ alias }) => alias === name))
        fail('0A000', `${words} cannot be applied to a join`, at);
      fail('42P01', `relation "${name}" in ${words} clause not found in FROM clause`, at);
    }
  }
  if (locking.length > 0) analysis.locksRows = true;
}

function clauseAgainst(fields: Fields, { distinct, distinctOn, grouping, windows }: Unfolded): string | null {
  if (distinct || distinctOn !== null) return 'DISTINCT clause';
  if (has(fields, 'groupClause')) return 'GROUP BY clause';
  if (has(fields, 'havingClause')) return 'HAVING clause';
  if (grouping !== null) return 'aggregate functions';
  return windows.length === 0 ? null : 'window functions';
}

function findSource(source: QuerySource, name: string): QuerySource | null {
  if (source.kind === 'join') return findSource(source.left, name) ?? findSource(source.right, name);
  return 'alias' in source && source.alias === name ? source : null;
}

/** A table of the FROM clause whose rows are locked. */
export type LockedTable = Extract<QuerySource, { kind: 'table' }> & { readonly lock: RowLock };

/** Those in a FROM clause, from left to right. */
export function lockedTables(source: QuerySource): readonly LockedTable[] {
  if (source.kind === 'join') return [...lockedTables(source.left), ...lockedTables(source.right)];
  return source.kind === 'table' && source.lock !== undefined ? [{ ...source, lock: source.lock }] : [];
}

/** Rows that an outer join may fill with nulls cannot be locked. */
export function checkNullable(source: QuerySource): void {
  if (source.kind === 'join') {
    checkNullable(source.left);
    checkNullable(source.right);
  }
  // A simple subquery is pulled up in PostgreSQL: what it reads counts, not itself.
  if (source.kind === 'query' && isPulledUp(source.query)) {
    checkNullable(source.query.source);
    return;
  }
  const lock = 'lock' in source ? source.lock : undefined;
  if (lock !== undefined) refuseNullable(lock);
}

const isPulledUp = ({
  grouping,
  windows,
  distinct,
  distinctOn,
  sort,
  limit,
  offset,
  source,
}: Query): boolean =>
  grouping === null &&
  windows.length === 0 &&
  !distinct &&
  distinctOn === null &&
  sort.length === 0 &&
  limit === null &&
  offset === null &&
  source.kind !== 'set';

function refuseNullable({ strength }: RowLock): never {
  return fail('0A000', `${LOCK_NAMES[strength]} cannot be applied to the nullable side of an outer join`);
}

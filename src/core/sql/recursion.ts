// What a recursive WITH query may look like (42P19), judged on its syntax tree: a query that begins, UNION [ALL], and a
// query that reads the name once, in its FROM clause, on no side of an outer join that may be missing.

import { fail, unsupported } from './failure.ts';
import { AGGREGATES } from './functions.ts';
import {
  asFields,
  type Fields,
  fieldsOf,
  firstLocation,
  has,
  locationOf,
  optionalText,
  own,
  stringsOf,
} from './tree.ts';

type Place = 'from' | 'subquery' | 'outer join' | 'INTERSECT' | 'EXCEPT' | 'WITH';

interface Mention {
  readonly place: Place;
  readonly at: number;
}

/** How often a relation of that name is read in a part of the tree. */
export const countMentions = (part: Fields, name: string): number => mentionsOf(part, name, 'from').length;

function mentionsOf(value: unknown, name: string, place: Place): readonly Mention[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => mentionsOf(item, name, place));
  if (typeof value !== 'object' || value === null) return [];
  const fields = asFields(value, 'a node');
  if (optionalRelation(fields) === name) return [{ place, at: locationOf(fields) }];
  return Object.keys(fields).flatMap((key) =>
    mentionsOf(own(fields, key), name, placeWithin(fields, key, place)),
  );
}

/** The name that a RangeVar without schema has. */
function optionalRelation(fields: Fields): string | null {
  const relation = own(fields, 'relname');
  return typeof relation === 'string' && !has(fields, 'schemaname') ? relation : null;
}

function placeWithin(fields: Fields, key: string, place: Place): Place {
  if (key === 'SubLink') return 'subquery';
  if (key === 'withClause') return 'WITH';
  const join = own(fields, 'jointype');
  if ((join === 'JOIN_LEFT' || join === 'JOIN_FULL') && key === 'rarg') return 'outer join';
  if ((join === 'JOIN_RIGHT' || join === 'JOIN_FULL') && key === 'larg') return 'outer join';
  const op = own(fields, 'op');
  if (op === 'SETOP_INTERSECT') return 'INTERSECT';
  if (op === 'SETOP_EXCEPT' && key === 'rarg') return 'EXCEPT';
  return place;
}

export function checkRecursion(name: string, body: Fields, at: number): void {
  const form = `recursive query "${name}" does not have the form non-recursive-term UNION [ALL] recursive-term`;
  if (optionalText(body, 'op') !== 'SETOP_UNION') fail('42P19', form, at);
  const reference = `recursive reference to query "${name}" must not appear`;
  const [left] = mentionsOf(fieldsOf(body, 'larg'), name, 'from');
  if (left !== undefined) fail('42P19', `${reference} within its non-recursive term`, left.at);
  const right = fieldsOf(body, 'rarg');
  const mentions = mentionsOf(right, name, 'from');
  for (const mention of mentions) {
    if (mention.place === 'subquery') fail('42P19', `${reference} within a subquery`, mention.at);
    if (mention.place === 'outer join') fail('42P19', `${reference} within an outer join`, mention.at);
    if (mention.place === 'INTERSECT' || mention.place === 'EXCEPT')
      fail('42P19', `${reference} within ${mention.place}`, mention.at);
    if (mention.place === 'WITH') unsupported('a recursive reference within WITH', mention.at);
  }
  const [, second] = mentions;
  if (second !== undefined) fail('42P19', `${reference} more than once`, second.at);
  for (const [field, clause] of CLAUSES)
    if (has(body, field))
      fail('0A000', `${clause} in a recursive query is not implemented`, firstLocation(own(body, field), 0));
  const aggregate = findAggregate(own(right, 'targetList')) ?? findAggregate(own(right, 'havingClause'));
  if (aggregate !== null)
    fail('42P19', "aggregate functions are not allowed in a recursive query's recursive term", aggregate);
}

const CLAUSES: readonly (readonly [field: string, clause: string])[] = [
  ['sortClause', 'ORDER BY'],
  ['limitOffset', 'OFFSET'],
  ['limitCount', 'LIMIT'],
];

/** Where an aggregate of this query, not of one within it, stands. */
function findAggregate(value: unknown): number | null {
  if (Array.isArray(value)) {
    for (const item of value) {
      const found = findAggregate(item);
      if (found !== null) return found;
    }
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const fields = asFields(value, 'a node');
  if (
    has(fields, 'funcname') &&
    !has(fields, 'over') &&
    AGGREGATES.has(stringsOf(fields, 'funcname').at(-1) ?? '')
  )
    return locationOf(fields);
  for (const key of Object.keys(fields)) {
    if (key === 'SubLink') continue;
    const found = findAggregate(own(fields, key));
    if (found !== null) return found;
  }
  return null;
}

// A whole query: SELECT, VALUES, or a set operation over queries, at a level of its own.

import { hasNoRows, withoutRows } from './absent-catalogs.ts';
import { analyseSelect, analyseValues } from './analyse-select.ts';
import { analyseSetOperation } from './analyse-set-operation.ts';
import { analyseWith } from './analyse-with.ts';
import { type Analysis, deeper, inClause } from './analysis.ts';
import { overPlaces } from './catalog-lists.ts';
import { fail } from './failure.ts';
import { rowsInTargets } from './from-function.ts';
import { AGGREGATES } from './functions.ts';
import type { Query } from './query.ts';
import { atLevel, EMPTY_SCOPE, type Level, makeLevel } from './scope.ts';
import { type Fields, fieldsOf, firstLocation, has, isSetOperation } from './tree.ts';

interface QueryOptions {
  /** Outputs may stay untyped, for whoever gives them a type. */
  readonly keepUnknown?: boolean;
  /** It sees the FROM items on its left. */
  readonly isLateral?: boolean;
  /** Only whether it has rows is asked (EXISTS): then nothing of its list is worked out, as PostgreSQL's simplify_EXISTS_query has it. */
  readonly isTested?: boolean;
}

/** The query, and its level, which knows what it uses of those around it. */
export function analyseQuery(
  analysis: Analysis,
  fields: Fields,
  { keepUnknown = false, isLateral = false, isTested = false }: QueryOptions = {},
): { readonly query: Query; readonly level: Level } {
  const level = makeLevel('query', analysis.level, EMPTY_SCOPE, isLateral);
  const query = deeper(analysis, firstLocation(fields, 0), () =>
    atLevel(analysis, level, () =>
      inClause(analysis, 'targets', () => analyseBody(analysis, fields, keepUnknown, isTested)),
    ),
  );
  return { query, level };
}

function analyseBody(analysis: Analysis, fields: Fields, keepUnknown: boolean, isTested: boolean): Query {
  // At the top it has been cut off (analyse-create-as.ts).
  if (has(fields, 'intoClause') && !analysis.definesView)
    fail('42601', 'SELECT ... INTO is not allowed here', firstLocation(fieldsOf(fields, 'intoClause'), 0));
  analyseWith(analysis, fields);
  if (hasNoRows(fields)) return analyseSelect(analysis, withoutRows(fields), keepUnknown, isTested);
  if (isSetOperation(fields)) return analyseSetOperation(analysis, fields);
  return has(fields, 'valuesLists')
    ? analyseValues(analysis, fields)
    : analyseSelect(
        analysis,
        rowsInTargets(overPlaces(fields), (name) => AGGREGATES.has(name)),
        keepUnknown,
        isTested,
      );
}

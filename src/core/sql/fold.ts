// Constant folding, in PostgreSQL's order, because it decides which errors a statement gives before any row is read:
// a constant part is evaluated unless an earlier constant part makes it unreachable.

import { isStableFunction } from './defined-functions.ts';
import { evaluate, NO_SURROUNDINGS } from './evaluate.ts';
import {
  type CaseExpr,
  type CoalesceExpr,
  type Expr,
  type JunctionExpr,
  makeConst,
  mapParts,
  partsOf,
} from './expression.ts';

const isConst = (e: Expr): boolean => e.kind === 'const';
const isValue = (e: Expr, value: boolean | null): boolean => e.kind === 'const' && e.value === value;

export function fold(e: Expr): Expr {
  switch (e.kind) {
    case 'const':
    case 'column':
    case 'param':
    case 'outer':
    case 'ambient':
      return e;
    case 'and':
      return foldJunction(e, false);
    case 'or':
      return foldJunction(e, true);
    case 'case':
      return foldCase(e);
    case 'coalesce':
      return foldCoalesce(e);
    case 'aggregate':
    case 'window':
    case 'subquery':
    case 'sequence':
    // concat and concat_ws are not immutable in PostgreSQL: never folded there.
    case 'variadic':
      return mapParts(e, fold);
    default:
      return foldPlain(mapParts(e, fold));
  }
}

/** A condition of which only truth counts: unknown is as good as false, so a part that cannot be true decides. */
export function foldCondition(e: Expr): Expr {
  return onlyTruth(fold(e));
}

function onlyTruth(e: Expr): Expr {
  if (isValue(e, null)) return makeConst('bool', false, e.at);
  if (e.kind !== 'and' && e.kind !== 'or') return e;
  const args = e.args.map(onlyTruth);
  if (e.kind === 'and') return args.find((arg) => isValue(arg, false)) ?? { ...e, args };
  const kept = args.filter((arg) => !isValue(arg, false));
  const [only] = kept;
  if (only === undefined) return makeConst('bool', false, e.at);
  return kept.length === 1 ? only : { ...e, args: kept };
}

function foldPlain(e: Expr): Expr {
  const parts = partsOf(e);
  const strict = e.kind === 'call' || e.kind === 'compare';
  if (strict && parts.some((part) => isValue(part, null))) return makeConst(e.type, null, e.at);
  if (e.kind === 'nullIf' && (isValue(e.left, null) || isValue(e.right, null))) return e.result;
  if (!parts.every(isConst) || isStable(e)) return e;
  return makeConst(e.type, evaluate(e, [], NO_SURROUNDINGS), e.at);
}

/** Conversions that depend on the session's time zone or date style in PostgreSQL, which folds only what never changes. */
function isStable(e: Expr): boolean {
  if (e.kind !== 'call') return false;
  if (ZONED.has(e.fn) || isStableFunction(e.fn)) return true;
  const of = e.args.at(-1)?.type;
  if (e.fn === 'toText') return of === 'date' || of === 'timestamp' || of === 'timestamptz';
  return of === 'timestamptz' && OF_ZONED.has(e.fn);
}
const ZONED: ReadonlySet<string> = new Set([
  'dateToTimestamptz',
  'timestampToTimestamptz',
  'timestamptzToTimestamp',
  'textToDate',
  'textToTimestamp',
  'textToTimestamptz',
  // what the catalog lacks is missed when it is asked
  'missingId',
  'missingText',
]);
const OF_ZONED: ReadonlySet<string> = new Set([
  'timestampToDate',
  'extractTimestamp',
  'datePart',
  'dateTrunc',
]);

function foldJunction(e: JunctionExpr, decider: boolean): Expr {
  const kept: Expr[] = [];
  let unknown = false;
  for (const arg of e.args) {
    const folded = fold(arg);
    if (isValue(folded, decider)) return makeConst('bool', decider, e.at);
    if (isValue(folded, null)) unknown = true;
    else if (!isConst(folded)) kept.push(folded);
  }
  if (unknown) kept.push(makeConst('bool', null, e.at));
  const [only] = kept;
  if (only === undefined) return makeConst('bool', !decider, e.at);
  return kept.length === 1 ? only : { ...e, args: kept };
}

function foldCase(e: CaseExpr): Expr {
  const whens: { condition: Expr; result: Expr }[] = [];
  for (const branch of e.whens) {
    const condition = fold(branch.condition);
    if (isConst(condition) && !isValue(condition, true)) continue;
    const result = fold(branch.result);
    if (isValue(condition, true)) return whens.length === 0 ? result : { ...e, whens, otherwise: result };
    whens.push({ condition, result });
  }
  const otherwise = fold(e.otherwise);
  return whens.length === 0 ? otherwise : { ...e, whens, otherwise };
}

function foldCoalesce(e: CoalesceExpr): Expr {
  const kept: Expr[] = [];
  for (const arg of e.args) {
    const folded = fold(arg);
    if (isValue(folded, null)) continue;
    kept.push(folded);
    if (isConst(folded)) break;
  }
  const [only] = kept;
  if (only === undefined) return makeConst(e.type, null, e.at);
  return kept.length === 1 ? only : { ...e, args: kept };
}

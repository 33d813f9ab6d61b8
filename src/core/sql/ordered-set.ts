// percentile_cont, percentile_disc and mode WITHIN GROUP (ORDER BY …): aggregates of rows in order, with arguments that are the same for all
// of them. Which there are for which types.

import type { ColumnType } from './access.ts';
import type { StatisticsName } from './aggregate-statistics.ts';
import { arrayOf, elementOf, isArray, isImplicit, type SqlType } from './types.ts';

export const ORDERED_SETS: readonly string[] = ['percentile_cont', 'percentile_disc', 'mode'];

interface OrderedSet {
  readonly fn: StatisticsName;
  readonly type: ColumnType;
  /** What it orders by, and the argument in its brackets. */
  readonly sorted: ColumnType;
  readonly direct: ColumnType | null;
}

/** `direct`: the types in brackets; `order`: of what WITHIN GROUP orders by. */
export function orderedSet(
  name: string,
  direct: readonly SqlType[],
  order: readonly SqlType[],
): OrderedSet | 'none' | 'ambiguous' {
  const [sorted] = order;
  const [part] = direct;
  if (!ORDERED_SETS.includes(name) || sorted === undefined || order.length > 1) return 'none';
  const type = sorted === 'unknown' ? 'text' : sorted;
  if (name === 'mode') return part === undefined ? { fn: 'mode', type, sorted: type, direct: null } : 'none';
  if (part === undefined || direct.length > 1) return 'none';
  const fraction = isArray(part) ? 'float8[]' : 'float8';
  if (!isImplicit(part, fraction)) return 'none';
  if (part === 'unknown' && !isImplicit(type, 'float8')) return 'ambiguous';
  const made = (fn: StatisticsName, of: ColumnType): OrderedSet => ({
    fn,
    type: isArray(part) && !isArray(of) ? arrayOf(elementOf(of)) : of,
    sorted: of,
    direct: fraction,
  });
  if (name === 'percentile_disc') return made('percentileDisc', type);
  if (isImplicit(type, 'interval')) return made('percentileInterval', 'interval');
  return isImplicit(type, 'float8') ? made('percentileFloat8', 'float8') : 'none';
}

/** Why WITHIN GROUP may not stand beside an aggregate that is known, or has to. */
export function refusedWithin(
  name: string,
  isWithin: boolean,
  isOver: boolean,
): readonly [sqlstate: string, message: string] | null {
  const isSet = ORDERED_SETS.includes(name);
  if (isWithin && !isSet)
    return ['42809', `${name} is not an ordered-set aggregate, so it cannot have WITHIN GROUP`];
  if (!isWithin && isSet) return ['42809', `WITHIN GROUP is required for ordered-set aggregate ${name}`];
  return isOver ? ['0A000', `OVER is not supported for ordered-set aggregate ${name}`] : null;
}

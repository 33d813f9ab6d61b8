// Holds its right side in memory by the join's keys and streams the left one; without keys each left row meets all held rows.

import type { Row, Tid, Value } from '../access.ts';
import { mapKey } from '../compare.ts';
import { type Context, checkHeld, spend } from '../context.ts';
import { evaluate, isTrue, operandOf } from '../evaluate.ts';
import type { Names } from '../explain-expression.ts';
import type { Expr } from '../expression.ts';
import {
  columnsOfJoin,
  conditionOf,
  filterNotes,
  isTest,
  joinRows,
  type KeyedJoin,
  keysText,
  mapJoin,
  nulls,
  sidesNeeded,
  whyNote,
} from '../joins.ts';
import { withColumns } from '../needed-columns.ts';
import type { Described, Operator } from '../operator.ts';
import type { OperatorState, PlanOf, StateOf } from '../plan-types.ts';

declare module '../plan-types.ts' {
  interface Operators {
    hashJoin: {
      plan: KeyedJoin & {
        /** Columns of either side that its condition or who is above looks at: others are not in its rows. Absent: all. */
        readonly kept?: { readonly left: readonly number[]; readonly right: readonly number[] };
      };
      state: {
        readonly left: OperatorState;
        readonly right: OperatorState;
        /** Right rows in order. Those of one key are a chain: `table` has the key's first, `next` the one after (−1: none). */
        readonly rows: Row[];
        readonly table: Map<string | number, number>;
        readonly next: number[];
        /** At the place of a chain's first row: its last one. */
        readonly last: number[];
        /** Full join: which right rows have a partner. */
        readonly met: boolean[];
        isBuilt: boolean;
        /** The left row at hand and the next right row to hold against it: null before its keys are known, −1 after the last. */
        leftRow: Row | null;
        /** Where it lies. */
        leftTid: Tid;
        partner: number | null;
        isMet: boolean;
        /** Of right rows without a partner: how many were looked for. */
        at: number;
        /** Full join: the left side is through, right rows without a partner follow. */
        isLeftDone: boolean;
      };
    };
  }
}

export const hashJoin: Operator<'hashJoin'> = {
  start: (plan, start) => ({
    kind: 'hashJoin',
    plan,
    left: start(plan.left),
    right: start(plan.right),
    rows: [],
    table: new Map(),
    next: [],
    last: [],
    met: [],
    isBuilt: false,
    leftRow: null,
    leftTid: -1,
    partner: null,
    isMet: false,
    at: 0,
    isLeftDone: false,
  }),
  next,
  map: mapJoin,
  prune: (plan, needed, prune) => {
    const { left, right } = sidesNeeded(plan, needed);
    return {
      ...plan,
      left: prune(plan.left, withColumns(left, plan.leftKeys)),
      right: prune(plan.right, withColumns(right, plan.rightKeys)),
      ...(left && right && { kept: { left: [...left], right: [...right] } }),
    };
  },
  explain: describe,
  columns: columnsOfJoin,
};

/** No (further) row of a chain. */
const NONE = -1;

/** The columns of a right row that are looked at again. */
function keptOf({ kept }: PlanOf<'hashJoin'>, row: Row): Row {
  if (kept === undefined) return row;
  const { right } = kept;
  if (right.length === 0) return NO_VALUES;
  const values = new Array<Value>(right.length);
  for (let i = 0; i < right.length; i++) values[i] = row[right[i] as number] as Value;
  return values;
}
const NO_VALUES: Row = [];

/** Both rows as one, the right one as it is held. Places of columns that nobody looks at stay empty. */
function joinHeld({ kept, leftWidth, rightWidth }: PlanOf<'hashJoin'>, left: Row, held: Row): Row {
  if (kept === undefined) return joinRows(left, held);
  const row = new Array<Value>(leftWidth + rightWidth);
  for (let i = 0; i < kept.left.length; i++) {
    const at = kept.left[i] as number;
    row[at] = left[at] as Value;
  }
  for (let i = 0; i < kept.right.length; i++) row[leftWidth + (kept.right[i] as number)] = held[i] as Value;
  return row;
}

/** The keys' values as one; null when one is null, and then no row is equal to it. */
function keyOf(keys: readonly Expr[], row: Row, context: Context): string | number | null {
  if (keys.length === 1) {
    const value = operandOf(keys[0] as Expr, row, context);
    return value === null || typeof value === 'number' ? value : mapKey([value]);
  }
  const values: Value[] = [];
  for (const key of keys) {
    const value = evaluate(key, row, context);
    if (value === null) return null;
    values.push(value);
  }
  return mapKey(values);
}

/** A row without a key has no partner: it is in no chain. */
function hold(
  { plan, rows, table, next: nexts, last, met }: StateOf<'hashJoin'>,
  key: string | number | null,
  row: Row,
): void {
  const at = rows.length;
  rows.push(row);
  nexts.push(NONE);
  last.push(at);
  if (plan.join === 'full') met.push(false);
  if (key === null) return;
  const first = table.get(key);
  if (first === undefined) {
    table.set(key, at);
    return;
  }
  nexts[last[first] as number] = at;
  last[first] = at;
}

function build(op: StateOf<'hashJoin'>, context: Context): void {
  const { plan } = op;
  for (let row = context.next(op.right); row !== null; row = context.next(op.right)) {
    const key = keyOf(plan.rightKeys, row, context);
    if (key === null && plan.join !== 'full') continue;
    // One of a key is enough to say that there is one.
    if (plan.on === null && isTest(plan) && key !== null && op.table.has(key)) continue;
    checkHeld(op.rows.length, context, 'a join');
    hold(op, key, keptOf(plan, row));
  }
  op.isBuilt = true;
}

function next(op: StateOf<'hashJoin'>, context: Context): Row | null {
  const { plan, rows } = op;
  if (!op.isBuilt) build(op, context);
  while (!op.isLeftDone) {
    if (op.leftRow === null) {
      op.leftRow = context.next(op.left);
      op.leftTid = context.turn.tid;
    }
    const left = op.leftRow;
    if (left === null) {
      op.isLeftDone = true;
      break;
    }
    if (op.partner === null) {
      const key = keyOf(plan.leftKeys, left, context);
      op.partner = key === null ? NONE : (op.table.get(key) ?? NONE);
      op.isMet = false;
    }
    context.turn.tid = -1;
    for (let at = op.partner; at !== NONE; at = op.partner) {
      const row = plan.on === null && isTest(plan) ? left : joinHeld(plan, left, rows[at] as Row);
      const meets = isTrue(plan.on, row, context);
      // After the condition, which may take several steps and is then judged again.
      spend(context);
      op.partner = op.next[at] as number;
      if (!meets) continue;
      op.isMet = true;
      if (plan.join === 'full') op.met[at] = true;
      if (isTest(plan)) break;
      return row;
    }
    op.leftRow = null;
    op.partner = null;
    if (isTest(plan)) {
      if (op.isMet !== (plan.join === 'semi')) continue;
      context.turn.tid = op.leftTid;
      return left;
    }
    if (!op.isMet && plan.join !== 'inner') return joinHeld(plan, left, nulls(plan.rightWidth));
  }
  if (plan.join !== 'full') return null;
  while (op.at < rows.length) {
    const at = op.at;
    op.at += 1;
    if (op.met[at] !== true) return joinHeld(plan, nulls(plan.leftWidth), rows[at] as Row);
  }
  return null;
}

function describe(plan: PlanOf<'hashJoin'>, names: Names, inputs: readonly Names[]): Described {
  const keys = keysText(plan, names, inputs);
  const type = TYPES[plan.join];
  const isHash = keys !== '';
  const columns = inputs.flatMap((input) => input.columns);
  return {
    line: isHash ? `Hash${type} Join` : `Nested Loop${type === '' ? '' : `${type} Join`}`,
    notes: [
      ...(isHash ? [`Hash Cond: ${keys}`] : []),
      ...filterNotes(plan, { ...names, columns }),
      whyNote(plan, whyHeld(plan, isHash)),
    ],
    exprs: conditionOf(plan),
  };
}

const TYPES = { inner: '', left: ' Left', full: ' Full', semi: ' Semi', anti: ' Anti' } as const;

function whyHeld(plan: PlanOf<'hashJoin'>, isHash: boolean): string {
  if (isTest(plan)) return 'the right side is held by its keys once, not looked for by each left row';
  return isHash ? 'the right side is held by its keys' : 'no equality: the right side is held whole';
}

// The context of one step of a running statement.

import type { Access, Row, Value } from './access.ts';
import { hyphenated } from './bytes-form.ts';
import type { Context, Turn } from './context.ts';
import { WORLD_EPOCH_MICROS } from './datetime.ts';
import type { RunningStatement } from './execution-types.ts';
import type { AmbientExpr, SequenceExpr, SubqueryExpr } from './expression.ts';
import { big, num } from './narrow.ts';
import { nextRow, startOperator } from './operators.ts';
import type { OperatorState, RowsPlan } from './plan-types.ts';
import { runSubquery } from './subquery.ts';

export class StatementContext implements Context {
  readonly access: Access;
  readonly statement: RunningStatement;
  readonly params: Row;
  readonly outer: Row;
  readonly turn: Turn;
  readonly heldRows: number;
  constructor(access: Access, statement: RunningStatement, outer: Row, turn: Turn, heldRows: number) {
    this.access = access;
    this.statement = statement;
    this.params = statement.params;
    this.outer = outer;
    this.turn = turn;
    this.heldRows = heldRows;
  }
  start(plan: RowsPlan): OperatorState {
    return startOperator(plan);
  }
  next(op: OperatorState): Row | null {
    return nextRow(op, this);
  }
  within(outer: Row): Context {
    return new StatementContext(this.access, this.statement, outer, this.turn, this.heldRows);
  }
  ambient(source: AmbientExpr['source']): Value {
    const { access } = this;
    if (source === 'backend') return access.backend;
    if (source === 'random') return access.drawRandom();
    if (source === 'uuid') return { kind: 'uuid', text: hyphenated(access.drawUuid()) };
    return {
      kind: 'timestamptz',
      micros: WORLD_EPOCH_MICROS + BigInt(source === 'clock' ? access.now : access.startedAt),
    };
  }
  subquery(e: SubqueryExpr, row: Row): Value {
    return runSubquery(e, row, this);
  }
  sequence({ fn, table }: SequenceExpr, args: Row): Value {
    const { access } = this;
    if (fn === 'setseed') {
      const [seed = null] = args;
      if (seed === null) return null;
      access.seedRandom(num(seed));
      return '';
    }
    if (table === null || fn === 'currval') return access.currentValue(table);
    if (args.includes(null)) return null;
    const { drawing } = this.turn;
    const known = drawing?.drawn[drawing.at];
    const value =
      known ??
      (fn === 'nextval'
        ? access.nextValue(table)
        : access.setValue(table, big(args[0] ?? null), args[1] !== false));
    if (drawing) drawing.drawn[drawing.at++] = value;
    return value;
  }
}

// What the metadata answers to a question of where something lies: by a key of a table, by a range of keys, by node or by group. Pure.

import type { CutTableView } from '../../../../../core/pcs/pcs-view.ts';
import { nodesIn } from './describe.ts';
import { keysOf, type PlacementModel, type PlacementRow } from './project.ts';

/** Of keys: those of `table` from `from` to `to`, both included; `to` empty: the one key `from`. */
export interface PlacementQuery {
  readonly by: 'keys' | 'node' | 'group';
  readonly table: string;
  readonly from: string;
  readonly to: string;
  readonly node: string;
  readonly group: string;
}

/** A tablet that the question is of, with who serves it. */
export interface PlacementAnswer {
  readonly id: string;
  readonly table: string;
  readonly keys: string;
  /** Null: nobody has written there yet. */
  readonly row: PlacementRow | null;
}

/** As a number where both are, else as text; the empty bound lies below every key. */
function isBelow(a: string, b: string): boolean {
  if (a === '' || b === '') return a === '' && b !== '';
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? a < b : x < y;
}

/** Whether the `i`-th tablet has keys in `[from, to]`. */
function hasKeys({ tablets }: CutTableView, i: number, from: string, to: string): boolean {
  const first = tablets[i]?.from ?? '';
  const end = tablets[i + 1]?.from ?? null;
  return !isBelow(to, first) && (end === null || isBelow(from, end));
}

const answerOf = (row: PlacementRow): PlacementAnswer => ({
  id: row.group,
  table: row.table,
  keys: row.keys,
  row,
});

export function askPlacement(model: PlacementModel, query: PlacementQuery): readonly PlacementAnswer[] {
  const { rows, tables } = model;
  switch (query.by) {
    case 'group':
      return rows.filter(({ group }) => group === query.group).map(answerOf);
    case 'node':
      return rows
        .filter((row) =>
          nodesIn(row, 'primary', 'leavingPrimary', 'replica', 'outgoing', 'learner').includes(query.node),
        )
        .map(answerOf);
    case 'keys': {
      const table = tables.find(({ name }) => name === query.table);
      if (table === undefined || query.from === '') return [];
      const to = query.to === '' ? query.from : query.to;
      return table.tablets.flatMap((_, i) => {
        if (!hasKeys(table, i, query.from, to)) return [];
        const keys = keysOf(table, i);
        const row = rows.find((one) => one.table === table.name && one.tablet === i + 1) ?? null;
        return [{ id: `${table.name} ${i}`, table: table.name, keys, row }];
      });
    }
  }
}

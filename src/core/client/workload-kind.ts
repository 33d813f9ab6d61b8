// A kind of workload: its tables, how they are loaded, and the requests of one client (workload-kinds.ts has all of them). A request is a
// few of the kind's statements (by index, parsed at the edge) with parameters `$1…`. Pure: chance comes from the client's own stream.

import { nextBelow, type Prng } from '../../base/prng.ts';
import type { WorkloadSpec } from '../kernel/workload-spec.ts';
import { zipfRank } from './zipf.ts';

/**
 * What a request means for a history: an operation on one key, a transaction of several (`txn`: its key is each access in
 * its order, `r pairs/1 w pairs/1`, and all that it writes is `value`; `in serializable` before them is its level, `e p/1` a row that one
 * of it refers to; `at serializable` is a level as well, and a write then appends a mark to a list of them, apart by commas), one whose effect can be counted, or nothing a
 * checker follows. Of the countable ones `append` puts the mark `value` on both lists of its key, `appends` on one after the other, by a
 * commit each (`halves/1@2 halves/2@5`: the answer to which statement acknowledges it), `add` adds one to a counter,
 * `put` and `remove` make a key be there or not; `list` and `count` read them, `audit` reads a table by two access paths.
 */
export interface Operation {
  readonly kind:
    | 'read'
    | 'write'
    | 'insert'
    | 'txn'
    | 'transfer'
    | 'statement'
    | 'append'
    | 'appends'
    | 'list'
    | 'add'
    | 'count'
    | 'put'
    | 'remove'
    | 'audit';
  readonly key: string;
  readonly value: string;
}

export interface PlannedRequest {
  /** Indexes into `workloadTexts(spec)`. */
  readonly statements: readonly number[];
  readonly params: readonly (string | null)[];
  readonly operation: Operation;
  /** True: the next request follows at once, in the same transaction. */
  readonly more: boolean;
}

/** A request of one statement, which is all of its operation. */
export const single = (
  statement: number,
  params: readonly string[],
  kind: Operation['kind'],
  key: string,
  value = '',
): PlannedRequest => ({ statements: [statement], params, operation: { kind, key, value }, more: false });

export interface Kind {
  /** Its history is judged as that of one copy: reads go to the writer, for a reader may lag behind what others have seen. */
  readonly readsAtWriter?: true;
  readonly texts: readonly string[] | ((spec: WorkloadSpec) => readonly string[]);
  /** Requests that create and fill the tables; a duplicate key (23505) means that a part was there already. */
  readonly load: (spec: WorkloadSpec) => number;
  readonly loadRequest: (
    spec: WorkloadSpec,
    index: number,
  ) => { readonly statements: readonly number[]; readonly params: readonly (string | null)[] };
  /** `step` counts the requests of this transaction so far. */
  readonly next: (spec: WorkloadSpec, client: ClientPlan, prng: Prng) => PlannedRequest;
}

/** What a client keeps between its requests. */
export interface ClientPlan {
  readonly ordinal: number;
  /** Transactions begun; starts at boot epoch · 10^6, so that keys and values are unique across lives. */
  begun: number;
  /** Request of the current transaction, 0 is the first. */
  step: number;
  /** Parameters drawn at the transaction's start. */
  drawn: readonly number[];
}

const HOT_ROWS = 5;
export const LOAD_BATCH = 25;

/** A row in [1, rows], hot rows first. */
export function pickRow(spec: WorkloadSpec, prng: Prng): number {
  const hot = nextBelow(prng, 100) < spec.hotPercent;
  return 1 + nextBelow(prng, hot ? Math.min(HOT_ROWS, spec.rows) : spec.rows);
}

export const pickZipf = (spec: WorkloadSpec, prng: Prng): number => 1 + zipfRank(prng, spec.rows);

/** A value that no other operation writes: client, its count, padded to the workload's size. */
export function uniqueText(spec: WorkloadSpec, client: ClientPlan): string {
  return `c${client.ordinal}.${client.begun}.`.padEnd(spec.valueBytes, 'x');
}

/** `(…), (…)` for `count` rows of `width` parameters each. */
export function valuesList(count: number, width: number): string {
  const rows: string[] = [];
  for (let i = 0; i < count; i++) {
    const row: string[] = [];
    for (let k = 1; k <= width; k++) row.push(`$${i * width + k}`);
    rows.push(`(${row.join(', ')})`);
  }
  return rows.join(', ');
}

/** Batches of rows [first, last] of batch `index`, 1-based rows. */
export function batchRows(rows: number, index: number): readonly number[] {
  const list: number[] = [];
  for (let row = index * LOAD_BATCH + 1; row <= Math.min(rows, (index + 1) * LOAD_BATCH); row++)
    list.push(row);
  return list;
}

/** A table filled in batches: text `create` is the create, `insert` a full batch, `one` a single row. */
export function loadTable(
  create: number,
  insert: number,
  one: number,
  rows: number,
  make: (row: number) => readonly (string | null)[],
) {
  const batches = Math.ceil(rows / LOAD_BATCH);
  const full = Math.floor(rows / LOAD_BATCH);
  const singles = rows - full * LOAD_BATCH;
  return {
    count: 1 + full + singles,
    request: (index: number) => {
      if (index === 0) return { statements: [create], params: [] };
      if (index <= full) return { statements: [insert], params: batchRows(rows, index - 1).flatMap(make) };
      const row = batchRows(rows, batches - 1)[index - 1 - full] ?? rows;
      return { statements: [one], params: make(row) };
    },
  };
}

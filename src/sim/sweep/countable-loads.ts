// The countable loads of a sweep (list-append, counters, keys that come and go), and how every table that a sweep writes
// is read back: by heap scan, by index scan and, where it is small, row by row. From streams of their own, so that the
// rest of a seed does not depend on them.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween } from '../../base/prng.ts';
import type { ClientResult, WorkloadSpec } from '../../core/kernel/door.ts';
import { requestIdAt } from '../actions/clients.ts';
import { type FinalRows, judgeEffects } from '../checks/effects.ts';
import type { Monitors } from '../checks/monitor.ts';
import { expectOfRun } from '../checks/monitors.ts';
import type { History } from '../history.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog } from './draw-tools.ts';

const LIST_ROWS = 80;
const COUNTER_ROWS = 3;

/** `thinkUs`: least and most. The loads start at 0 and stop at `stopAt`. */
export function drawCountable(
  seed: number,
  driver: NodeId,
  thinkUs: readonly [least: number, most: number],
  stopAt: Time,
  churners = 2,
): TapeAction[] {
  const prng = makePrng(seed, 'countable');
  const base = { ratePerSecond: 0, hotPercent: 0, valueBytes: 0, load: true } as const;
  const think = (): number => drawLog(prng, ...thinkUs);
  const specs: Readonly<Record<string, WorkloadSpec>> = {
    lists: { ...base, kind: 'list-append', rows: LIST_ROWS, clients: 2, thinkUs: think(), readPercent: 20 },
    counters: { ...base, kind: 'counter', rows: COUNTER_ROWS, clients: 2, thinkUs: think(), readPercent: 15 },
    churn: {
      ...base,
      kind: 'churn',
      rows: nextBetween(prng, 120, 240),
      clients: churners,
      thinkUs: think(),
      readPercent: 2 + nextBelow(prng, 4),
      // Long keys fill a page of the index soon.
      valueBytes: nextBetween(prng, 24, 60),
    },
  };
  return Object.entries(specs).flatMap(([name, spec]): TapeAction[] => [
    { kind: 'workload', at: 0 as Time, node: driver, name, spec },
    { kind: 'workloadStop', at: stopAt, node: driver, name },
  ]);
}

/** A table as a sweep reads it back: its key, a bound below all keys, and what it reads of each row. */
interface ReadTable {
  readonly table: string;
  readonly key: string;
  readonly least: string;
  readonly columns: string;
  /** Rows looked up one by one: keys 1 to this. */
  readonly points?: number;
  /** It may grow so large that on a slow disk one read outlasts every retry: then it is read once more. */
  readonly isLarge?: true;
}

const readTables: readonly ReadTable[] = [
  { table: 'lists', key: 'k', least: '0', columns: 'k, v', points: LIST_ROWS, isLarge: true },
  { table: 'counters', key: 'k', least: '0', columns: 'k, n', points: COUNTER_ROWS },
  { table: 'churn', key: 'k', least: "''", columns: 'k, v', isLarge: true },
  { table: 'registers', key: 'k', least: '0', columns: 'k, v', points: 8 },
  { table: 'accounts', key: 'id', least: '0', columns: 'id, owner, balance' },
];

const PREFIX = 'paths-';

/** Between the first and the second reading of a large table, virtual µs. */
const AGAIN_US = 10_000_000;

/** Requests of one reading: the heap, the index, the rows one by one, each by itself, so that none lasts longer than it must. */
function readingOf({ table, key, least, columns, points = 0 }: ReadTable): readonly string[] {
  const select = `SELECT ${columns} FROM ${table}`;
  const rows = Array.from({ length: points }, (_, row) => `${select} WHERE ${key} = ${row + 1}`);
  return [select, `${select} WHERE ${key} >= ${least}`, ...(points > 0 ? [rows.join('; ')] : [])];
}

const sessionOf = (table: string, reading: number, part: number): string =>
  `${PREFIX}${table}-${reading}-${part}`;

/** Reads of the tables of these names, from one time on; `readings`: of large tables. */
export function readBackActions(
  at: Time,
  driver: NodeId,
  tables: readonly string[],
  readings: readonly number[] = [1, 2],
): TapeAction[] {
  return readTables
    .filter(({ table }) => tables.includes(table))
    .flatMap((read) =>
      (read.isLarge === true ? readings : [1]).flatMap((reading) =>
        readingOf(read).map(
          (text, part): TapeAction => ({
            kind: 'sql',
            at: (at + (reading - 1) * AGAIN_US) as Time,
            node: driver,
            session: sessionOf(read.table, reading, part),
            text,
            params: [],
          }),
        ),
      ),
    )
    .sort((a, b) => a.at - b.at);
}

type Rows = readonly (readonly (string | null)[])[];

interface ReadBack {
  readonly final: FinalRows;
  /** Tables whose access paths gave different rows, and how. */
  readonly differences: readonly string[];
  /** Tables read by every path. */
  readonly tables: number;
  /** Tables whose reads were not answered by rows. */
  readonly missing: readonly string[];
}

/** What the reads on this tape came to. */
function takeReadBack({ actions }: Tape, replies: ReadonlyMap<string, ClientResult>): ReadBack {
  const differences: string[] = [];
  const missing: string[] = [];
  const heaps = new Map<string, Rows>();
  const replyTo = (session: string): ClientResult | undefined => {
    const place = actions.findIndex((one) => one.kind === 'sql' && one.session === session);
    return place === -1 ? undefined : replies.get(requestIdAt(actions, place));
  };
  for (const read of readTables) {
    const { table, points = 0 } = read;
    if (!actions.some((one) => one.kind === 'sql' && one.session === sessionOf(table, 1, 0))) continue;
    const readings = [1, 2].map((reading) =>
      readingOf(read).map((_, part) => replyTo(sessionOf(table, reading, part))),
    );
    const found = readings
      .map((parts) =>
        parts.flatMap((reply) =>
          (reply?.statements ?? []).flatMap((one) => (one.kind === 'rows' ? [one.rows] : [])),
        ),
      )
      .find((parts) => parts.length === 2 + points);
    if (found === undefined) {
      const unread = readings.flat().find((reply) => reply !== undefined && reply.outcome !== 'ok');
      missing.push(`${table}: ${unread === undefined ? 'no reply' : JSON.stringify(unread).slice(0, 200)}`);
      continue;
    }
    const [heap, index, ...rows] = found as [Rows, Rows, ...Rows[]];
    heaps.set(table, heap);
    const paths: [path: string, rows: Rows][] = [['the index', index]];
    if (points > 0) paths.push(['point lookups', rows.flat()]);
    for (const [path, found] of paths) {
      const difference = compareRows(heap, found);
      if (difference !== null) differences.push(`${table}: ${path} and the heap differ: ${difference}`);
    }
  }
  const valuesOf = (table: string) => {
    const rows = heaps.get(table);
    return rows === undefined ? null : new Map(rows.map(([key, value]) => [key ?? '', value ?? '']));
  };
  const churn = valuesOf('churn');
  return {
    final: {
      lists: valuesOf('lists'),
      counters: valuesOf('counters'),
      churn: churn === null ? null : new Set(churn.keys()),
    },
    differences,
    tables: heaps.size,
    missing,
  };
}

/** A row that only one of them has, or has more often. */
function compareRows(heap: Rows, other: Rows): string | null {
  const texts = (rows: Rows): string[] => rows.map((row) => JSON.stringify(row)).sort();
  const [a, b] = [texts(heap), texts(other)];
  for (let i = 0; i < Math.max(a.length, b.length); i++)
    if (a[i] !== b[i]) return `${a[i] ?? 'nothing'} against ${b[i] ?? 'nothing'}`;
  return null;
}

/**
 * Holds what the tables have at the end against the answers that clients got, and every access path against every other; how
 * many tables were read. `mayLack`: the run ends so soon that the reads may be under way.
 */
export function judgeCountable(
  monitors: Monitors,
  tape: Tape,
  history: History,
  replies: ReadonlyMap<string, ClientResult>,
  at: Time,
  mayLack = false,
): number {
  const { missing, differences, final, tables } = takeReadBack(tape, replies);
  if (!mayLack) expectOfRun(monitors, 'cluster.progress', missing.length === 0, at, () => missing.join('; '));
  const faults = [
    ...differences.map((message) => ({ rule: 'client.paths-agree' as const, message })),
    ...judgeEffects(history, final),
  ];
  for (const rule of ['client.paths-agree', 'client.exactly-once'] as const) {
    const [fault] = faults.filter((one) => one.rule === rule);
    expectOfRun(monitors, rule, fault === undefined, at, () => fault?.message ?? '');
  }
  return tables;
}

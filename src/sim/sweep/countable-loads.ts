// The countable loads of a sweep (list-append, counters, keys that come and go, rows with secondary indexes), and how every table that a sweep writes
// is read back: by heap scan, by index scan and row by row. From streams of their own, so that the
// rest of a seed does not depend on them.

import type { NodeId, Time } from '../../base/ids.ts';
import { makePrng, nextBelow, nextBetween } from '../../base/prng.ts';
import type { ClientResult } from '../../core/kernel/client-calls.ts';
import type { WorkloadSpec } from '../../core/kernel/workload-spec.ts';
import { requestIdAt } from '../actions/clients.ts';
import { type FinalRows, judgeEffects } from '../checks/effects.ts';
import { expectOfRun } from '../checks/expect-of-run.ts';
import type { History } from '../checks/history.ts';
import type { Monitors } from '../checks/monitor.ts';
import type { Tape } from '../tape.ts';
import type { TapeAction } from '../tape-actions.ts';
import { drawLog } from './draw-tools.ts';

const LIST_ROWS = 80;
const HALVES_ROWS = 40;
const COUNTER_ROWS = 3;
const MOST_CHURN_ROWS = 240;
const INDEXED_ROWS = 60;
/** So many that some of each kind of transaction meet. */
const SERIAL_CLIENTS = 5;

/** Whether a run has countable loads, and the one with secondary indexes, or that of rows larger than a page, among them. */
export type Counted = boolean | 'indexed' | 'large' | 'serial';
/** What some runs have beside the others: rows with secondary indexes, lists that are read and appended to at every isolation level,
 * or serializable transactions over tables whose definitions change. */
export type MoreLoads = 'indexed' | 'levels' | 'serial' | null;

const base = { ratePerSecond: 0, hotPercent: 0, valueBytes: 0, load: true } as const;

/** Counters in transactions of several requests. The load starts at 0 and stops at `stopAt`. */
export function drawSteps(
  seed: number,
  node: NodeId,
  thinkUs: readonly [least: number, most: number],
  stopAt: Time,
): TapeAction[] {
  const spec: WorkloadSpec = {
    ...base,
    kind: 'counter-steps',
    rows: COUNTER_ROWS,
    clients: 2,
    thinkUs: drawLog(makePrng(seed, 'steps'), ...thinkUs),
    readPercent: 15,
  };
  return [
    { kind: 'workload', at: 0 as Time, node, name: 'steps', spec },
    { kind: 'workloadStop', at: stopAt, node, name: 'steps' },
  ];
}

/** `thinkUs`: least and most. The loads start at 0 and stop at `stopAt`. */
export function drawCountable(
  seed: number,
  driver: NodeId,
  thinkUs: readonly [least: number, most: number],
  stopAt: Time,
  more: MoreLoads,
  churners = 2,
): TapeAction[] {
  const prng = makePrng(seed, 'countable');
  const think = (): number => drawLog(prng, ...thinkUs);
  const specs: Readonly<Record<string, WorkloadSpec>> = {
    lists: { ...base, kind: 'list-append', rows: LIST_ROWS, clients: 2, thinkUs: think(), readPercent: 20 },
    halves: {
      ...base,
      kind: 'append-halves',
      rows: HALVES_ROWS,
      clients: 2,
      thinkUs: drawLog(makePrng(seed, 'halves'), ...thinkUs),
      readPercent: 0,
    },
    counters: { ...base, kind: 'counter', rows: COUNTER_ROWS, clients: 2, thinkUs: think(), readPercent: 15 },
    churn: {
      ...base,
      kind: 'churn',
      rows: nextBetween(prng, 120, MOST_CHURN_ROWS),
      clients: churners,
      thinkUs: think(),
      readPercent: 2 + nextBelow(prng, 4),
      // Long keys fill a page of the index soon.
      valueBytes: nextBetween(prng, 24, 60),
    },
    ...(more === 'levels' && {
      levels: {
        ...base,
        kind: 'append-levels',
        rows: LIST_ROWS,
        clients: 3,
        thinkUs: drawLog(makePrng(seed, 'levels'), ...thinkUs),
        readPercent: 0,
      },
    }),
    ...(more === 'serial' && {
      serial: {
        ...base,
        kind: 'serial-tables',
        rows: 1,
        clients: SERIAL_CLIENTS,
        thinkUs: drawLog(makePrng(seed, 'serial'), ...thinkUs),
        readPercent: 0,
      },
    }),
    ...(more === 'indexed' && {
      indexed: {
        ...base,
        kind: 'indexed',
        rows: INDEXED_ROWS,
        clients: 2,
        thinkUs: drawLog(makePrng(seed, 'indexed'), ...thinkUs),
        readPercent: 20,
        valueBytes: 24,
      },
    }),
  };
  return Object.entries(specs).flatMap(([name, spec]): TapeAction[] => [
    { kind: 'workload', at: 0 as Time, node: driver, name, spec },
    { kind: 'workloadStop', at: stopAt, node: driver, name },
  ]);
}

/** A table as a sweep reads it back. */
interface ReadTable {
  readonly table: string;
  readonly key: string;
  readonly columns: string;
  /** Where the ranges of its index scan begin, as SQL; the first is below all keys. */
  readonly bounds: readonly string[];
  /** Rows looked up one by one: keys 1 to this. */
  readonly points?: number;
  /** It may grow so large that on a slow disk a scan of its heap outlasts every retry: then the index speaks for it. */
  readonly isLarge?: true;
}

/** Keys of one range, and row lookups of one request. */
const PER_RANGE = 10;
const CHURN_RANGE = 30;

const rangesOf = (rows: number, per: number, bound: (first: number) => string): string[] =>
  Array.from({ length: Math.ceil(rows / per) }, (_, range) => bound(range * per));

const readTables: readonly ReadTable[] = [
  { table: 'registers', key: 'k', bounds: ['0'], columns: 'k, v', points: 8 },
  { table: 'counters', key: 'k', bounds: ['0'], columns: 'k, n', points: COUNTER_ROWS },
  { table: 'accounts', key: 'id', bounds: ['0'], columns: 'id, owner, balance' },
  {
    table: 'lists',
    key: 'k',
    bounds: rangesOf(LIST_ROWS, PER_RANGE, String),
    columns: 'k, v',
    points: LIST_ROWS,
    isLarge: true,
  },
  {
    table: 'churn',
    key: 'k',
    bounds: rangesOf(MOST_CHURN_ROWS, CHURN_RANGE, (first) => `'${`${first}`.padStart(6, '0')}'`),
    columns: 'k, v',
    isLarge: true,
  },
  {
    table: 'halves',
    key: 'k',
    bounds: rangesOf(HALVES_ROWS, PER_RANGE, String),
    columns: 'k, v',
    isLarge: true,
  },
  {
    table: 'levels',
    key: 'k',
    bounds: rangesOf(LIST_ROWS, PER_RANGE, String),
    columns: 'k, v',
    isLarge: true,
  },
  { table: 'serial_y', key: 'k', bounds: ['0'], columns: 'k, v', points: 2 },
  { table: 'serial_x', key: 'k', bounds: ['0'], columns: 'k, v' },
  { table: 'tagged', key: 'id', bounds: ['0'], columns: 'id, tag, code' },
];

/** The tables of the countable loads. */
export const countedTables = (more: MoreLoads): readonly string[] => [
  'lists',
  'halves',
  'counters',
  'churn',
  ...(more === 'indexed' ? ['tagged'] : []),
  ...(more === 'levels' ? ['levels'] : []),
  ...(more === 'serial' ? ['serial_y', 'serial_x'] : []),
];

const PATHS = ['heap', 'index', 'points'] as const;

/**
 * The requests that read a table by each access path; each is short, since a client's patience is drawn as well. `isCut`: its keys may be
 * in several groups, of which one statement reads for each request (pcs.md PCS-97).
 */
function readingOf({ table, key, bounds, columns, points = 0 }: ReadTable, isCut = false) {
  const select = `SELECT ${columns} FROM ${table}`;
  const lookups = (first: number): string => {
    const keys = Array.from({ length: Math.min(PER_RANGE, points - first) }, (_, i) => first + i + 1);
    return isCut
      ? `${select} WHERE ${key} IN (${keys.join(', ')})`
      : keys.map((one) => `${select} WHERE ${key} = ${one}`).join('; ');
  };
  return {
    heap: [select],
    index: bounds.map((from, range) => {
      const to = bounds[range + 1];
      return `${select} WHERE ${key} >= ${from}${to === undefined ? '' : ` AND ${key} < ${to}`}`;
    }),
    points: rangesOf(points, PER_RANGE, String).map((first) => lookups(Number(first))),
  };
}

const sessionOf = (table: string, path: string, part: number): string => `paths-${table}-${path}-${part}`;

/** Reads of the tables of these names, one after another: a request every `everyUs` from `at` on. */
export function readBackActions(
  at: Time,
  driver: NodeId,
  tables: readonly string[],
  everyUs: number,
  isCut = false,
): TapeAction[] {
  const requests = readTables
    .filter(({ table }) => tables.includes(table))
    .flatMap((read) => {
      const reading = readingOf(read, isCut);
      return PATHS.flatMap((path) =>
        reading[path].map((text, part) => ({ session: sessionOf(read.table, path, part), text })),
      );
    });
  return requests.map(
    ({ session, text }, place): TapeAction => ({
      kind: 'sql',
      at: (at + place * everyUs) as Time,
      node: driver,
      session,
      text,
      params: [],
    }),
  );
}

type Rows = readonly (readonly (string | null)[])[];

interface ReadBack {
  readonly final: FinalRows;
  /** Tables whose access paths gave different rows, and how. */
  readonly differences: readonly string[];
  /** Tables read whole by every path. */
  readonly tables: number;
  /** Tables whose reads were not answered by rows. */
  readonly missing: readonly string[];
}

/** What the reads on this tape came to. */
function takeReadBack({ actions }: Tape, replies: ReadonlyMap<string, ClientResult>): ReadBack {
  const differences: string[] = [];
  const missing: string[] = [];
  const known = new Map<string, Rows>();
  let tables = 0;
  const replyTo = (session: string): ClientResult | undefined => {
    const place = actions.findIndex((one) => one.kind === 'sql' && one.session === session);
    return place === -1 ? undefined : replies.get(requestIdAt(actions, place));
  };
  for (const read of readTables) {
    const { table } = read;
    if (!actions.some((one) => one.kind === 'sql' && one.session === sessionOf(table, 'heap', 0))) continue;
    const reading = readingOf(read);
    const unread: string[] = [];
    const found = PATHS.flatMap((path): { path: string; rows: Rows }[] => {
      const rows = rowsOf(reading[path].map((_, part) => replyTo(sessionOf(table, path, part))));
      if (typeof rows === 'string') unread.push(`${path}: ${rows}`);
      return typeof rows === 'string' || reading[path].length === 0 ? [] : [{ path, rows }];
    });
    const [first, ...others] = found;
    if (first === undefined || (unread.length > 0 && read.isLarge !== true))
      missing.push(`${table}: ${unread.join('; ')}`);
    if (first === undefined) continue;
    known.set(table, first.rows);
    if (unread.length === 0) tables++;
    for (const { path, rows } of others) {
      const difference = compareRows(first.rows, rows);
      if (difference !== null) differences.push(`${table}: ${path} and ${first.path} differ: ${difference}`);
    }
  }
  const valuesOf = (table: string) => {
    const rows = known.get(table);
    return rows === undefined ? null : new Map(rows.map(([key, value]) => [key ?? '', value ?? '']));
  };
  const churn = valuesOf('churn');
  return {
    final: {
      lists: valuesOf('lists'),
      levels: valuesOf('levels'),
      halves: valuesOf('halves'),
      counters: valuesOf('counters'),
      churn: churn === null ? null : new Set(churn.keys()),
    },
    differences,
    tables,
    missing,
  };
}

/** All rows of these replies, or what stands in place of them. */
function rowsOf(replies: readonly (ClientResult | undefined)[]): Rows | string {
  const rows: (readonly (string | null)[])[] = [];
  for (const reply of replies) {
    if (reply === undefined) return 'no reply';
    for (const one of reply.statements) {
      if (one.kind !== 'rows') return JSON.stringify(reply).slice(0, 200);
      rows.push(...one.rows);
    }
  }
  return rows;
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

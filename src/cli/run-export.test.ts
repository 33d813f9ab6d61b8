// Exports are read back by readers that are not ours: EDN by edn-data, the others as JSON.

import { parseEDNString } from 'edn-data';
import { beforeAll, expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { type ExportKind, makeRunExport } from '../run-model/exports/run-export.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import type { TracedEvent } from '../sim/types.ts';
import { makeWorld, runWorld } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';

const text = `postdb-tape 1
engine 0.1.0
preset cynosdb
profile demo
seed 5
end 220.000
0.000 workload d1 kind=ycsb-a rows=4 clients=3 thinkUs=1000 ratePerSecond=0 readPercent=50 hotPercent=80 valueBytes=8 load=true
0.000 workload d1 skew kind=write-skew rows=2 clients=2 thinkUs=1000 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=8 load=true
100.000 crash rw-1 for 30.000 ms
150.000 cut rw-1 | store-3 for 10.000 ms
`;
/** On a cluster with readers: lists, and registers whose sessions ask for their newest or for any state. */
const onReaders = `postdb-tape 1
engine 0.1.0
preset cynosdb-ro
profile demo
seed 5
end 160.000
0.000 workload d1 lists kind=list-append rows=4 clients=2 thinkUs=1000 ratePerSecond=0 readPercent=50 hotPercent=0 valueBytes=0 load=true
0.000 workload d1 kind=register rows=3 clients=3 thinkUs=1000 ratePerSecond=0 readPercent=60 hotPercent=50 valueBytes=8 load=true
`;
const events: TracedEvent[] = [];
const readerEvents: TracedEvent[] = [];

async function record(of: string, into: TracedEvent[], untilMs: number): Promise<void> {
  const parsed = parseTape(tapes, of);
  if (!parsed.ok) throw new Error(parsed.error);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const world = makeWorld<unknown, unknown>(made.setup.spec);
  runWorld(
    world,
    {
      program: programOf(made.setup.program),
      edge: await loadSqlEdge(),
      tape: tapes,
      onTrace: (traced) => into.push(...traced),
    },
    { until: (untilMs * 1000) as never },
  );
}

beforeAll(async () => {
  await record(text, events, 220);
  await record(onReaders, readerEvents, 160);
});

function exported(kind: ExportKind, of: readonly TracedEvent[] = events): string {
  const out = makeRunExport(kind, { engine: '0.1.0', preset: 'cynosdb', seed: 5 });
  for (let i = 0; i < of.length; i += 97) out.add(of.slice(i, i + 97));
  return out.finish();
}

interface Row {
  readonly index: number;
  readonly time: number;
  readonly process: number | string;
  readonly type: string;
  readonly f: string;
  readonly value: unknown;
  readonly node?: string;
  readonly 'read-point'?: number;
  readonly level?: string;
}

const readEdn = (line: string): Row =>
  parseEDNString(line, { mapAs: 'object', keywordAs: 'string', listAs: 'array' }) as unknown as Row;

/** The key of an operation; of a transaction each access's kind and key. */
const keyOf = ({ f, value }: Row): unknown => {
  if (!Array.isArray(value)) return null;
  return f === 'txn' ? value.map(([kind, key]) => [kind, key]) : value[0];
};

test('EDN: every call has one return of its process, faults are the nemesis, time never goes back', () => {
  const rows = exported('edn').trimEnd().split('\n').map(readEdn);
  expect(rows.map(({ index }) => index)).toEqual(rows.map((_row, i) => i));
  const open = new Map<number | string, Row>();
  const types = new Set<string>();
  let time = 0;
  for (const row of rows) {
    expect(row.time).toBeGreaterThanOrEqual(time);
    time = row.time;
    if (row.process === 'nemesis') continue;
    types.add(row.type);
    if (row.type === 'invoke') {
      expect(open.has(row.process)).toBe(false);
      open.set(row.process, row);
    } else {
      const call = open.get(row.process);
      expect(call?.f).toBe(row.f);
      expect(call === undefined ? null : keyOf(call)).toEqual(keyOf(row));
      open.delete(row.process);
    }
  }
  expect(types.has('ok')).toBe(true);
  expect(rows.filter(({ process }) => process === 'nemesis').map(({ f, value }) => `${f} ${value}`)).toEqual(
    expect.arrayContaining([expect.stringContaining('crash'), expect.stringContaining('cut')]),
  );
});

test('C02 EDN: a transaction of several accesses is a list of them, its reads empty until it is answered', () => {
  const rows = exported('edn').trimEnd().split('\n').map(readEdn);
  const of = (type: string) => rows.filter((row) => row.f === 'txn' && row.type === type);
  const [pair, other] = ['pairs/1', 'pairs/2'];
  for (const row of of('invoke')) {
    expect(row.value).toEqual([
      ['r', expect.stringContaining('pairs/'), null],
      ['r', expect.stringContaining('pairs/'), null],
      ['w', expect.stringContaining('pairs/'), expect.stringMatching(/^c[01]\./)],
    ]);
  }
  const read = new Set<unknown>();
  for (const { value } of of('ok')) {
    const [first, second, written] = value as [string, string, string][];
    expect([first?.[1], second?.[1]].sort()).toEqual([pair, other]);
    expect(written?.[1]).toBe(first?.[1]);
    read.add(first?.[2]).add(second?.[2]);
  }
  // The first of all reads what was loaded, a later one what another wrote.
  expect(read.has('init')).toBe(true);
  expect(read.size).toBeGreaterThan(5);
});

test('JSON: calls and returns with their places in the one order', () => {
  const { operations, faults, ...head } = JSON.parse(exported('history'));
  expect(head).toMatchObject({ format: 'postdb-history', version: 1, preset: 'cynosdb', seed: 5 });
  expect(operations.length).toBeGreaterThan(20);
  const transactions = operations.filter((one: { operation: string }) => one.operation === 'txn');
  expect(transactions.length).toBeGreaterThan(5);
  for (const { accesses } of transactions)
    expect(accesses.map(({ kind }: { kind: string }) => kind)).toEqual(['r', 'r', 'w']);
  for (const one of operations) if (one.return !== null) expect(one.return).toBeGreaterThan(one.call);
  expect(faults.length).toBeGreaterThanOrEqual(2);
});

test('READ-41 READ-43 EDN and JSON say of each read which node served it, at which read point and level', () => {
  const rows = exported('edn', readerEvents).trimEnd().split('\n').map(readEdn);
  const reads = rows.filter(({ f, type }) => (f === 'read' || f === 'list') && type === 'ok');
  const nodes = new Set(reads.map(({ node }) => node));
  expect([...nodes].sort()).toEqual(['ro-1', 'ro-2', 'rw-1']); // the writer's before the readers were known
  const onReader = reads.filter(({ node }) => node !== 'rw-1');
  expect(onReader.length).toBeGreaterThan(20);
  for (const { 'read-point': at, level } of onReader)
    expect([typeof at, level]).toEqual(['number', 'session']);
  const writes = rows.filter(({ f, type }) => f === 'write' && type === 'ok');
  expect(new Set(writes.map(({ node }) => node))).toEqual(new Set(['rw-1']));
  const lists = rows.filter(({ f, type }) => f === 'list' && type === 'ok');
  const longest = Math.max(
    ...lists.map(({ value }) => (value as [string, string, string[]][])[0]?.[2].length ?? 0),
  );
  expect(longest).toBeGreaterThan(2);
  const appends = rows.filter(({ f, type }) => f === 'append' && type === 'invoke');
  for (const { value } of appends)
    expect((value as [string, string, string][]).map(([what]) => what)).toEqual(['append', 'append']);
  const { operations } = JSON.parse(exported('history', readerEvents));
  const served = operations.filter((one: { served?: object }) => one.served !== undefined);
  expect(served.length).toBe(onReader.length);
  expect(served[0].served).toMatchObject({ node: served[0].node, level: 'session' });
});

test('trace: one JSON line an event behind a head, nothing lost', () => {
  const [head, ...lines] = exported('trace')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(head).toMatchObject({ format: 'postdb-trace', version: 1 });
  expect(lines).toHaveLength(events.length);
  expect(lines.at(-1)).toMatchObject({ at: events.at(-1)?.at, kind: events.at(-1)?.event.kind });
});

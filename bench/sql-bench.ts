// P10: SQL headless, the engine alone beside PostgreSQL itself (PGlite) in memory, the same statements with the same
// parameters over the same rows. Statements are parsed once by either side: here at the edge, which keeps trees by text,
// there by PGlite's cache of the text's plan or by its own parser, as it does for every client.

import { PGlite } from '@electric-sql/pglite';
import { loadSqlParser } from '../src/edge/sql-parser.ts';
import { alternate, type Bench, type Row, rateOf, type Sample } from './harness.ts';
import { makeBenchEngine } from './sql-engine.ts';

const ROWS = 10_000;
const CLIENTS = 64;
const ROUNDS = 7;
const RANGE = 1000;

const SCHEMA = [
  'create table branches (id int primary key, region int not null, name text not null)',
  'create table accounts (id int primary key, branch int not null, balance bigint not null, rate numeric(8,3), owner text not null, pad text not null)',
  'create table entries (id int primary key, account int not null, amount int not null, note text)',
  'create table inserts (id int primary key, account int not null, amount int not null, note text)',
];

const digits = (n: number): string => String(n);

function fill(table: string, count: number, row: (i: number) => string): string[] {
  const statements: string[] = [];
  for (let at = 0; at < count; at += 500) {
    const rows = Array.from({ length: Math.min(500, count - at) }, (_, i) => `(${row(at + i)})`);
    statements.push(`insert into ${table} values ${rows.join(', ')}`);
  }
  return statements;
}

const LOAD = [
  ...fill('branches', 100, (i) => `${i}, ${i % 7}, 'branch ${i}'`),
  ...fill(
    'accounts',
    ROWS,
    (i) =>
      `${i}, ${(i * 37) % 100}, ${(i * 7919) % 100_000}, ${i % 997}.${i % 10}25, 'owner ${i}', '${'x'.repeat(60)}'`,
  ),
  ...fill('entries', ROWS, (i) => `${i}, ${(i * 31) % ROWS}, ${(i * 13) % 500}, 'note ${i % 50}'`),
];

interface Measure {
  readonly name: string;
  readonly text: string;
  readonly params: (at: number) => readonly string[];
  /** Statements of one run: as many for either side. */
  readonly count: number;
  /** Sessions that ask at a time; the reference has one. */
  readonly clients: number;
  /** Least times PGlite's rate. */
  readonly reach: number;
}

const none = (): readonly string[] => [];

const MEASURES: readonly Measure[] = [
  {
    name: 'point select',
    text: 'select balance from accounts where id = $1',
    params: (at) => [digits((at * 7919) % ROWS)],
    count: 4096,
    clients: CLIENTS,
    reach: 1,
  },
  {
    name: 'point update',
    text: 'update accounts set balance = balance + $1 where id = $2',
    params: (at) => [digits(at % 50), digits((at * 7919) % ROWS)],
    count: 4096,
    clients: CLIENTS,
    reach: 1,
  },
  {
    name: 'insert',
    text: 'insert into inserts values ($1, $2, $3, $4)',
    params: (at) => [digits(at), digits(at % ROWS), digits(at % 500), `note ${at % 50}`],
    count: 4096,
    clients: CLIENTS,
    reach: 1,
  },
  {
    name: `key range of ${RANGE} rows`,
    text: 'select id, balance from accounts where id >= $1 and id < $2',
    params: (at) => {
      const from = (at * 613) % (ROWS - RANGE);
      return [digits(from), digits(from + RANGE)];
    },
    count: 40,
    clients: 1,
    reach: 1,
  },
  {
    name: 'aggregates over 10 k rows',
    text: 'select count(*), sum(balance), min(balance), max(balance) from accounts where balance > 500',
    params: none,
    count: 10,
    clients: 1,
    reach: 1 / 1.5,
  },
  {
    name: 'groups of 10 k rows',
    text: 'select branch, count(*), sum(balance), avg(balance) from accounts group by branch order by branch',
    params: none,
    count: 10,
    clients: 1,
    reach: 1 / 1.5,
  },
  {
    name: 'join of 10 k rows with 100',
    text: 'select b.region, count(*), sum(a.balance) from accounts a join branches b on b.id = a.branch group by b.region',
    params: none,
    count: 10,
    clients: 1,
    reach: 1 / 1.5,
  },
  {
    name: 'join of 10 k rows with 10 k',
    text: 'select count(*), sum(e.amount) from entries e join accounts a on a.id = e.account where a.branch < 50',
    params: none,
    count: 10,
    clients: 1,
    reach: 1 / 1.5,
  },
  {
    name: 'rows of 10 k without a partner',
    text: 'select count(*) from accounts a where not exists (select 1 from entries e where e.account = a.id and e.amount > 250)',
    params: none,
    count: 10,
    clients: 1,
    reach: 1 / 1.5,
  },
];

async function measure(pg: PGlite, engine: ReturnType<typeof makeBenchEngine>, one: Measure): Promise<Row> {
  const { name, text, params, count, clients, reach } = one;
  let [here, there] = [0, 0];
  const ours = (): number =>
    rateOf(count, () => {
      for (let i = 0; i < count; i += clients)
        engine.batch(
          Array.from({ length: Math.min(clients, count - i) }, () => ({ text, params: params(here++) })),
        );
    });
  const theirs = async (): Promise<number> => {
    const startedAt = performance.now();
    for (let i = 0; i < count; i++) await pg.query(text, [...params(there++)], { rowMode: 'array' });
    return count / ((performance.now() - startedAt) / 1000);
  };
  const samples: Record<'ours' | 'theirs', Sample> = await alternate(
    { ours, theirs },
    { rounds: ROUNDS, warmups: 2 },
  );
  const { median, spread } = samples.ours;
  const reference = samples.theirs.median;
  return {
    id: 'P10',
    name,
    value: median,
    unit: '/s',
    reference,
    referenceName: 'PGlite in memory',
    ratio: median / reference,
    spread,
    reach: reach === 1 ? 'ahead' : '≥ 0.67 ×',
    isReached: median >= reach * reference,
    note: `${(1e6 / median).toPrecision(3)} µs each${clients > 1 ? `, ${clients} clients` : ''}`,
  };
}

async function run(): Promise<Row[]> {
  await loadSqlParser();
  const pg = new PGlite();
  await pg.waitReady;
  const engine = makeBenchEngine();
  for (const text of [...SCHEMA, ...LOAD]) {
    await pg.exec(text);
    engine.run(text);
  }
  await pg.exec('analyze');
  const wanted = process.env.POSTDB_LAB_BENCH_SQL;
  const rows: Row[] = [];
  for (const one of MEASURES)
    if (wanted === undefined || one.name.includes(wanted)) rows.push(await measure(pg, engine, one));
  await pg.close();
  return rows;
}

export const bench: Bench = { id: 'P10', title: 'SQL beside PGlite', run };

// Sample datasets of the SQL console as statements: tables first, then rows in batches, each a request of its own. Rows are made by
// the database from their numbers, so a batch is one line on the tape whatever its size, and every load gives the same rows.
// pgbench and YCSB have the tables of the drivers' loads and of the tools, smaller: one branch with 2,000 of its 100,000 accounts.

export type DatasetId = 'bank' | 'shop' | 'pgbench' | 'ycsb';

export interface Dataset {
  readonly id: DatasetId;
  /** Its tables, for what is said of it. */
  readonly tables: readonly string[];
  readonly rows: number;
  readonly requests: readonly string[];
}

/** Rows of a batch: few enough for the log buffer of the smallest profile. */
const batchRows = 100;

const numbers = (from: number, to: number): string =>
  `with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${to})`;

/** `count` rows of a table, in batches; `outputs` is over their number `i`, from 1. */
function fill(table: string, count: number, outputs: string): readonly string[] {
  const requests: string[] = [];
  for (let from = 1; from <= count; from += batchRows) {
    const to = Math.min(count, from + batchRows - 1);
    requests.push(`insert into ${table} ${numbers(from, to)} select ${outputs} from n`);
  }
  return requests;
}

const pick = (words: readonly string[]): string =>
  `case i % ${words.length} ${words.map((word, i) => `when ${i} then '${word}'`).join(' ')} end`;

const bank: Dataset = {
  id: 'bank',
  tables: ['bank_branch', 'bank_customer', 'bank_account', 'bank_transfer'],
  rows: 905,
  requests: [
    'create table bank_branch (id int primary key, city text not null)',
    'create table bank_customer (id int primary key, name text not null, branch int not null references bank_branch)',
    `create table bank_account (id int primary key, customer int not null references bank_customer, kind text not null check (kind in ('current', 'savings')), balance numeric(12, 2) not null default 0 check (balance >= 0))`,
    'create table bank_transfer (id int primary key, source int not null references bank_account, target int not null references bank_account, amount numeric(12, 2) not null check (amount > 0), booked date not null)',
    'create index bank_account_customer on bank_account (customer)',
    ...fill('bank_branch', 5, `i, ${pick(['Bergen', 'Chengdu', 'Lagos', 'Lima', 'Porto'])}`),
    ...fill(
      'bank_customer',
      200,
      `i, ${pick(['Ada', 'Bao', 'Chidi', 'Dana', 'Elif', 'Fang', 'Goran'])} || ' ' || i, 1 + i % 5`,
    ),
    ...fill('bank_account', 300, `i, 1 + i % 200, ${pick(['current', 'savings'])}, 100 + (i * 37) % 5000`),
    ...fill(
      'bank_transfer',
      400,
      `i, 1 + i % 300, 1 + (i * 7 + 1) % 300, 1 + (i * 13) % 90, date '2026-01-01' + i % 180`,
    ),
  ],
};

const shop: Dataset = {
  id: 'shop',
  tables: ['shop_product', 'shop_customer', 'shop_order', 'shop_item'],
  rows: 1180,
  requests: [
    'create table shop_product (id int primary key, name text not null, price numeric(8, 2) not null check (price > 0), stock int not null check (stock >= 0))',
    'create table shop_customer (id int primary key, name text not null, email text not null unique)',
    'create table shop_order (id int primary key, customer int not null references shop_customer, placed date not null, state text not null)',
    'create table shop_item (shop_order int not null references shop_order on delete cascade, line int not null, product int not null references shop_product, quantity int not null, primary key (shop_order, line))',
    'create index shop_item_product on shop_item (product)',
    ...fill(
      'shop_product',
      80,
      `i, ${pick(['lamp', 'chair', 'kettle', 'rug', 'clock'])} || ' ' || i, 5 + (i * 17) % 200, i % 40`,
    ),
    ...fill('shop_customer', 100, `i, 'customer ' || i, 'c' || i || '@example.com'`),
    ...fill(
      'shop_order',
      400,
      `i, 1 + (i * 11) % 100, date '2026-03-01' + i % 90, ${pick(['new', 'paid', 'sent'])}`,
    ),
    ...fill('shop_item', 600, '1 + (i - 1) % 400, 1 + (i - 1) / 400, 1 + (i * 23) % 80, 1 + i % 4'),
  ],
};

const pgbench: Dataset = {
  id: 'pgbench',
  tables: ['pgbench_branches', 'pgbench_tellers', 'pgbench_accounts', 'pgbench_history'],
  rows: 2011,
  requests: [
    'create table pgbench_branches (bid int primary key, bbalance int, filler char(88))',
    'create table pgbench_tellers (tid int primary key, bid int, tbalance int, filler char(84))',
    'create table pgbench_accounts (aid int primary key, bid int, abalance int, filler char(84))',
    'create table pgbench_history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22))',
    ...fill('pgbench_branches', 1, 'i, 0, null'),
    ...fill('pgbench_tellers', 10, 'i, 1, 0, null'),
    ...fill('pgbench_accounts', 2000, `i, 1, 0, ''`),
  ],
};

const ycsb: Dataset = {
  id: 'ycsb',
  tables: ['usertable'],
  rows: 1000,
  requests: [
    'create table usertable (id bigint primary key, v text)',
    ...fill('usertable', 1000, `i, 'v' || i || '.' || repeat('x', 90)`),
  ],
};

export const datasets: readonly Dataset[] = [bank, shop, pgbench, ycsb];

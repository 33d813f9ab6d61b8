// What each kind of workload sends: banking, key-value and isolation loads, and the table of all kinds. A transaction may be one request
// (`transfer`) or a request per statement (`tpcb`).

import { nextBelow, type Prng } from '../../base/prng.ts';
import type { WorkloadKind, WorkloadSpec } from '../kernel/workload-spec.ts';
import { appendLevels } from './append-levels-kind.ts';
import { appendHalves, COMMIT_STEP, churn, counter, counterSteps, listAppend } from './countable-kinds.ts';
import { indexed } from './indexed-kind.ts';
import { serialTables } from './serial-tables-kind.ts';
import {
  type ClientPlan,
  type Kind,
  LOAD_BATCH,
  loadTable,
  type PlannedRequest,
  pickRow,
  pickZipf,
  single,
  uniqueText,
  valuesList,
} from './workload-kind.ts';

const TELLERS_PER_BRANCH = 10;
const ACCOUNTS_PER_BRANCH = 1000;
const OWNERS = ['ada', 'bo', 'cy', 'dee', 'eli', 'fay', 'gus', 'hana', 'ivo', 'jun'];

const accounts = (spec: WorkloadSpec) =>
  loadTable(0, 1, 2, spec.rows, (row) => [String(row), OWNERS[row % OWNERS.length] ?? 'ada', '1000']);

const transferTexts = [
  'CREATE TABLE IF NOT EXISTS accounts (id int PRIMARY KEY, owner text, balance bigint)',
  `INSERT INTO accounts VALUES ${valuesList(LOAD_BATCH, 3)}`,
  'INSERT INTO accounts VALUES ($1, $2, $3)',
  'BEGIN',
  'UPDATE accounts SET balance = balance - $1 WHERE id = $2',
  'UPDATE accounts SET balance = balance + $1 WHERE id = $3',
  'COMMIT',
  'SELECT balance FROM accounts WHERE id = $1',
];

const transfer: Kind = {
  texts: transferTexts,
  load: (spec) => accounts(spec).count,
  loadRequest: (spec, index) => accounts(spec).request(index),
  next: (spec, _client, prng) => {
    const read = nextBelow(prng, 100) < spec.readPercent;
    const from = pickRow(spec, prng);
    const other = pickRow(spec, prng);
    const amount = 1 + nextBelow(prng, 100);
    if (read) return single(7, [String(from)], 'statement', `accounts/${from}`);
    const to = other === from ? 1 + (from % spec.rows) : other;
    return {
      statements: [3, 4, 5, 6],
      params: [String(amount), String(from), String(to)],
      operation: { kind: 'transfer', key: `accounts/${from}-${to}`, value: String(amount) },
      more: false,
    };
  },
};

/** Rows of each of the four tablets that `accounts` is cut into; a transaction stays in one of them (pcs.md PCS-54). */
const TABLET_ROWS = 25;
const tabletTexts = transferTexts.map((text) =>
  text.startsWith('CREATE TABLE') ? `${text} WITH (split_at = '26,51,76')` : text,
);

/** Both rows of a transfer in one tablet: the sums are kept in each. A batch of rows is a tablet, too. */
const tabletTransfer: Kind = {
  ...transfer,
  texts: tabletTexts,
  next: (spec, client, prng) => {
    const request = transfer.next(spec, client, prng);
    if (request.statements.length === 1) return request;
    const [amount = '0', from = '1', other = '2'] = request.params;
    const first = Math.floor((Number(from) - 1) / TABLET_ROWS) * TABLET_ROWS;
    const rows = Math.min(TABLET_ROWS, spec.rows - first);
    const at = (Number(other) - 1) % rows;
    const to = first + 1 + (first + 1 + at === Number(from) ? (at + 1) % rows : at);
    return {
      ...request,
      params: [amount, from, String(to)],
      operation: { kind: 'transfer', key: `accounts/${from}-${to}`, value: String(amount) },
    };
  },
};

const tpcbParts = (spec: WorkloadSpec) => {
  const branches = Math.max(1, Math.floor(spec.rows / ACCOUNTS_PER_BRANCH));
  const row3 = (row: number) => [String(row), String(1 + Math.floor((row - 1) / ACCOUNTS_PER_BRANCH)), '0'];
  return {
    branches,
    branch: loadTable(0, 1, 2, branches, (row) => [String(row), '0']),
    teller: loadTable(3, 4, 5, branches * TELLERS_PER_BRANCH, (row) => [
      String(row),
      String(1 + Math.floor((row - 1) / TELLERS_PER_BRANCH)),
      '0',
    ]),
    account: loadTable(6, 7, 8, spec.rows, row3),
  };
};

/** Parameters of the transaction's statements: begin, account, its balance, teller, branch, history, commit. */
function tpcbParams(step: number, account: number, teller: number, branch: number, delta: number): string[] {
  switch (step) {
    case 1:
      return [String(delta), String(account)];
    case 2:
      return [String(account)];
    case 3:
      return [String(delta), String(teller)];
    case 4:
      return [String(delta), String(branch)];
    case 5:
      return [String(teller), String(branch), String(account), String(delta)];
    default:
      return [];
  }
}

const tpcb: Kind = {
  texts: [
    'CREATE TABLE IF NOT EXISTS branches (bid int PRIMARY KEY, bbalance bigint)',
    `INSERT INTO branches VALUES ${valuesList(LOAD_BATCH, 2)}`,
    'INSERT INTO branches VALUES ($1, $2)',
    'CREATE TABLE IF NOT EXISTS tellers (tid int PRIMARY KEY, bid int, tbalance bigint)',
    `INSERT INTO tellers VALUES ${valuesList(LOAD_BATCH, 3)}`,
    'INSERT INTO tellers VALUES ($1, $2, $3)',
    'CREATE TABLE IF NOT EXISTS tpcb_accounts (aid int PRIMARY KEY, bid int, abalance bigint)',
    `INSERT INTO tpcb_accounts VALUES ${valuesList(LOAD_BATCH, 3)}`,
    'INSERT INTO tpcb_accounts VALUES ($1, $2, $3)',
    'CREATE TABLE IF NOT EXISTS history (tid int, bid int, aid int, delta int)',
    'BEGIN',
    'UPDATE tpcb_accounts SET abalance = abalance + $1 WHERE aid = $2',
    'SELECT abalance FROM tpcb_accounts WHERE aid = $1',
    'UPDATE tellers SET tbalance = tbalance + $1 WHERE tid = $2',
    'UPDATE branches SET bbalance = bbalance + $1 WHERE bid = $2',
    'INSERT INTO history VALUES ($1, $2, $3, $4)',
    'COMMIT',
  ],
  load: (spec) => {
    const parts = tpcbParts(spec);
    return parts.branch.count + parts.teller.count + parts.account.count + 1;
  },
  loadRequest: (spec, index) => {
    const { branch, teller, account } = tpcbParts(spec);
    if (index < branch.count) return branch.request(index);
    const second = index - branch.count;
    if (second < teller.count) return teller.request(second);
    const third = second - teller.count;
    if (third < account.count) return account.request(third);
    return { statements: [9], params: [] };
  },
  next: (spec, client, prng) => {
    if (client.step === 0) {
      const { branches } = tpcbParts(spec);
      const teller = 1 + nextBelow(prng, branches * TELLERS_PER_BRANCH);
      client.drawn = [
        pickRow(spec, prng),
        teller,
        1 + Math.floor((teller - 1) / TELLERS_PER_BRANCH),
        nextBelow(prng, 10_000) - 5000,
      ];
    }
    const [account = 1, teller = 1, branch = 1, delta = 0] = client.drawn;
    // `history` is left out when nothing may grow (valueBytes 0): the steady state that memory is measured in.
    const hasHistory = spec.valueBytes > 0;
    const step = client.step === 5 && !hasHistory ? 6 : client.step;
    return {
      statements: [10 + step],
      params: tpcbParams(step, account, teller, branch, delta),
      operation: { kind: 'statement', key: `tpcb/${account}`, value: '' },
      more: step < 6,
    };
  },
};

const usertable = (spec: WorkloadSpec) =>
  loadTable(0, 1, 2, spec.rows, (row) => [String(row), `v${row}.`.padEnd(spec.valueBytes, 'x')]);

function ycsb(readPercent: number, write: 'update' | 'insert'): Kind {
  return {
    texts: [
      'CREATE TABLE IF NOT EXISTS usertable (id bigint PRIMARY KEY, v text)',
      `INSERT INTO usertable VALUES ${valuesList(LOAD_BATCH, 2)}`,
      'INSERT INTO usertable VALUES ($1, $2)',
      'SELECT v FROM usertable WHERE id = $1',
      'UPDATE usertable SET v = $2 WHERE id = $1',
    ],
    load: (spec) => usertable(spec).count,
    loadRequest: (spec, index) => usertable(spec).request(index),
    next: (spec, client, prng) => {
      const read = nextBelow(prng, 100) < readPercent;
      if (read) {
        const key = String(pickZipf(spec, prng));
        return single(3, [key], 'read', `usertable/${key}`);
      }
      const value = uniqueText(spec, client);
      if (write === 'insert') {
        const key = String(spec.rows + 1 + client.ordinal + client.begun * 1024);
        return single(2, [key, value], 'insert', `usertable/${key}`, value);
      }
      const key = String(pickZipf(spec, prng));
      return single(4, [key, value], 'write', `usertable/${key}`, value);
    },
  };
}

const kvInsert: Kind = {
  texts: ['CREATE TABLE IF NOT EXISTS kv (id bigint PRIMARY KEY, v text)', 'INSERT INTO kv VALUES ($1, $2)'],
  load: () => 1,
  loadRequest: () => ({ statements: [0], params: [] }),
  next: (spec, client) => {
    const key = String(1 + client.ordinal + client.begun * 4096);
    const value = uniqueText(spec, client);
    return single(1, [key, value], 'insert', `kv/${key}`, value);
  },
};

const MOST_TABLES = 1000;
const tablesOf = ({ rows }: WorkloadSpec): number => Math.min(MOST_TABLES, Math.max(1, rows));

/** Inserts of new keys into as many tables as the spec has rows, each client into one of them: the load of a volume of many groups. */
const kvTables: Kind = {
  texts: (spec) =>
    Array.from({ length: tablesOf(spec) }, (_, i) => [
      `CREATE TABLE IF NOT EXISTS kv${i + 1} (id bigint PRIMARY KEY, v text)`,
      `INSERT INTO kv${i + 1} VALUES ($1, $2)`,
    ]).flat(),
  load: tablesOf,
  loadRequest: (_, index) => ({ statements: [2 * index], params: [] }),
  next: (spec, client) => {
    const table = client.ordinal % tablesOf(spec);
    const key = String(1 + client.ordinal + client.begun * 4096);
    const value = uniqueText(spec, client);
    return single(2 * table + 1, [key, value], 'insert', `kv${table + 1}/${key}`, value);
  },
};

const registers = (spec: WorkloadSpec) => loadTable(0, 1, 2, spec.rows, (row) => [String(row), 'init']);

const register: Kind = {
  readsAtWriter: true,
  texts: [
    'CREATE TABLE IF NOT EXISTS registers (k int PRIMARY KEY, v text)',
    `INSERT INTO registers VALUES ${valuesList(LOAD_BATCH, 2)}`,
    'INSERT INTO registers VALUES ($1, $2)',
    'SELECT v FROM registers WHERE k = $1',
    'UPDATE registers SET v = $2 WHERE k = $1',
  ],
  load: (spec) => registers(spec).count,
  loadRequest: (spec, index) => registers(spec).request(index),
  next: (spec, client, prng) => {
    const read = nextBelow(prng, 100) < spec.readPercent;
    const key = String(pickRow(spec, prng));
    if (read) return single(3, [key], 'read', `registers/${key}`);
    const value = uniqueText(spec, client);
    return single(4, [key, value], 'write', `registers/${key}`, value);
  },
};

/** Rows of `pairs`: at least one pair. */
const pairRows = (spec: WorkloadSpec): number => Math.max(2, spec.rows);
const pairs = (spec: WorkloadSpec) => loadTable(0, 1, 2, pairRows(spec), (row) => [String(row), 'init']);

const pairTexts = [
  'CREATE TABLE IF NOT EXISTS pairs (k int PRIMARY KEY, v text)',
  `INSERT INTO pairs VALUES ${valuesList(LOAD_BATCH, 2)}`,
  'INSERT INTO pairs VALUES ($1, $2)',
  'BEGIN',
  'BEGIN ISOLATION LEVEL REPEATABLE READ',
  'SELECT v FROM pairs WHERE k = $1',
  'SELECT v FROM pairs WHERE k = $2',
  'UPDATE pairs SET v = $3 WHERE k = $1',
  'COMMIT',
];

/** What its isolation level permits shows by itself where two clients meet (Berenson et al., SIGMOD 1995: P4, A5B). */
function onPairs(
  next: (row: number, other: number) => Pick<PlannedRequest, 'statements'> & { key: string },
): Kind {
  return {
    texts: pairTexts,
    load: (spec) => pairs(spec).count,
    loadRequest: (spec, index) => pairs(spec).request(index),
    next: (spec, client, prng) => {
      const row = 1 + nextBelow(prng, pairRows(spec) - (pairRows(spec) % 2));
      const other = row % 2 === 0 ? row - 1 : row + 1;
      const value = uniqueText(spec, client);
      const { statements, key } = next(row, other);
      return {
        statements,
        params: [String(row), String(other), value],
        operation: { kind: 'txn', key, value },
        more: false,
      };
    },
  };
}

/** Read committed: what was read is written over by what does not depend on what came between; then it is read again. */
const lostUpdate = onPairs((row) => ({
  statements: [3, 5, 7, 5, 8],
  key: `r pairs/${row} w pairs/${row} r pairs/${row}`,
}));

/** Repeatable read: each reads both rows of a pair and writes one of them. */
const writeSkew = onPairs((row, other) => ({
  statements: [4, 5, 6, 7, 8],
  key: `r pairs/${row} r pairs/${other} w pairs/${row}`,
}));

const kinds: Readonly<Record<WorkloadKind, Kind>> = {
  transfer,
  'tablet-transfer': tabletTransfer,
  tpcb,
  'ycsb-a': ycsb(50, 'update'),
  'ycsb-b': ycsb(95, 'update'),
  'ycsb-c': ycsb(100, 'update'),
  'ycsb-d': ycsb(95, 'insert'),
  'kv-insert': kvInsert,
  'kv-tables': kvTables,
  register,
  'lost-update': lostUpdate,
  'write-skew': writeSkew,
  'list-append': listAppend,
  'append-levels': appendLevels,
  'append-halves': appendHalves,
  counter,
  'counter-steps': counterSteps,
  churn,
  indexed,
  'serial-tables': serialTables,
};

const textsOf = (spec: WorkloadSpec): readonly string[] => {
  const { texts } = kinds[spec.kind];
  return typeof texts === 'function' ? texts(spec) : texts;
};
/** Statements of a kind, where they are the same whatever its size is. */
export const fixedTexts = (kind: WorkloadKind): readonly string[] => {
  const { texts } = kinds[kind];
  return typeof texts === 'function' ? [] : texts;
};
/** Statement texts of a workload, ROLLBACK last: the edge parses them once, in this order, for `OperatorCommand.statements`. */
export const workloadTexts = (spec: WorkloadSpec): readonly string[] => [...textsOf(spec), 'ROLLBACK'];
/** What a client says after a statement of its transaction has failed: ROLLBACK, or as well COMMIT, which then is one (FENCE-47). */
export const endIndex = (spec: WorkloadSpec, { begun }: ClientPlan): number =>
  spec.kind === 'counter-steps' && begun % 2 === 1 ? COMMIT_STEP : textsOf(spec).length;
export const loadRequests = (spec: WorkloadSpec): number => kinds[spec.kind].load(spec);
export const loadRequest = (spec: WorkloadSpec, index: number) => kinds[spec.kind].loadRequest(spec, index);
/** READ-46: where the reads of its clients may go. */
export const readTargetOf = (kind: WorkloadKind): 'any' | 'rw' => (kinds[kind].readsAtWriter ? 'rw' : 'any');
export const nextRequest = (spec: WorkloadSpec, client: ClientPlan, prng: Prng): PlannedRequest =>
  kinds[spec.kind].next(spec, client, prng);

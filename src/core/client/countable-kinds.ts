// Workloads whose effects can be counted: each acknowledged operation leaves exactly one mark (sim/checks/effects.ts).

import { nextBelow, nextChance, type Prng } from '../../base/prng.ts';
import type { WorkloadSpec } from '../kernel/workload-spec.ts';
import {
  type ClientPlan,
  type Kind,
  LOAD_BATCH,
  loadTable,
  pickRow,
  single,
  valuesList,
} from './workload-kind.ts';

/** Transactions of a client before it goes on to the next lists, so that no list outgrows a page. */
const PER_LIST = 8;
const listRows = (spec: WorkloadSpec): number => Math.max(2, spec.rows);
export const lists = (spec: WorkloadSpec) => loadTable(0, 1, 2, listRows(spec), (row) => [String(row), '']);

/** Two lists beside each other; a client goes on to the next after some transactions. */
export function pickLists(
  spec: WorkloadSpec,
  client: ClientPlan,
  prng: Prng,
): readonly [a: string, b: string] {
  const first = (Math.floor(client.begun / PER_LIST) + nextBelow(prng, 2)) % (listRows(spec) - 1);
  return [String(1 + first), String(2 + first)];
}

/** Marks are put on two lists in one transaction: one that runs twice, half or not at all shows at either of them. */
export const listAppend: Kind = {
  texts: [
    'CREATE TABLE IF NOT EXISTS lists (k int PRIMARY KEY, v text)',
    `INSERT INTO lists VALUES ${valuesList(LOAD_BATCH, 2)}`,
    'INSERT INTO lists VALUES ($1, $2)',
    'BEGIN',
    'UPDATE lists SET v = v || $3 WHERE k = $1',
    'UPDATE lists SET v = v || $3 WHERE k = $2',
    'COMMIT',
    'SELECT v FROM lists WHERE k = $1',
  ],
  load: (spec) => lists(spec).count,
  loadRequest: (spec, index) => lists(spec).request(index),
  next: (spec, client, prng) => {
    const [a, b] = pickLists(spec, client, prng);
    if (nextBelow(prng, 100) < spec.readPercent) return single(7, [a], 'list', `lists/${a}`);
    const value = `${client.ordinal}.${client.begun.toString(36)}`;
    return {
      statements: [3, 4, 5, 6],
      params: [a, b, `${value} `],
      operation: { kind: 'append', key: `lists/${a} lists/${b}`, value },
      more: false,
    };
  },
};

const halves = (spec: WorkloadSpec) => loadTable(0, 1, 2, listRows(spec), (row) => [String(row), '']);
const [HALF_BEGIN, HALF_A, HALF_B, HALF_COMMIT] = [3, 4, 5, 6];
/** Requests that commit in their middle, and of each mark the statement whose answer acknowledges it (from the last one on: the whole request's). */
const HALVES: readonly {
  readonly statements: readonly number[];
  readonly acked: readonly [number, number];
}[] = [
  { statements: [HALF_BEGIN, HALF_A, HALF_COMMIT, HALF_BEGIN, HALF_B, HALF_COMMIT], acked: [2, 5] },
  { statements: [HALF_A, HALF_COMMIT, HALF_B], acked: [1, 3] },
  { statements: [HALF_BEGIN, HALF_A, HALF_COMMIT, HALF_B], acked: [2, 4] },
];

/** Marks are put on two lists by one request, on each by a transaction of its own: a retry that knows of the first alone shows at either. */
export const appendHalves: Kind = {
  texts: [
    'CREATE TABLE IF NOT EXISTS halves (k int PRIMARY KEY, v text)',
    `INSERT INTO halves VALUES ${valuesList(LOAD_BATCH, 2)}`,
    'INSERT INTO halves VALUES ($1, $2)',
    'BEGIN',
    'UPDATE halves SET v = v || $3 WHERE k = $1',
    'UPDATE halves SET v = v || $3 WHERE k = $2',
    'COMMIT',
  ],
  load: (spec) => halves(spec).count,
  loadRequest: (spec, index) => halves(spec).request(index),
  next: (spec, client, prng) => {
    const [a, b] = pickLists(spec, client, prng);
    const { statements, acked } = HALVES[nextBelow(prng, HALVES.length)] as (typeof HALVES)[number];
    const value = `${client.ordinal}.${client.begun.toString(36)}`;
    return {
      statements,
      params: [a, b, `${value} `],
      operation: { kind: 'appends', key: `halves/${a}@${acked[0]} halves/${b}@${acked[1]}`, value },
      more: false,
    };
  },
};

const counters = (spec: WorkloadSpec) => loadTable(0, 1, 2, spec.rows, (row) => [String(row), '0']);

const counterTexts = [
  'CREATE TABLE IF NOT EXISTS counters (k int PRIMARY KEY, n bigint)',
  `INSERT INTO counters VALUES ${valuesList(LOAD_BATCH, 2)}`,
  'INSERT INTO counters VALUES ($1, $2)',
  'UPDATE counters SET n = n + 1 WHERE k = $1',
  'SELECT n FROM counters WHERE k = $1',
];

export const counter: Kind = {
  texts: counterTexts,
  load: (spec) => counters(spec).count,
  loadRequest: (spec, index) => counters(spec).request(index),
  next: (spec, _client, prng) => {
    const read = nextBelow(prng, 100) < spec.readPercent;
    const key = String(pickRow(spec, prng));
    return single(read ? 4 : 3, [key], read ? 'count' : 'add', `counters/${key}`);
  },
};

/** BEGIN, UPDATE and COMMIT. */
export const COMMIT_STEP = 6;
const STEPS = [5, 3, COMMIT_STEP] as const;

/** Of the same table. One half of the transactions are of three requests, so that what ends between two of them shows at the next. */
export const counterSteps: Kind = {
  ...counter,
  texts: [...counterTexts, 'BEGIN', 'COMMIT'],
  next: (spec, client, prng) => {
    if (client.step === 0) {
      if (nextChance(prng, 1, 2)) return counter.next(spec, client, prng);
      client.drawn = [pickRow(spec, prng)];
    }
    const key = String(client.drawn[0]);
    const statement = STEPS[client.step] ?? STEPS[2];
    const params = client.step === 1 ? [key] : [];
    return { ...single(statement, params, 'add', `counters/${key}`), more: client.step < 2 };
  },
};

/** Transactions of a client in which its table grows; then it shrinks for twice as many, until whole leaves are empty. */
const churnTurn = ({ rows, clients }: WorkloadSpec): number =>
  Math.max(8, Math.floor(rows / Math.max(1, clients)));

/** Keys come and go in random order, so that pages of the index split and become empty. */
export const churn: Kind = {
  texts: [
    'CREATE TABLE IF NOT EXISTS churn (k text PRIMARY KEY, v int)',
    'INSERT INTO churn VALUES ($1, $2)',
    'DELETE FROM churn WHERE k = $1',
    'BEGIN ISOLATION LEVEL REPEATABLE READ',
    'SELECT sum(v * 1000 + 1) FROM churn',
    'SELECT sum(v * 1000 + 1) FROM churn WHERE k >= $1',
    'COMMIT',
  ],
  load: () => 1,
  loadRequest: () => ({ statements: [0], params: [] }),
  next: (spec, client, prng) => {
    if (nextBelow(prng, 100) < spec.readPercent)
      return { ...single(0, [''], 'audit', 'churn'), statements: [3, 4, 5, 6] };
    const row = pickRow(spec, prng);
    const key = `${row}`.padStart(6, '0').padEnd(spec.valueBytes, '-');
    const isGrowing = Math.floor(client.begun / churnTurn(spec)) % 3 === 0;
    return nextBelow(prng, 100) < (isGrowing ? 85 : 15)
      ? single(1, [key, String(row)], 'put', `churn/${key}`)
      : single(2, [key], 'remove', `churn/${key}`);
  },
};

// psql, node-postgres, psycopg and pgbench under a fault of each architecture: no statement takes longer than the driver's limit, a refusal
// is of a class that says what a retry does, and what was acknowledged is there, and nothing else.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as dial } from 'node:net';
import { join } from 'node:path';
import { connectNodePostgres } from '../isolation/node-postgres.mjs';
import { connectPsql } from '../isolation/psql.mjs';
import { connectPsycopg } from '../isolation/psycopg.mjs';
import { has, hasPython, python } from './programs.mjs';
import { addressOf, check, folder, runBeside, served } from './served.mjs';

/**
 * `strike`: what is called once; null: the writer is killed while commits are under way. `struck`: an event that shows that it has. `reader`:
 * the database that is read from meanwhile.
 * @typedef {{name: string, preset: string, strike: string | null, struck: RegExp, reader: string}} Fault
 * @type {readonly Fault[]}
 */
const FAULTS = [
  {
    name: 'writer killed in a commit',
    preset: 'cynosdb',
    strike: null,
    struck: /"node":"rw-1".*"node.open".*"incarnation":6/,
    reader: 'lab',
  },
  {
    name: 'partition',
    preset: 'cynosdb',
    strike: "call lab.partition('rw-1 d1 meta-1 store-1 | store-2 store-3', for_ms => 400)",
    struck: /"action":"partition".*"hadEffect":true/,
    reader: 'lab',
  },
  {
    name: 'reader removed',
    preset: 'cynosdb-ro',
    strike: "call lab.remove_node('ro-1')",
    struck: /"node":"ro-1".*"node.down".*"mode":"removed"/,
    reader: 'ro',
  },
  {
    name: 'standby promoted',
    preset: 'cynosdb-ha',
    strike: "call lab.crash('rw-1')",
    struck: /"meta.writer".*"writer":"ha-1".*"state":"OPEN"/,
    reader: 'ro',
  },
  {
    name: 'reader promoted',
    preset: 'polardb',
    strike: "call lab.crash('rw-1')",
    struck: /"meta.writer".*"writer":"ro-1".*"state":"OPEN"/,
    reader: 'ro',
  },
  {
    name: 'tablet split',
    preset: 'postdb-v4',
    strike: "call lab.split_group('g1')",
    struck: /"split.cut"/,
    reader: 'lab',
  },
];

/** Virtual ms for which a driver waits where nobody answers: `maxRetryMs` of the profile. */
const SILENCE_MS = 1000;
/** Virtual ms between two attempts. */
const PAUSE_MS = 20;
const ATTEMPTS_MAX = 100;
const ROWS = 60;
const STRIKES_AT = 20;
/** Transactions whose commit meets a writer that is killed, and how many virtual ms after it was sent. */
const KILLS = new Map([
  [10, 0.2],
  [20, 0.6],
  [30, 1],
  [40, 1.4],
  [50, 1.8],
]);
const CLASSES = /^(?:08|40|57)/;

/** @typedef {import('../isolation/spec.mjs').Connections} Connections */
/** @type {readonly {name: string, isThere: boolean, connect: (url: string) => Promise<Connections>}[]} */
const CLIENTS = [
  { name: 'node-postgres', isThere: true, connect: (url) => connectNodePostgres(url) },
  { name: 'psql', isThere: has('psql'), connect: connectPsql },
  { name: 'psycopg', isThere: hasPython('psycopg'), connect: (url) => connectPsycopg(python, url) },
];

export async function tryFaults() {
  for (const { name, isThere, connect } of CLIENTS)
    if (!isThere) console.log(`skipped: ${name} under faults, because it is not installed`);
    else for (const fault of FAULTS) await retryUnder(fault, name, connect);
  if (!has('pgbench')) console.log('skipped: pgbench under faults, because it is not installed');
  else for (const fault of FAULTS) await benchUnder(fault);
}

/** @param {Connections['ask']} ask @param {number} inMs */
async function killIn(ask, inMs) {
  const { results } = await ask('control', 'select extract(epoch from now())');
  const nowMs = Number(results[0]?.rows[0]?.[0]) * 1000 - Date.UTC(2026, 0);
  await ask('control', `call lab.at(${(nowMs + inMs).toFixed(3)}, 'crash rw-1 for 30 ms')`);
}

/**
 * Transactions one after the other, each tried again until it is acknowledged, and rows read after each.
 * @param {Fault} fault
 * @param {string} client
 * @param {(url: string) => Promise<Connections>} connect
 */
async function retryUnder(fault, client, connect) {
  const title = `${client}, ${fault.preset}, ${fault.name}`;
  const codes = { write: /** @type {string[]} */ ([]), read: /** @type {string[]} */ ([]) };
  const trace = join(folder, `${title}.trace`);
  const use = async (/** @type {string} */ port) => {
    const { ask, close } = await connect(addressOf(port));
    const reader = await connect(addressOf(port, fault.reader));
    /** @param {string} sql */
    const rowsOf = async (sql) =>
      (await ask('control', sql)).results[0]?.rows.map(([first]) => Number(first)) ?? [];
    await ask('writer', 'create table f (id int primary key, x text)');
    const unknown = new Set();
    /** @param {number} id @returns {Promise<boolean>} it is acknowledged */
    const write = async (id, isFirst = false) => {
      for (const sql of ['begin', `insert into f values (${id}, 'row ${id}')`, 'commit']) {
        const kill = sql === 'commit' && isFirst ? KILLS.get(id) : undefined;
        if (kill !== undefined && fault.strike === null) await killIn(ask, kill);
        const { sqlstate } = await ask('writer', sql);
        if (sqlstate === null) continue;
        if (sql !== 'commit') await ask('writer', 'rollback');
        if (sqlstate === '23505' && unknown.has(id)) return true;
        codes.write.push(sqlstate);
        if (sqlstate === '08007' && sql === 'commit') unknown.add(id);
        return false;
      }
      return true;
    };
    const missed = [];
    for (let id = 0; id < ROWS; id++) {
      if (id === STRIKES_AT && fault.strike !== null) await ask('control', fault.strike);
      let attempts = 1;
      for (let isThere = await write(id, true); !isThere && attempts < ATTEMPTS_MAX; attempts++) {
        await ask('control', `call lab.wait(${PAUSE_MS})`);
        isThere = await write(id);
      }
      if (attempts === ATTEMPTS_MAX) missed.push(id);
      const { sqlstate } = await reader.ask('reader', `select x from f where id = ${id}`);
      if (sqlstate !== null) codes.read.push(sqlstate);
    }
    const there = await rowsOf('select id from f order by id');
    check(
      `${title}: what was acknowledged is there, once`,
      missed.length === 0 && there.join() === Array.from({ length: ROWS }, (_, id) => id).join(),
      `missed ${missed}; there ${there}`,
    );
    const last = await reader.ask('reader', `select x from f where id = ${ROWS - 1}`);
    check(
      `${title}: ${fault.reader} is read from`,
      last.results[0]?.rows[0]?.[0] === `row ${ROWS - 1}`,
      JSON.stringify(last),
    );
    await reader.close();
    await close();
  };
  await served(title, fault.preset, use, { trace });
  const all = [...codes.write, ...codes.read];
  check(
    `${title}: classes of errors`,
    all.every((code) => CLASSES.test(code)),
    all.join(' '),
  );
  checkTrace(title, fault, trace);
  console.log(`     ${countsOf(codes.write)} of writes; ${countsOf(codes.read)} of reads`);
}

/** @param {readonly string[]} codes */
function countsOf(codes) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => `${count} × ${code}`).join(', ') || 'no error';
}

/**
 * What the run itself says: the fault struck, a writer was killed while a statement was open, and how long statements took.
 * @param {string} title
 * @param {Fault} fault
 * @param {string} trace
 */
function checkTrace(title, { strike, struck }, trace) {
  const lines = readFileSync(trace, 'utf8').split('\n');
  rmSync(trace);
  check(
    `${title}: it struck`,
    lines.some((line) => struck.test(line)),
  );
  /** @type {Map<string, number>} */
  const open = new Map();
  let longestUs = 0;
  let kills = 0;
  for (const line of lines) {
    if (!/"kind":"(?:sql\.(?:start|end)|node\.down)"/.test(line)) continue;
    const { at, kind, session, request } = JSON.parse(line);
    const name = `${session} ${request}`;
    if (kind === 'sql.start') open.set(name, at);
    else if (kind === 'node.down') kills += open.size > 0 ? 1 : 0;
    else {
      longestUs = Math.max(longestUs, at - (open.get(name) ?? at));
      open.delete(name);
    }
  }
  if (strike === null) check(`${title}: ${kills} of ${KILLS.size} kills met an open statement`, kills > 0);
  const isWithin = open.size === 0 && longestUs > 0 && longestUs <= SILENCE_MS * 1000;
  check(`${title}: the longest statement took ${(longestUs / 1000).toFixed(1)} virtual ms`, isWithin);
}

const BENCH = { clients: 4, transactions: 50 };
const SCRIPT = `
begin;
insert into f values (:client_id * 1000 + :i, 'a row');
commit;
select x from f where id = :client_id * 1000 + :i;
\\set i :i + 1
`;

/**
 * pgbench tries again after 40001, and gives a client up at any other error: such a client's last transaction may be there or not.
 * @param {Fault} fault
 */
async function benchUnder(fault) {
  const title = `pgbench, ${fault.preset}, ${fault.name}`;
  const script = join(folder, 'insert.sql');
  writeFileSync(script, SCRIPT);
  /** @type {string[]} */
  const codes = [];
  const trace = join(folder, `${title}.trace`);
  const use = async (/** @type {string} */ port) => {
    const control = await connectNodePostgres(addressOf(port));
    /** @param {string} sql */
    const rowsOf = async (sql) =>
      (await control.ask('control', sql)).results[0]?.rows.map(([first]) => Number(first)) ?? [];
    await control.ask('control', 'create table f (id int primary key, x text)');
    await control.ask('control', "insert into f values (-1, 'first')");
    const relay = await relayOf(Number(port), codes);
    const { clients, transactions } = BENCH;
    const args = ['-n', '-f', script, '-D', 'i=1', '-c', `${clients}`, '-t', `${transactions}`];
    const running = runBeside(String(relay.port), 'pgbench', [...args, '--max-tries=50', '-l', 'lab']);
    for (const part of fault.strike === null ? [1, 2, 3, 4, 5] : [2]) {
      while (((await rowsOf('select count(*) from f'))[0] ?? 0) < part * 25)
        await control.ask('control', 'call lab.wait(1)');
      if (fault.strike === null) await killIn(control.ask, part / 5);
      else await control.ask('control', fault.strike);
    }
    const { status, out } = await running;
    relay.close();
    const there = await rowsOf('select id from f where id >= 0');
    const logged = loggedTransactions();
    let isRight = status === 0 || status === 2;
    for (let client = 0; client < clients; client++) {
      const ids = there.filter((id) => Math.floor(id / 1000) === client);
      const done = logged.filter((one) => one === client).length;
      const isGivenUp = out.includes(`client ${client} aborted`);
      if (!isGivenUp && done !== transactions) isRight = false;
      // the last one of a client that was given up, in its commit or in the SELECT after it
      if (ids.length !== done && !(isGivenUp && ids.length === done + 1)) isRight = false;
      if (ids.some((id) => id % 1000 > ids.length)) isRight = false;
    }
    check(`${title}: what was acknowledged is there, once`, isRight, `${there}\n${out}`);
    check(`${title}: most was done`, logged.length > (clients * transactions) / 4, out);
    console.log(`     ${/tps = [\d.]+/.exec(out)?.[0] ?? ''}, ${logged.length}/${clients * transactions}`);
    await control.close();
  };
  await served(title, fault.preset, use, { trace });
  check(
    `${title}: classes of errors`,
    codes.every((code) => CLASSES.test(code)),
    codes.join(' '),
  );
  checkTrace(title, fault, trace);
  console.log(`     ${countsOf(codes)}`);
}

/** Which client's each transaction in pgbench's log is, that was acknowledged as a whole. */
function loggedTransactions() {
  const names = readdirSync(folder).filter((name) => /^pgbench_log\.\d+/.test(name));
  const logged = names.flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'));
  for (const name of names) rmSync(join(folder, name));
  return logged.filter((line) => /^\d+ \d+ \d+ /.test(line)).map((line) => Number(line.split(' ')[0]));
}

/**
 * Carries bytes, and notes the SQLSTATE of each error: pgbench shows none.
 * @param {number} to
 * @param {string[]} codes
 */
async function relayOf(to, codes) {
  const server = createServer((client) => {
    const upstream = dial(to, '127.0.0.1');
    let rest = Buffer.alloc(0);
    upstream.on('data', (bytes) => {
      rest = Buffer.concat([rest, bytes]);
      while (rest.length > 4 && rest.length > rest.readUInt32BE(1)) {
        const end = 1 + rest.readUInt32BE(1);
        const code = rest[0] === 0x45 ? /\0C(\w{5})\0/.exec(rest.toString('latin1', 0, end))?.[1] : undefined;
        if (code !== undefined) codes.push(code);
        rest = rest.subarray(end);
      }
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream).pipe(client);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, close: () => server.close() };
}

// pgbench through failovers, in each of its modes: its own tables and transaction where one node writes, a script whose transactions keep
// to one tablet where every node does. No client gives up, and the balances are whole.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { has } from './programs.mjs';
import { check, folder, psql, run, runBeside, served } from './served.mjs';

const MODES = ['simple', 'extended', 'prepared'];
const CLIENTS = 16;
const TRANSACTIONS = 30;

export async function tryPgbench() {
  if (!has('psql') || !has('pgbench')) {
    console.log('skipped: pgbench is not installed (postgresql-client, postgresql-15)');
    return;
  }
  await served('pgbench', 'cynosdb-ha', ownTransaction, { profile: 'bench' });
  await served('pgbench-sharded', 'postdb-v4', ownScript, { profile: 'bench' });
}

/** @param {string} port */
async function ownTransaction(port) {
  const made = run(port, 'pgbench', ['-i', '-s', '2', '-q', 'lab']);
  check('pgbench -i -s 2', made.status === 0, made.out);
  console.log(`     ${made.out.split('\n').at(-1)}`);
  const sums = ['accounts', 'branches', 'tellers'].map(
    (table) => `(select sum(${table[0]}balance) from pgbench_${table})`,
  );
  // Whoever was crashed is a standby once it is back.
  for (const [i, mode] of MODES.entries()) {
    const count = 'select count(*) from pgbench_history';
    await throughCrash(port, mode, [], [i % 2 === 0 ? 'rw-1' : 'ha-1'], count);
    const delta = '(select sum(delta) from pgbench_history)';
    const row = psql(port, `select ${sums.join(', ')}, ${delta}, (${count});`);
    const [accounts, ...others] = row.split('|');
    const isWhole = others.join() === [accounts, accounts, accounts, (i + 1) * CLIENTS * TRANSACTIONS].join();
    check(`pgbench -M ${mode}: the balances are whole`, isWhole, row);
  }
}

const TRANSFER = `
\\set from random(1, 500)
\\set to random(501, 1000)
\\set amount random(1, 5000)
begin;
update bench set balance = balance - :amount, changes = changes + 1 where id = :from;
select balance from bench where id = :from;
update bench set balance = balance + :amount, changes = changes + 1 where id = :to;
commit;
`;

/** @param {string} port */
async function ownScript(port) {
  const script = join(folder, 'transfer.sql');
  writeFileSync(script, TRANSFER);
  psql(port, 'create table bench (id int primary key, balance int not null, changes int not null);');
  const rows = Array.from({ length: 1000 }, (_, i) => `(${i + 1}, 1000, 0)`);
  check('rows of one tablet', psql(port, `insert into bench values ${rows.join(', ')};`) === 'INSERT 0 1000');
  for (const [i, mode] of MODES.entries()) {
    await throughCrash(port, mode, ['-f', script], ['n1', 'n2', 'n3'], 'select sum(changes) / 2 from bench');
    const row = psql(port, 'select sum(balance), sum(changes) from bench;');
    const isWhole = row === `${1000 * 1000}|${2 * (i + 1) * CLIENTS * TRANSACTIONS}`;
    check(`pgbench -M ${mode} of a script: the balances are whole`, isWhole, row);
  }
}

/**
 * The writer is crashed once a part of the transactions has been made; where a client cannot know it, each node after the other.
 * @param {string} port
 * @param {string} mode
 * @param {readonly string[]} more Arguments.
 * @param {readonly string[]} writers
 * @param {string} count
 */
async function throughCrash(port, mode, more, writers, count) {
  const counted = () => Number(psql(port, `${count};`) || 0);
  const wanted = counted() + 3 * CLIENTS;
  const args = [
    '-n',
    '-M',
    mode,
    '-c',
    `${CLIENTS}`,
    '-t',
    `${TRANSACTIONS}`,
    '--max-tries=50',
    ...more,
    'lab',
  ];
  const running = runBeside(port, 'pgbench', args);
  while (counted() < wanted) await new Promise((resolve) => setTimeout(resolve, 20));
  const crashes = writers.map((writer) => `call lab.crash('${writer}', for_ms => 60);`);
  psql(port, crashes.join(' call lab.wait(100);\n'));
  const { status, out } = await running;
  const all = CLIENTS * TRANSACTIONS;
  const retried = /transactions retried: (\d+)/.exec(out)?.[1] ?? '0';
  check(
    `pgbench -M ${mode}, ${CLIENTS} clients, through a crash of ${writers.join(', ')}: ${retried} tried again`,
    status === 0 && out.includes(`${all}/${all}`) && retried !== '0',
    out,
  );
  console.log(`     ${/tps = [\d.]+/.exec(out)?.[0] ?? ''}`);
}

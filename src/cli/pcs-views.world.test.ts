// The metadata by SQL in whole worlds (docs/spec/pcs.md PCS-98): joins with tables, one version for each statement, linearizable unless
// `pcs_stale` is on, refused where nobody answers, and never written.

import { describe, expect, test } from 'vitest';
import type { ClientResult } from '../core/kernel/client-calls.ts';
import { type PcsTape, pcsTape, timesOf } from './pcs-fixture.ts';
import { eventsIn, runTape, tapeOf } from './tape-fixture.ts';

/** Statements of one session, a driver's request each, from `fromMs` on, and what was answered. */
async function ask(
  statements: readonly string[],
  {
    fromMs = 200,
    lines = [],
    untilMs,
    ...of
  }: PcsTape & { fromMs?: number; lines?: string[]; untilMs: number },
) {
  const asked = statements.map((text, i) => `${fromMs + 20 * i}.000 sql d1 one ${JSON.stringify(text)}`);
  const run = await runTape(tapeOf(pcsTape([...lines, ...asked].sort(byTime), of)), untilMs);
  expect(run.monitors.violations).toEqual([]);
  const answers = [...run.answers.values()].map(shown);
  return { run, answers };
}

const byTime = (a: string, b: string): number => Number.parseFloat(a) - Number.parseFloat(b);

/** Rows, or the SQLSTATE and message. */
function shown({ statements }: ClientResult): readonly (readonly (string | null)[])[] | string {
  const last = statements.at(-1);
  if (last?.kind === 'rows') return last.rows;
  return last?.kind === 'error' ? `${last.sqlstate} ${last.message}` : (last?.tag ?? '');
}

describe.each(['cynosdb', 'cynosdb-pcs'])('PCS-98 the views of %s', (preset) => {
  test('PCS-59, PCS-98 shards, groups, volumes, nodes, configuration and open changes, joined and sorted', async () => {
    const { answers } = await ask(
      [
        'select shard_id, shard_key_range, primary_node, replications from pcs_shards order by shard_id limit 1',
        'select g.group_id, v.writer, g.version = v.version from pcs_groups g join pcs_volumes v using (volume) order by 1 limit 2',
        "select node_id, state, boot_epoch from pcs_nodes where roles = 'compute'",
        'select scope, key, value, set_at, version from pcs_config',
        'select kind from pcs_operators',
        'select count(*) from pcs_catalog',
        "select count(*) from accounts, pcs_nodes where id = 1 and node_id = 'rw-1'",
        'create view busy as select node_id from pcs_nodes where state <> $$up$$',
        'select count(*) from busy',
        'explain select node_id from pcs_nodes n where boot_epoch > 1 order by 1',
      ],
      { preset, untilMs: 460, lines: ['100.000 putConfig node:rw-1 heldRows 5000'] },
    );
    expect(answers).toEqual([
      [['g1', expect.stringMatching(/^\[0,\d+\)$/), 'rw-1', 'store-1,store-2,store-3']],
      [
        ['g1', 'rw-1', 't'],
        ['g2', 'rw-1', 't'],
      ],
      [['rw-1', 'up', '1']],
      [['node:rw-1', 'heldRows', '5000', '1', '1']],
      [],
      [['0']],
      [['1']],
      'CREATE VIEW',
      [['0']],
      [
        ['Sort'],
        ['  Sort Key: n.node_id'],
        ['  ->  Metadata Scan on pcs_nodes n'],
        ['        Filter: (n.boot_epoch > 1)'],
      ],
    ]);
  });
});

test('PCS-98 nobody writes, locks, drops or replaces them', async () => {
  const { answers } = await ask(
    [
      "insert into pcs_nodes (node_id) values ('x')",
      "update pcs_nodes set state = 'up'",
      'delete from pcs_nodes',
      'truncate pcs_nodes',
      'create index i on pcs_nodes (node_id)',
      'select * from pcs_nodes for update',
      'drop view pcs_nodes',
      'drop table pcs_nodes',
      'create table pcs_nodes (a int)',
      'create or replace view pcs_nodes as select 1 as a',
      'lock table pcs_nodes',
      'vacuum pcs_nodes',
    ],
    { untilMs: 460 },
  );
  expect(answers).toEqual([
    '55000 cannot insert into view "pcs_nodes"',
    '55000 cannot update view "pcs_nodes"',
    '55000 cannot delete from view "pcs_nodes"',
    '42809 "pcs_nodes" is not a table',
    '42809 cannot create index on relation "pcs_nodes"',
    '42809 cannot lock rows in view "pcs_nodes"',
    '2BP01 cannot drop view pcs_nodes because it is required by the database system',
    '42809 "pcs_nodes" is not a table',
    '42P07 relation "pcs_nodes" already exists',
    '42501 permission denied: "pcs_nodes" is a system view',
    expect.stringMatching(/^42809 /),
    'VACUUM',
  ]);
});

test('PCS-98 changes are shown while they are open, with who votes', async () => {
  const { answers } = await ask(
    [
      'select kind, subject, phase from pcs_operators',
      "select node_id, pcs_member from pcs_nodes where roles = 'meta' order by 1",
      'select count(*) from pcs_operators',
      "select pcs_member from pcs_nodes where node_id = 'pcs-4'",
    ],
    { untilMs: 900, fromMs: 220, lines: ['200.000 crash pcs-4 for 45.000 ms', '210.000 addPcs pcs-4'] },
  );
  expect(answers).toEqual([
    [['pcs member', 'pcs-4', 'in']],
    [
      ['pcs-1', 'pcs-1 voter'],
      ['pcs-2', 'pcs-2 voter'],
      ['pcs-3', 'pcs-3 voter'],
      ['pcs-4', 'pcs-4 learner'],
      ['pcs-5', 'none'],
    ],
    [['0']],
    [[expect.stringMatching(/^pcs-4(#2)? voter$/)]],
  ]);
});

describe('PCS-21, PCS-98 while nobody leads', () => {
  const dead = ['200.000 crash pcs-1', '200.000 crash pcs-2'];

  test('a statement fails in the end, its timeout ends it before, and what may be old is shown', async () => {
    const { answers } = await ask(
      [
        "set statement_timeout = '40ms'",
        'select node_id from pcs_nodes',
        'set statement_timeout = 0',
        'set pcs_stale = on',
        'select volume, writer, stale from pcs_volumes',
        'show pcs_stale',
        'reset pcs_stale',
        'select node_id from pcs_nodes',
      ],
      { untilMs: 1200, fromMs: 210, lines: dead },
    );
    expect(answers).toEqual([
      'SET',
      '57014 canceling statement due to statement timeout',
      'SET',
      'SET',
      [['v1', 'rw-1', 't']],
      [['on']],
      'RESET',
      '08006 the PCS did not answer within 100 ms; SET pcs_stale = on shows the copy of any of its nodes',
    ]);
  });

  test('a statement that waits goes on when a leader is there again, and sees what the new one has', async () => {
    const { answers, run } = await ask(['select state, version > 1, stale from pcs_volumes'], {
      untilMs: 1200,
      fromMs: 210,
      lines: ['pcs-1', 'pcs-2', 'pcs-3'].map((node) => `200.000 crash ${node} for 15.000 ms`),
    });
    expect(answers).toEqual([[['OPEN', 't', 'f']]]);
    expect(eventsIn(run, 'raft.leader').length).toBeGreaterThan(1);
  });
});

test('PCS-21, PCS-98 a leader that was cut off answers nothing but what may be old: an old copy says that it is one', async () => {
  // the old leader keeps the compute node on its side; the others elect another and commit an entry
  const lines = [
    '200.000 cut pcs-1 > pcs-2 pcs-3',
    '200.000 cut pcs-2 pcs-3 > pcs-1',
    '200.000 cut rw-1 > pcs-2 pcs-3',
  ];
  const { answers } = await ask(
    [
      'set pcs_stale = on',
      'select count(*), bool_and(stale) from pcs_volumes',
      'set pcs_stale = off',
      'select count(*) from pcs_volumes',
    ],
    { untilMs: 1800, fromMs: 800, lines },
  );
  expect(answers[1]).toEqual([['1', 't']]);
  expect(answers[3]).toMatch(/^08006 /);
});

test('PCS-61 what may be old is never older than what the node was shown before: a node that lacks the entry waits for it', async () => {
  // pcs-2 hears nobody while the entry is made; then nobody but pcs-2 is there to answer
  const lines = [
    '200.000 cut pcs-1 pcs-3 > pcs-2 for 200.000 ms',
    '220.000 putConfig global heldRows 5000',
    '300.000 crash pcs-1 for 300.000 ms',
    '300.000 crash pcs-3 for 150.000 ms',
  ];
  const rows = 'select key, value, stale from pcs_config';
  const asked = [
    [250, 'set pcs_stale = on'],
    [260, rows],
    [330, rows],
    [900, rows],
  ].map(([at, text]) => `${at}.000 sql d1 one ${JSON.stringify(text)}`);
  const { answers, run } = await ask([], { untilMs: 1000, lines: [...lines, ...asked] });
  const shown = [['heldRows', '5000', 't']];
  expect(answers).toEqual(['SET', shown, expect.anything(), shown]);
  expect(answers[2]).not.toEqual([]);
  const [, , third] = timesOf(run, 'sql.end');
  expect(third).toBeGreaterThan(400);
});

test('PCS-81, PCS-82 a silent node is disconnected, much later down, and up with its next heartbeat; nothing is copied', async () => {
  // of the demonstration's heartbeat of 4 ms: disconnected after 20 ms, down after 600 ms
  const state = "select state from pcs_nodes where node_id = 'store-2'";
  const asked = [150, 250, 750, 850].map((ms) => `${ms}.000 sql d1 one ${JSON.stringify(state)}`);
  const lines = ['200.000 freeze store-2 for 700.000 ms', ...asked];
  const { answers, run } = await ask([state], { preset: 'cynosdb', untilMs: 1000, fromMs: 950, lines });
  expect(answers).toEqual([[['up']], [['disconnected']], [['disconnected']], [['down']], [['up']]]);
  expect(eventsIn(run, 'group.members')).toEqual([]);
});

test('PCS-42 PCS-83 PCS-96 PCS-98 where tables are cut any primary answers: shards, their primaries, sizes and loads, tables and nodes', async () => {
  const { answers, run } = await ask(
    [
      "create table s (k int primary key, v int) with (split_at = '10')",
      'insert into s values (11, 0)',
      'select kind, name, state from pcs_catalog order by name',
      'select shard_id, group_id, lsn_range, primary_node, replications from pcs_shards order by shard_id',
      'select count(distinct g.group_id), bool_and(v.writer = s.primary_node), bool_and(g.version = v.version) from pcs_groups g join pcs_volumes v using (volume) join pcs_shards s on s.group_id = g.group_id',
      "select count(*) from pcs_nodes where roles = 'meta,store,compute' and state = 'up' and pcs_member is not null",
      'select count(*) from pcs_operators',
      'select min(size_bytes) >= 1024 and max(size_bytes) < 262144, max(load) > 5, min(load) < max(load) from pcs_groups',
      'insert into pcs_nodes (node_id) values ($$x$$)',
      'create table pcs_groups (k int primary key)',
    ],
    { preset: 'postdb-v4', untilMs: 500, fromMs: 200 },
  );
  expect(answers[2]).toEqual([
    ['table', 'accounts', 'active'],
    ['table', 's', 'active'],
  ]);
  const made = eventsIn(run, 'group.made').map(({ group }) => group);
  const [shards] = [answers[3] as readonly (readonly string[])[]];
  const groups = (shards ?? []).map(([, group]) => group);
  expect(new Set(groups).size).toBe(groups.length);
  // a hot one is split later (PCS-113)
  expect([groups.length > 1, made]).toEqual([true, expect.arrayContaining(groups)]);
  for (const [id, , lsns, primary, replicas] of shards ?? []) {
    expect(id).toMatch(/^s\d+$/);
    expect(lsns).toMatch(/^\[\d+,MAX\)$/);
    expect(replicas?.split(',')).toContain(primary);
  }
  expect(answers.slice(4)).toEqual([
    [[String(groups.length), 't', 't']],
    [['3']],
    [['0']],
    [['t', 't', 't']],
    '55000 cannot insert into view "pcs_nodes"',
    '42P07 relation "pcs_groups" already exists',
  ]);
});

test('PCS-98 a reader answers them as well', async () => {
  const { answers, run } = await ask(["select count(*) from pcs_nodes where state = 'up'"], {
    preset: 'cynosdb-ro',
    untilMs: 260,
  });
  expect(answers).toEqual([[[expect.stringMatching(/^[1-9]$/)]]]);
  const own = eventsIn(run, 'session.read').filter(({ session }) => session === 'one');
  expect(own.map(({ from }) => from)).toEqual([expect.stringMatching(/^ro-/)]);
});

test('PCS-96 a new leader counts every node as just heard', async () => {
  const state = "select state from pcs_nodes where node_id = 'store-2'";
  const lines = [
    '150.000 freeze store-2 for 400.000 ms',
    `195.000 sql d1 one ${JSON.stringify(state)}`,
    ...['pcs-1', 'pcs-2', 'pcs-3'].map((node) => `200.000 crash ${node} for 15.000 ms`),
    `205.000 sql d1 one ${JSON.stringify(state)}`,
  ];
  const { answers } = await ask([state], { untilMs: 500, fromMs: 450, lines });
  expect(answers).toEqual([[['disconnected']], [['up']], [['disconnected']]]);
});

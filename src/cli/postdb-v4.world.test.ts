// `postdb-v4` (docs/spec/pcs.md §3 to §4, §6; failover.md FENCE-21): tables cut into tablets, a group and a volume for each when it is first
// written, a primary that the metadata appoints and replaces, and drivers that find it. Nodes die, are cut off and come back.

import { describe, expect, test } from 'vitest';
import { makePrng, nextBelow } from '../base/prng.ts';
import { drawnOf, isDeep } from '../testing/depth.ts';
import { eventsIn } from './tape-fixture.ts';
import { answersOf, done, expectSplitsEnded, readBack, run, sql, WHOLE } from './v4-fixture.ts';

describe('tablets', () => {
  test('PCS-36 PCS-39 PCS-73 the first write of a tablet makes its group, volume and shard, led by nodes in turn', async () => {
    const one = await run(readBack(400), 500);
    expect(one.monitors.violations).toEqual([]);
    const made = eventsIn(one, 'group.made');
    expect(made.map(({ group, volume }) => [group, volume])).toEqual([
      ['g1', 'v1'],
      ['g2', 'v2'],
      ['g3', 'v3'],
      ['g4', 'v4'],
    ]);
    expect(made.every(({ keyFirst }, i) => i === 0 || keyFirst === made[i - 1]?.keyEnd)).toBe(true);
    expect(new Set(made.map(({ leader }) => leader)).size).toBe(3);
    expect(made.map(({ voters }) => voters)).toEqual(made.map(() => 'n1,n2,n3'));
    expect(answersOf(one)).toEqual(WHOLE);
    expect(done(one)).toBeGreaterThan(100);
    for (const rule of [
      'wal.ack-after-durable',
      'shard.tiling',
      'shard.range-once',
      'catalog.one-step-apart',
    ] as const)
      expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
  });

  test('A3 PCS-36 a transaction over two groups is refused by name before anything is done, and one in a group is not', async () => {
    const one = await run(
      [
        sql(300, 'UPDATE accounts SET owner = $$x$$ WHERE id = 1 OR id = 2'),
        sql(310, 'BEGIN'),
        sql(315, 'UPDATE accounts SET owner = $$eve$$ WHERE id = 30'),
        sql(320, 'UPDATE accounts SET owner = $$eve$$ WHERE id = 60'),
        sql(325, 'ROLLBACK'),
        sql(330, 'SELECT owner FROM accounts WHERE id = 30'),
        sql(335, 'INSERT INTO accounts VALUES (101, $$eve$$, 0), (2000, $$eve$$, 0)'),
        sql(340, 'UPDATE accounts SET id = 26 WHERE id = 1'),
        sql(345, 'DELETE FROM accounts WHERE id IN (101, 2000)'),
      ],
      400,
    );
    const [all, begin, first, second, rollback, read, insert, move, remove] = answersOf(one);
    expect(all?.[0]).toMatch(
      /^0A000 a transaction stays in one shard group; this one would touch g1 .* and g2/,
    );
    expect(begin).toEqual(['BEGIN']);
    expect(first).toEqual(['UPDATE 1']);
    expect(second?.[0]).toMatch(/^0A000 .*g3 .* and g2|^0A000 .*g2 .* and g3/);
    expect(rollback).toEqual(['ROLLBACK']);
    expect(read).not.toEqual(['eve']);
    expect(insert).toEqual(['INSERT 0 2']);
    expect(move?.[0]).toMatch(/^0A000 a key of "accounts" belongs to another shard group/);
    expect(remove).toEqual(['DELETE 2']);
    expect(one.monitors.violations).toEqual([]);
  });
});

describe('definitions', () => {
  test('PCS-85 a relation has a name of its own, whatever made it', async () => {
    const one = await run(
      [
        sql(200, 'CREATE TABLE t (k int PRIMARY KEY)'),
        sql(220, 'CREATE TABLE t_pkey (k int PRIMARY KEY)'),
        sql(240, 'CREATE TABLE IF NOT EXISTS t_pkey (k int PRIMARY KEY)'),
        sql(260, 'CREATE TABLE u (k int, CONSTRAINT t PRIMARY KEY (k))'),
        sql(280, 'CREATE TABLE u (k int, CONSTRAINT u PRIMARY KEY (k))'),
        sql(300, 'CREATE TABLE u (k int, CONSTRAINT pcs_nodes PRIMARY KEY (k))'),
        sql(320, 'CREATE TABLE v_pkey (k int PRIMARY KEY)'),
        sql(340, 'CREATE TABLE v (k int PRIMARY KEY)'),
        sql(360, 'CREATE TABLE v_pkey1 (k int PRIMARY KEY)'),
      ],
      400,
    );
    const taken = (name: string): string[] => [`42P07 relation "${name}" already exists`];
    const made = ['CREATE TABLE'];
    const refused = ['t', 'u', 'pcs_nodes'].map(taken);
    expect(answersOf(one)).toEqual([made, taken('t_pkey'), made, ...refused, made, made, taken('v_pkey1')]);
    expect(one.monitors.violations).toEqual([]);
  });

  test('PCS-83 PCS-85 a definition goes to every node, and is refused in a transaction; a table that is dropped is gone', async () => {
    const one = await run(
      [
        sql(200, 'CREATE TABLE t (k int PRIMARY KEY, v text)'),
        sql(220, 'CREATE TABLE t (k int PRIMARY KEY, v text)'),
        sql(230, 'INSERT INTO t VALUES (1, $$a$$)'),
        sql(260, 'BEGIN', 'other'),
        sql(265, 'CREATE TABLE u (k int PRIMARY KEY)', 'other'),
        sql(270, 'ROLLBACK', 'other'),
        sql(280, 'SELECT v FROM t WHERE k = 1'),
        sql(290, 'CREATE TABLE u (k int)'),
        sql(300, 'DROP TABLE t'),
        sql(330, 'SELECT v FROM t WHERE k = 1'),
      ],
      450,
    );
    expect(answersOf(one)).toEqual([
      ['CREATE TABLE'],
      ['42P07 relation "t" already exists'],
      ['INSERT 0 1'],
      ['BEGIN'],
      ['0A000 a definition stands outside of transactions and alone in its request'],
      ['ROLLBACK'],
      ['a'],
      ['0A000 table "u" needs a primary key: rows are placed by it'],
      ['DROP TABLE'],
      ['42P01 relation "t" does not exist'],
    ]);
    expect(eventsIn(one, 'table.step').map(({ table, state }) => `${table} ${state}`)).toEqual([
      'accounts prepared',
      'accounts active',
      't prepared',
      't active',
      't dropping',
      't dropped',
    ]);
    expect(one.monitors.violations).toEqual([]);
  });

  test('PCS-88 indexes are refused by name, built CONCURRENTLY or not, and nothing of them is left', async () => {
    const one = await run(
      [
        sql(200, 'CREATE INDEX CONCURRENTLY owners ON accounts (owner)'),
        sql(210, 'CREATE INDEX owners ON accounts (owner)'),
        sql(220, 'DROP INDEX CONCURRENTLY owners'),
        sql(230, 'SELECT count(*) FROM accounts'),
      ],
      350,
    );
    const answers = answersOf(one).map(([first]) => first);
    expect(answers.slice(0, 3)).toEqual([
      expect.stringMatching(/^0A000 /),
      expect.stringMatching(/^0A000 /),
      expect.stringMatching(/^(0A000|42704) /),
    ]);
    expect(answers[3]).toBe('100');
    expect(eventsIn(one, 'table.step').map(({ table, state }) => `${table} ${state}`)).toEqual([
      'accounts prepared',
      'accounts active',
    ]);
    expect(one.monitors.violations).toEqual([]);
  });

  test.runIf(isDeep)(
    'PCS-51 PCS-97 COPY writes within one group and is refused by name beyond it, before any row; COPY TO reads all of them',
    async () => {
      const data = (head: string, ...lines: string[]): string =>
        [`${head};`, ...lines.map((line) => line.replaceAll('\t', '\\t')), '\\\\.'].join('\\n');
      const one = await run(
        [
          sql(200, 'CREATE TABLE t (k int PRIMARY KEY, v text) WITH (split_at = $$10$$)'),
          sql(230, data('COPY t FROM STDIN', '1\ta', '2\tb')),
          sql(240, data('COPY t FROM STDIN', '3\tc', '11\td')),
          sql(250, data('COPY t FROM STDIN', '4\tc', 'x\td')),
          sql(260, data('COPY t FROM STDIN', '12\te')),
          sql(270, 'COPY t TO STDOUT'),
          sql(280, 'COPY (SELECT k FROM t WHERE k < 10 ORDER BY k DESC) TO STDOUT CSV HEADER'),
        ],
        450,
      );
      const [, first, across, wrong, ...others] = answersOf(one);
      expect(first).toEqual(['COPY 2']);
      expect(across?.[0]).toMatch(/^0A000 a transaction stays in one shard group/);
      expect(wrong?.[0]).toMatch(/^22P02 .*\nCONTEXT: {2}COPY t, line 2, column k: "x"$/);
      expect(others).toEqual([['COPY 1'], ['1\ta;2\tb;12\te'], ['k;2;1']]);
      expect(one.monitors.violations).toEqual([]);
    },
  );

  test('PCS-87 PCS-112 a node that is cut off is waited for until it serves nobody, and no longer', async () => {
    const one = await run(
      ['200.000 partition n3 | n1 n2 d1 for 200.000 ms', sql(210, 'CREATE TABLE t (k int PRIMARY KEY)')],
      450,
    );
    expect(answersOf(one)).toEqual([['CREATE TABLE']]);
    const [, made] = eventsIn(one, 'table.step').filter(({ table }) => table === 't');
    const at = one.trace.find(({ event }) => event === made)?.at ?? 0;
    expect(at).toBeGreaterThan(235_000);
    expect(at).toBeLessThan(400_000);
    expect(one.monitors.violations).toEqual([]);
  });

  test.each([3, 7])(
    'PCS-20 PCS-112 seed %i: a leader that was deposed while it was frozen gives itself no lease',
    async (seed) => {
      const one = await run(
        [
          '299.000 partition n1 | n2 n3 for 500.000 ms',
          '300.000 freeze n1 for 200.000 ms',
          sql(301, 'CREATE TABLE t (k int PRIMARY KEY)'),
          ...readBack(1400),
        ],
        1500,
        seed,
      );
      expect(one.monitors.violations).toEqual([]);
      expect(eventsIn(one, 'table.step').map(({ state }) => state)).toContain('active');
      const led = one.trace.filter(({ event }) => event.kind === 'raft.leader');
      expect(led.map(({ node }) => node)).toContain('n3');
      // it was asked when it thawed, and answered nobody
      const ofFrozen = one.trace.filter(({ node, at }) => node === 'n1' && at >= 500_000 && at < 799_000);
      const kinds = ofFrozen.map(({ event }) => event.kind);
      expect(kinds).toContain('pcs.ask');
      expect(kinds).not.toContain('pcs.answer');
      expect(answersOf(one)).toEqual([['CREATE TABLE'], ...WHOLE]);
    },
  );

  test('PCS-84 PCS-87 a node whose definitions are old costs a read another try, and nothing else', async () => {
    const one = await run(
      [
        sql(200, 'CREATE TABLE t (k int PRIMARY KEY)'),
        '220.000 session d1 late n3 session',
        '230.000 partition n3 | n1 n2 for 120.000 ms',
        sql(231, 'DROP TABLE t'),
        // its lease is over, and it has not heard of the drop
        sql(290, 'SELECT sum(balance) FROM accounts', 'late'),
        sql(292, 'SELECT count(*) FROM t', 'late'),
        sql(420, 'SELECT count(*) FROM t', 'late'),
        sql(430, 'SELECT sum(balance) FROM accounts', 'late'),
      ],
      500,
    );
    const gone = ['42P01 relation "t" does not exist'];
    expect(answersOf(one)).toEqual([['CREATE TABLE'], ['DROP TABLE'], ['100000'], gone, gone, ['100000']]);
    const why = eventsIn(one, 'driver.retry').map((event) => event.why);
    expect(why).toContain('SCHEMA_LEASE_EXPIRED');
    // it was behind while it refused, and answers once it has the newest
    const heard = one.trace.filter(({ node, event }) => node === 'n3' && event.kind === 'schema.node');
    const dropped = one.trace.find(({ event }) => event.kind === 'table.step' && event.state === 'dropped');
    expect(heard.at(-1)?.at).toBeGreaterThan(Math.max(350_000, dropped?.at ?? Number.POSITIVE_INFINITY));
    const gathered = one.trace.filter(({ node, event }) => node === 'n3' && event.kind === 'gather.end');
    expect(gathered.map(({ at }) => at > 430_000)).toEqual([true]);
    expect(one.monitors.violations).toEqual([]);
  });
});

describe('the leader of the metadata dies in what it has begun', () => {
  // n1 leads it in this run
  const begun = [
    ['definition', sql(301, 'CREATE TABLE t (k int PRIMARY KEY)')],
    ['splitBegun', '301.000 splitGroup g1 "13"'],
    ['splitCut', '301.000 splitGroup g1 "13"'],
    ['moveBegun', '301.000 addNode n4 node a'],
  ] as const;
  test.each(drawnOf<(typeof begun)[number]>(begun))(
    'PCS-24 PCS-85 after %s: the next leader ends it, and no row is lost',
    async (moment, line) => {
      const lines = [`300.000 crashOn n1 after ${moment}`, line, '450.000 restart n1', ...readBack(1400)];
      const one = await run(lines, 1500);
      expect(one.monitors.violations).toEqual([]);
      const down = one.trace.filter(({ event }) => event.kind === 'node.down');
      expect(down.map(({ node }) => node)).toEqual(['n1']);
      const since = one.trace.filter(({ at }) => at > (down[0]?.at ?? Number.POSITIVE_INFINITY));
      expect(since.some(({ node, event }) => event.kind === 'raft.leader' && node !== 'n1')).toBe(true);
      if (moment === 'definition')
        expect(eventsIn(one, 'table.step').map(({ table, state }) => `${table} ${state}`)).toContain(
          't active',
        );
      if (moment === 'moveBegun')
        expect(eventsIn(one, 'group.members').some(({ sets }) => sets.includes('n4'))).toBe(true);
      if (moment === 'splitBegun' || moment === 'splitCut') expectSplitsEnded(one);
      expect(answersOf(one).slice(-WHOLE.length)).toEqual(WHOLE);
      expect(done(one, 1000)).toBeGreaterThan(10);
    },
  );
});

describe('primaries', () => {
  test('WAL-61 FENCE-21 PCS-49 PCS-111 the metadata appoints the voter with the greatest tail, of every group that the lost node led', async () => {
    const one = await run(
      ['300.000 crash n2 for 200.000 ms', '800.000 crash n1 for 200.000 ms', ...readBack(1400)],
      1500,
    );
    expect(one.monitors.violations).toEqual([]);
    expect(answersOf(one)).toEqual(WHOLE);
    expect(eventsIn(one, 'leader.lost').length).toBeGreaterThanOrEqual(2);
    for (const { volume, token, holder } of eventsIn(one, 'token.grant').filter((grant) => grant.token > 1)) {
      const heard = eventsIn(one, 'leader.answer').filter((a) => a.volume === volume && a.token === token);
      expect(heard.length).toBeGreaterThanOrEqual(2);
      // of those that hold as much the one that the planner means (PCS-121)
      const [best] = heard.toSorted((a, b) => b.tailTerm - a.tailTerm || b.ncl - a.ncl);
      const own = heard.find(({ replica }) => replica === holder);
      expect([own?.tailTerm, own?.ncl]).toEqual([best?.tailTerm, best?.ncl]);
    }
    expect(one.monitors.exercised['wal.acked-survives']).toBeGreaterThan(0);
  });

  test.each(drawnOf([2, 4]))(
    'FENCE-24 PCS-31 seed %i: crashes and partitions lose nothing that was acknowledged',
    async (seed) => {
      const prng = makePrng(seed, 'v4');
      const lines: string[] = [];
      for (let i = 0; i < 6; i++) {
        const at = 200 + i * 250 + nextBelow(prng, 60);
        const node = `n${1 + nextBelow(prng, 3)}`;
        const others = ['n1', 'n2', 'n3'].filter((one) => one !== node).join(' ');
        const forMs = 40 + nextBelow(prng, 120);
        lines.push(
          nextBelow(prng, 2) === 0
            ? `${at}.000 crash ${node} for ${forMs}.000 ms`
            : `${at}.000 partition ${node} | ${others} d1 for ${forMs}.000 ms`,
        );
      }
      const one = await run([...lines, ...readBack(2300)], 2500, seed);
      expect(one.monitors.violations).toEqual([]);
      expect(answersOf(one)).toEqual(WHOLE);
      expect(eventsIn(one, 'leader.lost').length).toBeGreaterThan(0);
      expect(done(one, 2000)).toBeGreaterThan(20);
    },
  );
});

describe('shards', () => {
  test('PCS-37 PCS-42 PCS-43 PCS-44 PCS-45 a shard that is long enough is sealed and the next begins, whoever leads', async () => {
    const one = await run(
      ['400.000 crash n2 for 100.000 ms', '900.000 crash n1 for 100.000 ms', ...readBack(1400)],
      1500,
      3,
      '',
      ['set shardTargetLsns 64'],
    );
    expect(one.monitors.violations).toEqual([]);
    const shards = new Map(eventsIn(one, 'group.shards').map((event) => [event.group, event]));
    expect([...shards.keys()].sort()).toEqual(['g1', 'g2', 'g3', 'g4']);
    for (const { firsts, ends } of shards.values()) {
      expect(firsts.length).toBeGreaterThanOrEqual(3);
      expect(ends.slice(0, -1)).toEqual(firsts.slice(1));
      expect(ends.at(-1)).toBe(-1);
      // one that a leader could not roll in time just grows (PCS-43)
      for (const [i, first] of firsts.slice(1).entries())
        expect(first - (firsts[i] ?? 0)).toBeGreaterThanOrEqual(64);
    }
    // a shard more is no load more: no replica moves for it
    expect(eventsIn(one, 'plan.begin').filter((begun) => begun.why !== 'transfer')).toEqual([]);
    expect(answersOf(one)).toEqual(WHOLE);
  });

  test('PCS-38 while nobody leads the metadata an open shard takes records beyond its size, and no writer waits for an end', async () => {
    const asks = Array.from({ length: 48 }, (_, i) =>
      sql(601 + i / 4, `UPDATE accounts SET owner = $$x$$ WHERE id = ${1 + 2 * i}`, `s${i}`),
    );
    const lines = ['600.000 crash n1 for 300.000 ms', ...asks, ...readBack(1400)];
    const one = await run(lines, 1500, 3, '', ['set shardTargetLsns 64']);
    expect(one.monitors.violations).toEqual([]);
    const next = one.trace.find(({ at, event }) => at > 600_000 && event.kind === 'raft.leader');
    if (next === undefined) throw new Error('nobody led the metadata again');
    const commits = one.trace.filter(
      ({ at, node, event }) => at > 601_000 && at < next.at && node !== 'd1' && event.kind === 'commit.ack',
    );
    expect(commits.length).toBeGreaterThan(8);
    const asked = one.trace.filter(
      ({ at, event }) => at > 601_000 && at < next.at && event.kind === 'group.shards',
    );
    expect(asked).toEqual([]);
    for (const { ends } of eventsIn(one, 'group.shards')) expect(ends.at(-1)).toBe(-1);
    // the shard that was open meanwhile is longer than one that could be ended in time
    const shards = eventsIn(one, 'group.shards').map(({ firsts }) => firsts);
    const longest = shards.flatMap((firsts) => firsts.slice(1).map((first, i) => first - (firsts[i] ?? 0)));
    expect(Math.max(...longest)).toBeGreaterThan(64);
    expect(answersOf(one).slice(-4)).toEqual(WHOLE);
  });
});

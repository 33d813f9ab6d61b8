// Point-in-time restore end to end (docs/spec/wal.md WAL-45): a cluster under load and backed up, a DELETE that should not
// have been, and a volume restored to before it while stores, the metadata and the object store crash. Every monitor is on;
// the rows come through SQL from the restored volume, and its source goes on.

import { expect, test } from 'vitest';
import type { NodeId, Time } from '../base/ids.ts';
import type { ClientResult } from '../core/door.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import { programs } from '../sim/programs.ts';
import { setupRun } from '../sim/run-setup.ts';
import { parseTape } from '../sim/tape-parse.ts';
import type { OutReply, TracedEvent } from '../sim/types.ts';
import { diskOf, makeWorld, runWorld } from '../sim/world.ts';
import { eventsIn, type TapeRun } from './tape-fixture.ts';

const LOAD =
  '0.000 workload d1 kind=transfer rows=20 clients=2 thinkUs=2000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const ROWS = Array.from({ length: 12 }, (_, i) => [String(i + 1), `kept ${i + 1}`]);
const INSERT = ROWS.map(([id, text]) => `(${id}, '${text}')`).join(', ');
const SELECT = 'select id, note from notes order by id';

interface RestoreRun extends TapeRun {
  /** Answers to what the console asked, by the virtual ms at which it did. */
  readonly replies: ReadonlyMap<number, ClientResult>;
  /** What lies on a node's disk at the end. */
  readonly keysOf: (node: string) => string[];
}

async function run(
  lines: readonly string[],
  untilMs: number,
  broken: readonly string[] = [],
): Promise<RestoreRun> {
  const head = ['postdb-tape 1', 'engine 0.1.0', 'preset cynosdb-backup', 'profile demo'];
  const sets = ['set archiveSegmentLsns 64', 'set archiveMaxMs 40', 'set archiveBaseLsns 400', 'seed 5'];
  const breaks = broken.map((name) => `broken ${name}`);
  const parsed = parseTape([...head, ...sets, ...breaks, '', LOAD, ...lines].join('\n'));
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const monitors = makeMonitors(spec.cluster, spec.params.lal);
  const trace: TracedEvent[] = [];
  const replies = new Map<number, ClientResult>();
  const world = makeWorld<unknown, unknown>(spec);
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      observe(monitors, traced);
      trace.push(traced);
    }
  };
  const host = {
    program: programs[program],
    edge: await loadSqlEdge(),
    onTrace,
    onReply: ({ requestId, result }: OutReply) => {
      replies.set(Number(/^q(\d+)/.exec(requestId)?.[1]) / 1000, result);
    },
  };
  runWorld(world, host, { until: (untilMs * 1000) as Time });
  const keysOf = (node: string): string[] => [...diskOf(world, node as NodeId).keys()];
  return { monitors, trace, replies, keysOf };
}

const SCRIPT = [
  '40.000 sql d1 "create table notes (id int primary key, note text)"',
  `60.000 sql d1 "insert into notes values ${INSERT}"`,
  '150.000 sql d1 "delete from notes where id <= 10"',
];
const BEFORE = 'to time 140.000 ms';

const rowsOf = ({ replies }: RestoreRun, askedAtMs: number): unknown => {
  const statement = replies.get(askedAtMs)?.statements[0];
  return statement?.kind === 'rows' ? statement.rows : statement;
};

const resumed = (one: RestoreRun, why: string): number =>
  eventsIn(one, 'restore.resume').filter((event) => event.why === why).length;

test('WAL-45 a restore through crashes of stores, metadata and object store gives the rows before the DELETE', async () => {
  const one = await run(
    [
      ...SCRIPT,
      `250.000 restore v1 ${BEFORE} as v2`,
      '253.000 crash store-2 for 12.000 ms',
      '254.500 crash meta-1 for 9.000 ms',
      '256.000 crash store-1 for 10.000 ms',
      '258.000 crash cos-1 for 90.000 ms',
      `430.000 sql d1 @v2 "${SELECT}"`,
      `431.000 sql d1 "${SELECT}"`,
      '440.000 sql d1 @v2 "insert into notes values (99, \'new\')"',
      '445.000 crash rw-2 for 10.000 ms',
      `480.000 sql d1 @v2 "select note from notes where id = 99"`,
    ],
    560,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(['store', 'meta', 'archive'].map((why) => resumed(one, why) > 0)).toEqual([true, true, true]);
  expect(eventsIn(one, 'restore.replica')).toHaveLength(6);
  expect(eventsIn(one, 'restore.done')).toMatchObject([{ volume: 'v2', token: 2, writer: 'rw-2' }]);
  expect(rowsOf(one, 430)).toEqual(ROWS);
  expect(rowsOf(one, 431)).toEqual(ROWS.slice(10));
  expect(rowsOf(one, 480)).toEqual([['new']]);
  const done = one.trace.find(({ event }) => event.kind === 'restore.done')?.at ?? 0;
  const later = one.trace.filter(
    ({ at, node, event }) => at > done && node === 'rw-1' && event.kind === 'commit.ack',
  );
  expect(later.length).toBeGreaterThan(20); // the source goes on
  for (const rule of ['restore.equals-source', 'restore.token-above', 'restore.source-untouched'] as const)
    expect(one.monitors.exercised[rule], rule).toBeGreaterThan(0);
  expect(one.monitors.sums.compared).toBeGreaterThan(1000);
});

test('WAL-43, WAL-44, WAL-45 what is no point is refused with why; a cancelled restore leaves nothing; its name is free', async () => {
  const one = await run(
    [
      ...SCRIPT,
      '200.000 restore v1 to lsn 999999 as v2',
      '205.000 restore v1 to time 1.000 ms as v2',
      '208.000 restore v3 to lsn 1 as v2',
      '209.000 sql d1 @v2 "select 1"',
      `220.000 restore v1 ${BEFORE} as v2`,
      '223.000 cancelRestore v2',
      '224.000 cancelRestore v9',
      `260.000 restore v1 ${BEFORE} as v2`,
      `400.000 sql d1 @v2 "${SELECT}"`,
      '410.000 cancelRestore v2',
      `420.000 restore v1 ${BEFORE} as v3`,
    ],
    460,
  );
  expect(one.monitors.violations).toEqual([]);
  expect(eventsIn(one, 'restore.refused').map(({ volume, code }) => [volume, code])).toEqual([
    ['v2', 'E_NOT_A_CPL'],
    ['v2', 'E_NOT_RESTORABLE'],
    ['v2', 'NO_VOLUME'],
    ['v9', 'NO_RESTORE'],
    ['v2', 'NO_RESTORE'],
    ['v3', 'NO_SPARE_WRITER'],
  ]);
  expect(rowsOf(one, 209)).toMatchObject({ kind: 'error', sqlstate: '3D000' });
  expect(eventsIn(one, 'restore.cancelled')).toHaveLength(1);
  expect(eventsIn(one, 'restore.begin').map(({ groups }) => groups)).toEqual(['g3,g4', 'g5,g6']);
  expect(rowsOf(one, 400)).toEqual(ROWS);
  for (const store of ['store-1', 'store-2', 'store-3'])
    expect(one.keysOf(store).filter((key) => /^store\/g[34]\//.test(key))).toEqual([]);
});

test('WAL-43, WAL-45 an object that is lost stops the restore by name; what lies before the gap can still be restored', async () => {
  const one = await run(
    [
      ...SCRIPT,
      '249.000 bitRot cos-1 "object/v1/g2/log" 2',
      `250.000 restore v1 ${BEFORE} as v2`,
      '330.000 restore v1 to lsn 283 as v2',
      `340.000 restore v1 ${BEFORE} as v2`,
      '430.000 sql d1 @v2 "select 1"',
    ],
    460,
  );
  expect(one.monitors.violations).toEqual([]);
  const [bad] = eventsIn(one, 'archive.bad');
  expect(bad?.name).toMatch(/^v1\/g2\/log\//);
  expect(eventsIn(one, 'restore.failed')).toEqual([
    { kind: 'restore.failed', volume: 'v2', group: 'g4', code: 'BAD_OBJECT', object: bad?.name },
  ]);
  const [first, second] = eventsIn(one, 'restore.begin');
  const gap = `g2 [${bad?.first}, ${bad?.last})`;
  expect(eventsIn(one, 'restore.refused')).toMatchObject([
    { code: 'E_NOT_RESTORABLE', lsn: first?.lsn, detail: gap },
  ]);
  expect(second?.lsn).toBeLessThan(bad?.first ?? 0);
  expect(eventsIn(one, 'restore.done')).toMatchObject([{ volume: 'v2', lsn: second?.lsn }]);
  expect(rowsOf(one, 430)).toEqual([['1']]);
  for (const store of ['store-1', 'store-2', 'store-3'])
    expect(one.keysOf(store).filter((key) => /^store\/g[34]\//.test(key))).toEqual([]);
});

test.each([
  ['restore.old-token', 'restore.token-above'],
  ['restore.skips-segment', 'restore.equals-source'],
  ['restore.alters-record', 'restore.equals-source'],
  ['restore.into-source', 'restore.source-untouched'],
])('WAL-45 the planted bug %s is caught by %s', async (broken, rule) => {
  const one = await run([...SCRIPT, `200.000 restore v1 ${BEFORE} as v2`], 300, [broken]);
  expect(one.monitors.violations.map((violation) => violation.rule)).toContain(rule);
});

// Readers under load and faults (docs/spec/readers.md): writer, readers and stores crash, freeze and are cut off; every page
// that a statement of a reader read is held against what the stores' logs make of it at that read point.

import { describe, expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { Mutants } from '../core/kernel/mutants.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { countEffects, judgeEffects } from '../sim/checks/effects.ts';
import { addToHistory, makeHistory } from '../sim/checks/history.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import { setupRun } from '../sim/run-setup.ts';
import { compareIfDue, compareNow, makeRedoChecks, onRedoEvent } from '../sim/sweep/redo-checks.ts';
import { parseTape } from '../sim/tape-parse.ts';
import type { TracedEvent } from '../sim/types.ts';
import { makeWorld, runWorld } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { programOf, programs } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { drawn } from '../testing/depth.ts';
import { eventsIn, runTape, tapeOf } from './tape-fixture.ts';

const LOAD = 'thinkUs=1500 ratePerSecond=0 readPercent=60 hotPercent=40 valueBytes=0 load=true';
const HEAD = (seed: number, set: readonly string[] = []): string[] => [
  'postdb-tape 1',
  'engine 0.3.0',
  'preset cynosdb-ro',
  'profile demo',
  ...set.map((one) => `set ${one}`),
  `seed ${seed}`,
  'end 60000.000',
  '',
];

/** Runs lines of a tape, with every read of a reader held against the log. */
async function runReaders(lines: readonly string[], untilMs: number, mutants: Mutants = [], seed = 3) {
  const parsed = parseTape(tapes, [...HEAD(seed, ['bufferPages 40']), ...lines].join('\n'));
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, {
    ...parsed.tape,
    header: { ...parsed.tape.header, ...(mutants.length === 0 ? {} : { mutants: [...mutants] }) },
  });
  if (!made.ok) throw new Error(made.error);
  const { spec, program } = made.setup;
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  const redo = makeRedoChecks('sampled');
  const trace: TracedEvent[] = [];
  const world = makeWorld<unknown, unknown>(spec);
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      observe(known.monitors, monitors, traced);
      onRedoEvent(redo, traced);
      trace.push(traced);
    }
  };
  const stop = (): boolean => {
    compareIfDue(programs, redo, monitors, world);
    return monitors.violations.length > 0;
  };
  const host = { program: programOf(program), edge: await loadSqlEdge(), tape: tapes, onTrace };
  runWorld(world, host, { until: (untilMs * 1000) as Time, stop });
  compareNow(programs, redo, monitors, world);
  return { monitors, trace, counters: redo.redo.counters };
}

const loads = [
  `0.000 workload d1 transfers kind=transfer rows=60 clients=4 ${LOAD}`,
  `0.000 workload d1 pages kind=ycsb-a rows=200 clients=3 ${LOAD.replace('valueBytes=0', 'valueBytes=200')}`,
  `0.000 workload d1 rows kind=kv-insert rows=0 clients=2 ${LOAD}`,
];
const faults = [
  '400.000 crash ro-1 for 60.000 ms',
  '600.000 crash rw-1 for 40.000 ms',
  '900.000 crash store-2 for 80.000 ms',
  '1000.000 freeze ro-2 for 250.000 ms',
  '1300.000 cut rw-1 > ro-1 for 120.000 ms',
  '1500.000 isolate ro-2 for 700.000 ms',
  '1700.000 revokeReader rw-1 ro-1',
  '1900.000 crash rw-1 for 30.000 ms',
  '2000.000 crash ro-1 for 20.000 ms',
  '2200.000 crash store-1 for 50.000 ms',
];

describe('readers in a world', () => {
  test('READ-12 READ-20 READ-23 READ-30 READ-43 reads equal the log while everything fails', async () => {
    const run = await runReaders([...loads, ...faults], 3000);
    expect(run.monitors.violations).toEqual([]);
    const { counters, monitors } = run;
    expect(counters.readerReads).toBeGreaterThanOrEqual(2000);
    const count = (kind: Parameters<typeof eventsIn>[1], node?: string): number =>
      eventsIn(run, kind, node).length;
    expect(count('ro.ready', 'ro-1')).toBeGreaterThan(2);
    expect(count('ro.revoked')).toBeGreaterThan(0);
    expect(count('recovery.done')).toBeGreaterThanOrEqual(2);
    expect(eventsIn(run, 'ro.ready').some(({ kept }) => kept)).toBe(true);
    expect(eventsIn(run, 'ro.released').some(({ skipped }) => skipped > 0)).toBe(true);
    expect(eventsIn(run, 'session.read').filter(({ from }) => from !== 'rw-1').length).toBeGreaterThan(500);
    for (const rule of ['ro.mtr-atomic', 'ro.never-ahead', 'ro.same-image', 'ro.session-monotone'] as const)
      expect(monitors.exercised[rule], rule).toBeGreaterThan(100);
    expect(monitors.exercised['store.read-window']).toBeGreaterThan(10);
  });

  test('READ-20 READ-43 rows of readers equal the writer’s at each of 2,000 read points, each mark committed at or below it and no other', async () => {
    const kinds = ['list-append', 'counter'].map(
      (kind) =>
        `0.000 workload d1 ${kind} kind=${kind} rows=40 clients=6 ${LOAD.replace('thinkUs=1500', 'thinkUs=200')}`,
    );
    const run = await runReaders([...kinds, ...faults], drawn(800, 3000));
    expect(run.monitors.violations).toEqual([]);
    const history = makeHistory();
    for (const traced of run.trace) addToHistory(history, traced);
    expect(judgeEffects(history, { lists: null, counters: null, churn: null })).toEqual([]);
    const answered = history.operations.filter(({ outcome }) => outcome === 'ok');
    const points = answered.flatMap(({ served }) =>
      served === null ? [] : [`${served.node} ${served.readPoint}`],
    );
    expect(new Set(points).size).toBeGreaterThanOrEqual(drawn(300, 2000));
    expect(countEffects(history)).toBeGreaterThan(drawn(150, 1000));
    // Not vacuous: one mark fewer at a reader is found.
    const [whole] = answered.filter(
      ({ operation, read, served }) => operation === 'list' && read.length > 2 && served !== null,
    );
    if (whole === undefined) throw new Error('no reader has read a list');
    const short = { ...whole, read: whole.read.slice(0, -1) };
    const operations = history.operations.map((one) => (one === whole ? short : one));
    expect(
      judgeEffects({ ...history, operations }, { lists: null, counters: null, churn: null }),
    ).toHaveLength(1);
  });

  test('READ-36 a reader that loses its disk comes back as a new node, and nothing acknowledged is touched', async () => {
    const lines = [
      ...loads,
      '200.000 crash ro-1 for 20.000 ms',
      '300.000 crash ro-1 for 20.000 ms',
      '400.000 wipeDisk ro-1 for 20.000 ms',
    ];
    const run = await runReaders(lines, 700);
    expect(run.monitors.violations).toEqual([]);
    const ready = run.trace.filter(({ node, event }) => node === 'ro-1' && event.kind === 'ro.ready');
    const back = ready.find(({ at }) => at > 420_000);
    expect(back?.event).toMatchObject({ kept: false });
    // At once, whatever its sessions were called before: a join, its refusal, a join.
    expect((back?.at ?? 0) - 420_000).toBeLessThan(20_000);
    const applied = run.trace.filter(
      ({ at, node, event }) => at > 430_000 && node === 'ro-1' && event.kind === 'ro.applied',
    );
    expect(applied.length).toBeGreaterThan(20);
  });

  test('READ-27 what the writer vacuums stays for a view of a reader, which binds it by its read point alone', async () => {
    const sql = (at: number, session: string, text: string): string =>
      `${at}.000 sql d1 ${session} "${text}"`;
    const text = [
      ...HEAD(3),
      sql(10, 'w', 'create table t (k int primary key, v text)'),
      sql(40, 'w', "insert into t values (1, 'a'), (2, 'b'), (3, 'c')"),
      '90.000 session d1 view ro-1 session',
      sql(100, 'view', 'begin isolation level repeatable read'),
      sql(110, 'view', 'select k from t'),
      sql(150, 'w', 'delete from t'),
      sql(180, 'w', 'vacuum t'),
      sql(220, 'w', "insert into t values (4, 'd')"),
      sql(300, 'view', 'select k from t'),
      sql(330, 'view', 'commit'),
      sql(360, 'view', 'select k from t'),
    ].join('\n');
    const { monitors, answers } = await runTape(tapeOf(text), 450);
    expect(monitors.violations).toEqual([]);
    const rowsAt = (ms: number) => {
      const [first] = answers.get(`q${ms * 1000}.0`)?.statements ?? [];
      return first?.kind === 'rows' ? first.rows.map(([k]) => k) : (first ?? null);
    };
    expect(answers.get('q180000.0')?.outcome).toBe('ok');
    expect([110, 300, 360].map(rowsAt)).toEqual([['1', '2', '3'], ['1', '2', '3'], ['4']]);
  });

  test('READ-45 a reader refuses COPY FROM and nextval, and copies out', async () => {
    const texts = ['copy t from stdin;\\n2\\n', "select nextval('s')", 'copy t to stdout'];
    const tape = [
      ...HEAD(3),
      '10.000 sql d1 w "create table t (k int primary key)"',
      '30.000 sql d1 w "create sequence s"',
      '50.000 sql d1 w "copy t from stdin;\\n1\\n"',
      '90.000 session d1 view ro-1 session',
      ...texts.map((text, i) => `${120 + i * 10}.000 sql d1 view "${text}"`),
    ].join('\n');
    const { answers } = await runTape(tapeOf(tape), 200);
    const said = (ms: number): string => {
      const [first] = answers.get(`q${ms * 1000}.0`)?.statements ?? [];
      if (first === undefined) return 'no answer';
      return first.kind === 'error' ? first.sqlstate : first.tag;
    };
    expect([50, 120, 130, 140].map(said)).toEqual(['COPY 1', '25006', '25006', 'COPY 1']);
  });

  test('READ-45 a reader refuses SERIALIZABLE, asked for or as the default, and serves the same session at repeatable read', async () => {
    const texts = [
      'begin isolation level serializable',
      'begin',
      'set transaction isolation level serializable',
      'rollback',
      'set default_transaction_isolation = serializable',
      'select k from t',
      'begin isolation level repeatable read',
      'select k from t',
      'commit',
    ];
    const tape = [
      ...HEAD(3),
      '10.000 sql d1 w "create table t (k int primary key)"',
      '40.000 sql d1 w "insert into t values (1)"',
      '90.000 session d1 view ro-1 session',
      ...texts.map((text, i) => `${100 + i * 10}.000 sql d1 view "${text}"`),
      '300.000 sql d1 w "begin isolation level serializable"',
    ].join('\n');
    const { answers } = await runTape(tapeOf(tape), 340);
    const said = (ms: number): string => {
      const [first] = answers.get(`q${ms * 1000}.0`)?.statements ?? [];
      return first === undefined ? 'nothing' : first.kind === 'error' ? first.sqlstate : first.tag;
    };
    expect(texts.map((_, i) => said(100 + i * 10))).toEqual([
      '0A000',
      'BEGIN',
      '0A000',
      'ROLLBACK',
      'SET',
      '0A000',
      'BEGIN',
      'SELECT 1',
      'COMMIT',
    ]);
    expect(said(300)).toBe('BEGIN');
  });
});

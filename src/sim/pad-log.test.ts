// No-op records up to an LSN: exact LSNs for a lesson, from a writer that does nothing else differently.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { TraceKind, TraceOf } from '../core/kernel/trace.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { known } from '../stacks/known.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { setupRun } from './run-setup.ts';
import { parseTape } from './tape-parse.ts';
import type { TracedEvent } from './types.ts';
import { makeWorld, runWorld } from './world.ts';

const edge = await loadSqlEdge();

function traceOf(lines: readonly string[], untilMs: number, header: readonly string[] = []): TracedEvent[] {
  const head = ['postdb-tape 1', 'engine 0.1.0', 'preset cynosdb', 'profile demo', ...header, 'seed 7'];
  const parsed = parseTape(tapes, [...head, ...lines].join('\n'));
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const events: TracedEvent[] = [];
  const host = {
    program: programOf('cynosdb'),
    edge,
    tape: tapes,
    onTrace: (more: readonly TracedEvent[]) => events.push(...more),
  };
  runWorld(makeWorld<unknown, unknown>(made.setup.spec), host, { until: (untilMs * 1000) as Time });
  return events;
}

const all = <K extends TraceKind>(events: readonly TracedEvent[], kind: K): TraceOf<K>[] =>
  events.map(({ event }) => event).filter((event): event is TraceOf<K> => event.kind === kind);

test('WAL-3 padTo writes one MTR of no-ops up to the LSN, its groups in turn', () => {
  const events = traceOf(['20.000 padTo rw-1 103 "g1 g2"', '30.000 padTo rw-1 106 "g2"'], 40);
  const mtrs = all(events, 'mtr.append').slice(1);
  expect(mtrs.map(({ first, end }) => [first, end - 1])).toEqual([
    [5, 103],
    [104, 106],
  ]);
  expect(mtrs[0]?.groups.startsWith('g1,g2,g1,g2')).toBe(true);
  expect(all(events, 'mark.vdl').at(-1)?.value).toBe(106);
});

test('WAL-7, WAL-8 a long padding waits for room and is cut at LAL', () => {
  const events = traceOf(['20.000 padTo rw-1 900 "g1"', '20.000 padTo rw-1 1000 "g1"'], 60);
  const mtrs = all(events, 'mtr.append').slice(1);
  expect(mtrs.every(({ first, end }) => end - first <= 100)).toBe(true);
  expect(mtrs.some(({ end }) => end === 901)).toBe(true);
  expect(mtrs.at(-1)?.end).toBe(1001);
  expect(all(events, 'mark.vdl').at(-1)?.value).toBe(1000);
});

test('WAL-34, WAL-35 a page is read as of an older read point, and refused once GC has passed it', () => {
  const page = 4398583382017;
  const events = traceOf(
    [
      '10.000 sql d1 "create table t (id int primary key, v int)"',
      '14.000 sql d1 "insert into t values (1, 1)"',
      '18.000 sql d1 "update t set v = 2 where id = 1"',
      '22.000 sql d1 reader "begin isolation level repeatable read; select * from t"',
      '26.000 sql d1 "update t set v = 3 where id = 1"',
      `30.000 readPage rw-1 ${page} 19`,
      `30.000 readPage rw-1 ${page} 22`,
      '34.000 sql d1 reader "commit"',
      `44.000 readPage rw-1 ${page} 19`,
    ],
    50,
  );
  const probes = all(events, 'page.probe').filter(({ blockKey }) => blockKey === page);
  expect(probes.map(({ readPoint, pageLsn, error }) => [readPoint, pageLsn, error])).toEqual([
    [19, 17, ''],
    [22, 20, ''],
    [19, -1, 'STALE_READ_POINT'],
  ]);
});

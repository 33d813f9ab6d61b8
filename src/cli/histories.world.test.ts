// Histories of runs in which drivers and writers lose power, as other tools read them: EDN by edn-data, held to the rules
// that Jepsen has for a history. The deep command exports a hundred swept seeds.

import { parseEDNString } from 'edn-data';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import { REPLAYED } from '../core/kernel/client-calls.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { makeRunExport } from '../run-model/exports/run-export.ts';
import { accessesOf, addToHistory, makeHistory, unknownOutcomes } from '../sim/checks/history.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { setupRun } from '../sim/run-setup.ts';
import { drawScenario } from '../sim/sweep/draw-scenario.ts';
import type { Tape } from '../sim/tape.ts';
import { parseTape } from '../sim/tape-parse.ts';
import { makeWorld, runWorld } from '../sim/world.ts';
import { known } from '../stacks/known.ts';
import { findPreset } from '../stacks/presets.ts';
import { programOf } from '../stacks/programs.ts';
import { tapes } from '../stacks/tapes.ts';
import { drawn } from '../testing/depth.ts';

const SEEDS = drawn(1, 100);
const CHAOS_US = 8_000_000;

interface Row {
  readonly index: number;
  readonly time: number;
  readonly process: number | 'nemesis';
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly f: string;
  readonly value: unknown;
}

const readEdn = (line: string): Row =>
  parseEDNString(line, { mapAs: 'object', keywordAs: 'string', listAs: 'array' }) as unknown as Row;

/** What Jepsen asks of a history: one call a process at a time, each with one end, no process used after `:info`. */
function faultsOf(rows: readonly Row[]): string[] {
  const faults: string[] = [];
  const open = new Map<number, Row>();
  const gone = new Set<number>();
  let time = 0;
  rows.forEach((row, i) => {
    const { process, type } = row;
    const say = (what: string): number => faults.push(`${row.index}: process ${process} ${what}`);
    if (row.index !== i) say('has another place than its index');
    if (row.time < time) say('goes back in time');
    time = row.time;
    if (process === 'nemesis') return;
    if (gone.has(process)) say(`${type} after :info`);
    const call = open.get(process);
    if (type === 'invoke') {
      if (call !== undefined) say(`calls while ${call.index} is outstanding`);
      open.set(process, row);
      return;
    }
    if (call === undefined) say(`${type} without a call`);
    else if (call.f !== row.f) say(`ends ${call.f} as ${row.f}`);
    open.delete(process);
    if (type === 'info') gone.add(process);
  });
  for (const [process, { index }] of open) faults.push(`${index}: process ${process} has no end`);
  return faults;
}

const parsed = (text: string): Tape => {
  const read = parseTape(tapes, text);
  if (!read.ok) throw new Error(`${read.line}: ${read.error}`);
  return read.tape;
};

describe('histories', () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await loadSqlEdge();
  });

  /** The EDN of a run, and how its calls ended. */
  function historyOf(tape: Tape, untilUs: number) {
    const made = setupRun(known, tape);
    if (!made.ok) throw new Error(made.error);
    const { spec, program } = made.setup;
    const edn = makeRunExport('edn', { engine: '0.1.0', preset: tape.header.preset, seed: tape.header.seed });
    const history = makeHistory();
    const counted = { driverCrashes: 0, replayed: 0, byOthers: 0 };
    const callers = new Map<number, string>();
    runWorld(
      makeWorld<unknown, unknown>(spec),
      {
        program: programOf(program),
        edge,
        tape: tapes,
        onTrace: (events) => {
          edn.add(events);
          for (const traced of events) {
            addToHistory(history, traced);
            const { event, node } = traced;
            if (event.kind === 'node.down' && node === 'd1') counted.driverCrashes++;
            if (event.kind === 'op.invoke') callers.set(event.op, event.client);
            if (event.kind !== 'op.return') continue;
            if (event.value === REPLAYED) counted.replayed++;
            if (callers.get(event.op) !== event.client) counted.byOthers++;
          }
        },
      },
      { until: untilUs as Time },
    );
    const rows = edn.finish().trimEnd().split('\n').map(readEdn);
    return { rows, history, ...counted };
  }

  test(
    'FENCE-44 C01 every call of swept runs in which the driver crashes ends once, and no process goes on after :info',
    () => {
      const preset = findPreset('cynosdb');
      if (preset === null) throw new Error('no preset cynosdb');
      let [runs, crashes, lost, calls] = [0, 0, 0, 0];
      for (let seed = 1; runs < SEEDS; seed++) {
        const { tape } = drawScenario(known, preset, seed, CHAOS_US, []);
        if (
          !tape.actions.some(
            (action) => action.kind === 'crash' && action.node === 'd1' && action.at < CHAOS_US,
          )
        )
          continue;
        runs++;
        const { rows, history, driverCrashes } = historyOf(tape, CHAOS_US);
        expect(faultsOf(rows), `seed ${seed}`).toEqual([]);
        crashes += driverCrashes;
        lost += history.operations.filter(({ lostAt }) => lostAt >= 0).length;
        calls += history.operations.length;
      }
      expect(crashes).toBeGreaterThanOrEqual(SEEDS);
      expect(lost).toBeGreaterThan(SEEDS);
      expect(calls).toBeGreaterThan(100 * SEEDS);
    },
    300_000 + SEEDS * 30_000,
  );

  test('C01 an open loop: an answer ends its call whichever client had it', () => {
    const load =
      'kind=register rows=5 clients=4 thinkUs=0 ratePerSecond=1500 readPercent=50 hotPercent=50 valueBytes=0 load=true';
    const tape = parsed(
      `postdb-tape 1\nengine 0.1.0\npreset cynosdb\nprofile demo\nseed 3\n\n0.000 workload d1 open ${load}\n`,
    );
    const { rows, history, byOthers } = historyOf(tape, 200_000);
    expect(faultsOf(rows)).toEqual([]);
    expect(byOthers).toBeGreaterThan(20);
    expect(unknownOutcomes(history)).toBeLessThan(byOthers);
  });

  test('FENCE-43 a transaction whose commit is only answered REPLAYED says nothing of what it read', () => {
    const load = (name: string, kind: string): string =>
      `0.000 workload d1 ${name} kind=${kind} rows=2 clients=4 thinkUs=300 ratePerSecond=0 readPercent=0 hotPercent=0 valueBytes=8 load=true`;
    const crashes = Array.from({ length: 12 }, (_, i) => `${60 + i * 40}.000 crash rw-1 for 5.000 ms`);
    const tape = parsed(
      [
        'postdb-tape 1\nengine 0.1.0\npreset cynosdb\nprofile demo\nseed 5\n',
        load('skew', 'write-skew'),
        load('update', 'lost-update'),
        ...crashes,
      ].join('\n'),
    );
    const { rows, history, replayed } = historyOf(tape, 600_000);
    expect(replayed).toBeGreaterThan(0);
    expect(faultsOf(rows)).toEqual([]);
    // Every row of the loads is there from the start: a nil that is exported as read would be a row that is not.
    const nils = rows.filter(
      ({ type, value }) =>
        type === 'ok' && (value as string[][]).some(([kind, , read]) => kind === 'r' && read === null),
    );
    expect(nils).toEqual([]);
    const unread = history.operations.filter(
      (one) => one.outcome === 'ok' && accessesOf(one)?.some(({ value }) => value === null),
    );
    expect(unread).toHaveLength(replayed);
  });
});

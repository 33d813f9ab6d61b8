// Clusters beside each other (docs/compare.md): every fault means something, or is said to be absent; the tape of a column is the same run again;
// a figure's number is that of the event that it says.

import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { fittedTimers } from '../presets/fit-timers.ts';
import {
  type ComparedFault,
  type ComparedLoad,
  comparedFaults,
  comparedLoads,
} from '../run-model/compare/compared.ts';
import { falseFigures } from '../run-model/compare/judge-compared-fixture.ts';
import { playCompared } from '../run-model/compare/play.ts';
import { type ComparedReport, longestOutage } from '../run-model/compare/report.ts';
import { stretchOf } from '../run-model/compare/stretch.ts';
import type { Edge } from '../sim/fabric-state.ts';
import { comparedColumn, comparedStacks, usualColumns } from '../stacks/compared.ts';
import { known } from '../stacks/known.ts';
import { presetNames } from '../stacks/preset-names.ts';
import { isDeep } from '../testing/depth.ts';
import { comparedRows } from '../ui/compare/rows.ts';
import { runTape, tapeOf } from './tape-fixture.ts';

let edge: Edge;
beforeAll(async () => {
  edge = await loadSqlEdge();
});

const SEED = 7;
const columns = usualColumns;
function play(fault: ComparedFault, load: ComparedLoad, said: string): ComparedReport {
  const column = comparedColumn(said);
  if ('error' in column) throw new Error(column.error);
  const stretch = stretchOf([column.preset]);
  return playCompared(known, { fault, load, seed: SEED, stretch }, column, edge);
}

/** Nothing acknowledged is lost, and the load was there before and after. */
function expectSound(report: ComparedReport): void {
  const { lost, violations, commitsBefore, after, column, choice, outages } = report;
  expect([column, choice.fault, lost.value, violations]).toEqual([column, choice.fault, 0, []]);
  expect(commitsBefore).toBeGreaterThan(20);
  // A writer that is lost while its tablet splits may take longer than the load lasts.
  if (outages.every(({ opened }) => opened !== null)) expect(after.count).toBeGreaterThan(20);
}

describe('the writer dies in all three', () => {
  let reports: readonly ComparedReport[] = [];
  /** Of each column's tape, played again. */
  let again: readonly Awaited<ReturnType<typeof runTape>>[] = [];
  beforeAll(async () => {
    reports = columns.map((column) => play('killWriter', 'transfers', column));
    again = await Promise.all(
      reports.map(({ tape }) => {
        const parsed = tapeOf(tape);
        return runTape(parsed, (parsed.header.end?.at ?? 0) / 1000);
      }),
    );
  });

  test('FENCE-26, FENCE-56: each has an outage that ends, and nothing acknowledged is lost', () => {
    for (const report of reports) {
      expectSound(report);
      const longest = longestOutage(report);
      expect(longest?.next).not.toBe(longest?.writer);
      expect(report.rto.value).toBeGreaterThan(0);
      expect(longest?.phases.map(({ name }) => name)).toEqual(['detect', 'appoint', 'recover', 'serve']);
      const last = longest?.phases.at(-1);
      expect(last?.until).toBe(longest?.commit?.at);
      expect(report.before.p50.value).toBeLessThan(report.rto.value ?? 0);
    }
  });

  test('a column’s tape is the same run again, and a figure’s number leads to its event', () => {
    for (const [i, { tape, hash, rto, fault, during, column }] of reports.entries()) {
      expect(tapeOf(tape).header.end?.hash).toBe(hash);
      const at = (event: number | null) => again[i]?.trace[event ?? -1];
      expect(at(fault.event)).toMatchObject({ event: { kind: 'world.action', action: 'crash' } });
      expect([column, at(rto.event)?.event.kind]).toEqual([column, 'commit.ack']);
      expect(at(rto.event)?.at).toBe((fault.value ?? 0) + (rto.value ?? 0));
      expect(at(during.p95.event)?.event).toMatchObject({ kind: 'op.return', outcome: 'ok' });
    }
  });

  test('each figure is what the trace of the tape says, and one that is off by one is found', () => {
    for (const [i, report] of reports.entries()) {
      const { trace = [] } = again[i] ?? {};
      expect([report.column, falseFigures(report, trace)]).toEqual([report.column, []]);
      const { commitsBefore, storedPages, builtPages, pause, failed, outages, slices } = report;
      const lying: ComparedReport = {
        ...report,
        commitsBefore: commitsBefore + 1,
        storedPages: storedPages + 1,
        builtPages: builtPages + 1,
        pause: { ...pause, value: (pause.value ?? 0) + 1 },
        failed: { ...failed, value: (failed.value ?? 0) + 1 },
        slices: [...slices.slice(0, -1), (slices.at(-1) ?? 0) + 1],
        outages: outages.map((one) => ({ ...one, from: { ...one.from, at: one.from.at + 1 } })),
      };
      expect(falseFigures(lying, trace).length).toBe(7);
    }
  });

  test('X01: no two of them take the same way, and each figure has an answer of each column', () => {
    const waited = reports.map(({ rto }) => rto.value);
    expect(new Set(waited).size).toBe(columns.length);
    // PolarDB's writer stores pages, the shared log's never does (WAL-3).
    const stored = new Map(reports.map(({ column, storedPages }) => [column, storedPages]));
    expect(stored.get('polardb')).toBeGreaterThan(0);
    expect(stored.get('cynosdb-ha')).toBe(0);
    expect(stored.get('postdb-v4')).toBe(0);
    for (const { cells } of comparedRows(reports))
      for (const { parts, words } of cells)
        expect(parts.length + (words === null ? 0 : 1)).toBeGreaterThan(0);
  });

  test('FENCE-54: a replica of the old kind is calculated from the same run', () => {
    for (const { classic, stored, copies } of reports) {
      expect(classic.volumeBytes).toBe(Math.round(((stored.storage ?? 0) + (stored.whole ?? 0)) / copies));
      expect(classic.storageBytes).toBe((1 + classic.replicas) * classic.volumeBytes);
      expect(classic.startMs).toBeGreaterThan(classic.volumeBytes / 100_000);
    }
  });
});

test('X03: a reader that is added copies less than the volume, and storage that is added copies it', () => {
  const added = play('addReader', 'inserts', 'cynosdb-ha');
  expectSound(added);
  expect(added.copied?.serves).not.toBeNull();
  expect(added.copied?.pages).toBe(0);
  expect(added.readerDisk).toBeLessThan(1000);
  // A store that is added, and one that has no data yet.
  for (const preset of ['cynosdb-ha', 'cynosdb-4']) {
    const grown = play('addStorage', 'inserts', preset);
    expectSound(grown);
    expect(grown.copied?.node).toBe('store-4');
    expect(grown.copied?.pages).toBeGreaterThan(0);
  }
});

const fitted = fittedTimers('demo', { links: [{ from: 'a', to: 'b', baseUs: 10_000, jitterUs: 1_000 }] })
  .map(([name, value]) => `set ${name} ${value}`)
  .join('\n');

/** Two regions: a commit waits for the other one. */
const regions = (architecture: string): string =>
  `${
    {
      cynosdb: `cluster regions
architecture cynosdb
node client-1 driver a
node pcs-1..3 meta a,b
node rw-1 writer a priority=1
node ha-1 standby b
node store-1..5 store a,b
group store-1..5 write=4 read=2`,
      'postdb-v4': `cluster regions
architecture postdb-v4
node client-1 driver a
node n1..5 node a,b
tablets copies=5 write=4 read=2`,
      polardb: `cluster regions
architecture polardb
node client-1 driver a
node pcs-1 meta a
node rw-1 writer a
node ro-1 standby b
node cs-1..5 chunk b,a
chunks 4 cs-1..5`,
    }[architecture]
  }
link a b base=10.000 jitter=1.000
${fitted}
boot 1000.000
`;

test.each(comparedStacks.map(({ id }) => [id] as const))(
  'PRE-9: a cluster of %s that no preset names is a column, in times that its links ask for',
  (architecture) => {
    const report = play('killWriter', 'transfers', regions(architecture));
    expectSound(report);
    expect(report.column).toBe(`${architecture}.regions`);
    expect(report.choice.stretch).toBeGreaterThan(2);
    expect(report.faultAt).toBe(400_000 * report.choice.stretch);
    expect(report.before.p50.value).toBeGreaterThan(10_000);
    expect(report.rto.value).toBeGreaterThan(report.before.p50.value ?? 0);
    expect(tapeOf(report.tape).header.own?.name).toBe(report.column);
  },
);

test('PRE-9: every fault means something on every preset, or is said to be absent; a column that is none is refused at its field', () => {
  const columns = presetNames.flatMap((name) => {
    const column = comparedColumn(name);
    return 'error' in column ? [] : [column];
  });
  // all but those of tests
  expect(columns.length).toBe(presetNames.length - 2);
  for (const column of columns) {
    const { cluster } = column.preset;
    const facts = {
      cluster,
      writers: new Map([['v1', cluster.nodes[0]?.id ?? ('x' as never)]]),
      leads: () => 0,
    };
    for (const fault of comparedFaults) {
      const meaning = column.stack.faults[fault](cluster);
      if ('absent' in meaning) continue;
      expect(meaning.lines(facts).join('; ')).not.toMatch(/undefined|null| {2}/);
    }
  }
  expect(comparedColumn('toy')).toMatchObject({ error: 'toy is not compared' });
  expect(comparedColumn(regions('cynosdb').replace('write=4', 'write=2'))).toMatchObject({
    error: 'line 8, group g1: 2 × 2 ≤ 5: two writes of 2 of 5 copies may miss each other',
  });
});

test('a writer that nobody may follow comes back, and nothing acknowledged is lost', () => {
  const report = play('killWriter', 'transfers', 'cynosdb');
  expectSound(report);
  expect(report.rto.value).toBeGreaterThan(20_000);
});

test('the same choice gives the same figures', () => {
  const [one, two] = [play('slowReader', 'registers', 'polardb'), play('slowReader', 'registers', 'polardb')];
  expect(two).toEqual(one);
  expectSound(one);
  expect(one.staleness?.max.value).toBeGreaterThan(one.staleness?.median.value ?? 0);
});

test
  .runIf(isDeep)
  .each(
    comparedLoads.flatMap((load) =>
      comparedFaults.flatMap((fault) => columns.map((column) => [fault, load, column] as const)),
    ),
  )('%s under %s in %s loses nothing that was acknowledged', (fault, load, column) => {
  const report = play(fault, load, column);
  expectSound(report);
  expect(report.fault.event === null).toBe(report.isAbsent);
});

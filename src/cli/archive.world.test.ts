// The backup end to end (docs/spec/wal.md §7, F31): real nodes under load with crashes, outages, recoveries and changes of
// the archiver, every monitor on; then what lies in the object store is read back and held against what the writer sent.

import { expect, test } from 'vitest';
import type { Time } from '../base/ids.ts';
import type { NodeProgram } from '../core/kernel/door.ts';
import type { Message } from '../core/kernel/messages.ts';
import type { NodeState } from '../core/kernel/node.ts';
import { readRecords } from '../core/log/record.ts';
import { gapsOf } from '../core/object-store/archive-fixture.ts';
import { openObjectStore } from '../core/object-store/object-state.ts';
import { type Manifest, openBaseObject, openLogSegment } from '../core/object-store/objects.ts';
import { checkRestorable, volumeRanges } from '../core/object-store/restorable.ts';
import { loadSqlEdge } from '../edge/sql-edge.ts';
import { makeMonitors, observe } from '../sim/checks/monitors.ts';
import { setupRun } from '../sim/run-setup.ts';
import type { AnyProgram } from '../sim/runner-state.ts';
import { parseTape } from '../sim/tape-parse.ts';
import type { TracedEvent } from '../sim/types.ts';
import { diskOf, makeWorld, runWorld } from '../sim/world.ts';
import { moments } from '../stacks/crash-moments.ts';
import { ALWAYS_DUE, FULL_OF_LOG } from '../stacks/cynosdb/mutant-tapes.ts';
import { cynosdbNodes } from '../stacks/cynosdb/nodes.ts';
import { known } from '../stacks/known.ts';
import { tapes } from '../stacks/tapes.ts';
import { trace as events } from '../stacks/trace.ts';
import { isDeep } from '../testing/depth.ts';
import { eventsIn, runTapeText, type TapeRun } from './tape-fixture.ts';

const LOAD =
  '0.000 workload d1 kind=transfer rows=100 clients=4 thinkUs=1000 ratePerSecond=0 readPercent=25 hotPercent=0 valueBytes=0 load=true';
const STORE = 'cos-1' as never;

interface ArchiveRun extends TapeRun {
  readonly manifest: Manifest;
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** Checksums of all records that any writer sent, by LSN and term. */
  readonly sent: ReadonlyMap<string, number>;
}

async function runArchive(
  lines: readonly string[],
  untilMs: number,
  changes: readonly string[] = [],
): Promise<ArchiveRun> {
  const head = ['postdb-tape 1', 'engine 0.1.0', 'preset cynosdb-backup', 'profile demo', 'seed 5'];
  const sets = ['set archiveSegmentLsns 64', 'set archiveMaxMs 40', 'set archiveBaseLsns 400'];
  const parsed = parseTape(tapes, [...head, ...sets, ...changes, '', LOAD, ...lines].join('\n'));
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.error}`);
  const made = setupRun(known, parsed.tape);
  if (!made.ok) throw new Error(made.error);
  const { spec } = made.setup;
  const monitors = makeMonitors(known.monitors, spec.cluster, spec.params.lal);
  const trace: TracedEvent[] = [];
  const sent = new Map<string, number>();
  const cluster = cynosdbNodes.nodes as NodeProgram<NodeState, Message>;
  const program = {
    ...moments,
    ...events,
    ...cluster,
    encodeMessage: (message: Message, traceId: number) => {
      if (message.kind === 'WriteBatch')
        for (const { record, crc } of readRecords(message.records).records)
          sent.set(`${record.group} ${record.lsn} ${record.term}`, crc);
      return cluster.encodeMessage(message, traceId);
    },
  };
  const world = makeWorld<unknown, unknown>(spec);
  const onTrace = (events: readonly TracedEvent[]): void => {
    for (const traced of events) {
      observe(known.monitors, monitors, traced);
      trace.push(traced);
    }
  };
  runWorld(
    world,
    { program: program as unknown as AnyProgram, edge: await loadSqlEdge(), tape: tapes, onTrace },
    { until: (untilMs * 1000) as Time },
  );
  const disk = diskOf(world, STORE);
  const { cluster: nodes, params } = spec;
  const config = { nodeId: STORE, roles: [], cluster: nodes, params, prng: { a: 0 } as never, mutants: [] };
  const state = openObjectStore(config, disk, 1);
  const manifest = state.manifests.get('v1')?.content;
  if (!manifest) throw new Error('no manifest');
  const objects = new Map(
    [...state.objects.keys()].map((name) => [name, disk.get(`object/${name}`) as Uint8Array]),
  );
  return { monitors, trace, manifest, objects, sent };
}

/**
 * Reads the whole archive back: its segments follow each other and so do their records, chain by chain, each as it was
 * sent; every base holds what its parts say. The number of records.
 */
function readBack({ manifest, objects, sent }: ArchiveRun): number {
  let records = 0;
  for (const { group, logs, bases } of manifest.groups) {
    let covered = (logs[0]?.first ?? 0) as number;
    let before: number | null = null;
    for (const { first, end, name } of logs) {
      expect(first, `${group} segments join`).toBe(covered);
      covered = end;
      const opened = openLogSegment(name, objects.get(name) ?? new Uint8Array(0));
      if (!opened.ok) throw new Error(opened.error);
      for (const { record, crc } of opened.value.records) {
        if (before !== null) expect(record.prevGroup, `${group} ${record.lsn}`).toBe(before);
        if (record.lsn > 0)
          expect(crc, `${group} ${record.lsn}`).toBe(sent.get(`${group} ${record.lsn} ${record.term}`));
        before = record.lsn;
        records++;
      }
    }
    for (const { base, pages, parts } of bases) {
      let found = 0;
      for (const { name } of parts) {
        const opened = openBaseObject(name, objects.get(name) ?? new Uint8Array(0));
        if (!opened.ok) throw new Error(opened.error);
        found += opened.value.pages.length;
      }
      expect(found, `${group} base ${base}`).toBe(pages);
    }
  }
  return records;
}

const named = (run: ArchiveRun): string[] => run.manifest.groups.map(({ archiver }) => archiver);

/** The newest consistency points that both groups reach can be restored, and nothing is missing below them. */
function expectRestorable(run: ArchiveRun): void {
  const { manifest } = run;
  const end = Math.min(...manifest.groups.map(({ archivedTo }) => archivedTo));
  const within = manifest.cpls.filter(({ lsn }) => lsn <= end);
  expect(within.length).toBeGreaterThan(20);
  for (const { lsn } of within.slice(-20))
    expect(checkRestorable(manifest, lsn), `${lsn}`).toMatchObject({ error: null });
  for (const group of manifest.groups) expect(gapsOf(group)).toEqual([]);
}

test('WAL-40 WAL-41 WAL-42 crashes, outages, recoveries and changes of the archiver leave no gap, and every record as it was sent', async () => {
  const run = await runArchive(
    [
      '60.000 crash store-1 for 30.000 ms', // archives g1
      '110.000 crash rw-1 for 5.000 ms',
      '150.000 crash cos-1 tornLast for 30.000 ms',
      '190.000 nameArchiver store-3 g2',
      '215.000 isolate cos-1 for 60.000 ms',
      '240.000 crash rw-1 for 5.000 ms',
      '300.000 crash store-2 for 150.000 ms', // silent for so long that another one is named
      '330.000 diskFull cos-1 for 40.000 ms',
      '390.000 nameArchiver store-1',
      '392.000 crash cos-1 for 10.000 ms',
      '420.000 crash store-1 for 120.000 ms',
      '470.000 isolate store-1 store-2 for 30.000 ms', // no write quorum
      '600.000 workloadStop d1',
    ],
    900,
  );
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'recovery.done').length).toBeGreaterThanOrEqual(2);
  expect(eventsIn(run, 'archive.named').length).toBeGreaterThanOrEqual(5);
  expect(
    eventsIn(run, 'archive.outage').filter(({ state }) => state === 'begin').length,
  ).toBeGreaterThanOrEqual(2);
  expect(eventsIn(run, 'archive.base').length).toBeGreaterThanOrEqual(4);
  expect(eventsIn(run, 'archive.gap')).toEqual([]);
  expect(run.monitors.exercised['archive.gc-behind']).toBeGreaterThan(50);
  expect(readBack(run)).toBeGreaterThan(1500);
  expectRestorable(run);
  for (const { id, lsns } of run.monitors.volumes[0].truth.groups) {
    const archive = run.manifest.groups.find(({ group }) => group === id);
    expect(archive?.archivedTo).toBeGreaterThanOrEqual(lsns[lsns.length - 1] ?? Infinity);
  }
});

test.runIf(isDeep)(
  'WAL-42 the archiver or the object store loses power at any step of an upload: nothing is counted that is not there',
  async () => {
    const whole = await runArchive([], 140);
    const steps = whole.trace.filter(
      ({ at, event }) =>
        at > 60_000 && at < 120_000 && (event.kind === 'mark.archived' || event.kind.startsWith('archive.')),
    );
    const times = steps.filter((_, i) => i % Math.ceil(steps.length / 7) === 0).map(({ at }) => at / 1000);
    expect(times.length).toBeGreaterThanOrEqual(5);
    for (const [i, at] of times.entries())
      for (const node of ['store-1', 'cos-1']) {
        const when = (at + (i % 2 === 0 ? 0.05 : 0.4)).toFixed(3);
        const run = await runArchive(
          [`${when} crash ${node} tornLast for 8.000 ms`, '160.000 workloadStop d1'],
          280,
        );
        expect(run.monitors.violations, `${node} at ${when}`).toEqual([]);
        expect(readBack(run)).toBeGreaterThan(150);
        expectRestorable(run);
        expect(eventsIn(run, 'archive.gap')).toEqual([]);
      }
  },
);

test('F31 while the object store is away the log is kept, and all of it is archived when it is back', async () => {
  const run = await runArchive(['60.000 isolate cos-1 for 200.000 ms', '320.000 workloadStop d1'], 600);
  expect(run.monitors.violations).toEqual([]);
  const during = run.trace.filter(({ at }) => at > 80_000 && at < 260_000);
  const begun = during.filter(({ event }) => event.kind === 'archive.outage' && event.state === 'begin');
  expect(begun.length).toBe(2);
  const floors = during.flatMap(({ event }) =>
    event.kind === 'gc.drop' && event.records > 0 ? [event.droppedTo] : [],
  );
  const archived = Math.max(
    ...run.trace.flatMap(({ at, event }) =>
      event.kind === 'mark.archived' && at < 60_000 ? [event.value] : [],
    ),
  );
  for (const floor of floors) expect(floor).toBeLessThanOrEqual(archived);
  expect(eventsIn(run, 'archive.outage').filter(({ state }) => state === 'end')).toHaveLength(2);
  readBack(run);
  expectRestorable(run);
  expect(eventsIn(run, 'commit.ack').length).toBeGreaterThan(200);
});

test('WAL-40 an archiver with a full disk gets no more log and is replaced: the archive goes on (seed 80)', async () => {
  const run = await runArchive(['60.000 diskFull store-1 for 900.000 ms', '700.000 workloadStop d1'], 1_100);
  expect(run.monitors.violations).toEqual([]);
  const named = eventsIn(run, 'archive.named').filter(({ archiver }) => archiver === 'store-1');
  expect(named.length).toBeGreaterThan(0);
  const [declined] = run.trace.filter(
    ({ event }) =>
      event.kind === 'archive.named' && event.why === 'declined' && event.group === named[0]?.group,
  );
  expect(declined?.at).toBeLessThan(900_000);
  const archived = (from: number, to: number): number[] =>
    run.trace.flatMap(({ at, event }) =>
      event.kind === 'mark.archived' && event.group === named[0]?.group && at >= from && at < to
        ? [event.value]
        : [],
    );
  const since = declined?.at ?? 0;
  expect(Math.max(...archived(since, 950_000))).toBeGreaterThan(Math.max(...archived(0, since)) + 500);
  expectRestorable(run);
});

test.runIf(isDeep)(
  'WAL-40 WAL-41 the archive gets ahead of a load that writes faster than short segments go out, and bases go on (seed 130)',
  async () => {
    const more = LOAD.replace('d1 ', 'd1 more ').replace('clients=4 thinkUs=1000', 'clients=12 thinkUs=500');
    const run = await runArchive([more, '100.000 diskSlow cos-1 1000 % for 20000.000 ms'], 800);
    expect(run.monitors.violations).toEqual([]);
    const end = Math.max(
      ...run.monitors.volumes[0].truth.groups.map(({ lsns }) => lsns[lsns.length - 1] ?? 0),
    );
    const behind = run.manifest.groups.map(({ archivedTo }) => end - archivedTo);
    for (const lsns of behind) expect(lsns).toBeLessThan(end / 4);
    const late = run.trace.filter(({ at }) => at > 400_000);
    expect(late.filter(({ event }) => event.kind === 'archive.base').length).toBeGreaterThanOrEqual(2);
    readBack(run);
  },
);

test('WAL-76 a base image that there is no room for gives way to the log (sweep cynosdb-backup seed 24)', async () => {
  const lastRefused = async (planted: readonly string[]): Promise<Map<string, string>> => {
    const head = ['postdb-tape 1', 'engine 0.14.0', 'preset cynosdb-backup', 'profile demo', 'seed 5'];
    const { changes, actions } = FULL_OF_LOG;
    const run = await runTapeText([...head, ...planted, ...changes, '', ...actions].join('\n'), 3000);
    expect(run.monitors.violations).toEqual([]);
    const refused = eventsIn(run, 'archive.refused').filter(({ code }) => code === 'DISK_FULL');
    expect(refused.some(({ what }) => what.includes('/base/'))).toBe(true);
    return new Map(
      refused.map(({ what }): [string, string] => {
        const [, group = '', kind = ''] = what.split('/');
        return [group, kind];
      }),
    );
  };
  expect([...(await lastRefused([])).values()]).toEqual(['log', 'log']);
  expect([...(await lastRefused(['broken archive.image-holds-room'])).values()]).toContain('base');
});

test.runIf(isDeep)(
  'WAL-42 groups whose archivers are always due take turns at the manifest (cynosdb seed 420)',
  async () => {
    const { changes, actions } = ALWAYS_DUE;
    const longestQuiet = async (planted: readonly string[]): Promise<number> => {
      const head = ['postdb-tape 1', 'engine 0.10.0', 'preset cynosdb-backup', 'profile demo', 'seed 5'];
      const run = await runTapeText([...head, ...planted, ...changes, '', ...actions].join('\n'), 4000);
      expect(run.monitors.violations).toEqual([]);
      const grown = ['g1', 'g2'].map((id) => [
        0,
        ...run.trace.flatMap(({ at, event }) =>
          event.kind === 'archive.extent' && event.group === id && event.added.length > 0 ? [at] : [],
        ),
        4_000_000,
      ]);
      return Math.max(...grown.flatMap((times) => times.slice(1).map((at, i) => at - (times[i] ?? 0))));
    };
    expect(await longestQuiet([])).toBeLessThan(1_000_000);
    expect(await longestQuiet(['broken archive.yields-never'])).toBeGreaterThan(2_000_000);
  },
);

test('F31 a rotten object is put again while the log still reaches', async () => {
  const lines = [
    '100.000 isolate store-3 for 250.000 ms', // a member that is behind holds the log (WAL-37)
    '200.000 bitRot cos-1 "object/v1/g1/log/" 14',
    '200.001 bitRot cos-1 "object/v1/g2/log/" 14',
    '600.000 workloadStop d1',
  ];
  const run = await runArchive(lines, 900, ['set scrubEveryMs 3']);
  expect(run.monitors.violations).toEqual([]);
  expect(eventsIn(run, 'archive.bad').length).toBeGreaterThan(0);
  expect(eventsIn(run, 'archive.repaired').length).toBe(eventsIn(run, 'archive.bad').length);
  expect(eventsIn(run, 'archive.gap')).toEqual([]);
  readBack(run);
  expectRestorable(run);
});

test('F31 BACKUP_GAP: an object whose log is gone is named as a gap, a new base takes over, and the rest can be restored', async () => {
  const run = await runArchive(
    ['200.000 bitRot cos-1 "object/v1/g1/log/" 1', '600.000 workloadStop d1'],
    900,
  );
  expect(run.monitors.violations).toEqual([]);
  const [bad] = eventsIn(run, 'archive.bad');
  const [gap] = eventsIn(run, 'archive.gap');
  expect(gap).toMatchObject({ group: 'g1', name: bad?.name, first: bad?.first, end: bad?.end });
  const g1 = run.manifest.groups.find(({ group }) => group === 'g1');
  expect(g1?.gaps).toEqual([{ first: bad?.first, end: bad?.end, name: bad?.name }]);
  const inside = run.manifest.cpls.find(({ lsn }) => lsn >= (bad?.first ?? 0) && lsn < (bad?.end ?? 0));
  expect(checkRestorable(run.manifest, inside?.lsn ?? -1)).toMatchObject({
    error: 'E_NOT_RESTORABLE',
    group: 'g1',
  });
  const newest = run.manifest.cpls.findLast(({ lsn }) => lsn <= (g1?.archivedTo ?? 0));
  const ranges = volumeRanges(run.manifest);
  expect(ranges.length).toBeGreaterThanOrEqual(2);
  expect(ranges.some(([first, last]) => first <= (newest?.lsn ?? -1) && (newest?.lsn ?? -1) < last)).toBe(
    true,
  );
});

test('WAL-45 retention: bases older than it go with the log below them, objects and all', async () => {
  const run = await runArchive(['500.000 workloadStop d1'], 800);
  expect(run.monitors.violations).toEqual([]);
  expect(named(run)).toEqual(['store-1', 'store-2']);
  const names = new Set(
    run.manifest.groups.flatMap(({ logs, bases }) => [
      ...logs.map(({ name }) => name),
      ...bases.flatMap(({ parts }) => parts.map(({ name }) => name)),
    ]),
  );
  for (const name of run.objects.keys()) expect(names, name).toContain(name);
  expect(names.size).toBe(run.objects.size);
});

// Monitors of the backup: a good archive is silent, each fault is named by its own rule, and nothing is asked of a cluster
// without an object store.

import { expect, test } from 'vitest';
import type { Time } from '../../base/ids.ts';
import type { TraceEvent, TraceOf } from '../../core/kernel/trace.ts';
import { known } from '../../stacks/known.ts';
import {
  backedUp,
  cluster,
  committed,
  computed,
  down,
  endRun,
  feed,
  group,
  info,
  install,
  type Line,
  recovered,
  tail,
  watch,
} from './monitor-fixture.ts';
import { finishCatchingUp, finishUnlessCatchingUp, makeMonitors } from './monitors.ts';

const judge = (...lines: readonly Line[]): string[] => watch(lines).violations.map(({ rule }) => rule);

const segment = (first: number, end: number, lsns: number[]): Line => [
  'cos',
  {
    kind: 'archive.segment',
    group,
    first,
    end,
    token: 1,
    from: 's1',
    bytes: 1,
    lsns,
    terms: lsns.map(() => 1),
    sums: lsns.map((lsn) => lsn),
  },
];
const manifest = (version: number, token = 1): Line => [
  'cos',
  { kind: 'archive.manifest', volume: 'v1', version, expect: version - 1, token, from: 's1', objects: 1 },
];
const refused = (code: string, kind = 'log'): Line => [
  'cos',
  { kind: 'archive.refused', what: `v1/${group}/${kind}/1`, from: 's1', code, current: 0 },
];
const extent = (archivedTo: number, changes: Partial<TraceOf<'archive.extent'>> = {}): Line => [
  'cos',
  {
    kind: 'archive.extent',
    group,
    version: 1,
    archiver: 's1',
    appointment: 1,
    archivedTo,
    added: [],
    removed: [],
    gaps: [],
    bases: [-1],
    ...changes,
  },
];
const moved = (value: number): Line => ['s1', { kind: 'mark.archived', group, value, version: 1 }];
const drop = (droppedTo: number, logFloor = droppedTo): Line => [
  's1',
  {
    kind: 'gc.drop',
    group,
    logFloor,
    records: 1,
    droppedTo,
    versions: 0,
    pgmrpl: 3,
    holdTo: 3,
  } satisfies TraceEvent,
];
const standing = (version: number): Line => [
  'cos',
  { kind: 'archive.standing', volume: 'v1', version, token: 1 },
];
const archived: Line[] = [
  ...committed,
  segment(0, 4, [0, 1, 2, 3]),
  manifest(1),
  extent(3, { added: [0, 4] }),
  moved(3),
  drop(3),
];

test('a good archive is silent, and every rule was put to the test', () => {
  const { violations, exercised } = watch([...archived, ...tail, ...recovered]);
  expect(violations).toEqual([]);
  for (const rule of [
    'archive.no-annulled',
    'archive.whole',
    'archive.gapless',
    'archive.manifest-cas',
    'archive.after-manifest',
    'archive.gc-behind',
  ] as const)
    expect(exercised[rule], rule).toBeGreaterThan(0);
});

test('WAL-40 archive.no-annulled: above VDL, of an annulled range, or kept by the archive and not by a recovery', () => {
  expect(judge(...committed, ...tail, segment(0, 6, [0, 1, 2, 3, 4, 5]))).toEqual(['archive.no-annulled']);
  expect(judge(...archived, ...tail, ...recovered, segment(4, 6, [4, 5]))).toContain('archive.no-annulled');
  expect(judge(...archived, extent(5, { added: [4, 6] }), ...tail, ...recovered)).toEqual([
    'archive.no-annulled',
  ]);
});

test('WAL-40, WAL-57 what a volume was opened with is archived before its writer says so, whoever holds it (seed 490)', () => {
  const opening: Line[] = [
    ...[...committed, ...tail],
    ['meta', { kind: 'token.grant', volume: 'v1', token: 2, holder: 'rw' }],
    ...[install('s1', 2), install('s3', 2), info('s1', 5), info('s3', 3), computed(2, 5, 16)],
  ];
  const opened: Line = ['s1', { kind: 'volume.open', group, token: 2 }];
  expect(judge(...opening, segment(4, 6, [4, 5]))).toEqual(['archive.no-annulled']);
  expect(judge(...opening, opened, segment(4, 6, [4, 5]))).toEqual([]);
  expect(judge(...opening, opened, segment(4, 7, [4, 5]))).toEqual(['archive.no-annulled']);
});

test('WAL-41 archive.whole: a record missing in the range, or another than its writer made', () => {
  expect(judge(...committed, segment(0, 4, [0, 1, 3]))).toEqual(['archive.whole']);
  const made = (sum: number): Line => ['rw', { kind: 'mtr.sums', volume: 'v1', first: 2, sums: [sum] }];
  expect(judge(...committed, made(2), segment(0, 4, [0, 1, 2, 3]))).toEqual([]);
  expect(judge(...committed, made(9), segment(0, 4, [0, 1, 2, 3]))).toEqual(['archive.whole']);
});

test('WAL-41 archive.gapless: what is between two segments is named as a gap, or missed', () => {
  expect(judge(...committed, extent(3, { added: [2, 4] }))).toEqual(['archive.gapless']);
  expect(judge(...committed, extent(3, { added: [2, 4], gaps: [0, 2] }))).toEqual([]);
  expect(judge(...committed, extent(3, { added: [2, 4], bases: [1] }))).toEqual([]);
  expect(judge(...archived, extent(3, { removed: [0, 4] }))).toEqual(['archive.gapless']);
  expect(judge(...archived, extent(2))).toEqual(['archive.gapless']);
});

test('WAL-42 archive.manifest-cas: a version left out or again, a lower token', () => {
  expect(judge(manifest(1), manifest(3))).toEqual(['archive.manifest-cas']);
  expect(judge(manifest(1), manifest(1))).toEqual(['archive.manifest-cas']);
  expect(judge(manifest(1, 2), manifest(2, 1))).toEqual(['archive.manifest-cas']);
});

test('WAL-42 archive.manifest-cas: a manifest that a power cut kept from being traced stands after the start, not two, not an older one', () => {
  const whole = extent(3, { added: [0, 2, 2, 4] });
  expect(judge(...committed, manifest(1), standing(2), whole, moved(3), manifest(3))).toEqual([]);
  expect(judge(...archived, standing(1), extent(3, { added: [0, 4] }))).toEqual([]);
  expect(judge(...archived, standing(1), extent(3, { added: [2, 4] }))).toEqual(['archive.gapless']);
  expect(judge(manifest(1), standing(3))).toEqual(['archive.manifest-cas']);
  expect(judge(manifest(1), manifest(2), standing(1))).toEqual(['archive.manifest-cas']);
});

const stands = [standing(7), extent(3, { added: [2, 4], bases: [1] }), moved(3), drop(2)];
const goesOn = (version: number, base: number): Line[] => [
  segment(4, 15, [14]),
  manifest(version, 2),
  extent(14, { added: [4, 15], bases: [base] }),
  moved(14),
  drop(14),
];
test.each<[string, readonly Line[]]>([
  ['stands before the first recovery', [...stands, ...recovered, ...goesOn(8, 1)]],
  ['stands after it', [...recovered, ...stands, ...goesOn(8, 1)]],
  ['is the first', [moved(3), ...recovered, drop(3), ...goesOn(1, 3)]],
])(
  'WAL-42 a resumed run goes by the manifest that the trace names, and judges what follows: it %s',
  (_, lines) => {
    const rules = (...more: readonly Line[]): string[] => {
      const m = makeMonitors(known.monitors, backedUp, 10, true);
      feed(m, [...lines, ...more]);
      return m.violations.map(({ rule }) => rule);
    };
    expect(rules()).toEqual([]);
    expect(rules(manifest(10, 2))).toEqual(['archive.manifest-cas']);
    expect(rules(extent(18, { added: [17, 19] }))).toEqual(['archive.gapless']);
    expect(rules(moved(15))).toEqual(['archive.after-manifest']);
    expect(rules(drop(15))).toEqual(['archive.gc-behind']);
  },
);

test('WAL-42 archive.after-manifest, WAL-36 archive.gc-behind: only what the manifest says counts', () => {
  expect(judge(...committed, moved(3))).toEqual(['archive.after-manifest']);
  expect(judge(...committed, drop(2))).toEqual(['archive.gc-behind']);
});

test('WAL-36, WAL-71 archive.gc-behind: the highest record that goes is judged, wherever logFloor stands after a base image', () => {
  const half = [...committed, segment(0, 2, [0, 1]), manifest(1), extent(1, { added: [0, 2] }), moved(1)];
  expect(judge(...half, drop(1, 3))).toEqual([]);
  expect(judge(...half, drop(2, 3))).toEqual(['archive.gc-behind']);
});

test('an object store that lost its disk begins anew; what was dropped before stays dropped', () => {
  const wiped: Line = down('cos', 'wiped');
  expect(judge(...archived, wiped, manifest(1), drop(3), extent(3, { bases: [3] }))).toEqual([]);
});

test('WAL-40 archive.catches-up asks at the end for the last record', () => {
  const behind = endRun(watch(committed), 'archive.catches-up');
  expect(behind.map(({ rule }) => rule)).toEqual(['archive.catches-up']);
  expect(endRun(watch(archived), 'archive.catches-up')).toEqual([]);
});

test('WAL-76 archive.catches-up waits for no room in the object store once there is nothing left to take out', () => {
  const ofStore = (bases: number[], ...lines: Line[]) =>
    endRun(watch([...committed, manifest(1), extent(-1, { bases }), ...lines]), 'archive.catches-up');
  const ofFull = (bases: number[], ...after: Line[]) => ofStore(bases, refused('DISK_FULL'), ...after);
  expect(ofFull([-1])).toEqual([]);
  expect(ofFull([-1, -1])).toEqual([]);
  // a base image that there is no room for gives way to the log (sweep cynosdb-backup seed 24)
  expect(ofStore([-1], refused('DISK_FULL', 'base'))).toHaveLength(1);
  // three bases: the one between goes first
  expect(ofFull([-1, -1, -1])).toHaveLength(1);
  expect(ofFull([-1], refused('STALE_ARCHIVER'))).toHaveLength(1);
  expect(ofFull([-1], segment(1, 2, [1]))).toHaveLength(1);
});

test('WAL-41 what an object store still takes when the run is judged is asked later in it (cynosdb-backup seeds 48 and 56)', () => {
  const base: Line = [
    'cos',
    { kind: 'archive.base', group, base: 3, part: 0, pages: 1, bytes: 1, from: 's1' },
  ];
  const judgedAt = (silentUs: number, rest: readonly Line[]): readonly string[] => {
    const lines = [...committed, manifest(1), base];
    const monitors = watch(lines);
    finishUnlessCatchingUp(known.monitors, monitors, (lines.length + silentUs) as Time);
    feed(monitors, rest);
    finishCatchingUp(known.monitors, monitors, (lines.length + 2 + silentUs) as Time);
    return monitors.violations
      .filter(({ rule }) => rule === 'archive.catches-up')
      .map(({ message }) => message);
  };
  const behind = ['g1 is archived to -1, its log ends at 3'];
  expect(judgedAt(0, [extent(3)])).toEqual([]);
  expect(judgedAt(0, [])).toEqual(behind);
  // on its way: a slow disk is not a stuck archive (cynosdb-backup seeds 26 and 38)
  expect(judgedAt(0, [extent(2)])).toEqual([]);
  expect(judgedAt(1_000_000, [extent(3)])).toEqual(behind);
});

test('WAL-37 without an object store nothing is asked', () => {
  expect(endRun(watch([...committed, drop(2)], cluster), 'archive.catches-up')).toEqual([]);
});

// Monitors of the backup (docs/spec/wal.md §7): what lies in the object store and what its manifest says, held against the
// log as it truly is and against what stores drop.

import type { NodeId } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import { groupTruth, isAnnulled } from './log-truth.ts';
import { type Check, expectRule, SILENT_US, type Volume, type VolumeModule } from './monitor.ts';
import { findAltered } from './record-sums.ts';

export const archiveRules = {
  'archive.no-annulled': {
    ids: ['WAL-40', 'WAL-56'],
    source: 'S002; A17 §3.3',
    lens: 'chains',
  },
  'archive.whole': {
    ids: ['WAL-41'],
    source: 'D',
    lens: 'chains',
  },
  'archive.gapless': {
    ids: ['WAL-41'],
    source: 'D',
    lens: 'chains',
  },
  'archive.manifest-cas': {
    ids: ['WAL-42'],
    source: 'D',
    lens: 'chains',
  },
  'archive.after-manifest': {
    ids: ['WAL-42'],
    source: 'D',
    lens: 'chains',
  },
  'archive.gc-behind': { ids: ['WAL-36', 'WAL-37'], source: 'S002; D', lens: 'chains' },
  'archive.catches-up': {
    ids: ['WAL-40'],
    source: 'D',
    lens: 'chains',
  },
} as const;

interface GroupArchive {
  /** As the standing manifest has it. */
  archivedTo: number;
  /** The highest it ever was: what GC may go by, also after the object store has lost its disk. */
  highest: number;
  /** Segments that are named, by their first LSN. */
  readonly ranges: Map<number, number>;
  base: number;
  /** Base images that are named. */
  bases: number;
  /** The object store had no room for the segment of log that was sent last. */
  isRefused: boolean;
}

interface Archive {
  /** Node of the object store, or null: nothing is backed up. */
  readonly store: NodeId | null;
  /** Of the manifest that stands; null: a run that was resumed has not seen it yet. */
  version: number | null;
  token: number;
  /** Highest VDL′ that a replica was opened with: R7 follows R6, so a write quorum of every group holds all up to it. */
  openedTo: number;
  readonly groups: Map<string, GroupArchive>;
  /** When the object store took log, a part of a base image or a manifest: groups share the manifest, and take turns. */
  tookAt: number;
}

declare module './monitor.ts' {
  interface RuleTable extends RulesOf<typeof archiveRules> {}
  interface VolumeStates {
    readonly archive: Archive;
  }
}

function archiveOf({ groups }: Archive, id: string): GroupArchive {
  let group = groups.get(id);
  if (!group) {
    group = {
      archivedTo: -1,
      highest: -1,
      ranges: new Map(),
      base: -2,
      bases: 0,
      isRefused: false,
    };
    groups.set(id, group);
  }
  return group;
}

/**
 * What a run that was resumed traces before its first recovery, or before its object store has said what stands, is
 * recorded and not checked: it began before what is seen.
 */
const isChecked = ({ truth, archive }: Volume): boolean => !truth.isLearning && archive.version !== null;

/** An object store without a disk begins anew; stores have dropped what they have dropped. */
function forgetManifest(archive: Archive): void {
  archive.version = 0;
  archive.token = 0;
  for (const group of archive.groups.values()) {
    group.archivedTo = -1;
    group.ranges.clear();
    group.base = -2;
    group.bases = 0;
    group.isRefused = false;
  }
}

function onSegment(c: Check, { truth, archive, sums }: Volume, e: TraceOf<'archive.segment'>): void {
  const group = groupTruth(truth, e.group);
  const taken = archiveOf(archive, e.group);
  taken.isRefused = false;
  archive.tookAt = c.at;
  if (archive.store === null || truth.isLearning || !group) return;
  const vdl = Math.max(truth.vdl, archive.openedTo);
  const annulled = e.lsns.find((lsn) => isAnnulled(truth, lsn, truth.term));
  expectRule(c, 'archive.no-annulled', annulled === undefined && e.end - 1 <= vdl, () =>
    annulled === undefined
      ? `${e.group} [${e.first}, ${e.end}) reaches above VDL ${vdl}`
      : `${e.group} [${e.first}, ${e.end}) holds annulled LSN ${annulled}`,
  );
  const held = new Set(e.lsns);
  const missing = group.lsns.find(
    (lsn) => lsn > group.base && lsn >= e.first && lsn < e.end && !held.has(lsn),
  );
  const known = new Set(group.lsns);
  const foreign = e.lsns.find((lsn) => lsn > group.base && !known.has(lsn)) ?? findAltered(sums, e);
  expectRule(
    c,
    'archive.whole',
    missing === undefined && foreign === null,
    () =>
      `${e.group} [${e.first}, ${e.end}) lacks ${missing ?? 'nothing'}, has ${foreign ?? 'nothing'} too much or altered`,
  );
}

function onManifest(c: Check, volume: Volume, e: TraceOf<'archive.manifest'>): void {
  const { archive } = volume;
  const { version, token } = archive;
  if (archive.store === null) return;
  if (isChecked(volume))
    expectRule(
      c,
      'archive.manifest-cas',
      e.version === (version ?? 0) + 1 && e.token >= token,
      () => `manifest ${e.version} of token ${e.token} follows ${version} of token ${token}`,
    );
  archive.version = e.version;
  archive.token = Math.max(archive.token, e.token);
  archive.tookAt = c.at;
}

/** The manifest that stands at a start is the last that was traced, or one more that a power cut kept from it. */
function onStanding(c: Check, volume: Volume, e: TraceOf<'archive.standing'>): void {
  const { archive } = volume;
  const { version, token } = archive;
  if (archive.store === null) return;
  const isNext = e.version === version || e.version === (version ?? 0) + 1;
  if (isChecked(volume))
    expectRule(
      c,
      'archive.manifest-cas',
      isNext && e.token >= token,
      () =>
        `manifest ${e.version} of token ${e.token} stands after a start, traced was ${version} of token ${token}`,
    );
  archive.version = e.version;
  archive.token = Math.max(archive.token, e.token);
  // its extents come whole
  for (const group of archive.groups.values()) group.ranges.clear();
}

/** WAL-41: segments follow each other without a gap, but for those that the manifest names. */
function onExtent(c: Check, volume: Volume, e: TraceOf<'archive.extent'>): void {
  if (volume.archive.store === null) return;
  const group = archiveOf(volume.archive, e.group);
  for (let i = 0; i < e.removed.length; i += 2) group.ranges.delete(e.removed[i] as number);
  for (let i = 0; i < e.added.length; i += 2)
    group.ranges.set(e.added[i] as number, e.added[i + 1] as number);
  group.base = e.bases[0] ?? group.base;
  group.bases = e.bases.length;
  if (isChecked(volume)) {
    const gap = findGap(group, e);
    const { archivedTo } = group;
    expectRule(c, 'archive.gapless', gap === null && e.archivedTo >= archivedTo, () =>
      gap === null
        ? `${e.group} is archived to ${e.archivedTo}, after ${archivedTo}`
        : `${e.group} lacks [${gap[0]}, ${gap[1]}) of its archive`,
    );
  }
  group.archivedTo = e.archivedTo;
  group.highest = Math.max(group.highest, e.archivedTo);
}

/** The first LSNs above the oldest base that neither a segment nor a named gap covers, up to archivedTo. */
function findGap(group: GroupArchive, e: TraceOf<'archive.extent'>): readonly [number, number] | null {
  const covered: (readonly [number, number])[] = [...group.ranges];
  for (let i = 0; i < e.gaps.length; i += 2) covered.push([e.gaps[i] as number, e.gaps[i + 1] as number]);
  covered.sort((a, b) => a[0] - b[0]);
  let end = group.base + 1;
  for (const [first, last] of covered) {
    if (first > end) return [end, first];
    end = Math.max(end, last);
  }
  return end <= e.archivedTo ? [end, e.archivedTo + 1] : null;
}

export const archive: VolumeModule<'archive'> = {
  scope: 'volume',
  name: 'archive',
  rules: archiveRules,
  make: ({ cluster, isResumed }) => ({
    store: cluster.nodes.find(({ roles }) => roles.includes('objectStore'))?.id ?? null,
    version: isResumed ? null : 0,
    token: 0,
    openedTo: -1,
    groups: new Map(),
    tookAt: Number.NEGATIVE_INFINITY,
  }),
  observe: {
    'node.down': ({ node }, { archive: state }, { mode }) => {
      if (mode === 'wiped' && node === state.store) forgetManifest(state);
    },
    'archive.segment': onSegment,
    'archive.base': (c, { archive: state }) => {
      state.tookAt = c.at;
    },
    'archive.refused': (_, { archive: state }, { what, code }) => {
      const [, group, kind] = what.split('/');
      if (group !== undefined && kind === 'log') archiveOf(state, group).isRefused = code === 'DISK_FULL';
    },
    'archive.manifest': onManifest,
    'archive.standing': onStanding,
    'archive.extent': onExtent,
    /** WAL-42: archivedTo moves only after the manifest that says so is durable. */
    'mark.archived': (c, volume, { group, value }) => {
      if (volume.archive.store === null || !isChecked(volume)) return;
      const { highest } = archiveOf(volume.archive, group);
      const say = (): string => `${group} counts as archived to ${value}; its manifest says ${highest}`;
      expectRule(c, 'archive.after-manifest', value <= highest, say);
    },
    /** WAL-36: no record is dropped that is not archived; logFloor may lie above, at a base image (WAL-71). */
    'gc.drop': (c, volume, { group, records, droppedTo }) => {
      if (volume.archive.store === null || !isChecked(volume) || records === 0) return;
      if (groupTruth(volume.truth, group) === undefined) return;
      const { highest } = archiveOf(volume.archive, group);
      const say = (): string => `${group} drops its log to ${droppedTo}, archived is ${highest}`;
      expectRule(c, 'archive.gc-behind', droppedTo <= highest, say);
    },
    // The members that hold it may be others than those that the last writer counted with (seed 490).
    'volume.open': (_, { truth, archive: state, recoveries }, { group, token }) => {
      if (groupTruth(truth, group))
        state.openedTo = Math.max(state.openedTo, recoveries.computed.get(token)?.vdlPrime ?? -1);
    },
    'recovery.computed': (c, volume, { token, vdlPrime }) => {
      if (volume.archive.store === null || !isChecked(volume)) return;
      for (const [id, { archivedTo }] of volume.archive.groups)
        expectRule(
          c,
          'archive.no-annulled',
          archivedTo <= vdlPrime,
          () => `${id} is archived to ${archivedTo}; recovery ${token} keeps ${vdlPrime}`,
        );
    },
  },
  finish: (c, volume) => expectArchived(c, volume, null),
};

/**
 * The last record of each group is archived, whatever became of older objects; not where the object store has no room for it and the
 * group has nothing to take out, the oldest and the newest base image alone (WAL-76). A base image comes before further log (WAL-41), and
 * groups take turns at the manifest: while the object store still takes something, they are asked later, where the run goes on. `late`: how
 * far those had come; a disk may be slow, so who has come further since is on its way, and who has not is stuck.
 */
export function expectArchived(
  c: Check,
  { id: volume, archive: state, truth }: Partial<Pick<Volume, 'archive'>> & Omit<Volume, 'archive'>,
  late: ReadonlyMap<string, number> | null,
): void {
  // of a stack without an archive nothing is watched of it
  if (state === undefined || state.store === null) return;
  const { catchingUp } = c.monitors;
  for (const { id, lsns, base } of truth.groups) {
    const before = late?.get(`${volume}/${id}`);
    if (late !== null && before === undefined) continue;
    const last = lsns[lsns.length - 1] ?? base;
    const { archivedTo, bases, isRefused } = archiveOf(state, id);
    if (catchingUp !== null && archivedTo < last && c.at - state.tookAt < SILENT_US) {
      catchingUp.archives.set(`${volume}/${id}`, archivedTo);
      continue;
    }
    const isFull = isRefused && bases <= 2;
    const isOnItsWay = before !== undefined && archivedTo > before;
    const say = (): string => `${id} is archived to ${archivedTo}, its log ends at ${last}`;
    expectRule(c, 'archive.catches-up', archivedTo >= last || isFull || isOnItsWay, say, state.store);
  }
}

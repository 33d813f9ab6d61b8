// Monitors of the backup (docs/spec/wal.md §7): what lies in the object store and what its manifest says, held against the
// log as it truly is and against what stores drop.

import type { NodeId, Time } from '../../base/ids.ts';
import type { TraceOf } from '../../core/kernel/trace.ts';
import type { TracedEvent } from '../types.ts';
import { type ArchiveWatch, archiveOf, type GroupArchive } from './archive-watch.ts';
import { groupTruth, isAnnulled } from './log-truth.ts';
import { expectRule, type Monitors } from './monitor-state.ts';
import { findAltered } from './record-sums.ts';

/**
 * What a run that was resumed is told before its first recovery, or before its object store has said what stands, is noted
 * and not judged: it began before what is seen.
 */
const isJudged = ({ truth, archive }: Monitors): boolean => !truth.isLearning && archive.version !== null;

/** Takes an event if it is about the backup. */
export function observeArchive(m: Monitors, { event, node, at }: TracedEvent): void {
  const { archive, truth } = m;
  if (archive.store === null) return;
  switch (event.kind) {
    case 'node.down':
      if (event.mode === 'wiped' && node === archive.store) forgetManifest(archive);
      break;
    case 'archive.segment':
      if (!truth.isLearning) onSegment(m, at, node, event);
      break;
    case 'archive.manifest':
      onManifest(m, at, node, event);
      break;
    case 'archive.standing':
      onStanding(m, at, node, event);
      break;
    case 'archive.extent':
      onExtent(m, at, node, event);
      break;
    case 'mark.archived':
      onMoved(m, at, node, event);
      break;
    case 'gc.drop':
      onDrop(m, at, node, event);
      break;
    case 'volume.open':
      // The members that hold it may be others than those that the last writer counted with (seed 490).
      if (groupTruth(truth, event.group))
        archive.openedTo = Math.max(archive.openedTo, m.computed.get(event.token)?.vdlPrime ?? -1);
      break;
    case 'recovery.computed':
      if (!isJudged(m)) break;
      for (const [id, { archivedTo }] of archive.groups)
        expectRule(
          m,
          'archive.no-annulled',
          archivedTo <= event.vdlPrime,
          at,
          node,
          () => `${id} is archived to ${archivedTo}; recovery ${event.token} keeps ${event.vdlPrime}`,
        );
      break;
    default:
  }
}

/** An object store without a disk begins anew; stores have dropped what they have dropped. */
function forgetManifest(archive: ArchiveWatch): void {
  archive.version = 0;
  archive.token = 0;
  for (const group of archive.groups.values()) {
    group.archivedTo = -1;
    group.ranges.clear();
    group.base = -2;
  }
}

function onSegment(m: Monitors, at: Time, node: NodeId, e: TraceOf<'archive.segment'>): void {
  const { truth } = m;
  const group = groupTruth(truth, e.group);
  if (!group) return;
  const vdl = Math.max(truth.vdl, m.archive.openedTo);
  const annulled = e.lsns.find((lsn) => isAnnulled(truth, lsn, truth.term));
  expectRule(m, 'archive.no-annulled', annulled === undefined && e.last - 1 <= vdl, at, node, () =>
    annulled === undefined
      ? `${e.group} [${e.first}, ${e.last}) reaches above VDL ${vdl}`
      : `${e.group} [${e.first}, ${e.last}) holds annulled LSN ${annulled}`,
  );
  const held = new Set(e.lsns);
  const missing = group.lsns.find(
    (lsn) => lsn > group.base && lsn >= e.first && lsn < e.last && !held.has(lsn),
  );
  const known = new Set(group.lsns);
  const foreign = e.lsns.find((lsn) => lsn > group.base && !known.has(lsn)) ?? findAltered(m.sums, e);
  expectRule(
    m,
    'archive.whole',
    missing === undefined && foreign === null,
    at,
    node,
    () =>
      `${e.group} [${e.first}, ${e.last}) lacks ${missing ?? 'nothing'}, has ${foreign ?? 'nothing'} too much or altered`,
  );
}

function onManifest(m: Monitors, at: Time, node: NodeId, e: TraceOf<'archive.manifest'>): void {
  const { archive } = m;
  const { version, token } = archive;
  if (isJudged(m))
    expectRule(
      m,
      'archive.manifest-cas',
      e.version === (version ?? 0) + 1 && e.token >= token,
      at,
      node,
      () => `manifest ${e.version} of token ${e.token} follows ${version} of token ${token}`,
    );
  archive.version = e.version;
  archive.token = Math.max(archive.token, e.token);
}

/** The manifest that stands at a start is the last that was told, or one more that a power cut kept from being told. */
function onStanding(m: Monitors, at: Time, node: NodeId, e: TraceOf<'archive.standing'>): void {
  const { archive } = m;
  const { version, token } = archive;
  const isNext = e.version === version || e.version === (version ?? 0) + 1;
  if (isJudged(m))
    expectRule(
      m,
      'archive.manifest-cas',
      isNext && e.token >= token,
      at,
      node,
      () =>
        `manifest ${e.version} of token ${e.token} stands after a start, told was ${version} of token ${token}`,
    );
  archive.version = e.version;
  archive.token = Math.max(archive.token, e.token);
  // its extents come whole
  for (const group of archive.groups.values()) group.ranges.clear();
}

/** WAL-41: segments follow each other without a gap, but for those that the manifest names. */
function onExtent(m: Monitors, at: Time, node: NodeId, e: TraceOf<'archive.extent'>): void {
  const group = archiveOf(m.archive, e.group);
  for (let i = 0; i < e.removed.length; i += 2) group.ranges.delete(e.removed[i] as number);
  for (let i = 0; i < e.added.length; i += 2)
    group.ranges.set(e.added[i] as number, e.added[i + 1] as number);
  group.base = e.bases[0] ?? group.base;
  if (isJudged(m)) expectGapless(m, at, node, group, e);
  group.archivedTo = e.archivedTo;
  group.highest = Math.max(group.highest, e.archivedTo);
}

function expectGapless(
  m: Monitors,
  at: Time,
  node: NodeId,
  group: GroupArchive,
  e: TraceOf<'archive.extent'>,
): void {
  const gap = findGap(group, e);
  expectRule(m, 'archive.gapless', gap === null && e.archivedTo >= group.archivedTo, at, node, () =>
    gap === null
      ? `${e.group} is archived to ${e.archivedTo}, after ${group.archivedTo}`
      : `${e.group} lacks [${gap[0]}, ${gap[1]}) of its archive`,
  );
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

/** WAL-42: archivedTo moves only after the manifest that says so is durable. */
function onMoved(m: Monitors, at: Time, node: NodeId, e: TraceOf<'mark.archived'>): void {
  if (!isJudged(m)) return;
  const { highest } = archiveOf(m.archive, e.group);
  expectRule(
    m,
    'archive.after-manifest',
    e.value <= highest,
    at,
    node,
    () => `${e.group} counts as archived to ${e.value}; its manifest says ${highest}`,
  );
}

/** WAL-36: nothing is dropped that is not archived. */
function onDrop(m: Monitors, at: Time, node: NodeId, e: TraceOf<'gc.drop'>): void {
  if (!isJudged(m) || e.records === 0 || groupTruth(m.truth, e.group) === undefined) return;
  const { highest } = archiveOf(m.archive, e.group);
  expectRule(
    m,
    'archive.gc-behind',
    e.logFloor <= highest,
    at,
    node,
    () => `${e.group} drops its log to ${e.logFloor}, archived is ${highest}`,
  );
}

/** After healing and a calm while everything is archived: the last record of each group, whatever became of older objects. */
export function expectArchived(m: Monitors, at: Time): void {
  const { archive, truth } = m;
  if (archive.store === null) return;
  for (const group of truth.groups) {
    const last = group.lsns[group.lsns.length - 1] ?? group.base;
    const { archivedTo } = archiveOf(archive, group.id);
    expectRule(
      m,
      'archive.catches-up',
      archivedTo >= last,
      at,
      archive.store,
      () => `${group.id} is archived to ${archivedTo}, its log ends at ${last}`,
    );
  }
}

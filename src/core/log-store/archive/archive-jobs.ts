// What an archiver does next (docs/spec/wal.md WAL-40, WAL-41, F31), and the objects that it takes: segments of the log
// between archivedTo and the durable knownVdl, cut by LSNs and bytes. Nothing here sends or waits.

import type { Lsn } from '../../../base/ids.ts';
import { reach } from '../../kernel/limits.ts';
import { has } from '../../kernel/mutants.ts';
import { logObjectName, parseObjectName } from '../../object-store/object-name.ts';
import {
  encodeLogSegment,
  type ManifestBase,
  type ManifestCpl,
  type ManifestGroup,
  type ManifestLog,
} from '../../object-store/objects.ts';
import { failureOf } from '../replica/condition.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { recordsIn, type StoredRecord } from '../replica/log.ts';
import type { Group, StoreState } from '../replica/state.ts';
import { isOpen } from '../replica/superblock.ts';
import type { Archiver, NamedBytes, UploadJob } from './archiver-state.ts';

export const NO_PAGES: ManifestBase = { base: -1 as Lsn, pages: 0, parts: [] };

/** WAL-40: an open volume, and this replica goes by its history. */
export const isArchivable = ({ superblock, holes }: Group): boolean =>
  isOpen(superblock) && holes.volumeEpoch === superblock.volumeEpoch;

/** WAL-40: nothing is missing up to the group's tail, and nothing is damaged. */
export const isWhole = (state: StoreState, group: Group): boolean =>
  failureOf(group) === null &&
  (group.scl >= group.superblock.groupTail || has(state.mutants, 'archive.with-holes'));

/** How far the log may be archived: by durable values only (WAL-72), never above VDL. */
const archivable = (state: StoreState, group: Group): number =>
  has(state.mutants, 'archive.above-vdl') ? group.scl : group.superblock.knownVdl;

/** There is log to archive that is not yet known durable here: the watermarks are to be written. */
export const needsDurableWatermarks = ({ superblock, watermarks, uploadedTo }: Group): boolean =>
  superblock.knownVdl <= uploadedTo && watermarks.knownVdl > uploadedTo;

/**
 * The segments that are due, or null. `isForced`: whatever there is. Of a backlog longer than one change of the manifest each
 * takes its share, as far as an object holds it: otherwise what came meanwhile would be more than what was put (seed 130).
 */
export function segmentJob(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  isForced: boolean,
): UploadJob | null {
  const { archiveSegmentLsns, archiveMaxMs, archiveSegments, objectBytes } = state.params;
  let first = group.uploadedTo + 1;
  let end = archivable(state, group) + 1;
  const isAll = isForced || ctx.now - archiver.since >= archiveMaxMs * 1000;
  if (!isAll) end = first + archiveSegmentLsns * Math.floor((end - first) / archiveSegmentLsns);
  if (end <= first) return null;
  const length = Math.max(archiveSegmentLsns, Math.ceil((end - first) / archiveSegments));
  const objects: NamedBytes[] = [];
  const logs: ManifestLog[] = [];
  const cpls: ManifestCpl[] = [];
  while (first < end && logs.length < archiveSegments) {
    const to = Math.min(end, first + length);
    const cut = takeSegment(group, archiver.volume, [first, to], group.superblock.volumeEpoch, objectBytes);
    objects.push(cut.object);
    logs.push(cut.log);
    for (const { record } of cut.records)
      if (record.cpl) cpls.push({ lsn: record.lsn, time: record.time, commit: record.commit });
    first = cut.log.end;
    if (first < to) reach(ctx, state.params, 'objectBytes');
  }
  if (first < end) reach(ctx, state.params, 'archiveSegments');
  return { kind: 'upload', objects, edit: { kind: 'segments', logs, cpls } };
}

interface Cut {
  readonly object: NamedBytes;
  readonly log: ManifestLog;
  readonly records: readonly StoredRecord[];
}

/** The segment from `first` on, to `end` or to where it is full. */
function takeSegment(
  group: Group,
  volume: string,
  [first, end]: readonly [first: number, end: number],
  token: ManifestLog['token'],
  objectBytes: number,
): Cut {
  const all = recordsIn(group.log, first, end);
  let bytes = 0;
  let count = 0;
  for (const record of all) {
    if (count > 0 && bytes + record.bytes.length > objectBytes) break;
    bytes += record.bytes.length;
    count++;
  }
  const cut = count < all.length ? (all[count] as StoredRecord).record.lsn : end;
  const records = all.slice(0, count);
  const joined = new Uint8Array(bytes);
  let at = 0;
  for (const record of records) {
    joined.set(record.bytes, at);
    at += record.bytes.length;
  }
  const range = { first: first as Lsn, end: cut as Lsn };
  const value = encodeLogSegment({ group: group.id, ...range, token, records: joined });
  const name = logObjectName(volume, group.id, [first, cut], value);
  const log: ManifestLog = { ...range, token, name, bytes: value.length, records: count };
  return { object: { name, bytes: value }, log, records };
}

/** A base image is due: so many LSNs or segments have come since the newest, or there is none that the log joins. */
export function isBaseDue(
  state: StoreState,
  ctx: StoreContext,
  own: ManifestGroup,
  archiver: Archiver,
): boolean {
  if (ctx.now < archiver.baseAt) return false;
  const newest = own.bases[own.bases.length - 1];
  if (!newest) return true;
  const isCut = own.gaps.some(({ end }) => end > newest.base + 1);
  const above = own.logs.length - own.logs.findLastIndex(({ first }) => first <= newest.base) - 1;
  if (above >= state.params.archiveLogsPerBase) reach(ctx, state.params, 'archiveLogsPerBase');
  return (
    isCut ||
    above >= state.params.archiveLogsPerBase ||
    own.archivedTo - newest.base >= state.params.archiveBaseLsns
  );
}

/** Whatever its records take: the object was cut before. */
const ALL = Number.MAX_SAFE_INTEGER;

/**
 * An object that the object store lost: the same segment again when the log still reaches, else the manifest
 * records that it is gone (F31). A base is not made again at its LSN; the next one takes its place.
 */
export function repairJob(group: Group, archiver: Archiver, own: ManifestGroup, name: string): UploadJob {
  const object = parseObjectName(name);
  const named = own.logs.find((one) => one.name === name);
  if (object?.kind === 'log' && named && group.superblock.logFloor < object.first) {
    const again = takeSegment(group, archiver.volume, [object.first, object.end], named.token, ALL).object;
    if (again.name === name) return { kind: 'upload', objects: [again], edit: null };
  }
  return { kind: 'upload', objects: [], edit: { kind: 'lost', names: [name] } };
}

// What an archiver does (docs/spec/wal.md WAL-40…42, F31): chooses what is due, puts its objects one after the other, and
// makes the manifest name them by compare-and-set; only then does archivedTo move.

import { type Lsn, NONE, type Time } from '../../../base/ids.ts';
import { send, trace, wakeAt } from '../../kernel/context.ts';
import type { BasePage } from '../../kernel/fields.ts';
import { reach } from '../../kernel/limits.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { has } from '../../kernel/mutants.ts';
import { editManifest, type ManifestEdit } from '../../object-store/manifest-edit.ts';
import { manifestObjectName } from '../../object-store/object-name.ts';
import { encodeManifest, type Manifest, objectsOf } from '../../object-store/objects.ts';
import { pumpControl } from '../replica/control.ts';
import type { StoreContext } from '../replica/hooks.ts';
import type { Group, PendingRead, StoreState } from '../replica/state.ts';
import { beginBase, endBase, gatherPart, gatherRead, isPinned, keepBase, makePart } from './archive-base.ts';
import {
  isArchivable,
  isBaseDue,
  isWhole,
  NO_PAGES,
  needsDurableWatermarks,
  repairJob,
  segmentJob,
} from './archive-jobs.ts';
import { noteChange } from './archive-turns.ts';
import {
  archiveTimer,
  ask,
  keepUs,
  numberOf,
  pollUs,
  putPart,
  request,
  retire,
} from './archiver-requests.ts';
import { type Archiver, type BaseJob, ownGroup, type UploadJob } from './archiver-state.ts';

/** Nothing is under way: the next thing that is due, or later again. */
export function next(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): void {
  archiver.phase = 'idle';
  wakeAt(ctx, archiveTimer(group), (ctx.now + pollUs(state)) as Time);
  const { manifest } = archiver;
  if (!manifest) {
    ask(state, group, ctx, archiver);
    return;
  }
  if (!isArchivable(group) || manifest.token > group.superblock.volumeEpoch) return;
  if (!isWhole(state, group)) {
    fallBehind(state, group, ctx, archiver);
    return;
  }
  archiver.behindSince = null;
  if (archiver.base) continueBase(state, group, ctx, archiver, archiver.base);
  else chooseWork(state, group, ctx, archiver);
}

function chooseWork(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): void {
  const own = ownGroup(archiver, group.id);
  const { logFloor } = group.superblock;
  if (!own || own.appointment < archiver.appointment) {
    if (own || logFloor < 0) begin(state, group, ctx, archiver, edits({ kind: 'appoint', base: NO_PAGES }));
    else startBase(state, group, ctx, archiver, 'appoint');
    return;
  }
  if (logFloor > own.archivedTo) {
    if (archiver.isLast) startBase(state, group, ctx, archiver, 'restart');
    else decline(state, group, ctx, archiver, 'floor');
    return;
  }
  const [missing] = archiver.missing;
  if (missing !== undefined) {
    begin(state, group, ctx, archiver, repairJob(group, archiver, own, missing));
    return;
  }
  // The base first: under load there is always a segment due, and without a base the manifest would keep all log for ever.
  if (isBaseDue(state, ctx, own, archiver)) startBase(state, group, ctx, archiver, 'base');
  else {
    const job = segmentJob(state, group, ctx, archiver, false);
    if (job) begin(state, group, ctx, archiver, job);
    else if (archiver.checkAt <= ctx.now) check(state, group, ctx, archiver);
  }
  if (needsDurableWatermarks(group)) {
    group.control.watermarksDue = true;
    pumpControl(state, group, ctx);
  }
}

const edits = (edit: ManifestEdit): UploadJob => ({ kind: 'upload', objects: [], edit });

/** Heartbeats for which an archiver may lack log before another one is asked for. */
const BEHIND_BEATS = 20;

/** A replica whose disk is full of log that is not archived gets no more of it: only another one can archive it. */
function fallBehind(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): void {
  archiver.behindSince ??= ctx.now;
  if (ctx.now - archiver.behindSince >= BEHIND_BEATS * state.params.nodeHeartbeatMs * 1000)
    decline(state, group, ctx, archiver, 'behind');
}

/** Another member may have the log that this one, made from a base image or with a full disk, has not. */
function decline(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  why: MessageOf<'ArchiverDeclined'>['why'],
): void {
  const { appointment, namedBy } = archiver;
  send(ctx, namedBy, { kind: 'ArchiverDeclined', group: group.id, appointment, why });
  retire(state, group, ctx);
}

function begin(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver, job: UploadJob): void {
  archiver.job = job;
  archiver.isFresh = false; // another group's archiver may have moved it meanwhile
  archiver.puts = [...job.objects];
  archiver.have = 0;
  proceed(state, group, ctx, archiver);
}

/** The job goes on: its objects one after the other, then the manifest. */
export function proceed(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): void {
  const [put] = archiver.puts;
  const { job, base } = archiver;
  const isGathered = !job && base !== null && base.taken >= base.keys.length;
  if (put) {
    archiver.phase = 'putting';
    putPart(state, group, ctx, archiver, put);
  } else if (!archiver.isFresh && (job?.edit || isGathered)) {
    const { until } = archiver.turns;
    const yields = ctx.now < until && !has(state.mutants, 'archive.yields-never');
    if (!yields) ask(state, group, ctx, archiver);
    else {
      archiver.phase = 'yielding';
      wakeAt(ctx, archiveTimer(group), until);
    }
  } else if (job) {
    if (job.edit) stage(state, group, ctx, archiver, job.edit);
    else finish(state, group, ctx, archiver);
  } else if (base) gather(state, group, ctx, archiver, base);
  else next(state, group, ctx, archiver);
}

/** The job has no place any more: what is due is looked at anew, later. */
export function drop(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): void {
  archiver.missing = archiver.missing.filter((name) => !isLost(archiver.job, name));
  archiver.job = null;
  if (archiver.base) dropBase(state, group, ctx, archiver);
  archiver.puts = [];
  archiver.staged = null;
  archiver.phase = 'idle';
  wakeAt(ctx, archiveTimer(group), (ctx.now + pollUs(state)) as Time);
}

/**
 * WAL-76: the object store has no room for the next object. The job is chosen anew once there are fewer base images; where none can go, an
 * image that is under way gives way to the log, whose next object makes the room free that its parts have.
 */
export function makeRoom(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): boolean {
  if ((ownGroup(archiver, group.id)?.bases.length ?? 0) >= 3) {
    if (archiver.base) dropBase(state, group, ctx, archiver);
    begin(state, group, ctx, archiver, edits({ kind: 'thin' }));
    return true;
  }
  const holds = has(state.mutants, 'archive.image-holds-room');
  if (archiver.job || archiver.base?.why !== 'base' || holds) return false;
  drop(state, group, ctx, archiver);
  return true;
}

const isLost = (job: UploadJob | null, name: string): boolean =>
  (job?.edit?.kind === 'lost' && job.edit.names.includes(name)) ||
  (job?.edit === null && job.objects.some((one) => one.name === name));

function startBase(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  why: BaseJob['why'],
): void {
  archiver.base = beginBase(group, archiver, why, ctx.now, keepUs(state));
  continueBase(state, group, ctx, archiver, archiver.base);
}

export function dropBase(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): void {
  endBase(group, archiver);
  archiver.base = null;
  archiver.baseAt = (ctx.now + 4 * pollUs(state)) as Time;
}

/** The log up to the image first, then its pages. */
function continueBase(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  base: BaseJob,
): void {
  const newest = ownGroup(archiver, group.id)?.bases.at(-1)?.base ?? -2;
  if (!isPinned(group, archiver, base) || base.base <= newest) {
    dropBase(state, group, ctx, archiver);
    return;
  }
  keepBase(group, archiver, ctx.now, keepUs(state));
  if (base.why !== 'base' || group.uploadedTo >= base.base) {
    proceed(state, group, ctx, archiver);
    return;
  }
  const job = segmentJob(state, group, ctx, archiver, true);
  if (job) begin(state, group, ctx, archiver, job);
}

function gather(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver, base: BaseJob): void {
  if (base.taken >= base.keys.length) {
    const image = { base: base.base, pages: base.pages, parts: base.parts };
    stage(state, group, ctx, archiver, { kind: base.why, base: image });
    return;
  }
  archiver.phase = 'gathering';
  const pages = gatherPart(state, group, ctx, base);
  if (pages !== null) takePages(state, group, ctx, archiver, base, pages);
}

export function onArchiveRead(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  reading: PendingRead<'archive'>,
  values: readonly (Uint8Array | null)[],
  error: 'EIO' | null,
): void {
  const archiver = state.archivers.get(group.id);
  const base = archiver?.base;
  if (archiver?.phase !== 'gathering' || base?.base !== reading.base) return;
  takePages(state, group, ctx, archiver, base, gatherRead(state, group, reading, values, error));
}

function takePages(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  base: BaseJob,
  pages: readonly BasePage[] | 'EIO',
): void {
  if (pages === 'EIO') {
    drop(state, group, ctx, archiver); // what it takes is lost here until the scrub has mended it
    return;
  }
  archiver.isFresh = false;
  archiver.puts = [makePart(state, group, archiver, base, pages)];
  archiver.have = 0;
  keepBase(group, archiver, ctx.now, keepUs(state));
  proceed(state, group, ctx, archiver);
}

function stage(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  edit: ManifestEdit,
): void {
  const { manifest, volume, appointment } = archiver;
  const { volumeEpoch: token, history } = group.superblock;
  const retentionUs = state.params.backupRetentionMs * 1000;
  const editor = {
    volume,
    group: group.id,
    archiver: state.nodeId,
    appointment,
    token,
    history,
    retentionUs,
    mutants: state.mutants,
  };
  const staged = manifest && editManifest(manifest, editor, edit);
  if (!staged) {
    drop(state, group, ctx, archiver);
    return;
  }
  const bytes = encodeManifest(staged);
  const object = { name: manifestObjectName(volume, staged.version, bytes), bytes };
  archiver.staged = { object, manifest: staged };
  archiver.turns.begunAt = ctx.now;
  archiver.phase = 'staging';
  archiver.have = 0;
  if (has(state.mutants, 'archive.moves-early')) moveArchivedTo(state, group, ctx, archiver, staged);
  putPart(state, group, ctx, archiver, object);
}

export function setManifest(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): void {
  const { staged, manifest, volume } = archiver;
  if (!staged || !manifest) return;
  archiver.phase = 'setting';
  const reqId = numberOf(ctx, archiver);
  const expect = manifest.version;
  const object = staged.object.name;
  request(state, group, ctx, archiver, { kind: 'SetManifest', reqId, volume, expect, object });
}

export function takeManifest(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  manifest: Manifest,
  name: string,
): void {
  archiver.manifest = manifest;
  archiver.manifestName = name;
  archiver.isFresh = true;
  const own = ownGroup(archiver, group.id);
  if (own && own.appointment > archiver.appointment) {
    retire(state, group, ctx);
    return;
  }
  moveArchivedTo(state, group, ctx, archiver, manifest);
  const { staged } = archiver;
  archiver.staged = null;
  if (staged?.object.name === name && name !== '') {
    noteChange(archiver, group.id, manifest, ctx.now, keepUs(state) / 4);
    finish(state, group, ctx, archiver);
  } else if (archiver.job) proceed(state, group, ctx, archiver);
  else next(state, group, ctx, archiver);
}

function archivedIn(state: StoreState, group: Group, manifest: Manifest): Lsn {
  const value = manifest.groups.find((one) => one.group === group.id)?.archivedTo ?? NONE;
  const isFirst = group.uploadedTo === NONE && value !== NONE;
  return isFirst && has(state.mutants, 'archive.starts-at-vdl') ? group.superblock.knownVdl : value;
}

/** WAL-42: archivedTo is that of the standing manifest. */
function moveArchivedTo(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  manifest: Manifest,
): void {
  const value = archivedIn(state, group, manifest);
  if (value === group.uploadedTo) return;
  group.uploadedTo = value;
  archiver.since = ctx.now;
  trace(ctx, { kind: 'mark.archived', group: group.id, value, version: manifest.version });
}

/** What the job was for is done. */
function finish(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): void {
  const { job, base } = archiver;
  const edit = job?.edit;
  const isBaseDone = !job && base !== null;
  if (job && !edit)
    for (const { name } of job.objects) trace(ctx, { kind: 'archive.repaired', group: group.id, name });
  if (edit?.kind === 'appoint' || (isBaseDone && base.why === 'appoint')) traceBegin(group, ctx, archiver);
  if (edit?.kind === 'lost' || (isBaseDone && base.why === 'restart')) traceGaps(group, ctx, archiver);
  if (edit?.kind === 'segments') archiver.since = ctx.now;
  archiver.missing = archiver.missing.filter((name) => !isLost(job, name));
  archiver.job = null;
  if (isBaseDone) {
    endBase(group, archiver);
    archiver.base = null;
  }
  next(state, group, ctx, archiver);
}

function traceBegin(group: Group, ctx: StoreContext, { appointment, manifest }: Archiver): void {
  const { uploadedTo: archivedTo } = group;
  const version = manifest?.version ?? 0;
  trace(ctx, { kind: 'archive.begin', group: group.id, appointment, archivedTo, version });
}

/** BACKUP_GAP: log or a base that the archive does not have any more. */
function traceGaps(group: Group, ctx: StoreContext, archiver: Archiver): void {
  const lost = archiver.job?.edit?.kind === 'lost' ? archiver.job.edit.names : [];
  const gaps = ownGroup(archiver, group.id)?.gaps ?? [];
  const isRestart = archiver.job === null;
  const named = gaps.filter(({ name }, i) => (isRestart ? i === gaps.length - 1 : lost.includes(name)));
  for (const { first, end, name } of named)
    trace(ctx, { kind: 'archive.gap', group: group.id, first, end, name });
  for (const name of lost)
    if (!gaps.some((gap) => gap.name === name))
      trace(ctx, { kind: 'archive.gap', group: group.id, first: -1, end: -1, name });
}

function check(state: StoreState, group: Group, ctx: StoreContext, archiver: Archiver): void {
  const own = ownGroup(archiver, group.id);
  const names = own && archiver.manifest ? objectsOf({ ...archiver.manifest, groups: [own] }) : [];
  archiver.checkAt = (ctx.now + pollUs(state)) as Time;
  if (names.length === 0) return;
  if (archiver.checkFrom >= names.length) archiver.checkFrom = 0;
  const some = names.slice(archiver.checkFrom, archiver.checkFrom + state.params.objectChecks);
  archiver.checkFrom += some.length;
  if (some.length < names.length) reach(ctx, state.params, 'objectChecks');
  archiver.phase = 'checking';
  const reqId = numberOf(ctx, archiver);
  request(state, group, ctx, archiver, { kind: 'CheckObjects', reqId, names: some });
}

// The archiver of a group (docs/spec/wal.md WAL-40…42, F31): named by the metadata, it reads the manifest and works from there
// (archiver-work.ts). What it knows is gone with a crash: the manifest shows where to go on. Here: its naming, the answers of
// the object store, and the timer for those that do not come.

import type { GroupId, NodeId, Time } from '../../../base/ids.ts';
import { wakeAt } from '../../kernel/context.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { emptyManifest } from '../../object-store/manifest-edit.ts';
import { addPart, joinParts, noParts } from '../../object-store/object-parts.ts';
import { openManifest } from '../../object-store/objects.ts';
import type { StoreContext } from '../replica/hooks.ts';
import type { Group, StoreState } from '../replica/state.ts';
import { noTurns } from './archive-turns.ts';
import { answered, ask, failed, fetchPart, putPart, retire } from './archiver-requests.ts';
import type { Archiver } from './archiver-state.ts';
import { drop, dropBase, makeRoom, next, proceed, setManifest, takeManifest } from './archiver-work.ts';

/** WAL-40: the metadata names this replica, again with every heartbeat, or another one. */
export function onNameArchiver(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  { archiver: named, appointment, isLast, volume }: MessageOf<'NameArchiver'>,
): void {
  const held = state.archivers.get(group.id);
  if (held && appointment < held.appointment) return;
  if (named !== state.nodeId) {
    retire(state, group, ctx);
    return;
  }
  if (held) {
    Object.assign(held, { appointment, isLast, namedBy: from });
    return;
  }
  if (state.objectStore === null) return;
  const archiver: Archiver = {
    volume,
    store: state.objectStore,
    namedBy: from,
    appointment,
    isLast,
    behindSince: null,
    phase: 'idle',
    reqId: null,
    manifest: null,
    manifestName: '',
    isFresh: false,
    fetchName: '',
    fetched: noParts(),
    job: null,
    base: null,
    puts: [],
    have: 0,
    staged: null,
    turns: noTurns(),
    missing: [],
    checkFrom: 0,
    checkAt: ctx.now,
    since: ctx.now,
    failures: 0,
    baseAt: 0 as Time,
  };
  state.archivers.set(group.id, archiver);
  ask(state, group, ctx, archiver);
}

/** The archiver that waits for this answer, or null. */
function groupOfAnswer(state: StoreState, reqId: number): Group | null {
  for (const [id, archiver] of state.archivers)
    if (archiver.reqId === reqId) return state.groups.get(id) ?? null;
  return null;
}

type Answer = MessageOf<'ManifestIs' | 'ObjectPart' | 'ObjectPut' | 'ManifestSet' | 'ObjectsMissing'>;

/** False when no archiver here waits for it. */
export function onArchiveAnswer(state: StoreState, ctx: StoreContext, message: Answer): boolean {
  const group = groupOfAnswer(state, message.reqId);
  const archiver = group && state.archivers.get(group.id);
  if (!archiver) return false;
  switch (message.kind) {
    case 'ManifestIs':
      if (archiver.phase === 'asking') onManifestIs(state, group, ctx, archiver, message);
      break;
    case 'ObjectPart':
      if (archiver.phase === 'fetching') onPart(state, group, ctx, archiver, message);
      break;
    case 'ObjectPut':
      if (archiver.phase === 'putting' || archiver.phase === 'staging')
        onPut(state, group, ctx, archiver, message);
      break;
    case 'ManifestSet':
      if (archiver.phase === 'setting') onSet(state, group, ctx, archiver, message);
      break;
    case 'ObjectsMissing':
      if (archiver.phase !== 'checking') break;
      answered(group, ctx, archiver);
      for (const name of message.names) if (!archiver.missing.includes(name)) archiver.missing.push(name);
      next(state, group, ctx, archiver);
  }
  return true;
}

function onManifestIs(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  { version, object }: MessageOf<'ManifestIs'>,
): void {
  answered(group, ctx, archiver);
  if (version === 0) takeManifest(state, group, ctx, archiver, emptyManifest(archiver.volume), '');
  else if (archiver.manifest && archiver.manifestName === object)
    takeManifest(state, group, ctx, archiver, archiver.manifest, object);
  else if (archiver.staged?.object.name === object)
    takeManifest(state, group, ctx, archiver, archiver.staged.manifest, object);
  else {
    archiver.fetchName = object;
    archiver.fetched = noParts();
    fetchPart(state, group, ctx, archiver);
  }
}

function onPart(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  { name, offset, bytes, total, error }: MessageOf<'ObjectPart'>,
): void {
  if (error !== '') {
    failed(group, ctx, archiver, error);
    archiver.phase = 'refused';
    return; // the timer reads anew which manifest stands
  }
  answered(group, ctx, archiver);
  const isNext = addPart(archiver.fetched, offset, bytes);
  if (!isNext || (archiver.fetched.have < total && bytes.length > 0)) {
    fetchPart(state, group, ctx, archiver);
    return;
  }
  const opened = openManifest(name, joinParts(archiver.fetched));
  archiver.fetched = noParts();
  if (opened.ok) takeManifest(state, group, ctx, archiver, opened.value, name);
  else {
    failed(group, ctx, archiver, 'BAD_OBJECT');
    archiver.phase = 'refused';
  }
}

function onPut(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  { have, done, error }: MessageOf<'ObjectPut'>,
): void {
  if (error === 'BAD_OBJECT') {
    failed(group, ctx, archiver, error);
    drop(state, group, ctx, archiver);
    return;
  }
  if (error === 'DISK_FULL' && archiver.phase === 'putting' && makeRoom(state, group, ctx, archiver)) return;
  if (error !== '') {
    archiver.have = error === 'BUSY' ? archiver.have : have;
    failed(group, ctx, archiver, error);
    return; // the timer sends it again
  }
  answered(group, ctx, archiver);
  archiver.have = have;
  if (archiver.phase === 'staging') {
    if (done) setManifest(state, group, ctx, archiver);
    else if (archiver.staged) putPart(state, group, ctx, archiver, archiver.staged.object);
    return;
  }
  if (done) {
    archiver.puts.shift();
    archiver.have = 0;
  }
  proceed(state, group, ctx, archiver);
}

function onSet(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  archiver: Archiver,
  { error }: MessageOf<'ManifestSet'>,
): void {
  const { staged } = archiver;
  if (error === '' && staged) {
    answered(group, ctx, archiver);
    takeManifest(state, group, ctx, archiver, staged.manifest, staged.object.name);
    return;
  }
  if (error === 'BUSY' || error === 'EIO' || error === 'DISK_FULL') {
    if (error !== 'BUSY') failed(group, ctx, archiver, error);
    return; // the timer reads which manifest stands
  }
  answered(group, ctx, archiver);
  archiver.staged = null;
  if (error === 'NO_SUCH_OBJECT') {
    if (archiver.job) archiver.puts = [...archiver.job.objects];
    else if (archiver.base) dropBase(state, group, ctx, archiver); // its parts are put anew with the next one
    archiver.have = 0;
  } else if (error === 'BAD_OBJECT') {
    failed(group, ctx, archiver, error);
    drop(state, group, ctx, archiver);
    return;
  }
  ask(state, group, ctx, archiver);
}

/** An answer did not come, or it is time to look again. */
export function onArchiveTimer(state: StoreState, group: Group, ctx: StoreContext): void {
  const archiver = state.archivers.get(group.id);
  if (!archiver) return;
  const { phase, staged } = archiver;
  const [put] = archiver.puts;
  if (phase === 'idle' || phase === 'gathering') {
    if (phase === 'idle') next(state, group, ctx, archiver);
    return;
  }
  if (phase === 'yielding') {
    proceed(state, group, ctx, archiver);
    return;
  }
  if (phase !== 'refused') failed(group, ctx, archiver, 'no answer');
  if (phase === 'checking') next(state, group, ctx, archiver);
  else if (phase === 'fetching') fetchPart(state, group, ctx, archiver, true);
  else if (phase === 'putting' && put) putPart(state, group, ctx, archiver, put, true);
  else if (phase === 'staging' && staged) putPart(state, group, ctx, archiver, staged.object, true);
  else ask(state, group, ctx, archiver, phase === 'asking');
}

export function forgetArchiver(state: StoreState, group: GroupId, ctx: StoreContext): void {
  state.archivers.delete(group);
  wakeAt(ctx, `archive/${group}`, null);
}

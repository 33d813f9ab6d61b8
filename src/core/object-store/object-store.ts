// The object store role (docs/spec/wal.md WAL-41, WAL-42): immutable objects under names that hold their checksum, and for
// each volume one manifest, replaced by compare-and-set. Every answer comes after what it confirms is durable. Objects that no
// manifest can name any more are deleted only after the manifest without them is durable.

import type { NodeId, Time } from '../../base/ids.ts';
import {
  forTrace,
  type RoleContext,
  readKeys,
  send,
  storeInto,
  storeWrites,
  trace,
  wakeAt,
} from '../kernel/context.ts';
import type { DiskError, Input, Write } from '../kernel/door.ts';
import { reach } from '../kernel/limits.ts';
import type { Message, MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import type { ObjectError } from './messages.ts';
import { collect, collectable, collectGivenUp } from './object-collect.ts';
import { isNamedFor, parseObjectName } from './object-name.ts';
import { addPart, dropLastPart, joinParts, noParts } from './object-parts.ts';
import { onPinObjects, onPinsStored } from './object-pinning.ts';
import { pinnedNames } from './object-pins.ts';
import {
  addObject,
  dropObject,
  hasRoom,
  manifestWrites,
  type ObjectRead,
  type ObjectStoreState,
  type ObjectWrite,
  objectKey,
  type Standing,
} from './object-state.ts';
import { traceExtents, traceObject } from './object-trace.ts';
import { MAX_OBJECT_BYTES, type Manifest, objectsOf, openManifest } from './objects.ts';

const SCRUB_TIMER = 'scrub';
/** Longer than a part and its answer take over the slowest link, and than a sender waits before it asks again. */
const UPLOAD_IDLE_US = 1_000_000;

type ObjectInput = Input<Message>;
const NO_BYTES = new Uint8Array(0);

export function startObjectStore(state: ObjectStoreState, ctx: RoleContext): void {
  const { manifests } = state;
  for (const name of [...state.bad].sort()) traceBad(ctx, name, 'missing');
  if (state.garbage.length > 0) {
    const writes = state.garbage.map((key) => ({ key, bytes: null }));
    state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
    state.garbage = [];
  }
  for (const [volume, { version, token, content }] of manifests) {
    trace(ctx, { kind: 'archive.standing', volume, version, token });
    traceExtents(ctx, null, content);
    collect(state, ctx, volume);
  }
  wakeAt(ctx, SCRUB_TIMER, (ctx.now + state.scrubUs) as Time);
}

export function stepObjectStore(state: ObjectStoreState, input: ObjectInput, ctx: RoleContext): void {
  switch (input.kind) {
    case 'message':
      onMessage(state, ctx, input.from, input.message);
      break;
    case 'diskDone':
      onWritten(state, ctx, input.id, input.error);
      break;
    case 'readDone':
      onRead(state, ctx, input.id, input.values[0] ?? null, input.error);
      break;
    case 'wake':
      scrubNext(state, ctx);
      break;
    default:
  }
}

function onMessage(state: ObjectStoreState, ctx: RoleContext, from: NodeId, message: Message): void {
  switch (message.kind) {
    case 'PutObject':
      onPut(state, ctx, from, message);
      break;
    case 'GetObject':
      onGet(state, ctx, from, message);
      break;
    case 'GetManifest':
      onGetManifest(state, ctx, from, message);
      break;
    case 'SetManifest':
      onSetManifest(state, ctx, from, message);
      break;
    case 'PinObjects':
      onPinObjects(state, ctx, from, message);
      break;
    case 'CheckObjects': {
      const names = message.names.filter((name) => !state.objects.has(name) && !state.writing.has(name));
      send(ctx, from, { kind: 'ObjectsMissing', reqId: message.reqId, names });
      break;
    }
    default:
  }
}

// --- put

function answerPut(
  ctx: RoleContext,
  to: NodeId,
  { reqId, name }: Pick<MessageOf<'PutObject'>, 'reqId' | 'name'>,
  have: number,
  done: boolean,
  error: ObjectError,
): void {
  if (error !== '' && error !== 'BUSY')
    trace(ctx, { kind: 'archive.refused', what: name, from: to, code: error, current: have });
  send(ctx, to, { kind: 'ObjectPut', reqId, name, have, done, error });
}

function onPut(state: ObjectStoreState, ctx: RoleContext, from: NodeId, put: MessageOf<'PutObject'>): void {
  const { name, total, offset, bytes } = put;
  if (offset > 0) reach(ctx, state.limits, 'objectPartBytes');
  const isSound =
    parseObjectName(name) !== null &&
    total <= MAX_OBJECT_BYTES &&
    offset + bytes.length <= total &&
    total > 0;
  if (!isSound) {
    answerPut(ctx, from, put, 0, false, 'BAD_OBJECT');
    return;
  }
  const held = state.objects.get(name);
  if (held !== undefined) {
    // names hold the checksum: the same length is the same object, put again
    answerPut(ctx, from, put, held, held === total, held === total ? '' : 'BAD_OBJECT');
    return;
  }
  if (state.writing.has(name)) {
    answerPut(ctx, from, put, total, false, 'BUSY');
    return;
  }
  if (!hasRoom(state, name, total)) collectGivenUp(state, ctx, name);
  if (!hasRoom(state, name, total)) {
    answerPut(ctx, from, put, 0, false, 'DISK_FULL');
    return;
  }
  const key = `${from} ${name}`;
  let upload = state.uploads.get(key);
  if (upload?.total !== total) {
    if (bytes.length < total && !hasPlace(state, ctx)) {
      answerPut(ctx, from, put, 0, false, 'BUSY');
      return;
    }
    upload = { from, total, partAt: ctx.now, ...noParts() };
    state.uploads.set(key, upload);
  }
  upload.partAt = ctx.now;
  addPart(upload, offset, bytes);
  if (upload.have < total) answerPut(ctx, from, put, upload.have, false, '');
  else storeUpload(state, ctx, from, put, key);
}

/**
 * Whether one more object can come in parts. One whose sender has been silent for UPLOAD_IDLE_US gives way; one that gets its parts never
 * does: senders that displace each other would all begin anew for ever (seed 38).
 */
function hasPlace(state: ObjectStoreState, ctx: RoleContext): boolean {
  if (state.uploads.size < state.limits.objectUploads) return true;
  reach(ctx, state.limits, 'objectUploads');
  let idlest = '';
  let idleSince = Number.POSITIVE_INFINITY;
  for (const [key, { partAt }] of state.uploads) {
    if (partAt >= idleSince) continue;
    idlest = key;
    idleSince = partAt;
  }
  const isIdle = ctx.now - idleSince >= UPLOAD_IDLE_US || has(state.mutants, 'archive.displaces-uploads');
  return isIdle && state.uploads.delete(idlest);
}

function storeUpload(
  state: ObjectStoreState,
  ctx: RoleContext,
  from: NodeId,
  put: MessageOf<'PutObject'>,
  key: string,
): void {
  const { name, reqId } = put;
  const upload = state.uploads.get(key);
  if (!upload) return;
  if (state.writes.size >= state.limits.objectWrites) {
    reach(ctx, state.limits, 'objectWrites');
    dropLastPart(upload);
    answerPut(ctx, from, put, upload.have, false, 'BUSY');
    return;
  }
  state.uploads.delete(key);
  const bytes = joinParts(upload);
  if (!isNamedFor(name, bytes)) {
    answerPut(ctx, from, put, 0, false, 'BAD_OBJECT');
    return;
  }
  state.writing.add(name);
  const writes = [{ key: objectKey(name), bytes }];
  // without a next manifest nothing can be deleted (WAL-76, WAL-77)
  const isManifest = parseObjectName(name)?.kind === 'manifest';
  const id = isManifest ? storeInto(ctx, 'recovery', writes) : storeWrites(ctx, writes);
  state.writes.set(id, { kind: 'object', to: from, reqId, name, bytes, traceId: ctx.traceId });
}

// --- writes

function onWritten(state: ObjectStoreState, ctx: RoleContext, id: number, error: DiskError | null): void {
  const write = state.writes.get(id);
  if (!write) return;
  state.writes.delete(id);
  if (write.kind === 'object') onObjectStored(state, forTrace(ctx, write.traceId), write, error);
  else if (write.kind === 'manifest') onManifestStored(state, forTrace(ctx, write.traceId), write, error);
  else if (write.kind === 'pins') onPinsStored(state, forTrace(ctx, write.traceId), write, error);
}

function onObjectStored(
  state: ObjectStoreState,
  ctx: RoleContext,
  write: Extract<ObjectWrite, { kind: 'object' }>,
  error: DiskError | null,
): void {
  const { to, name, bytes } = write;
  state.writing.delete(name);
  if (error) {
    answerPut(ctx, to, write, 0, false, error);
    return;
  }
  addObject(state, name, bytes);
  traceObject(ctx, to, name, bytes);
  answerPut(ctx, to, write, bytes.length, true, '');
}

// --- get

function answerPart(
  { limits }: ObjectStoreState,
  ctx: RoleContext,
  { to, for: asker, reqId, name, offset }: Extract<ObjectRead, { kind: 'get' }>,
  value: Uint8Array | null,
  error: ObjectError,
): void {
  const bytes = value ? value.slice(offset, offset + limits.objectPartBytes) : NO_BYTES;
  const total = value?.length ?? 0;
  send(ctx, to, { kind: 'ObjectPart', reqId, for: asker, name, offset, total, bytes, error });
}

function onGet(state: ObjectStoreState, ctx: RoleContext, from: NodeId, get: MessageOf<'GetObject'>): void {
  const { reqId, for: asker, name, offset } = get;
  const { traceId } = ctx;
  const read: ObjectRead = { kind: 'get', to: from, for: asker, reqId, name, offset, traceId };
  for (const { object, bytes } of state.manifests.values()) {
    if (object !== name) continue;
    answerPart(state, ctx, read, bytes, '');
    return;
  }
  if (!state.objects.has(name)) answerPart(state, ctx, read, null, 'NO_SUCH_OBJECT');
  else if (state.reads.size >= state.limits.objectReads) {
    reach(ctx, state.limits, 'objectReads');
    answerPart(state, ctx, read, null, 'BUSY');
  } else state.reads.set(readKeys(ctx, [objectKey(name)]), read);
}

function onRead(
  state: ObjectStoreState,
  ctx: RoleContext,
  id: number,
  value: Uint8Array | null,
  error: 'EIO' | null,
): void {
  const read = state.reads.get(id);
  if (!read) return;
  state.reads.delete(id);
  const isWanted = state.objects.has(read.name) && !state.writing.has(read.name);
  const isGood = value !== null && isNamedFor(read.name, value);
  if (!error && isWanted && !isGood) forget(state, ctx, read.name, value === null ? 'missing' : 'rot');
  if (read.kind === 'scrub') return;
  const own = forTrace(ctx, read.traceId);
  if (error) answerPart(state, own, read, null, 'EIO');
  else if (!isWanted || !isGood)
    answerPart(state, own, read, null, isWanted ? 'BAD_OBJECT' : 'NO_SUCH_OBJECT');
  else answerPart(state, own, read, value, '');
}

/** What is gone or damaged is no object any more; whoever has its content may put it again (F31). */
function forget(state: ObjectStoreState, ctx: RoleContext, name: string, damage: 'missing' | 'rot'): void {
  dropObject(state, name);
  state.bad.add(name);
  traceBad(ctx, name, damage);
  state.writes.set(storeWrites(ctx, [{ key: objectKey(name), bytes: null }]), { kind: 'delete' });
}

function traceBad(ctx: RoleContext, name: string, damage: string): void {
  const object = parseObjectName(name);
  const [group, first, end] =
    object?.kind === 'log'
      ? [object.group, object.first, object.end]
      : object?.kind === 'base'
        ? [object.group, object.base, object.base + 1]
        : ['', -1, -1];
  trace(ctx, { kind: 'archive.bad', name, group, first, end, damage });
}

/** One object of the round is read and checked; when a round ends the next one begins. */
function scrubNext(state: ObjectStoreState, ctx: RoleContext): void {
  wakeAt(ctx, SCRUB_TIMER, (ctx.now + state.scrubUs) as Time);
  if (state.round.length === 0) state.round = [...state.objects.keys()].reverse();
  const name = state.round.pop();
  if (name === undefined || !state.objects.has(name) || state.reads.size >= state.limits.objectReads) return;
  state.reads.set(readKeys(ctx, [objectKey(name)]), { kind: 'scrub', name });
}

// --- manifest

function onGetManifest(
  state: ObjectStoreState,
  ctx: RoleContext,
  from: NodeId,
  { reqId, for: asker, volume }: MessageOf<'GetManifest'>,
): void {
  const { version = 0, token = 0, object = '' } = state.manifests.get(volume) ?? {};
  send(ctx, from, {
    kind: 'ManifestIs',
    reqId,
    for: asker,
    volume,
    version,
    token: token as Standing['token'],
    object,
    error: '',
  });
}

function answerSet(
  state: ObjectStoreState,
  ctx: RoleContext,
  to: NodeId,
  { reqId, volume }: Pick<MessageOf<'SetManifest'>, 'reqId' | 'volume'>,
  error: ObjectError,
): void {
  const { version = 0, token = 0 as Standing['token'] } = state.manifests.get(volume) ?? {};
  if (error !== '' && error !== 'BUSY')
    trace(ctx, {
      kind: 'archive.refused',
      what: `manifest ${volume}`,
      from: to,
      code: error,
      current: version,
    });
  send(ctx, to, { kind: 'ManifestSet', reqId, volume, version, token, error });
}

function onSetManifest(
  state: ObjectStoreState,
  ctx: RoleContext,
  from: NodeId,
  request: MessageOf<'SetManifest'>,
): void {
  const { volume, object, reqId, expect } = request;
  for (const write of state.writes.values())
    if (write.kind === 'manifest' && write.next.volume === volume) {
      answerSet(state, ctx, from, request, 'BUSY');
      return;
    }
  const now = state.manifests.get(volume);
  if (now?.object === object) {
    answerSet(state, ctx, from, request, ''); // a repeat
    return;
  }
  const bytes = state.staged.get(object);
  const opened = bytes && openManifest(object, bytes);
  const error = !opened
    ? 'NO_SUCH_OBJECT'
    : !opened.ok || opened.value.volume !== volume
      ? 'BAD_OBJECT'
      : checkNext(state, now ?? null, opened.value, expect);
  if (error !== '' || !bytes || !opened?.ok) {
    answerSet(state, ctx, from, request, error);
    return;
  }
  const { version, token } = opened.value;
  const next: Standing = { volume, version, token, object, bytes, content: opened.value };
  const isEarly = has(state.mutants, 'archive.collects-early');
  const gone = isEarly ? collectable(state.objects.keys(), next.content) : [];
  const deletions = gone.map((name): Write => ({ key: objectKey(name), bytes: null }));
  const id = storeInto(ctx, 'recovery', [...deletions, ...manifestWrites(next)]);
  state.writes.set(id, { kind: 'manifest', to: from, reqId, next, traceId: ctx.traceId });
}

/** WAL-42: may this manifest follow the standing one? */
function checkNext(
  state: ObjectStoreState,
  now: Standing | null,
  next: Manifest,
  expect: number,
): ObjectError {
  const isUnchecked = has(state.mutants, 'archive.no-cas');
  if (now && next.token < now.token) return 'TOKEN_STALE';
  if (!isUnchecked && ((now?.version ?? 0) !== expect || next.version !== expect + 1))
    return 'VERSION_CONFLICT';
  for (const { group, appointment } of next.groups) {
    const known = now?.content.groups.find((one) => one.group === group);
    if (known && appointment < known.appointment) return 'STALE_ARCHIVER';
  }
  const before = new Set(now ? objectsOf(now.content) : []);
  return objectsOf(next).every((name) => before.has(name) || state.objects.has(name)) ? '' : 'NO_SUCH_OBJECT';
}

function onManifestStored(
  state: ObjectStoreState,
  ctx: RoleContext,
  write: Extract<ObjectWrite, { kind: 'manifest' }>,
  error: DiskError | null,
): void {
  const { to, next } = write;
  const { volume, version, token, content } = next;
  const request = { reqId: write.reqId, volume };
  if (error) {
    answerSet(state, ctx, to, request, error);
    return;
  }
  const before = state.manifests.get(volume) ?? null;
  state.manifests.set(volume, next);
  const objects = objectsOf(content).length;
  const expect = before?.version ?? 0;
  trace(ctx, { kind: 'archive.manifest', volume, version, expect, token, from: to, objects });
  traceExtents(ctx, before?.content ?? null, content);
  for (const name of [...state.bad]) if (isUnnamed(name, state)) state.bad.delete(name);
  answerSet(state, ctx, to, request, '');
  collect(state, ctx, volume);
}

const isUnnamed = (name: string, { manifests, pins }: ObjectStoreState): boolean => {
  if (pinnedNames(pins).includes(name)) return false;
  for (const { content } of manifests.values()) if (objectsOf(content).includes(name)) return false;
  return true;
};

// Loading a replica of a restored volume (docs/spec/wal.md WAL-45): the base image and the log up to L come object by object
// from the object store, each durable before the next is asked for. Every object is checked (seal, name, chain, terms) before
// anything of it is used. What is missing or damaged there stops the load and is reported by name; an object store that does not
// answer is asked again. The metadata repeats its order with every heartbeat, so a load cut short anywhere goes on.

import { BadBytes } from '../../../base/bytes.ts';
import type { GroupId, NodeId, RequestNumber, Time } from '../../../base/ids.ts';
import {
  type RoleContext,
  send,
  storeWrites,
  takeRequestNumber,
  trace,
  wakeAt,
} from '../../kernel/context.ts';
import type { DiskError, Write } from '../../kernel/door.ts';
import type { BasePage } from '../../kernel/fields.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { has } from '../../kernel/mutants.ts';
import { type EncodedRecord, encodeRecord } from '../../log/record.ts';
import { termAt } from '../../log/term-history.ts';
import { addPart, joinParts, noParts } from '../../object-store/object-parts.ts';
import { openBaseObject, openLogSegment } from '../../object-store/objects.ts';
import { checkPageHeader, pageLsn } from '../../page/page.ts';
import { ownsKey } from '../../page/page-key.ts';
import type { StoreContext } from '../replica/hooks.ts';
import { logKey, versionKey } from '../replica/keys.ts';
import { encodeVersion } from '../replica/pages.ts';
import { encodeSegment, readSegment } from '../replica/segment.ts';
import type { StoreState } from '../replica/state.ts';
import { makeRestored } from './restore-install.ts';
import {
  keysOfLoad,
  type LoadedObject,
  ordinalOf,
  progressWrite,
  type RestoreLoad,
  restoreTimer,
  retryLater,
} from './restore-state.ts';

export function onRestoreReplica(
  state: StoreState,
  ctx: StoreContext,
  from: NodeId,
  order: MessageOf<'RestoreReplica'>,
): void {
  const { group } = order.descriptor;
  if (state.groups.has(group)) return; // its heartbeats report it
  if (order.boot !== state.bootEpoch) return; // of a life before: what it had may be gone
  const running = state.restores.get(group);
  if (running) {
    if (running.phase.kind === 'failed') sendReport(ctx, running);
    return;
  }
  const left = state.unfinished.get(group);
  state.unfinished.delete(group);
  const isUsable = left?.volume === order.volume;
  const load: RestoreLoad = {
    order,
    meta: from,
    names: [...order.parts, ...order.logs],
    done: isUsable ? left.done : 0,
    pages: isUsable ? [...left.pages] : [],
    segments: isUsable ? [...left.segments] : [],
    bytes: 0,
    fetched: noParts(),
    phase: { kind: 'asking', reqId: null },
    silent: 0,
  };
  state.restores.set(group, load);
  if (left)
    trace(ctx, { kind: 'restore.resume', volume: order.volume, group, why: 'store', done: load.done });
  proceed(state, ctx, load);
}

function proceed(state: StoreState, ctx: StoreContext, load: RestoreLoad): void {
  const skipsLast = has(state.mutants, 'restore.skips-segment') && load.names.length > 1;
  if (load.done >= load.names.length - (skipsLast ? 1 : 0)) makeRestored(state, ctx, load);
  else ask(state, ctx, load);
}

const nameOf = (load: RestoreLoad): string => load.names[load.done] ?? '';

/** A part that is asked for again keeps its number: whichever answer comes first is the part, however late. */
function ask(
  state: StoreState,
  ctx: StoreContext,
  load: RestoreLoad,
  again: RequestNumber | null = null,
): void {
  const { group } = load.order.descriptor;
  const reqId = again ?? takeRequestNumber(ctx);
  load.phase = { kind: 'asking', reqId };
  const { have: offset } = load.fetched;
  send(ctx, load.order.archive, { kind: 'GetObject', reqId, for: 'store', name: nameOf(load), offset });
  retryLater(state, ctx, group);
}

/** The object store is silent or busy, or the disk has refused: the same part once more. */
export function onRestoreTimer(state: StoreState, ctx: StoreContext, group: GroupId): void {
  const load = state.restores.get(group);
  if (!load) return;
  if (load.phase.kind === 'asking') {
    load.silent++;
    ask(state, ctx, load, load.phase.reqId);
  } else if (load.phase.kind === 'finishing' && load.phase.made === null) proceed(state, ctx, load);
}

/** A part of the object under way; false when it is none of a restore's. */
export function onRestorePart(
  state: StoreState,
  ctx: StoreContext,
  from: NodeId,
  part: MessageOf<'ObjectPart'>,
): boolean {
  for (const load of state.restores.values()) {
    const { phase } = load;
    const isAsked = phase.kind === 'asking' && phase.reqId === part.reqId && nameOf(load) === part.name;
    if (!isAsked || load.order.archive !== from) continue;
    takePartOf(state, ctx, load, part);
    return true;
  }
  return false;
}

function takePartOf(
  state: StoreState,
  ctx: StoreContext,
  load: RestoreLoad,
  { offset, total, bytes, error }: MessageOf<'ObjectPart'>,
): void {
  const { volume, descriptor } = load.order;
  const isBusy = error === 'BUSY' || error === 'EIO';
  if (error !== '' && !isBusy) {
    fail(ctx, load, error);
    return;
  }
  if (isBusy || !addPart(load.fetched, offset, bytes)) {
    load.phase = { kind: 'asking', reqId: null };
    return;
  }
  if (load.silent > 1)
    trace(ctx, { kind: 'restore.resume', volume, group: descriptor.group, why: 'archive', done: load.done });
  load.silent = 0;
  if (load.fetched.have < total && bytes.length > 0) ask(state, ctx, load);
  else storeObject(state, ctx, load, joinParts(load.fetched));
}

/** The load stops and reports which object it cannot have (WAL-43); what is here stays until the metadata gives it up. */
function fail(ctx: StoreContext, load: RestoreLoad, code: string): void {
  load.phase = { kind: 'failed', code };
  wakeAt(ctx, restoreTimer(load.order.descriptor.group), null);
  sendReport(ctx, load);
}

const sendReport = (ctx: RoleContext, load: RestoreLoad): void =>
  send(ctx, load.meta, {
    kind: 'RestoreReport',
    volume: load.order.volume,
    group: load.order.descriptor.group,
    phase: load.phase.kind === 'failed' ? 'failed' : 'loading',
    done: load.done,
    total: load.names.length,
    bytes: load.bytes,
    object: load.phase.kind === 'failed' ? nameOf(load) : '',
    code: load.phase.kind === 'failed' ? load.phase.code : '',
  });

/** Loads that are under way, and what earlier ones left, with every heartbeat to the metadata. */
export function sendRestoreReports(state: StoreState, ctx: RoleContext, meta: NodeId): void {
  for (const load of state.restores.values()) sendReport(ctx, { ...load, meta });
  for (const [group, { volume, done }] of state.unfinished)
    send(ctx, meta, {
      kind: 'RestoreReport',
      volume,
      group,
      phase: 'waiting',
      done,
      total: 0,
      bytes: 0,
      object: '',
      code: '',
    });
}

/** The object is whole: what it holds up to L is written, as what this group has. */
function storeObject(state: StoreState, ctx: StoreContext, load: RestoreLoad, bytes: Uint8Array): void {
  const { group } = load.order.descriptor;
  load.fetched = noParts();
  wakeAt(ctx, restoreTimer(group), null);
  const isBase = load.done < load.order.parts.length;
  const read = isBase ? readBase(state, load, bytes) : readLog(state, load, bytes);
  if (read === null) {
    fail(ctx, load, 'BAD_OBJECT');
    return;
  }
  const { writes, ...next } = read;
  load.phase = { kind: 'writing', next };
  const done = load.done + (has(state.mutants, 'restore.progress-ahead') ? 1 : 0);
  state.writes.set(storeWrites(ctx, [progressWrite(group, { ...load, done }), ...writes]), {
    kind: 'restored',
    group,
  });
}

/** The object's content and the writes that make it durable, or null when it is not what it should be. */
type ReadObject = LoadedObject & { readonly writes: readonly Write[] };

function readBase(state: StoreState, load: RestoreLoad, bytes: Uint8Array): ReadObject | null {
  const { descriptor, sourceGroup, base } = load.order;
  const opened = openBaseObject(nameOf(load), bytes);
  if (!opened.ok || opened.value.group !== sourceGroup || opened.value.base !== base) return null;
  const { pages } = opened.value;
  if (!pages.every((page) => isPageOf(page, load, state.params.pageBytes))) return null;
  const taken = pages.map(({ blockKey, lsn }) => ({ blockKey, lsn }));
  const writes = pages.map(({ blockKey, lsn, page }) => ({
    key: versionKey(descriptor.group, blockKey, lsn),
    bytes: encodeVersion(page),
  }));
  return { pages: taken, segment: null, bytes: bytes.length, writes };
}

function isPageOf({ blockKey, lsn, page }: BasePage, load: RestoreLoad, pageBytes: number): boolean {
  const before = load.pages[load.pages.length - 1]?.blockKey ?? -1;
  try {
    checkPageHeader(page, blockKey, pageBytes);
    return ownsKey(load.order.descriptor, blockKey) && blockKey > before && pageLsn(page) === lsn;
  } catch (error) {
    if (error instanceof BadBytes) return false;
    throw error;
  }
}

function readLog(state: StoreState, load: RestoreLoad, bytes: Uint8Array): ReadObject | null {
  const altersRecord = has(state.mutants, 'restore.alters-record');
  const { descriptor, sourceGroup, base, lsn: end, history } = load.order;
  const { group } = descriptor;
  const opened = openLogSegment(nameOf(load), bytes);
  if (!opened.ok || opened.value.segment.group !== sourceGroup) return null;
  const records: EncodedRecord[] = [];
  for (const { record } of opened.value.records) {
    if (record.lsn <= base || record.lsn > end) continue;
    if (termAt(history, record.lsn) !== record.term) return null; // annulled: no archive may hold it (WAL-56)
    const time = altersRecord && records.length === 0 ? record.time + 1 : record.time;
    records.push(encodeRecord({ ...record, group, time: time as Time }));
  }
  if (!followsLog(load, records)) return null;
  if (records.length === 0) return { pages: [], segment: null, bytes: bytes.length, writes: [] };
  const ordinal = ordinalOf(load.done);
  const value = encodeSegment(records, { group, ordinal });
  const kept = readSegment(value, { group, ordinal }).records;
  const segment = { ordinal, size: value.length, records: kept };
  const writes = [{ key: logKey(group, ordinal), bytes: value }];
  return { pages: [], segment, bytes: bytes.length, writes };
}

/** The chain goes on across objects: no segment of the group is left out between them. */
function followsLog({ segments, order }: RestoreLoad, records: readonly EncodedRecord[]): boolean {
  const [first] = records;
  const last = segments[segments.length - 1]?.records;
  const before = last?.[last.length - 1]?.record.lsn;
  if (!first) return true;
  return before === undefined ? first.record.prevGroup <= order.base : first.record.prevGroup === before;
}

export function onRestored(
  state: StoreState,
  ctx: StoreContext,
  group: GroupId,
  error: DiskError | null,
): void {
  const load = state.restores.get(group);
  if (load?.phase.kind !== 'writing') return;
  const { pages, segment, bytes } = load.phase.next;
  if (error) {
    load.phase = { kind: 'asking', reqId: null }; // nothing of it counts: the timer asks for the same object
    retryLater(state, ctx, group);
    return;
  }
  const object = nameOf(load);
  load.pages.push(...pages);
  if (segment) load.segments.push(segment);
  load.bytes += bytes;
  load.done++;
  const { volume } = load.order;
  const { done, names, bytes: all } = load;
  trace(ctx, { kind: 'restore.progress', volume, group, done, total: names.length, bytes: all, object });
  proceed(state, ctx, load);
}

/** The restore is over and this is not part of what came of it: its keys go. */
export function dropRestore(state: StoreState, ctx: StoreContext, volume: string, group: GroupId): void {
  const load = state.restores.get(group);
  const left = state.unfinished.get(group);
  const isMeant = (load?.order.volume ?? left?.volume) === volume;
  if (!isMeant) return;
  state.restores.delete(group);
  state.unfinished.delete(group);
  wakeAt(ctx, restoreTimer(group), null);
  const keys = new Set([...(left?.keys ?? []), ...(load ? keysOfLoad(load) : [])]);
  const writes = [...keys].map((key) => ({ key, bytes: null }));
  if (writes.length > 0) state.writes.set(storeWrites(ctx, writes), { kind: 'delete' });
}

// Durable ingest of the log (wal.md §6, steps 1…6; WAL-28, WAL-29): a batch is checked whole, its new records become one
// disk value, and the acknowledgement leaves only after that value is durable and merged. Fills from peers take the same way.

import { type Lsn, NONE, type NodeId } from '../../../base/ids.ts';
import { send, storeInto, storeWrites, trace } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import type { Refusal } from '../../kernel/fields.ts';
import { reach } from '../../kernel/limits.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { has } from '../../kernel/mutants.ts';
import { type EncodedRecord, readSentRecords } from '../../log/record.ts';
import { termAt } from '../../log/term-history.ts';
import { abandonFill, completeFill } from '../holes/hole-fill.ts';
import { countHoles, nwlOf } from '../holes/hole-list.ts';
import { mergeHoles, restsOf } from '../holes/hole-manager.ts';
import { splitBatch } from '../holes/hole-overlap.ts';
import { advanceScl, indexRecord, isInRange, receiveWatermarks } from './advance.ts';
import { armBackground } from './background.ts';
import { failGroup, failureOf, suspendGroup, traceRefused } from './condition.ts';
import { appendsBlocked, pumpControl } from './control.ts';
import { checkWriter, refusal } from './epochs.ts';
import type { Append } from './group-state.ts';
import { traceClosed, traceFailed, traceFilled, traceMerged } from './hole-traces.ts';
import { forStoreTrace, type StoreContext } from './hooks.ts';
import { logKey } from './keys.ts';
import { addRecords, addSegment, recordAt } from './log.ts';
import { reportRecovery } from './report.ts';
import { encodeSegment } from './segment.ts';
import type { Group, StoreState } from './state.ts';

export function onWriteBatch(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  batch: MessageOf<'WriteBatch'>,
): void {
  const refused = admit(state, group, ctx, batch);
  if (refused === 'dropped') return;
  // a batch larger than the limit is taken when nothing is before it
  if (group.ingest.bytes > 0 && group.ingest.bytes + batch.records.length > state.params.inflightBytes) {
    reach(ctx, state.params, 'inflightBytes');
    return;
  }
  const taken = refused ?? readBatch(group, batch);
  if ('code' in taken) {
    if (taken.code === 'E_DATA_DIVERGED') failGroup(group, ctx, taken.code, taken.current as Lsn);
    refuse(group, ctx, from, taken);
    pumpControl(state, group, ctx);
    return;
  }
  const { token, first, end } = batch;
  const { fresh } = taken;
  trace(ctx, { kind: 'wal.receive', group: group.id, first, end, fresh: fresh.length, token });
  if (fresh.length === 0) sendAck(group, ctx, from);
  else appendRecords(state, group, ctx, fresh, { source: 'writer', from, fillId: 0 });
  if (fresh.length > 0 && has(state.mutants, 'store.ack-before-durable'))
    sendAck(group, ctx, from, (end - 1) as Lsn);
}

/** Steps 2 and 3: the records of the batch that are neither held nor being written, or why it is refused whole. */
function readBatch(
  group: Group,
  batch: MessageOf<'WriteBatch'>,
): { readonly fresh: EncodedRecord[] } | Refusal {
  const { records, error } = readSentRecords(batch.records);
  if (error !== null || !isBatchOf(group, batch, records)) return refusal('E_BAD_RECORD', '', batch.first);
  const overlap = splitBatch(group.holes, records, (lsn) => heldRecord(group, lsn));
  if (overlap.error !== null) return refusal(overlap.error, '', overlap.at);
  return withoutInflight(group, overlap.fresh);
}

export function onHeartbeat(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  message: MessageOf<'Heartbeat'>,
): void {
  const refused = admit(state, group, ctx, message);
  if (refused === 'dropped') return;
  if (refused) refuse(group, ctx, from, refused);
  else sendAck(group, ctx, from);
}

/** Step 1, and the watermarks of what passed it (WAL-30). */
function admit(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  message: MessageOf<'WriteBatch' | 'Heartbeat'>,
): Refusal | 'dropped' | null {
  const isUnchecked = message.token < group.superblock.maxToken && has(state.mutants, 'store.no-token-check');
  const refused = failureOf(group) ?? (isUnchecked ? null : checkWriter(group.superblock, message, 'write'));
  if (refused) return refused;
  if (appendsBlocked(group)) return 'dropped'; // a new token is on its way to the disk: silently dropped
  receiveWatermarks(group, ctx, message);
  armBackground(state, group, ctx);
  return group.service.kind === 'suspended' ? refusal(group.service.code, '', 0) : null;
}

/** Step 2. Records of a batch ascend, each after the one that its prevGroup names or, after a gap, a later one. */
function isBatchOf(
  group: Group,
  { token, first, end, count }: MessageOf<'WriteBatch'>,
  records: readonly EncodedRecord[],
): boolean {
  if (records.length === 0 || records.length !== count) return false;
  if (records[0]?.record.lsn !== first || records[records.length - 1]?.record.lsn !== end - 1) return false;
  const { history, descriptor } = group.superblock;
  let before = descriptor.baseLsn - 1;
  for (const { record } of records) {
    if (record.group !== group.id || record.term !== token || !isInRange(group, record.blockKey))
      return false;
    if (record.prevGroup < before || record.lsn <= before) return false;
    if (termAt(history, record.lsn) !== token) return false; // WAL-49
    before = record.lsn;
  }
  return true;
}

function heldRecord(
  group: Group,
  lsn: Lsn,
): { term: EncodedRecord['record']['term']; crc: number } | undefined {
  const stored = recordAt(group.log, lsn);
  return stored && { term: stored.record.term, crc: stored.crc };
}

/** Leaves out what is being written at this moment: the ack of that write will cover it. */
function withoutInflight(
  group: Group,
  fresh: EncodedRecord[],
): { readonly fresh: EncodedRecord[] } | Refusal {
  let rest = fresh;
  for (const { records } of group.ingest.appends) {
    const low = records[0]?.record.lsn ?? 0;
    const high = records[records.length - 1]?.record.lsn ?? -1;
    if (!rest.some(({ record: { lsn } }) => lsn >= low && lsn <= high)) continue;
    const writing = new Map(records.map((one) => [one.record.lsn, one.crc]));
    for (const { record, crc } of rest)
      if ((writing.get(record.lsn) ?? crc) !== crc) return refusal('E_DATA_DIVERGED', '', record.lsn);
    rest = rest.filter(({ record }) => !writing.has(record.lsn));
  }
  return { fresh: rest };
}

/** Step 4: the records as one durable value. Ascending by LSN. */
export function appendRecords(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  records: readonly EncodedRecord[],
  { source, from, fillId }: Pick<Append, 'source' | 'from' | 'fillId'>,
): void {
  const ordinal = group.log.nextOrdinal++;
  const bytes = encodeSegment(records, { group: group.id, ordinal });
  const writes = [{ key: logKey(group.id, ordinal), bytes }];
  const id = isAwaited(group, records, source)
    ? storeInto(ctx, 'recovery', writes)
    : storeWrites(ctx, writes);
  state.writes.set(id, { kind: 'append', group: group.id });
  const { traceId } = ctx;
  group.ingest.appends.push({ id, ordinal, size: bytes.length, source, from, records, fillId, traceId });
  group.ingest.bytes += bytes.length;
}

/** WAL-77: a change of writer waits for the fill of holes in recovery mode, and for the first record of the new term. */
function isAwaited(group: Group, records: readonly EncodedRecord[], source: Append['source']): boolean {
  const { mode, history } = group.superblock;
  if (source === 'peer') return mode === 'recovery';
  return records.length === 1 && records[0]?.record.lsn === history[history.length - 1]?.startLsn;
}

/** Steps 5 and 6. */
export function onAppendDone(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  id: number,
  error: DiskError | null,
): void {
  const append = group.ingest.appends.find((other) => other.id === id);
  if (!append) return;
  group.ingest.appends = group.ingest.appends.filter((other) => other !== append);
  group.ingest.bytes -= append.size;
  const own = forStoreTrace(ctx, append.traceId);
  if (error) {
    suspendGroup(group, own, error);
    if (append.fillId !== 0) traceFailed(group, own, abandonFill(group.holes, append.fillId, ctx.now));
    const failed = [{ key: logKey(group.id, append.ordinal), bytes: null }];
    state.writes.set(storeWrites(own, failed), { kind: 'delete' });
  } else {
    takeDurable(state, group, own, append);
    const failed = failureOf(group);
    if (append.source === 'peer') reportRecovery(group, own);
    else if (failed) refuse(group, own, append.from, failed);
    else sendAck(group, own, append.from);
  }
  pumpControl(state, group, ctx);
}

function takeDurable(state: StoreState, group: Group, ctx: StoreContext, append: Append): void {
  const lsns: Lsn[] = [];
  const readyAt = state.params.materialiseRecords;
  addSegment(group.log, append.ordinal, append.size);
  const known = addRecords(group.log, append.records, append.ordinal);
  for (const encoded of append.records) {
    if (known.length > 0 && known.includes(encoded)) {
      if (heldRecord(group, encoded.record.lsn)?.crc !== encoded.crc)
        failGroup(group, ctx, 'E_DATA_DIVERGED', encoded.record.lsn);
      continue;
    }
    indexRecord(group, encoded, ctx.now, readyAt);
    lsns.push(encoded.record.lsn);
  }
  if (lsns.length > 0) trace(ctx, { kind: 'wal.durable', group: group.id, lsns, source: append.source });
  if (append.source === 'writer') mergeRuns(group, ctx, append.records);
  else mergeFill(group, ctx, append);
  advanceScl(group, ctx);
  armBackground(state, group, ctx);
}

/** HOLE-8: one merge for each run of chained records. */
function mergeRuns(group: Group, ctx: StoreContext, records: readonly EncodedRecord[]): void {
  let from = 0;
  for (let i = 1; i <= records.length; i++) {
    const next = records[i];
    const last = records[i - 1] as EncodedRecord;
    if (next && next.record.prevGroup === last.record.lsn) continue;
    mergeRun(group, ctx, (records[from] as EncodedRecord).record.prevGroup + 1, last.record.lsn + 1);
    from = i;
  }
}

function mergeRun(group: Group, ctx: StoreContext, first: number, end: number): void {
  const { holes } = group;
  const nwl = nwlOf(holes.list);
  const isNext = first === nwl + 1;
  const before = isNext ? 0 : countHoles(holes.list);
  const { added, rests } = mergeHoles(holes, first, end, holes.pgcl);
  if (isNext) return;
  traceMerged(group, ctx, nwl, added, rests);
  traceClosed(group, ctx, before);
}

function mergeFill(group: Group, ctx: StoreContext, append: Append): void {
  const fill = group.holes.fills.get(append.fillId);
  if (!fill) return;
  const { list } = group.holes;
  const [before, nwl] = [countHoles(list), nwlOf(list)];
  const { added, ended } = completeFill(group.holes, append.fillId, ctx.now);
  traceMerged(group, ctx, nwl, added, restsOf(group.holes, added));
  traceFilled(group, ctx, append.from, fill.counter, fill.ranges);
  traceFailed(group, ctx, ended);
  traceClosed(group, ctx, before);
}

/** WAL-28. `claimed`: of `store.ack-before-durable` only. */
function sendAck(group: Group, ctx: StoreContext, to: NodeId, claimed: Lsn = group.scl): void {
  const { maxToken } = group.superblock;
  const scl = Math.max(group.scl, claimed) as Lsn;
  const nwl = Math.max(nwlOf(group.holes.list), scl) as Lsn;
  trace(ctx, { kind: 'wal.ack', group: group.id, scl, nwl, token: maxToken });
  sendWriteAck(group, ctx, to, { scl, nwl, archivedTo: group.uploadedTo, refused: null });
}

function refuse(group: Group, ctx: StoreContext, to: NodeId, refused: Refusal): void {
  traceRefused(group, ctx, to, refused);
  const nwl = nwlOf(group.holes.list) as Lsn;
  sendWriteAck(group, ctx, to, { scl: group.scl, nwl, archivedTo: NONE, refused });
}

type AckState = Pick<MessageOf<'WriteAck'>, 'scl' | 'nwl' | 'archivedTo' | 'refused'>;

function sendWriteAck(group: Group, ctx: StoreContext, to: NodeId, ack: AckState): void {
  const { maxToken: token, descriptor } = group.superblock;
  const { memberEpoch } = descriptor;
  const { scl, nwl, archivedTo, refused } = ack;
  send(ctx, to, { kind: 'WriteAck', group: group.id, token, memberEpoch, scl, nwl, archivedTo, refused });
}

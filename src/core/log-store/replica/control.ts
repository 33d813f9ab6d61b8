// Tokens and recovery at a replica: InstallToken, RecoveryRead, InstallHistory, OpenVolume (wal.md §9, failover.md §1).
// One at a time, in order of arrival. A reply leaves only when the superblock that it admits is durable (WAL-48), and
// tokens, reads and histories wait until no append is in progress: check and write are one step (FENCE-7).

import { assert } from '../../../base/assert.ts';
import type { Lsn } from '../../../base/ids.ts';
import { type RoleContext, send, trace } from '../../kernel/context.ts';
import type { DiskError } from '../../kernel/door.ts';
import type { MessageOf, Refusal } from '../../kernel/messages.ts';
import { nclOf, nwlOf } from '../../log/hole-list.ts';
import { setGroupTail, setHoleToken } from '../../log/hole-manager.ts';
import { leaveRecovery, recoverHoles } from '../../log/hole-recovery.ts';
import { finishBase, startBase } from '../base/base-install.ts';
import { advanceScl, traceMarks } from './advance.ts';
import { failureOf, suspendGroup, traceRefused } from './condition.ts';
import { checkWriter, refusal } from './epochs.ts';
import { MAX_CONTROL_OPS } from './limits.ts';
import { lastAtOrBelow, recordsIn, removeRecords } from './log.ts';
import { finishMembers, startMembers, takeMembers } from './membership.ts';
import { isDamaged, recoveryScl, sendReport } from './report.ts';
import { type ControlOp, type Group, isBroken, PARKED, type StoreState, type SuperWrite } from './state.ts';
import { withMarks, writeSuper } from './super-write.ts';
import type { Superblock } from './superblock.ts';
import { dropFromBlocks } from './truncate.ts';

export function queueControl(state: StoreState, group: Group, ctx: RoleContext, op: ControlOp): void {
  if (group.control.length >= MAX_CONTROL_OPS) return;
  group.control.push(op);
  pumpControl(state, group, ctx);
}

/** True while a token, read or history waits or is being written: no append may begin before it (FENCE-7). */
export const isBarred = (group: Group): boolean => group.control.some((op) => op.kind !== 'open');

/** Starts what may start: a pending failure first, then the oldest request, then the marks. Returns at the first write. */
export function pumpControl(state: StoreState, group: Group, ctx: RoleContext): void {
  if (group.isDropped) return;
  while (!group.superWrite && !group.suspended) {
    if (group.failure !== group.block.failed) {
      writeSuper(state, group, ctx, { ...withMarks(group), failed: group.failure });
      return;
    }
    const op = group.control[0];
    if (!op) break;
    if (op.kind !== 'open' && group.inflight.length > 0) return;
    if (startOp(state, group, { ...ctx, traceId: op.traceId }, op)) return;
    group.control.shift();
  }
  if (group.superWrite || group.suspended || !group.marksWanted) return;
  group.marksWanted = false;
  writeSuper(state, group, ctx, withMarks(group));
}

/** The superblock write is durable, or failed. True when marks became durable. */
export function onSuperDone(
  state: StoreState,
  group: Group,
  ctx: RoleContext,
  error: DiskError | null,
): boolean {
  const write = group.superWrite;
  assert(write, 'a superblock write was in progress');
  if (error) {
    group.superWrite = { ...write, id: PARKED };
    suspendGroup(group, ctx, error);
    return false;
  }
  group.superWrite = null;
  group.block = write.next;
  if (write.isProbe) group.suspended = null;
  if (write.isControl) {
    const op = group.control.shift();
    assert(op, 'a request waited for the superblock');
    finishOp(state, group, { ...ctx, traceId: op.traceId }, op, write);
  }
  return true;
}

/** The suspension is over if a fresh write succeeds. */
export function probeDisk(state: StoreState, group: Group, ctx: RoleContext): void {
  if (!group.suspended || group.suspended.until > ctx.now) return;
  const parked = group.superWrite;
  if (parked && parked.id !== PARKED) {
    suspendGroup(group, ctx, group.suspended.code); // begun before the failure, so it proves nothing: probe after it
    return;
  }
  const { isControl = false, removed = [] } = parked ?? {};
  const next = parked ? parked.next : withMarks(group);
  writeSuper(state, group, ctx, next, { isControl, removed, isProbe: true });
}

/** Answers at once (false), or begins the write whose completion answers (true). */
function startOp(state: StoreState, group: Group, ctx: RoleContext, op: ControlOp): boolean {
  switch (op.kind) {
    case 'token':
      return startToken(state, group, ctx, op.message, op.from);
    case 'read':
      answerRead(state, group, ctx, op.message, op.from);
      return false;
    case 'history':
      return startHistory(state, group, ctx, op.message, op.from);
    case 'open':
      return startOpen(state, group, ctx, op.message, op.from);
    case 'members':
      return startMembers(state, group, ctx, op.message, op.from);
    case 'base':
      return startBase(state, group, ctx);
  }
}

function finishOp(state: StoreState, group: Group, ctx: RoleContext, op: ControlOp, write: SuperWrite): void {
  switch (op.kind) {
    case 'token':
      finishToken(state, group, ctx);
      sendInstallAck(group, ctx, op.from, null);
      return;
    case 'read':
      return;
    case 'history':
      finishHistory(state, group, ctx, write);
      group.reportTo = op.from;
      sendReport(group, ctx, op.from, null);
      return;
    case 'open':
      finishOpen(group, ctx);
      sendOpenAck(group, ctx, op.from, null);
      return;
    case 'members':
      finishMembers(state, group, ctx, op.message, op.from);
      return;
    case 'base':
      finishBase(state, group, ctx, op.from);
  }
}

type From = ControlOp['from'];

// InstallToken (R1): raises maxToken and the epochs.

function startToken(
  state: StoreState,
  group: Group,
  ctx: RoleContext,
  { token, descriptor, volume }: MessageOf<'InstallToken'>,
  from: From,
): boolean {
  const { block } = group;
  const { memberEpoch, geoEpoch } = descriptor;
  const refused =
    failureOf(group) ??
    checkWriter(block, { token, memberEpoch, geoEpoch }, 'token') ??
    (volume === block.volume ? null : refusal('E_BAD_MESSAGE', '', 0));
  if (refused) {
    traceRefused(group, ctx, from, refused);
    sendInstallAck(group, ctx, from, refused);
    return false;
  }
  const own = block.descriptor;
  if (token === block.maxToken && memberEpoch === own.memberEpoch && geoEpoch === own.geoEpoch) {
    sendInstallAck(group, ctx, from, null);
    return false;
  }
  writeSuper(state, group, ctx, { ...withMarks(group), maxToken: token, descriptor }, { isControl: true });
  return true;
}

function finishToken(state: StoreState, group: Group, ctx: RoleContext): void {
  const { maxToken } = group.block;
  takeMembers(state, group, ctx);
  setHoleToken(group.holes, maxToken);
  trace(ctx, { kind: 'token.install', group: group.id, token: maxToken });
}

function sendInstallAck(group: Group, ctx: RoleContext, to: From, refused: Refusal | null): void {
  const { maxToken, volumeEpoch, descriptor } = group.block;
  const { memberEpoch, geoEpoch } = descriptor;
  send(ctx, to, {
    kind: 'InstallAck',
    group: group.id,
    maxToken,
    volumeEpoch,
    memberEpoch,
    geoEpoch,
    refused,
  });
}

// RecoveryRead (R2).

function answerRead(
  state: StoreState,
  group: Group,
  ctx: RoleContext,
  message: MessageOf<'RecoveryRead'>,
  to: From,
): void {
  const { block, marks, log } = group;
  const answersDamaged = isBroken(state, 'store.damaged-answers');
  const abstains = isDamaged(group) && !answersDamaged;
  const refused =
    failureOf(group) ??
    checkWriter(block, message, 'recovery') ??
    (abstains ? refusal('NOT_READY', '', marks.knownVdl) : null); // WAL-39
  if (refused) traceRefused(group, ctx, to, refused);
  const { token } = message;
  const scl = answersDamaged ? group.scl : recoveryScl(group);
  trace(ctx, {
    kind: 'recovery.told',
    group: group.id,
    token,
    scl,
    knownVdl: marks.knownVdl,
    error: refused?.code ?? '',
  });
  const { list } = group.holes;
  const from = lastAtOrBelow(log, marks.knownVdl)?.record.lsn ?? marks.knownVdl + 1;
  const records = refused
    ? []
    : recordsIn(log, from, Number.MAX_SAFE_INTEGER).map(({ record: { lsn, prevVolume, cpl } }) => ({
        lsn,
        prevVolume,
        cpl,
      }));
  send(ctx, to, {
    kind: 'RecoveryInfo',
    group: group.id,
    maxToken: block.maxToken,
    volumeEpoch: block.volumeEpoch,
    memberEpoch: block.descriptor.memberEpoch,
    geoEpoch: block.descriptor.geoEpoch,
    scl,
    ncl: nclOf(list) as Lsn,
    nwl: nwlOf(list) as Lsn,
    knownVdl: marks.knownVdl,
    groupTail: marks.groupTail,
    pgmrpl: marks.pgmrpl,
    logFloor: block.logFloor,
    history: [...block.history],
    records,
    refused,
  });
}

// InstallHistory (R5): truncation by term history, durable with volumeEpoch, history and maxNwl (HOLE-43).

function startHistory(
  state: StoreState,
  group: Group,
  ctx: RoleContext,
  message: MessageOf<'InstallHistory'>,
  from: From,
): boolean {
  const { block, holes, log } = group;
  const { token, history, peers } = message;
  let refused = failureOf(group) ?? checkWriter(block, message, 'recovery');
  if (!refused) {
    const isTruncating = !isBroken(state, 'store.no-truncate');
    const links = isTruncating ? log.records.map(({ record }) => record) : [];
    const maxNwl = isTruncating ? message.maxNwl : (Math.max(message.maxNwl, nwlOf(holes.list)) as Lsn);
    const recovered = recoverHoles(holes, { volumeEpoch: token, history, maxNwl, peers }, links);
    refused = recovered.refused;
    if (!recovered.refused && !recovered.repeat) {
      const next: Superblock = { ...withMarks(group), volumeEpoch: token, history, mode: 'recovery', maxNwl };
      writeSuper(state, group, ctx, next, { isControl: true, removed: recovered.removed });
      return true;
    }
  }
  if (refused) traceRefused(group, ctx, from, refused);
  else group.reportTo = from;
  sendReport(group, ctx, from, refused);
  return false;
}

function finishHistory(state: StoreState, group: Group, ctx: RoleContext, { removed }: SuperWrite): void {
  const { block } = group;
  const gone = new Set<number>(removed);
  if (gone.size > 0) {
    removeRecords(group.log, ({ record }) => gone.has(record.lsn));
    dropFromBlocks(state, group, ctx, gone);
  }
  const last = block.history[block.history.length - 1];
  trace(ctx, {
    kind: 'recovery.history',
    group: group.id,
    token: block.volumeEpoch,
    startLsn: last?.startLsn ?? 0,
    prevEnd: last?.prevEnd ?? -1,
    maxNwl: block.maxNwl,
    removed,
  });
  group.marks.pgcl = Math.min(group.marks.pgcl, block.maxNwl) as Lsn;
  advanceScl(group, ctx);
}

// OpenVolume (R7).

function startOpen(
  state: StoreState,
  group: Group,
  ctx: RoleContext,
  message: MessageOf<'OpenVolume'>,
  from: From,
): boolean {
  const { block, marks } = group;
  const refused = failureOf(group) ?? checkWriter(block, message, 'open');
  if (refused || block.openToken === message.token) {
    if (refused) traceRefused(group, ctx, from, refused);
    sendOpenAck(group, ctx, from, refused);
    return false;
  }
  marks.knownVdl = Math.max(marks.knownVdl, message.vdl) as Lsn; // WAL-57
  marks.groupTail = Math.max(marks.groupTail, block.maxNwl) as Lsn;
  const next: Superblock = { ...withMarks(group), openToken: message.token, mode: 'normal' };
  writeSuper(state, group, ctx, next, { isControl: true });
  return true;
}

function finishOpen(group: Group, ctx: RoleContext): void {
  const { openToken } = group.block;
  setGroupTail(group.holes, group.marks.groupTail);
  leaveRecovery(group.holes, openToken);
  group.reportTo = null;
  const end = group.marks.groupTail + 1; // what lay above it is annulled: WAL-39 waits for nothing there
  group.damaged = group.damaged.map(({ ordinal, range: [first, last] }) => ({
    ordinal,
    range: [first, Math.min(last, end)],
  }));
  trace(ctx, { kind: 'volume.open', group: group.id, token: openToken });
  traceMarks(group, ctx);
}

export function sendOpenAck(group: Group, ctx: RoleContext, to: From, refused: Refusal | null): void {
  send(ctx, to, { kind: 'OpenAck', group: group.id, token: group.block.maxToken, scl: group.scl, refused });
}

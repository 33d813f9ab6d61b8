// Tokens and recovery at a replica: InstallToken (R1), RecoveryRead (R2), InstallHistory (R5), OpenVolume (R7)
// (wal.md §9, failover.md §1). Each is a control operation: it answers at once, or when its superblock is durable.

import type { Lsn, NodeId, Term } from '../../../base/ids.ts';
import { send, trace } from '../../kernel/context.ts';
import type { Refusal } from '../../kernel/fields.ts';
import { has } from '../../kernel/mutants.ts';
import { nclOf, nwlOf } from '../holes/hole-list.ts';
import { setGroupTail, setHoleToken } from '../holes/hole-manager.ts';
import { leaveRecovery, recoverHoles } from '../holes/hole-recovery.ts';
import { advanceScl, traceWatermarks } from './advance.ts';
import { dropFromBlocks } from './compaction.ts';
import { failureOf, traceRefused } from './condition.ts';
import { checkWriter, refusal } from './epochs.ts';
import type { SuperblockChange } from './group-state.ts';
import type { ControlHandlers, StoreContext } from './hooks.ts';
import { lastAtOrBelow, recordsIn, removeRecords } from './log.ts';
import { takeMembers } from './membership.ts';
import { isDamaged, recoveryScl, sendReport } from './report.ts';
import type { ControlOp, Group, StoreState } from './state.ts';
import { withWatermarks, writeSuper } from './super-write.ts';
import type { Superblock } from './superblock.ts';

export const recoveryOps: ControlHandlers<'token' | 'read' | 'history' | 'open'> = {
  token: { start: startToken, finish: finishToken },
  read: { start: answerRead, finish: () => undefined },
  history: { start: startHistory, finish: finishHistory },
  open: { start: startOpen, finish: finishOpen },
};

// InstallToken (R1): raises maxToken and the epochs.

function startToken(state: StoreState, group: Group, ctx: StoreContext, op: ControlOp<'token'>): boolean {
  const { token, descriptor, volume } = op.message;
  const { from } = op;
  const { superblock } = group;
  const { memberEpoch, geoEpoch } = descriptor;
  const refused =
    failureOf(group) ??
    checkWriter(superblock, { token, memberEpoch, geoEpoch }, 'token') ??
    (volume === superblock.volume ? null : refusal('E_BAD_MESSAGE', '', 0));
  if (refused) {
    traceRefused(group, ctx, from, refused);
    answerToken(group, ctx, op, refused);
    return false;
  }
  const own = superblock.descriptor;
  if (token === superblock.maxToken && memberEpoch === own.memberEpoch && geoEpoch === own.geoEpoch) {
    answerToken(group, ctx, op, null);
    return false;
  }
  writeSuper(
    state,
    group,
    ctx,
    { ...withWatermarks(group), maxToken: token, descriptor },
    { isControl: true },
  );
  return true;
}

function finishToken(state: StoreState, group: Group, ctx: StoreContext, op: ControlOp<'token'>): void {
  const { maxToken } = group.superblock;
  takeMembers(state, group, ctx);
  setHoleToken(group.holes, maxToken);
  trace(ctx, { kind: 'token.install', group: group.id, token: maxToken });
  answerToken(group, ctx, op, null);
}

/** To a writer, or to the metadata, which hears with it what the replica holds from now on under no older token (PCS-49). */
function answerToken(
  group: Group,
  ctx: StoreContext,
  { from, message }: ControlOp<'token'>,
  refused: Refusal | null,
): void {
  if (message.kind === 'InstallToken') {
    sendInstallAck(group, ctx, from, refused);
    return;
  }
  const { maxToken, history } = group.superblock;
  send(ctx, from, {
    kind: 'ReplicaFenced',
    group: group.id,
    maxToken,
    tailTerm: history.at(-1)?.term ?? (0 as Term),
    ncl: nclOf(group.holes.list) as Lsn,
    refused: refused ?? (isDamaged(group) ? refusal('NOT_READY', '', 0) : null),
  });
}

function sendInstallAck(group: Group, ctx: StoreContext, to: NodeId, refused: Refusal | null): void {
  const { maxToken, volumeEpoch, descriptor } = group.superblock;
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
  ctx: StoreContext,
  { from: to, message }: ControlOp<'read'>,
): false {
  const { superblock, watermarks, log } = group;
  const answersDamaged = has(state.mutants, 'store.damaged-answers');
  const abstains = isDamaged(group) && !answersDamaged;
  const refused =
    failureOf(group) ??
    checkWriter(superblock, message, 'recovery') ??
    (abstains ? refusal('NOT_READY', '', watermarks.knownVdl) : null); // WAL-39
  if (refused) traceRefused(group, ctx, to, refused);
  const { token } = message;
  const scl = answersDamaged ? group.scl : recoveryScl(group);
  trace(ctx, {
    kind: 'recovery.told',
    group: group.id,
    token,
    scl,
    knownVdl: watermarks.knownVdl,
    error: refused?.code ?? '',
  });
  const { list } = group.holes;
  const from = lastAtOrBelow(log, watermarks.knownVdl)?.record.lsn ?? watermarks.knownVdl + 1;
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
    maxToken: superblock.maxToken,
    volumeEpoch: superblock.volumeEpoch,
    memberEpoch: superblock.descriptor.memberEpoch,
    geoEpoch: superblock.descriptor.geoEpoch,
    scl,
    ncl: nclOf(list) as Lsn,
    nwl: nwlOf(list) as Lsn,
    knownVdl: watermarks.knownVdl,
    groupTail: watermarks.groupTail,
    pgmrpl: watermarks.pgmrpl,
    logFloor: superblock.logFloor,
    history: [...superblock.history],
    records,
    refused,
  });
  return false;
}

// InstallHistory (R5): truncation by term history, durable with volumeEpoch, history and maxNwl (HOLE-43).

function startHistory(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  { from, message }: ControlOp<'history'>,
): boolean {
  const { superblock, holes, log } = group;
  const { token, history, peers } = message;
  let refused = failureOf(group) ?? checkWriter(superblock, message, 'recovery');
  if (!refused) {
    const isTruncating = !has(state.mutants, 'store.no-truncate');
    const links = isTruncating ? log.records.map(({ record }) => record) : [];
    const maxNwl = isTruncating ? message.maxNwl : (Math.max(message.maxNwl, nwlOf(holes.list)) as Lsn);
    const recovered = recoverHoles(holes, { volumeEpoch: token, history, maxNwl, peers }, links);
    refused = recovered.refused;
    if (!recovered.refused && !recovered.repeat) {
      const next: Superblock = {
        ...withWatermarks(group),
        volumeEpoch: token,
        history,
        mode: 'recovery',
        maxNwl,
      };
      writeSuper(state, group, ctx, next, { isControl: true, removed: recovered.removed });
      return true;
    }
  }
  if (refused) traceRefused(group, ctx, from, refused);
  else group.control.reportTo = from;
  sendReport(group, ctx, from, refused);
  return false;
}

function finishHistory(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  { from }: ControlOp<'history'>,
  { removed }: SuperblockChange,
): void {
  const { superblock } = group;
  const gone = new Set<number>(removed);
  if (gone.size > 0) {
    removeRecords(group.log, ({ record }) => gone.has(record.lsn));
    dropFromBlocks(state, group, ctx, gone);
  }
  const last = superblock.history[superblock.history.length - 1];
  trace(ctx, {
    kind: 'recovery.history',
    group: group.id,
    token: superblock.volumeEpoch,
    startLsn: last?.startLsn ?? 0,
    prevEnd: last?.prevEnd ?? -1,
    maxNwl: superblock.maxNwl,
    removed,
  });
  group.watermarks.pgcl = Math.min(group.watermarks.pgcl, superblock.maxNwl) as Lsn;
  advanceScl(group, ctx);
  group.control.reportTo = from;
  sendReport(group, ctx, from, null);
}

// OpenVolume (R7).

function startOpen(
  state: StoreState,
  group: Group,
  ctx: StoreContext,
  { from, message }: ControlOp<'open'>,
): boolean {
  const { superblock, watermarks } = group;
  const refused = failureOf(group) ?? checkWriter(superblock, message, 'open');
  if (refused || superblock.openToken === message.token) {
    if (refused) traceRefused(group, ctx, from, refused);
    sendOpenAck(group, ctx, from, refused);
    return false;
  }
  watermarks.knownVdl = Math.max(watermarks.knownVdl, message.vdl) as Lsn; // WAL-57
  watermarks.groupTail = Math.max(watermarks.groupTail, superblock.maxNwl) as Lsn;
  const next: Superblock = { ...withWatermarks(group), openToken: message.token, mode: 'normal' };
  writeSuper(state, group, ctx, next, { isControl: true });
  return true;
}

function finishOpen(_: StoreState, group: Group, ctx: StoreContext, { from }: ControlOp<'open'>): void {
  const { openToken } = group.superblock;
  setGroupTail(group.holes, group.watermarks.groupTail);
  leaveRecovery(group.holes, openToken);
  group.control.reportTo = null;
  const end = group.watermarks.groupTail + 1; // what lay above it is annulled: WAL-39 waits for nothing there
  group.repair.damaged = group.repair.damaged.map(({ ordinal, range: [first, to] }) => ({
    ordinal,
    range: [first, Math.min(to, end)],
  }));
  trace(ctx, { kind: 'volume.open', group: group.id, token: openToken });
  traceWatermarks(group, ctx);
  sendOpenAck(group, ctx, from, null);
}

export function sendOpenAck(group: Group, ctx: StoreContext, to: NodeId, refused: Refusal | null): void {
  send(ctx, to, {
    kind: 'OpenAck',
    group: group.id,
    token: group.superblock.maxToken,
    scl: group.scl,
    refused,
  });
}

// What replication takes: messages of the writer, of peers and of a volume's creation, completions of its disk writes and
// reads, its timers. One table for each, by kind; store-tables.ts merges them with those of the other concerns.

import type { NodeId } from '../../../base/ids.ts';
import { send } from '../../kernel/context.ts';
import type { MessageOf } from '../../kernel/messages.ts';
import { continueRun, onBackgroundTimer, onBasesRead, onVersionsDone } from './background.ts';
import { onCompactionDone } from './compaction.ts';
import { onSuperDone, probeDisk, pumpControl, queueControl } from './control.ts';
import { onCreated, onCreateReplica, onCreationIs, onGenesisDone } from './create.ts';
import { deleteNext, onDeleted } from './deletion.ts';
import type { Concern, StoreContext } from './hooks.ts';
import { onAppendDone, onHeartbeat, onWriteBatch } from './ingest.ts';
import { membershipOps } from './membership.ts';
import { onReadPage, onVersionRead } from './pages.ts';
import { recoveryOps } from './recovery.ts';
import { driveHoles, onGapReply, onGapReq, onHoleTimer, onStatusReply, onStatusReq } from './repair.ts';
import type { Group } from './state.ts';

export const replica = {
  messages: {
    CreateReplica(state, ctx, from, message) {
      // where groups are made one by one the metadata is asked of each (PCS-120)
      const isOver = state.creationsOf === null && state.isVolumeCreated;
      if (!isOver) onCreateReplica(state, ctx, from, message);
    },
    CreationIs: (state, ctx, _, message) => onCreationIs(state, ctx, message),
  },
  groupMessages: {
    InstallToken(state, group, ctx, from, message) {
      queueControl(state, group, ctx, { kind: 'token', from, traceId: ctx.traceId, message });
    },
    FenceReplica(state, group, ctx, from, message) {
      queueControl(state, group, ctx, { kind: 'token', from, traceId: ctx.traceId, message });
    },
    RecoveryRead(state, group, ctx, from, message) {
      queueControl(state, group, ctx, { kind: 'read', from, traceId: ctx.traceId, message });
    },
    InstallHistory(state, group, ctx, from, message) {
      queueControl(state, group, ctx, { kind: 'history', from, traceId: ctx.traceId, message });
    },
    OpenVolume(state, group, ctx, from, message) {
      queueControl(state, group, ctx, { kind: 'open', from, traceId: ctx.traceId, message });
    },
    WriteBatch(state, group, ctx, from, message) {
      onWriteBatch(state, group, ctx, from, message);
      driveHoles(group, ctx);
    },
    Heartbeat(state, group, ctx, from, message) {
      onHeartbeat(state, group, ctx, from, message);
      driveHoles(group, ctx);
    },
    ReadPage: onReadPage,
    PageFetch: onReadPage,
    Confirm: (_, group, ctx, from, message) => onConfirm(group, ctx, from, message),
    GapReq: onGapReq,
    GapReply(state, group, ctx, from, message) {
      onGapReply(state, group, ctx, from, message);
      ctx.hooks.settle(state, group, ctx);
    },
    StatusReq: (_, group, ctx, from, message) => onStatusReq(group, ctx, from, message),
    StatusReply(_, group, ctx, from, message) {
      onStatusReply(group, from, message, ctx.now);
      driveHoles(group, ctx);
    },
  },
  writes: {
    genesis(state, ctx, write, { error }) {
      const creation = state.creations.get(write.group);
      if (creation) onGenesisDone(state, ctx, creation, error);
    },
    created(state, ctx, write, { error }) {
      const creation = state.creations.get(write.group);
      const created = creation && onCreated(state, ctx, creation, error);
      if (created) ctx.hooks.begin(state, created, ctx);
    },
    dropped: (state, ctx, write, { error }) => onDeleted(state, ctx, write.group, error),
    rolledBack: (state, ctx, write, { error }) => onDeleted(state, ctx, write.group, error),
    invalidate: () => undefined,
    delete: () => undefined,
  },
  groupWrites: {
    append: (state, group, ctx, _, { id, error }) => onAppendDone(state, group, ctx, id, error),
    super(state, group, ctx, _, { error }) {
      if (!onSuperDone(state, group, ctx, error)) return;
      pumpControl(state, group, ctx);
      continueRun(state, group, ctx);
    },
    versions: (state, group, ctx, { built }, { error }) => onVersionsDone(state, group, ctx, built, error),
    compaction: (state, group, ctx, _, { error }) => onCompactionDone(state, group, ctx, error),
  },
  reads: {
    page: (state, group, ctx, { request, base }, { values, error }) =>
      onVersionRead(state, group, ctx, request, base, values[0] ?? null, error),
    bases: (state, group, ctx, { builds }, { values, error }) =>
      onBasesRead(state, group, ctx, builds, values, error),
  },
  timers: { deletion: deleteNext },
  groupTimers: {
    holes: onHoleTimer,
    background: onBackgroundTimer,
    resume: probeDisk,
  },
  control: { ...recoveryOps, ...membershipOps },
} satisfies Concern;

/** FENCE-13: ok iff token ≥ maxToken, by members that are not older than those known here. */
function onConfirm(
  group: Group,
  ctx: StoreContext,
  from: NodeId,
  { token, memberEpoch, round }: MessageOf<'Confirm'>,
): void {
  const { maxToken, descriptor } = group.superblock;
  const ok = group.failure === '' && token >= maxToken && memberEpoch >= descriptor.memberEpoch;
  send(ctx, from, { kind: 'ConfirmReply', group: group.id, token, ok, maxToken, round });
}

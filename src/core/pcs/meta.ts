// The metadata role (docs/spec/pcs.md §2 to §4, failover.md §1): tokens, the writer, the map, who is up. Every change is an entry of a Raft
// log: committed, then applied, then answered, by the member that leads. What anybody receives of it is committed state.
// Limits: metaPending entries proposed and not applied (meta-propose.ts), MAX_WATCHERS drivers.

import { assert } from '../../base/assert.ts';
import type { NodeId } from '../../base/ids.ts';
import {
  compactLog,
  drive,
  isJournalWrite,
  type LogResult,
  onJournal,
  onLogTimer,
  startAmnesiac,
  startNew,
  startStored,
} from '../consensus/node-log.ts';
import { isReady } from '../consensus/raft-state.ts';
import { type RoleContext, trace } from '../kernel/context.ts';
import type { Input } from '../kernel/door.ts';
import { reach } from '../kernel/limits.ts';
import type { Message } from '../kernel/messages.ts';
import { applyEntry } from './meta-apply.ts';
import { type MetaContent, openContent, sealContent } from './meta-content.ts';
import { onOperator, onRestoreTimer } from './meta-drive.ts';
import { onMessage } from './meta-messages.ts';
import { sendOn, takeReads } from './meta-queries.ts';
import { type MetaState, makeMemory } from './meta-state.ts';
import { traceDescriptor } from './meta-trace.ts';
import { isLeading, isReplicated, memberOf, metaPort } from './pcs-raft.ts';
import { traceFacts, traceOpened } from './raft-trace.ts';
import { orderPins } from './restore-pins.ts';
import { traceStanding } from './restore-standing.ts';
import { RESTORE_TIMER } from './restore-state.ts';

export function startMeta(state: MetaState, ctx: RoleContext): void {
  const { journal, log, pcs } = state;
  const port = metaPort(pcs, ctx);
  state.journal = null;
  if (state.isCorrupt || journal === null || journal.kind === 'damaged') {
    trace(ctx, { kind: 'disk.error', error: 'META_CORRUPT' });
    if (isReplicated(state)) settle(state, ctx, startAmnesiac(log, port, 'damaged'));
    return;
  }
  if (journal.kind === 'new')
    startNew(
      log,
      port,
      pcs.map((node) => memberOf(pcs, node)),
    );
  else {
    const result = startStored(log, port, journal, null);
    traceOpened(state, ctx);
    settle(state, ctx, result);
  }
}

export function stepMeta(state: MetaState, input: Input<Message>, ctx: RoleContext): void {
  if (state.isCorrupt) return;
  const port = metaPort(state.pcs, ctx);
  switch (input.kind) {
    case 'wake':
      if (input.timer === RESTORE_TIMER) {
        if (isLeading(state)) onRestoreTimer(state, ctx);
      } else {
        const result = onLogTimer(state.log, port, input.timer);
        if (result) settle(state, ctx, result);
      }
      break;
    case 'diskDone':
      if (!isJournalWrite(state.log, input.id)) break;
      settle(state, ctx, onJournal(state.log, port, input.id, input.error));
      break;
    case 'message':
      if (input.message.kind === 'Raft')
        settle(state, ctx, drive(state.log, port, { kind: 'message', message: input.message.message }));
      else onRequest(state, ctx, input.from, input.message);
      break;
    case 'agentCommand':
      if (isLeading(state)) onOperator(state, ctx, input.command);
      break;
    default:
  }
}

/** PCS-7: who leads and has applied all that was committed before its term serves; others say who does. */
function onRequest(state: MetaState, ctx: RoleContext, from: NodeId, message: Message): void {
  if (isLeading(state)) onMessage(state, ctx, from, message);
  else sendOn(state, ctx, from, message);
}

/** What the log handed out: entries are applied, questions answered, and a leadership that began or ended is followed. */
export function settle(state: MetaState, ctx: RoleContext, result: LogResult): void {
  traceFacts(state, ctx, result);
  if (result.restore !== null) state.content = restored(result.restore.bytes);
  for (const entry of result.committed) applyEntry(state, ctx, entry);
  followLeadership(state, ctx);
  takeReads(state, ctx, result);
  if (result.committed.length > 0) takeSnapshot(state, ctx);
}

function restored(bytes: Uint8Array): MetaContent {
  const opened = openContent(bytes);
  assert(opened.ok, 'a snapshot of the metadata whose checksum holds');
  return opened.value;
}

function followLeadership(state: MetaState, ctx: RoleContext): void {
  const { raft } = state.log;
  const term = raft !== null && isReady(raft) && raft.applied >= raft.commit ? raft.term : 0;
  const isStill = raft?.leadership != null && raft.term === state.leads;
  if (isStill || (term === 0 && state.leads === 0)) return;
  state.leads = term;
  // of leaderships that follow each other each has a greater number; one that is alone may lead twice in a term (PCS-102)
  const epoch = isReplicated(state) ? term : state.bootEpoch;
  Object.assign(state, makeMemory(state.config, epoch));
  if (term !== 0) lead(state, ctx);
}

/** A leadership begins. What was committed last may not have been told by who led before. */
function lead(state: MetaState, ctx: RoleContext): void {
  for (const descriptor of state.content.volumes.flatMap(({ groups }) => groups))
    if (descriptor.memberEpoch > 1) traceDescriptor(ctx, descriptor, 'reopened');
  traceStanding(state.content, ctx);
  orderPins(state.restores, state.content, ctx);
}

/** The journal is kept short: at every metaSnapshotEntries entries the state goes into it. */
function takeSnapshot(state: MetaState, ctx: RoleContext): void {
  const { log, content, limits } = state;
  if (content.applied - log.checkpointIndex < limits.metaSnapshotEntries || log.checkpointing !== null)
    return;
  reach(ctx, limits, 'metaSnapshotEntries');
  const result = compactLog(log, metaPort(state.pcs, ctx), content.applied, sealContent(content));
  traceFacts(state, ctx, result);
}

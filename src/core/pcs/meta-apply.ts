// A committed entry of the metadata's log (docs/spec/pcs.md PCS-32): every member applies it; the member that proposed it, and leads
// still, traces it, answers it, and does what follows from it (WAL-62).

import { assert } from '../../base/assert.ts';
import { makeWriter, takeBytes, writeUint } from '../../base/bytes.ts';
import { crc32c } from '../../base/crc32c.ts';
import type { Entry } from '../consensus/raft-types.ts';
import { forTrace, type RoleContext, send, trace } from '../kernel/context.ts';
import { has } from '../kernel/mutants.ts';
import { applyMeta, type MetaResult } from './apply-meta.ts';
import { announceArchiver } from './archivers.ts';
import { pushConfig } from './config-driver.ts';
import { followSwitch } from './failover-driver.ts';
import { hasChanged, receiversOf } from './joined-nodes.ts';
import { followMap } from './map-driver.ts';
import { decodeOperation, type MetaContent, type MetaOperation } from './meta-content.ts';
import { driveMove } from './meta-drive.ts';
import { answerOrder } from './meta-orders.ts';
import { groupChanged, routeOf } from './meta-route.ts';
import type { MetaState } from './meta-state.ts';
import { traceResult } from './meta-trace.ts';
import { announceStep } from './move-driver.ts';
import { followNodes } from './nodes-driver.ts';
import { isLeading, isReplicated } from './pcs-raft.ts';
import { clientOf, resultOf } from './requests.ts';
import { followOrder } from './restore-follow.ts';
import { followSchema } from './schema-driver.ts';
import { followSplit } from './split-driver.ts';
import { mapVersionOf, placeOf, volumeNamed, volumeOfGroup } from './volumes.ts';

export function applyEntry(state: MetaState, ctx: RoleContext, entry: Entry): void {
  const { content } = state;
  content.applied = entry.index;
  if (entry.kind === 'data') applyData(state, ctx, entry.term, entry.data);
  else if (entry.kind === 'config') content.config = entry.config;
  if (isReplicated(state)) trace(ctx, { kind: 'pcs.apply', index: entry.index, sum: content.sum });
}

function applyData(state: MetaState, ctx: RoleContext, term: number, data: Uint8Array): void {
  const { content } = state;
  const decoded = decodeOperation(data);
  assert(decoded.ok, 'an entry of the metadata whose checksum holds');
  const operation = decoded.value;
  const before = new Map(content.volumes.map(({ name, mapVersion }) => [name, mapVersion]));
  const isSkipped = skips(state) && operation.kind === 'setWriter' && !isLeading(state);
  const result: MetaResult = isSkipped
    ? { kind: 'STALE_TERM' }
    : applyMeta(content, operation, state.config.mutants);
  content.sum = nextSum(content, data, result);
  if (operation.kind === 'moveToHa' && result.kind === 'groupSet')
    trace(ctx, { kind: 'ha.applied', volume: operation.volume, node: operation.node });
  if (!isLeading(state) || state.leads !== term) return;
  const index = content.applied;
  const traceId = state.pending.find((one) => one.index === index)?.traceId ?? 0;
  state.pending = state.pending.filter((one) => one.index > index);
  follow(state, forTrace(ctx, traceId), operation, result, before);
}

const skips = ({ config }: MetaState): boolean => has(config.mutants, 'pcs.follower-skips');

/** Of equal histories equal: each member computes it for itself (monitor pcs.model). A result that gets a name of another length moves it. */
function nextSum(content: MetaContent, data: Uint8Array, { kind }: MetaResult): number {
  const w = makeWriter(32);
  writeUint(w, content.sum);
  writeUint(w, crc32c(data));
  writeUint(w, mapVersionOf(content));
  writeUint(w, kind.length);
  writeUint(w, content.requests.length);
  writeUint(w, content.members.length + (content.change === null ? 0 : 64));
  if (content.configuration.version > 0) writeUint(w, content.configuration.version);
  if (hasChanged(content)) writeUint(w, content.joined.length + 256 * content.removed.length);
  for (const { token, state } of content.volumes) {
    writeUint(w, token);
    writeUint(w, state.length);
  }
  return crc32c(takeBytes(w));
}

function follow(
  state: MetaState,
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
  before: ReadonlyMap<string, number>,
): void {
  const { content } = state;
  traceResult(state, ctx, operation, result);
  answer(state, ctx, operation);
  answerOrder(state, ctx, operation, outcomeOf(content, operation).code);
  for (const [name, watching] of state.watchers) {
    if (volumeNamed(content, name)?.mapVersion === before.get(name)) continue;
    for (const driver of watching) send(ctx, driver, routeOf(content, state.config.cluster, name));
  }
  followMembers(state, ctx, result);
  followSwitch(state, ctx, operation, result);
  followNodes(state, ctx, operation, result);
  followSchema(state, ctx, operation, result);
  followSplit(state, ctx, result);
  followMap(state, ctx, operation, result);
  if (result.kind === 'configSet') pushConfig(state, ctx, result.setting);
  followOrder(state, ctx, operation, result);
  if (result.kind === 'archiverNamed')
    announceArchiver(state.archivers, volumeOfGroup(content, result.archiver.group), ctx, result);
}

/** WAL-62: a committed step goes to every replica it concerns and to the writer; then the change goes on. */
function followMembers(state: MetaState, ctx: RoleContext, result: MetaResult): void {
  if (result.kind !== 'moveBegun' && result.kind !== 'memberStep' && result.kind !== 'moveDone') return;
  const { content } = state;
  const { group } = result.move;
  const place = placeOf(content, group);
  if (place && result.kind !== 'moveDone') {
    const { volume, descriptor } = place;
    announceStep(ctx, volume.name, result.move, descriptor);
    for (const writer of volume.writers) send(ctx, writer, groupChanged(content, volume, descriptor));
  }
  driveMove(state, ctx, group);
}

/** As the dedup table has it, so that who asks again is answered the same. */
const outcomeOf = (content: MetaContent, operation: MetaOperation) =>
  resultOf(content, clientOf(operation), operation) ?? { code: 'LATE', value: 0 };

function answer({ content, config }: MetaState, ctx: RoleContext, operation: MetaOperation): void {
  if (operation.kind !== 'setWriter' && operation.kind !== 'grantToken') return;
  const { from, boot, reqId } = operation;
  const { code, value } = outcomeOf(content, operation);
  if (operation.kind === 'setWriter') {
    const { volume, term } = operation;
    send(ctx, from, { kind: 'WriterSet', reqId, boot, volume, term, error: code === '' ? '' : 'STALE_TERM' });
    return;
  }
  const volume = volumeNamed(content, operation.volume);
  if (!volume || code === 'NOT_CHOSEN') return;
  const { name, created, groups } = volume;
  send(ctx, from, {
    kind: 'TokenGranted',
    reqId,
    boot,
    volume: name,
    token: code === 'LATE' ? volume.token : (value as typeof volume.token),
    created,
    groups: [...groups],
    error: code === '' ? '' : 'TOKEN_RACE',
    receivers: receiversOf(content, name, config.cluster),
  });
}

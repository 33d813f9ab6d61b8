// Definitions of tables as the leader of the metadata takes them to every compute node (docs/spec/pcs.md PCS-83 to PCS-87): one step
// at a time, and the next only when each node is at this one, or has had no answer for so long that it serves nobody any more.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import { schemaLeaseUs } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import { has } from '../kernel/mutants.ts';
import type { MetaResult } from './apply-meta.ts';
import { recordLoads } from './group-figures.ts';
import type { SchemaHeard } from './map-state.ts';
import type { MetaOperation } from './meta-content.ts';
import { propose, proposeOwn } from './meta-propose.ts';
import type { MetaState } from './meta-state.ts';
import { isSameRequest, resultOf } from './requests.ts';
import { followDrop } from './restore-driver.ts';
import { hostsOf } from './sharding.ts';

/** Once in a heartbeat's time. */
export function tickSchema(state: MetaState, ctx: RoleContext): void {
  state.schema.ticks++;
  driveSchema(state, ctx);
}

const computeNodes = ({ content, config: { cluster } }: MetaState): NodeId[] =>
  hostsOf(content, cluster).map(({ id }) => id);

/** What a compute node has; false: it is yet to join, so it is not waited for, and is not to serve. */
export function recordReport(state: MetaState, from: NodeId, report: MessageOf<'SchemaReport'>): boolean {
  const { boot, version } = report;
  const { sharding } = state.content;
  if (!sharding || !computeNodes(state).includes(from)) return false;
  const known = state.schema.nodes.get(from) ?? NEVER;
  const at = known.boot === boot ? known.at : 0;
  state.schema.nodes.set(from, { boot, version, at, answeredAt: known.answeredAt });
  recordLoads(state, from, report);
  return true;
}
const NEVER: SchemaHeard = { boot: 0, version: 0, at: 0, answeredAt: 0 };

/** PCS-112: the answer is a lease, so only a leader gives it that a quorum has confirmed since the report came (PCS-20). */
export function answerReport(
  state: MetaState,
  ctx: RoleContext,
  to: NodeId,
  { boot, version, at }: MessageOf<'SchemaReport'>,
): void {
  const known = state.schema.nodes.get(to);
  if (!known || known.boot !== boot) return;
  known.at = Math.max(known.at, at);
  known.answeredAt = state.schema.ticks;
  sendSchema(state, ctx, to, { boot, version, at });
}

function sendSchema(
  { content }: MetaState,
  ctx: RoleContext,
  to: NodeId,
  { boot, version: known, at }: Pick<SchemaHeard, 'boot' | 'version' | 'at'>,
): void {
  if (!content.sharding) return;
  const { schemaVersion: version, tables } = content.sharding;
  send(ctx, to, { kind: 'SchemaIs', boot, version, at, tables: known === version ? null : [...tables] });
}

/** A step that is committed goes to every node at once; its lease stays what its last report made it. */
export function pushSchema(state: MetaState, ctx: RoleContext): void {
  for (const node of computeNodes(state)) {
    const known = state.schema.nodes.get(node);
    if (known) sendSchema(state, ctx, node, known);
  }
}

export function driveSchema(state: MetaState, ctx: RoleContext): void {
  const open = state.content.sharding?.open ?? null;
  const table = state.content.sharding?.tables.find(({ id }) => id === open?.table);
  if (!table || state.pending.some(({ operation }) => operation.kind === 'activateTable')) return;
  const isHasty = has(state.config.mutants, 'pcs.steps-without-acks');
  if (!isHasty && !computeNodes(state).every((node) => hasStep(state, node, table.version))) return;
  proposeOwn(state, ctx, { kind: 'activateTable', version: table.version });
}

/**
 * PCS-87. What a leader before this one answered was reported before this one was elected, whenever the answer comes (PCS-112). Counted
 * in timers, which a clock that is set forward cannot hurry: one that was armed before the answer, and one for each time that it was set.
 */
function hasStep({ schema, beatUs, config }: MetaState, node: NodeId, version: number): boolean {
  const known = schema.nodes.get(node) ?? NEVER;
  if (known.version >= version) return true;
  const lease = Math.ceil(schemaLeaseUs(config.params.nodeHeartbeatMs) / beatUs);
  return schema.ticks - known.answeredAt >= lease + SPARE_TICKS;
}
const SPARE_TICKS = 2;

export function onDefineTable(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  { boot, reqId, what, name, definition, bounds }: MessageOf<'DefineTable'>,
): void {
  const { sharding } = state.content;
  const id = { from, boot, reqId };
  if (!sharding || state.pending.some(({ operation }) => isSameRequest(operation, id))) return;
  const answer = resultOf(state.content, from, id);
  if (answer === null) propose(state, ctx, { kind: 'prepareTable', ...id, what, name, definition, bounds });
  else if (answer.code !== 'LATE' && !(sharding.open && isSameRequest(sharding.open, id)))
    send(ctx, from, { kind: 'TableDefined', boot, reqId, code: answer.code });
}

export function followSchema(
  state: MetaState,
  ctx: RoleContext,
  operation: MetaOperation,
  result: MetaResult,
): void {
  if (operation.kind === 'prepareTable' && result.kind === 'tableRefused') {
    const { from, boot, reqId } = operation;
    send(ctx, from, { kind: 'TableDefined', boot, reqId, code: result.code });
  }
  if (result.kind !== 'tableStep') return;
  const { asked, dropped } = result;
  if (asked) {
    const { from, boot, reqId } = asked;
    send(ctx, from as NodeId, { kind: 'TableDefined', boot, reqId, code: '' });
  } else pushSchema(state, ctx);
  for (const volume of dropped) followDrop(ctx, volume);
  driveSchema(state, ctx);
}

// Definitions of tables as the leader of the metadata takes them to every compute node (docs/spec/pcs.md PCS-83 to PCS-87): one step
// at a time, and the next only when each node is at this one, or has had no answer for so long that it serves nobody any more.

import type { NodeId } from '../../base/ids.ts';
import { type RoleContext, send } from '../kernel/context.ts';
import { schemaLeaseUs } from '../kernel/limits.ts';
import type { MessageOf } from '../kernel/messages.ts';
import type { MetaResult } from './apply-meta.ts';
import { recordLoads } from './group-figures.ts';
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

export function onSchemaReport(
  state: MetaState,
  ctx: RoleContext,
  from: NodeId,
  report: MessageOf<'SchemaReport'>,
): void {
  const { version, at } = report;
  const { sharding } = state.content;
  // one that is yet to join is not waited for, and so is not to serve
  if (!sharding || !computeNodes(state).includes(from)) return;
  state.schema.nodes.set(from, { boot: report.boot, version, at, answeredAt: state.schema.ticks });
  recordLoads(state, from, report);
  sendSchema(state, ctx, from, version, at);
  driveSchema(state, ctx);
}

function sendSchema(state: MetaState, ctx: RoleContext, to: NodeId, known: number, at: number): void {
  const { sharding } = state.content;
  if (!sharding) return;
  const { schemaVersion: version, tables } = sharding;
  send(ctx, to, { kind: 'SchemaIs', version, at, tables: known === version ? null : [...tables] });
}

/** A step that is committed goes to every node at once; its lease stays what its last report made it. */
export function pushSchema(state: MetaState, ctx: RoleContext): void {
  for (const node of computeNodes(state)) {
    const known = state.schema.nodes.get(node);
    if (known) sendSchema(state, ctx, node, known.version, known.at);
  }
}

/** Named deviation (M45): the next step does not wait for nodes that are slow. */
export function driveSchema(state: MetaState, ctx: RoleContext): void {
  const open = state.content.sharding?.open ?? null;
  const table = state.content.sharding?.tables.find(({ id }) => id === open?.table);
  if (!table || state.pending.some(({ operation }) => operation.kind === 'activateTable')) return;
  const isHasty = state.config.broken.includes('pcs.steps-without-acks');
  if (!isHasty && !computeNodes(state).every((node) => hasStep(state, node, table.version))) return;
  proposeOwn(state, ctx, { kind: 'activateTable', version: table.version });
}

/**
 * PCS-87. A leader before this one may have answered the node until it stepped down (PCS-14). Counted in timers, which a clock that is
 * set forward cannot hurry: one that was armed before the answer, and one for each time that it was set.
 */
function hasStep({ schema, beatUs, config }: MetaState, node: NodeId, version: number): boolean {
  const known = schema.nodes.get(node);
  if (known && known.version >= version) return true;
  const { electionMaxMs, nodeHeartbeatMs } = config.params;
  const before = Math.ceil((electionMaxMs * 1000) / beatUs);
  const lease = Math.ceil(schemaLeaseUs(nodeHeartbeatMs) / beatUs);
  return schema.ticks - Math.max(known?.answeredAt ?? 0, before) >= lease + SPARE_TICKS;
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

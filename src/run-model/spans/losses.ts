// What a loss ends of the spans that are being collected: of power at a node, of a message in the network.

import type { NodeId } from '../../base/ids.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import type { LoggedMessage } from '../../sim/message-log.ts';
import { addEvent, type Draft, endDraft } from './draft.ts';
import type { SpanValue } from './span.ts';
import type { OnWay } from './span-book.ts';

/** `disks`: requests on their way, by node and number. */
export function loseNode(
  drafts: readonly Draft[],
  disks: readonly Map<string, unknown>[],
  node: NodeId,
  at: number,
): void {
  for (const draft of drafts) {
    if (draft.node !== node || draft.end !== null || draft.fate !== null) continue;
    if (draft.kind === 'call' && draft.receivedAt === null) continue;
    addEvent(draft, { at, node, name: 'node.down', fields: {} });
    endDraft(draft, at, draft.kind === 'call' ? 'down' : 'lost');
  }
  for (const map of disks) for (const key of [...map.keys()]) if (key.startsWith(`${node}/`)) map.delete(key);
}

export function loseMessages(onWay: ReadonlyMap<string, OnWay>, logged: readonly LoggedMessage[]): void {
  for (const { flight, at, isLost } of logged) {
    if (!isLost || flight.copy !== 0) continue;
    const way = onWay.get(`${flight.from}.${flight.sequence}`);
    if (way === undefined) continue;
    const { call, isAnswer } = way;
    if (isAnswer) addEvent(call, { at, node: call.node, name: 'answer.lost', fields: {} });
    else {
      call.attributes.lostAt = at;
      endDraft(call, at, 'lost');
    }
  }
}

/** An event of the work, with its fields as attributes. */
export function noteEvent(draft: Draft, at: number, node: NodeId, { kind, ...fields }: TraceEvent): void {
  const shown: Record<string, SpanValue> = {};
  for (const [name, value] of Object.entries(fields))
    shown[name] = Array.isArray(value) ? value.join(' ') : (value as SpanValue);
  addEvent(draft, { at, node, name: kind, fields: shown });
}

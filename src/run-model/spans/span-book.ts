// The spans of a trace that is being collected, and what of them is on its way: messages by sender and sequence, disk requests by
// node and number. collect-spans.ts decides what belongs to which.

import type { NodeId } from '../../base/ids.ts';
import type { MessageFamily, MessageLabel } from '../../core/kernel/message-label.ts';
import type { NotedAct, StepNote } from '../../sim/step-notes.ts';
import type { TraceCodec } from '../../sim/trace-codec.ts';
import { type Draft, type DraftParts, makeDraft, type Statement } from './draft.ts';
import type { FoundStatement } from './find-statement.ts';
import { isRequest } from './noted-message.ts';
import { type SpanValue, spanIdOf } from './span.ts';

/** Spans kept of a trace: a statement that ran for long has more, and the trace says how many. */
const SPAN_LIMIT = 4_000;

/** Messages of these families are answered. */
export const answeredFamilies: readonly MessageFamily[] = [
  'sqlRequest',
  'wal',
  'holeRequest',
  'pageRead',
  'fence',
];

export interface CollectorOptions {
  readonly found: FoundStatement;
  /** A client's operation of one statement or several, which has a span above them. */
  readonly isOperation: boolean;
  readonly labelOf: (message: unknown) => MessageLabel;
  /** Undefined: no node of this cluster. */
  readonly indexOf: (node: NodeId) => number | undefined;
  readonly rankOf: TraceCodec['traceRank'];
}

/** A message that is followed: of a call, or the answer to one. */
export interface OnWay {
  readonly call: Draft;
  readonly isAnswer: boolean;
}

/** A disk write of another trace or of none. */
export interface OtherWrite {
  readonly id: string;
  readonly at: number;
  readonly traceId: number;
  readonly attributes: Readonly<Record<string, SpanValue>>;
}

export type SendAct = Extract<NotedAct, { kind: 'send' }>;

export interface SentMessage {
  readonly key: string;
  readonly place: number;
  readonly act: SendAct;
}

export interface SpanBook {
  readonly drafts: readonly Draft[];
  readonly operation: Draft | null;
  /** By trace id. */
  readonly statements: ReadonlyMap<number, Statement>;
  readonly onWay: Map<string, OnWay>;
  readonly disks: Map<string, Draft>;
  /** Writes on their way that are nobody's here: a peer's fill may bring a record that a replica was not sent. */
  readonly writes: Map<string, OtherWrite>;
  /** Spans beyond the limit. */
  left(): number;
  keyOf(from: NodeId, sequence: number): string;
  /** A statement begins with the first attempt that is sent; one of the console when it was asked. */
  beginStatement(note: StepNote, act: SendAct): void;
  beginCall(note: StepNote, sent: SentMessage, parent: Draft, of: Statement): void;
  beginDisk(
    node: NodeId,
    name: string,
    request: Pick<OtherWrite, 'id' | 'at' | 'traceId'>,
    parent: Draft,
    statement: Statement | null,
  ): Draft;
  /** The work of a node for a statement that the input does not name. */
  workAt(traceId: number, node: NodeId): Draft | null;
  statementOf(draft: Draft): Statement | undefined;
}

export function makeSpanBook({ found, isOperation, labelOf, indexOf }: CollectorOptions): SpanBook {
  const drafts: Draft[] = [];
  let left = 0;
  const statements = new Map<number, Statement>();
  const onWay = new Map<string, OnWay>();
  const disks = new Map<string, Draft>();
  const writes = new Map<string, OtherWrite>();

  const add = (parts: DraftParts): Draft => {
    const draft = makeDraft(parts);
    if (drafts.length >= SPAN_LIMIT) left++;
    else drafts.push(draft);
    for (let above = draft.parent; above !== null; above = above.parent) above.openBelow++;
    return draft;
  };

  const { driver, life, ordinal, name, startedAt } = found;
  const operation = isOperation
    ? add({
        id: spanIdOf(driver, life, ordinal, -1),
        parent: null,
        kind: 'operation',
        name,
        node: driver,
        from: null,
        start: startedAt,
        traceId: 0,
        statement: null,
        isDue: true,
      })
    : null;

  const forget = (): void => {
    drafts.length = 0;
    left = 0;
    for (const map of [statements, onWay, disks, writes]) map.clear();
  };

  const keyOf = (from: NodeId, sequence: number): string => `${indexOf(from) ?? ''}.${sequence}`;

  const beginStatement = (note: StepNote, act: SendAct): void => {
    const { message, traceId } = act;
    if (!found.traceIds.includes(traceId) || statements.has(traceId) || !isRequest(message)) return;
    // The finder takes a console's newest request: those before were what it waited for in its session.
    if (operation === null && statements.size > 0) forget();
    const root = add({
      id: spanIdOf(note.node, note.life, note.ordinal, -2 - statements.size),
      parent: operation,
      kind: 'statement',
      name: 'statement',
      node: note.node,
      from: null,
      start: isOperation ? note.at : startedAt,
      traceId,
      statement: null,
      isDue: true,
    });
    root.attributes.session = message.session;
    // One that the writer knows goes by its number (FENCE-55).
    const texts = message.statements.map((one) => one.text);
    const text = texts.join('; ');
    if (!texts.includes('')) root.attributes['db.statement'] = text;
    const made: Statement = {
      traceId,
      root,
      session: message.session,
      latest: new Map(),
      records: new Map(),
      writer: null,
      scn: -1,
      isDurable: false,
    };
    statements.set(traceId, made);
  };

  const workAt = (traceId: number, node: NodeId): Draft | null => {
    const statement = statements.get(traceId);
    if (statement === undefined) return null;
    return statement.latest.get(node) ?? (node === driver ? statement.root : null);
  };

  const beginCall = (
    note: StepNote,
    { key, place, act }: SentMessage,
    parent: Draft,
    of: Statement,
  ): void => {
    const { kind, family, group, range } = labelOf(act.message);
    const call = add({
      id: spanIdOf(note.node, note.life, note.ordinal, place),
      parent,
      kind: 'call',
      name: kind,
      node: act.to,
      from: note.node,
      start: note.at,
      traceId: act.traceId,
      statement: of,
      isDue: answeredFamilies.includes(family),
    });
    call.attributes.bytes = act.bytes;
    if (group !== null) call.attributes.group = group;
    if (range !== null) Object.assign(call.attributes, { first: range[0], end: range[1] });
    if (isRequest(act.message)) call.attributes.attempt = act.message.attempt;
    if (act.traceId !== of.traceId) call.links.push({ traceId: act.traceId, why: 'batch' });
    onWay.set(key, { call, isAnswer: false });
  };

  const statementOf = (draft: Draft): Statement | undefined =>
    draft.statement ?? statements.get(draft.traceId);

  const beginDisk = (
    node: NodeId,
    name: string,
    request: Pick<OtherWrite, 'id' | 'at' | 'traceId'>,
    parent: Draft,
    statement: Statement | null,
  ): Draft =>
    add({
      id: request.id,
      parent,
      kind: 'disk',
      name,
      node,
      from: null,
      start: request.at,
      traceId: request.traceId,
      statement,
      isDue: true,
    });

  return {
    drafts,
    operation,
    statements,
    onWay,
    disks,
    writes,
    left: () => left,
    keyOf,
    beginStatement,
    beginCall,
    beginDisk,
    workAt,
    statementOf,
  };
}

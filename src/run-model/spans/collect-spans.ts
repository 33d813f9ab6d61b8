// Collects the spans of statements (PCS-94) from what nodes note while a world runs. A message that goes back to who called its
// sender answers that call; every other one, and every disk request, begins a span under the work that led to it. A batch of the
// log belongs to every statement whose records it takes along, whichever input made it leave.

import type { NodeId } from '../../base/ids.ts';
import type { TraceEvent, TraceOf } from '../../core/kernel/trace.ts';
import type { LoggedMessage } from '../../sim/message-log.ts';
import type { NotedAct, StepNote } from '../../sim/step-notes.ts';
import { addEvent, type Draft, endDraft, type Statement, spanOf } from './draft.ts';
import { isFinal } from './find-statement.ts';
import { loseMessages, loseNode, noteEvent } from './losses.ts';
import { isReply, refusalOf } from './noted-message.ts';
import { type SpanTrace, spanIdOf } from './span.ts';
import { type CollectorOptions, makeSpanBook, type SentMessage } from './span-book.ts';

/** Keys of a disk request that its span names. */
const KEYS_SHOWN = 8;

export interface SpanCollector {
  /** `sentBefore`: messages that the node had ever sent before the first of these notes. */
  onNotes(notes: readonly StepNote[], sentBefore: number): void;
  /** The node loses its power. */
  onCrash(node: NodeId, at: number): void;
  /** What the network has done with messages since. */
  onLogged(logged: readonly LoggedMessage[]): void;
  /** Every span has come to its end. */
  isSettled(): boolean;
  /** `isHeld`: whether the network keeps back this message, by the index of its sender. */
  finish(until: number, isHeld: (from: number, sequence: number) => boolean): SpanTrace;
}

export function makeSpanCollector(options: CollectorOptions): SpanCollector {
  const { found, indexOf, rankOf } = options;
  const { driver } = found;
  const book = makeSpanBook(options);
  const {
    drafts,
    operation,
    statements,
    onWay,
    disks,
    writes,
    keyOf,
    beginCall,
    beginDisk,
    workAt,
    statementOf,
  } = book;
  /** The disk request that the input being read has ended. */
  let endedDisk: Draft | null = null;

  const onSend = (note: StepNote, sent: SentMessage, owner: Draft | null): void => {
    if (owner === null) return;
    owner.workedUntil = note.at;
    const of = statementOf(owner);
    if (of === undefined) return;
    if (owner.kind === 'call' && owner.from === sent.act.to)
      onWay.set(sent.key, { call: owner, isAnswer: true });
    else beginCall(note, sent, owner, of);
  };

  const onDisk = (
    note: StepNote,
    act: Extract<NotedAct, { kind: 'read' | 'write' }>,
    place: number,
    owner: Draft | null,
    traceId: number,
  ): void => {
    const { node, at } = note;
    const id = spanIdOf(node, note.life, note.ordinal, place);
    const keys = act.keys.slice(0, KEYS_SHOWN).join(' ');
    const attributes = act.kind === 'write' ? { keys, bytes: act.bytes } : { keys };
    if (owner === null) {
      if (act.kind === 'write') writes.set(`${node}/${act.id}`, { id, at, traceId, attributes });
      return;
    }
    owner.workedUntil = at;
    const draft = beginDisk(node, act.kind, { id, at, traceId: owner.traceId }, owner, owner.statement);
    Object.assign(draft.attributes, attributes);
    disks.set(`${node}/${act.id}`, draft);
  };

  /** Records of a statement are durable at a replica, by the batch that it was sent or by another way. */
  const onDurable = (note: StepNote, statement: Statement, event: TraceOf<'wal.durable'>): void => {
    const own = statement.records.get(event.group) ?? [];
    const lsns = own.filter((lsn) => event.lsns.includes(lsn));
    if (lsns.length === 0 || note.input.kind !== 'diskDone') return;
    const other = writes.get(`${note.node}/${note.input.id}`);
    const draft =
      other === undefined
        ? endedDisk
        : beginDisk(note.node, 'write', other, statement.writer ?? statement.root, statement);
    if (draft === null) return;
    if (other !== undefined) {
      Object.assign(draft.attributes, other.attributes);
      draft.links.push({ traceId: other.traceId, why: 'batch' });
      endDraft(draft, note.at);
    }
    Object.assign(draft.attributes, { group: event.group, lsns: lsns.join(' '), source: event.source });
  };

  /** What concerns a statement beyond the work that is done under its trace id. */
  const onFact = (note: StepNote, event: TraceEvent, traceId: number, sent: SentMessage | null): void => {
    for (const statement of statements.values()) {
      const at = statement.latest.get(note.node);
      if (event.kind === 'wal.durable') onDurable(note, statement, event);
      else if (event.kind === 'mtr.append' && traceId === statement.traceId) {
        event.groups.split(',').forEach((group, i) => {
          const known = statement.records.get(group);
          if (known === undefined) statement.records.set(group, [event.first + i]);
          else known.push(event.first + i);
        });
        if (event.commit) statement.scn = event.end - 1;
        statement.writer = at ?? null;
      } else if (event.kind === 'wal.send' && sent !== null) {
        const lsns = statement.records.get(event.group) ?? [];
        const own = lsns.filter((lsn) => lsn >= event.first && lsn < event.end);
        if (own.length === 0) continue;
        if (!onWay.has(sent.key)) beginCall(note, sent, at ?? statement.root, statement);
        const call = onWay.get(sent.key)?.call;
        if (call !== undefined) call.attributes.ownRecords = own.length;
      } else if (
        event.kind === 'driver.retry' &&
        note.node === driver &&
        event.session === statement.session
      ) {
        if (statement.root.end === null) push(note, statement.root, event);
      } else if (at !== undefined && statement.scn >= 0) {
        const isAck = event.kind === 'commit.ack' && event.scn === statement.scn;
        const isVdl = event.kind === 'mark.vdl' && event.value >= statement.scn && !statement.isDurable;
        if (isVdl) statement.isDurable = true;
        if ((isAck || isVdl) && traceId !== statement.traceId) push(note, at, event);
      }
    }
  };

  const push = (note: StepNote, draft: Draft, event: TraceEvent): void =>
    noteEvent(draft, note.at, note.node, event);

  const onBatch = ({ first, end, records, resend }: TraceOf<'wal.send'>, sent: SentMessage | null): void => {
    const call = onWay.get(sent?.key ?? '')?.call;
    if (call !== undefined) Object.assign(call.attributes, { first, end, records, resend });
  };

  /** An acknowledgement may let several statements go on: each commit is its own statement's. */
  const isOwn = (event: TraceEvent, owner: Draft): boolean =>
    rankOf(event.kind) > 0 && (event.kind !== 'commit.ack' || event.scn === statementOf(owner)?.scn);

  /** The span that the input belongs to, and its trace id. */
  const received = (note: StepNote): readonly [Draft | null, number] => {
    const { input, node, at } = note;
    endedDisk = null;
    if (input.kind === 'diskDone' || input.kind === 'readDone') {
      const key = `${node}/${input.id}`;
      const disk = disks.get(key);
      if (disk === undefined) return [null, 0];
      disks.delete(key);
      endedDisk = disk;
      if (input.error !== null) disk.attributes.error = input.error;
      endDraft(disk, at, input.error === null ? null : 'error');
      return [disk.parent, disk.traceId];
    }
    if (input.kind !== 'message') return [null, 0];
    const way = onWay.get(keyOf(input.from, input.sequence));
    if (way === undefined) return [null, input.traceId];
    const { call, isAnswer } = way;
    if (input.message === null) {
      addEvent(call, { at, node, name: 'net.corrupt', fields: { answer: isAnswer } });
      if (!isAnswer) endDraft(call, at, 'lost');
      return [null, 0];
    }
    if (!isAnswer) {
      call.receivedAt ??= at;
      call.workedUntil ??= at;
      statementOf(call)?.latest.set(node, call);
      return [call, input.traceId];
    }
    const refusal = refusalOf(input.message);
    if (refusal !== null) call.attributes.code = refusal;
    endDraft(call, at, refusal === null ? null : 'error');
    const caller = call.parent;
    if (caller === null) return [null, input.traceId];
    if (caller.kind === 'statement' && isReply(input.message) && isFinal(input.message.code)) {
      const { results, scn } = input.message;
      caller.attributes.scn = scn;
      if (input.message.kind === 'PointedReply') caller.attributes.readPoint = input.message.readPoint;
      endDraft(caller, at, refusal !== null || results.some(({ kind }) => kind === 'error') ? 'error' : null);
    }
    // The answer to a batch of another statement: what follows from it is that one's.
    return [call.traceId === statementOf(call)?.traceId ? caller : null, input.traceId];
  };

  const onNote = (note: StepNote, sequence: number): number => {
    const [current, of] = received(note);
    let next = sequence;
    let sent: SentMessage | null = null;
    note.acts.forEach((act, place) => {
      const traceId = act.traceId ?? of;
      if (act.kind === 'send') {
        if (indexOf(act.to) === undefined) return;
        next++;
        sent = { key: keyOf(note.node, next), place, act };
        if (note.node === driver) book.beginStatement(note, act);
      }
      const owner = current !== null && traceId === of ? current : workAt(traceId, note.node);
      if (act.kind === 'send') {
        if (sent !== null) onSend(note, sent, owner);
        return;
      }
      if (act.kind === 'event') {
        onFact(note, act.event, traceId, sent);
        if (act.event.kind === 'wal.send') onBatch(act.event, sent);
        else if (owner !== null && isOwn(act.event, owner)) {
          owner.workedUntil = note.at;
          push(note, owner, act.event);
        }
        return;
      }
      onDisk(note, act, place, owner, traceId);
    });
    if (note.input.kind === 'diskDone') writes.delete(`${note.node}/${note.input.id}`);
    return next;
  };

  return {
    onNotes(notes, sentBefore) {
      let sequence = sentBefore;
      for (const note of notes) sequence = onNote(note, sequence);
    },
    onCrash(node, at) {
      loseNode(drafts, [disks, writes], node, at);
      for (const { latest } of statements.values()) latest.delete(node);
    },
    onLogged: (logged) => loseMessages(onWay, logged),
    isSettled: () =>
      statements.size > 0 &&
      drafts.every(
        (one) =>
          one.end !== null ||
          one.fate !== null ||
          one === operation ||
          (!one.isDue && one.receivedAt !== null),
      ),
    finish(until, isHeld) {
      const wayOf = new Map([...onWay].map(([key, way]) => [way.call, { key, ...way }]));
      if (operation !== null && found.endedAt !== null && found.endedAt <= until) {
        operation.attributes.outcome = found.outcome;
        endDraft(operation, found.endedAt, found.outcome === 'ok' ? null : 'error');
      } else if (found.endedAt !== null && found.outcome !== '' && found.endedAt <= until) {
        // Given up, or cancelled: no reply ended it.
        for (const { root } of statements.values()) {
          root.attributes.outcome = found.outcome;
          endDraft(root, found.endedAt, found.outcome === 'ok' ? null : 'error');
        }
      }
      const spans = drafts.map((draft) => {
        const [from, sequence] = wayOf.get(draft)?.key.split('.') ?? [];
        return spanOf(draft, from !== undefined && isHeld(Number(from), Number(sequence)));
      });
      return { traceIds: [...found.traceIds], spans, left: book.left(), until };
    },
  };
}

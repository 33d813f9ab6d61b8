// Collects the spans of background work (PCS-94): the input that began it, and every message and disk request that it led to, on every
// node. A step that only a timer led to joins by its event (background-work.ts). What carries a statement's trace id is that
// statement's, and a heartbeat is nobody's.

import type { NodeId } from '../../base/ids.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import type { NotedAct, StepNote } from '../../sim/step-notes.ts';
import { keyOf, type WorkKind } from './background-work.ts';
import type { SpanCollector } from './collect-spans.ts';
import { addEvent, type Draft, type DraftParts, endDraft, makeDraft, spanOf } from './draft.ts';
import { loseMessages, loseNode, noteEvent } from './losses.ts';
import { refusalOf } from './noted-message.ts';
import { spanIdOf } from './span.ts';
import { answeredFamilies, type CollectorOptions, type OnWay } from './span-book.ts';

/** Spans kept of a work. */
const SPAN_LIMIT = 2_000;
/** Keys of a disk request that its span names. */
const KEYS_SHOWN = 8;

export interface WorkOptions extends Pick<CollectorOptions, 'labelOf' | 'indexOf' | 'rankOf'> {
  readonly root: StepNote;
  readonly name: string;
  /** Null: what one input led to. */
  readonly work: WorkKind | null;
  /** The event that it begins with, where it has one. */
  readonly event: TraceEvent | null;
}

export interface WorkCollector extends SpanCollector {
  endedAt(): number | null;
}

export function makeWorkCollector({
  root: first,
  name,
  work,
  event,
  labelOf,
  indexOf,
  rankOf,
}: WorkOptions): WorkCollector {
  const drafts: Draft[] = [];
  let left = 0;
  const onWay = new Map<string, OnWay>();
  const disks = new Map<string, Draft>();
  const key = work === null || event === null ? '' : keyOf(work, event);
  let hasBegun = false;

  const add = (parts: Omit<DraftParts, 'traceId' | 'statement'>): Draft => {
    const draft = makeDraft({ ...parts, traceId: 0, statement: null });
    if (drafts.length >= SPAN_LIMIT) left++;
    else drafts.push(draft);
    for (let above = draft.parent; above !== null; above = above.parent) above.openBelow++;
    return draft;
  };
  const begin = ({ node, life, ordinal, at }: StepNote, of: string, parent: Draft | null): Draft =>
    add({
      id: spanIdOf(node, life, ordinal, parent === null ? -1 : -2),
      parent,
      kind: 'work',
      name: of,
      node,
      from: null,
      start: at,
      isDue: true,
    });
  const root = begin(first, name, null);
  if (work !== null) root.attributes[work.key] = key;

  const belongs = (one: TraceEvent, node: NodeId): boolean =>
    work !== null &&
    (work.begins === one.kind || work.steps.includes(one.kind) || work.ends.includes(one.kind)) &&
    (work.isOneNode !== true || node === first.node) &&
    keyOf(work, one) === key;

  /** The span that the input belongs to. */
  const received = ({ input, node, at }: StepNote): Draft | null => {
    if (input.kind === 'diskDone' || input.kind === 'readDone') {
      const place = `${node}/${input.id}`;
      const disk = disks.get(place);
      if (disk === undefined) return null;
      disks.delete(place);
      if (input.error !== null) disk.attributes.error = input.error;
      endDraft(disk, at, input.error === null ? null : 'error');
      return disk.parent;
    }
    if (input.kind !== 'message') return null;
    const way = onWay.get(`${indexOf(input.from) ?? ''}.${input.sequence}`);
    if (way === undefined) return null;
    const { call, isAnswer } = way;
    if (input.message === null) {
      addEvent(call, { at, node, name: 'net.corrupt', fields: { answer: isAnswer } });
      if (!isAnswer) endDraft(call, at, 'lost');
      return null;
    }
    if (!isAnswer) {
      call.receivedAt ??= at;
      call.workedUntil ??= at;
      return call;
    }
    const refusal = refusalOf(input.message);
    if (refusal !== null) call.attributes.code = refusal;
    endDraft(call, at, refusal === null ? null : 'error');
    return call.parent;
  };

  const onSend = (
    note: StepNote,
    way: string,
    place: number,
    act: Extract<NotedAct, { kind: 'send' }>,
    owner: Draft,
  ) => {
    if (owner.kind === 'call' && owner.from === act.to) {
      onWay.set(way, { call: owner, isAnswer: true });
      return;
    }
    const { kind, family, group, range } = labelOf(act.message);
    if (family === 'heartbeat' || root.end !== null) return;
    const { node, life, ordinal, at } = note;
    const call = add({
      id: spanIdOf(node, life, ordinal, place),
      parent: owner,
      kind: 'call',
      name: kind,
      node: act.to,
      from: node,
      start: at,
      isDue: answeredFamilies.includes(family),
    });
    call.attributes.bytes = act.bytes;
    if (group !== null) call.attributes.group = group;
    if (range !== null) Object.assign(call.attributes, { first: range[0], end: range[1] });
    onWay.set(way, { call, isAnswer: false });
  };

  const onDisk = (
    note: StepNote,
    place: number,
    act: Extract<NotedAct, { kind: 'read' | 'write' }>,
    owner: Draft,
  ) => {
    if (root.end !== null && owner === root) return;
    const { node, life, ordinal, at } = note;
    const id = spanIdOf(node, life, ordinal, place);
    const disk = add({
      id,
      parent: owner,
      kind: 'disk',
      name: act.kind,
      node,
      from: null,
      start: at,
      isDue: true,
    });
    disk.attributes.keys = act.keys.slice(0, KEYS_SHOWN).join(' ');
    if (act.kind === 'write') disk.attributes.bytes = act.bytes;
    disks.set(`${node}/${act.id}`, disk);
  };

  /** Whose the input is: of what was sent or written for the work, or of a step that its event says. */
  const ownerOf = (note: StepNote): Draft | null => {
    if (note.node === first.node && note.ordinal === first.ordinal && !hasBegun) {
      hasBegun = true;
      return root;
    }
    if (!hasBegun) return null;
    const owner = received(note);
    if (owner !== null || root.end !== null) return owner;
    const step = note.acts.find((act) => act.kind === 'event' && belongs(act.event, note.node));
    return step?.kind === 'event' ? begin(note, step.event.kind, root) : null;
  };

  const onNote = (note: StepNote, before: number): number => {
    const of = note.input.kind === 'message' ? note.input.traceId : 0;
    const owner = ownerOf(note);
    let sequence = before;
    note.acts.forEach((act, place) => {
      if (act.kind === 'send') {
        if (indexOf(act.to) === undefined) return;
        sequence++;
      }
      if (owner === null || (act.traceId ?? of) !== 0) return;
      owner.workedUntil = note.at;
      if (act.kind === 'send') onSend(note, `${indexOf(note.node) ?? ''}.${sequence}`, place, act, owner);
      else if (act.kind === 'event') {
        if (rankOf(act.event.kind) > 0) noteEvent(owner, note.at, note.node, act.event);
      } else onDisk(note, place, act, owner);
    });
    if (owner?.kind === 'work' && owner !== root) endDraft(owner, note.at);
    const isEnd = (one: NotedAct): boolean =>
      one.kind === 'event' && work?.ends.includes(one.event.kind) === true && belongs(one.event, note.node);
    if (hasBegun && note.acts.some(isEnd)) endDraft(root, note.at);
    return sequence;
  };

  const isSettled = (): boolean =>
    hasBegun &&
    drafts.every(
      (one) =>
        one === root || one.end !== null || one.fate !== null || (!one.isDue && one.receivedAt !== null),
    );

  return {
    onNotes(notes, sentBefore) {
      let sequence = sentBefore;
      for (const note of notes) sequence = onNote(note, sequence);
    },
    onCrash(node, at) {
      // others may go on with the work: only its end ends it
      loseNode(drafts.slice(1), [disks], node, at);
    },
    onLogged: (logged) => loseMessages(onWay, logged),
    isSettled,
    endedAt: () => root.end,
    finish(until, isHeld) {
      if (root.end === null && isSettled() && (work === null || work.ends.length === 0))
        endDraft(root, Math.max(...drafts.map((one) => one.end ?? one.workedUntil ?? one.start)));
      const wayOf = new Map([...onWay].map(([way, { call }]) => [call, way]));
      const spans = drafts.map((draft) => {
        const [from, sequence] = wayOf.get(draft)?.split('.') ?? [];
        return spanOf(draft, from !== undefined && isHeld(Number(from), Number(sequence)));
      });
      // of its first span, so that it is the same in every replay and no statement's
      return { traceIds: [Number.parseInt(root.id.slice(0, 12), 16)], spans, left, until };
    },
  };
}

// Which traces belong to what a person points at: a console's request, an operation of a load's client, a trace id. Reads the
// notes of the drivers (step-notes.ts) from before it began; a session works on one request at a time.

import type { NodeId } from '../../base/ids.ts';
import type { TraceEvent } from '../../core/kernel/trace.ts';
import type { NotedAct, StepNote } from '../../sim/step-notes.ts';
import { isReply, isRequest } from './noted-message.ts';
import type { SpanTarget } from './span.ts';

type StatementTarget = Exclude<SpanTarget, { kind: 'work' }>;

export interface FoundStatement {
  readonly driver: NodeId;
  /** Where the client's wish began: of a trace id, with its first message. */
  readonly startedAt: number;
  readonly ordinal: number;
  readonly life: number;
  /** `statement`, or the kind of the operation. */
  readonly name: string;
  readonly traceIds: number[];
  /** Null: it has not ended. */
  endedAt: number | null;
  outcome: string;
}

export interface StatementFinder {
  found: FoundStatement | null;
  onNotes(notes: readonly StepNote[]): void;
}

/** `transfer#2/7` is the session of client `transfer/7` in the second run of that load. */
const clientOf = (session: string): string => session.replace(/#\d+\//, '/');

/** Operations are counted by load: of an open loop another client may answer than the one that called. */
const loadOf = (client: string): string => client.slice(0, client.lastIndexOf('/'));

/** Codes after which the driver sends the request again: to the writer, or after a reader to the next node (READ-46). */
const tryAgain: readonly string[] = [
  'RECOVERING',
  'FENCED',
  'NOT_PRIMARY',
  'UNKNOWN_STATEMENT',
  'NOT_READY',
  'WAIT_LSN_TIMEOUT',
  'STALE_READ_POINT',
];

export const isFinal = (code: string): boolean => !tryAgain.includes(code);

const isBegin = (event: TraceEvent, target: StatementTarget): boolean =>
  (target.kind === 'request' && event.kind === 'sql.start' && event.request === target.request) ||
  (target.kind === 'operation' &&
    event.kind === 'op.invoke' &&
    event.client === target.client &&
    event.op === target.op);

export function makeStatementFinder(target: StatementTarget): StatementFinder {
  let session: string | null = null;

  const begin = (note: StepNote, name: string): FoundStatement => ({
    driver: note.node,
    startedAt: note.at,
    ordinal: note.ordinal,
    life: note.life,
    name,
    traceIds: [],
    endedAt: null,
    outcome: '',
  });

  /** Of a trace id, which has no other end: the reply that is no refusal. */
  const isLastReply = ({ input }: StepNote): boolean =>
    target.kind === 'trace' &&
    input.kind === 'message' &&
    input.traceId === target.traceId &&
    isReply(input.message) &&
    isFinal(input.message.code);

  const onSend = (note: StepNote, act: Extract<NotedAct, { kind: 'send' }>): void => {
    if (!isRequest(act.message)) return;
    const { message, traceId } = act;
    if (target.kind === 'trace' && traceId === target.traceId && finder.found === null) {
      // Of a retry the beginning lies before.
      if (message.attempt > 1) return;
      finder.found = begin(note, 'statement');
      finder.found.traceIds.push(traceId);
      return;
    }
    const { found } = finder;
    if (found === null || found.endedAt !== null || found.driver !== note.node || target.kind === 'trace')
      return;
    const isOurs =
      target.kind === 'request' ? message.session === session : clientOf(message.session) === target.client;
    if (!isOurs || found.traceIds.includes(traceId)) return;
    // A console's request is the newest of its session: what was sent before it belongs to those that it waited for.
    if (target.kind === 'request') found.traceIds.length = 0;
    found.traceIds.push(traceId);
  };

  const onEvent = (note: StepNote, event: TraceEvent): void => {
    const { found } = finder;
    if (found === null) {
      if (!isBegin(event, target)) return;
      finder.found = begin(note, event.kind === 'op.invoke' ? event.operation : 'statement');
      if (event.kind === 'sql.start') session = event.session;
      return;
    }
    const isEnd =
      (target.kind === 'request' && event.kind === 'sql.end' && event.request === target.request) ||
      (target.kind === 'operation' &&
        event.kind === 'op.return' &&
        loadOf(event.client) === loadOf(target.client) &&
        event.op === target.op);
    if (!isEnd || found.endedAt !== null) return;
    found.endedAt = note.at;
    found.outcome = event.outcome;
  };

  const finder: StatementFinder = {
    found: null,
    onNotes(notes) {
      for (const note of notes) {
        if (isLastReply(note) && finder.found?.endedAt === null) finder.found.endedAt = note.at;
        for (const act of note.acts) {
          if (act.kind === 'send') onSend(note, act);
          else if (act.kind === 'event') onEvent(note, act.event);
        }
      }
    },
  };
  return finder;
}

// What a node did with one input, noted for whoever follows a trace (PCS-94): what came, and every message, disk request and
// event that it led to, each with the trace id it is done for. Made only where somebody asks; no part of a run or a hash.

import type { NodeId } from '../base/ids.ts';
import type { DiskError, Effect, Input } from '../core/kernel/door.ts';
import type { TraceEvent } from '../core/kernel/trace.ts';
import type { NodeRunner, Outbox, Turn } from './runner-state.ts';

export type NotedInput =
  /** `sequence`: the sender's place for it in the network. `message` null: the frame could not be read. */
  | {
      readonly kind: 'message';
      readonly from: NodeId;
      readonly sequence: number;
      readonly traceId: number;
      readonly message: unknown;
    }
  | { readonly kind: 'diskDone' | 'readDone'; readonly id: number; readonly error: DiskError | null }
  | { readonly kind: 'other' };

/** `traceId` null: of the input. */
export type NotedAct =
  | {
      readonly kind: 'send';
      readonly traceId: number;
      readonly to: NodeId;
      readonly message: unknown;
      readonly bytes: number;
    }
  | {
      readonly kind: 'write';
      readonly traceId: number | null;
      readonly id: number;
      readonly keys: readonly string[];
      readonly bytes: number;
      /** Refused at once. */
      readonly error: DiskError | null;
    }
  | {
      readonly kind: 'read';
      readonly traceId: number | null;
      readonly id: number;
      readonly keys: readonly string[];
    }
  | { readonly kind: 'event'; readonly traceId: number | null; readonly event: TraceEvent };

export interface StepNote {
  readonly at: number;
  readonly node: NodeId;
  readonly life: number;
  readonly ordinal: number;
  readonly input: NotedInput;
  /** The input that led to this one: of the sender, of the disk request; null: a timer, a command, the start of the node. */
  readonly cause: { readonly node: NodeId; readonly ordinal: number } | null;
  readonly acts: NotedAct[];
}

/** The note of the input that the runner is about to work off. */
export function beginNote(
  { node, life, ordinal }: NodeRunner<unknown, unknown>,
  { at, causeNode, causeOrdinal }: Turn,
  input: Input<unknown> | null,
  delivered: { readonly from: NodeId; readonly sequence: number } | null,
  out: Outbox,
): void {
  if (out.notes === null) return;
  const noted = notedInput(input, delivered);
  const cause =
    causeNode === null || noted.kind === 'other' ? null : { node: causeNode, ordinal: causeOrdinal };
  out.notes.push({ at, node, life, ordinal, input: noted, cause, acts: [] });
}

function notedInput(
  input: Input<unknown> | null,
  delivered: { readonly from: NodeId; readonly sequence: number } | null,
): NotedInput {
  if (delivered !== null) {
    const { from, sequence } = delivered;
    return input?.kind === 'message'
      ? { kind: 'message', from, sequence, traceId: input.traceId, message: input.message }
      : { kind: 'message', from, sequence, traceId: 0, message: null };
  }
  if (input?.kind === 'diskDone' || input?.kind === 'readDone')
    return { kind: input.kind, id: input.id, error: input.error };
  return { kind: 'other' };
}

const bytesOf = (effect: Extract<Effect<unknown>, { kind: 'store' }>): number =>
  effect.writes.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);

/** Adds to the newest note what an effect did. `bytes`: of the frame; `error`: of the disk. */
export function noteEffect(
  { notes }: Outbox,
  effect: Effect<unknown>,
  bytes: number,
  error: DiskError | null,
): void {
  const note = notes?.at(-1);
  if (note === undefined) return;
  switch (effect.kind) {
    case 'send': {
      const { traceId, to, message } = effect;
      note.acts.push({ kind: 'send', traceId, to, message, bytes });
      break;
    }
    case 'store': {
      const keys = effect.writes.map(({ key }) => key);
      const traceId = effect.traceId ?? null;
      note.acts.push({ kind: 'write', traceId, id: effect.id, keys, bytes: bytesOf(effect), error });
      break;
    }
    case 'read':
      note.acts.push({ kind: 'read', traceId: effect.traceId ?? null, id: effect.id, keys: effect.keys });
      break;
    case 'trace':
      note.acts.push({ kind: 'event', traceId: effect.traceId ?? null, event: effect.event });
      break;
    default:
  }
}

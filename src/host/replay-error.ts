// Where the replay of a repro bundle ends: at the error that it records, with that node's engine stopped. Pure.

import { type NodeId, nodeId, type Time } from '../base/ids.ts';
import type { Tape } from '../sim/tape.ts';
import type { RecordedError } from './replay-messages.ts';

export interface ErrorStop {
  readonly error: RecordedError;
  /** Where the replay stands in the end. */
  readonly at: Time;
}

/**
 * The tape up to the error. A violation is reported by the events of its instant, which have passed one µs later; an engine
 * stopped before its own. A tape that ends before keeps its end: the picture in which it was seen may have been later.
 */
export function stopAtError(
  tape: Tape,
  error: RecordedError,
): { readonly tape: Tape; readonly stop: ErrorStop } {
  const { end } = tape.header;
  const at = (error.kind === 'violation' ? error.at + 1 : error.at) as Time;
  if (end !== null && end.at <= at) return { tape, stop: { error, at: end.at } };
  return { tape: { ...tape, header: { ...tape.header, end: { at, hash: null } } }, stop: { error, at } };
}

/** The engine that has stopped by this time, with what it said. */
export function failedBy(stop: ErrorStop | null, now: number): ReadonlyMap<NodeId, string> | undefined {
  if (stop === null || stop.error.kind !== 'engine' || stop.error.node === '' || now < stop.at)
    return undefined;
  return new Map([[nodeId(stop.error.node), stop.error.detail]]);
}

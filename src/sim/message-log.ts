// What became of the newest messages, for the space-time picture and nothing else: it has no part in the run, is in no
// digest, and a headless world does without. A ring, so that a long run at full speed costs one store a message.

import type { Flight } from './network.ts';

/** Messages remembered: some thousands are what a picture can show. */
const LOG_LIMIT = 6_000;

export interface LoggedMessage {
  readonly flight: Flight;
  /** When it arrived or was lost, µs. */
  readonly at: number;
  readonly isLost: boolean;
}

export interface MessageLog {
  readonly ring: LoggedMessage[];
  next: number;
  /** What ended at this time or before may be missing, µs; below every time while nothing is. */
  since: number;
}

/** What ended before `now` was not logged. */
export const makeMessageLog = (now: number): MessageLog => ({ ring: [], next: 0, since: now - 1 });

export function logMessage(log: MessageLog | null, flight: Flight, at: number, isLost: boolean): void {
  if (log === null) return;
  const forgotten = log.ring[log.next];
  if (forgotten !== undefined && forgotten.at > log.since) log.since = forgotten.at;
  log.ring[log.next] = { flight, at, isLost };
  log.next = (log.next + 1) % LOG_LIMIT;
}

/** What came since `next` was this; of more than the log remembers the newest. */
export function loggedSince({ ring, next }: MessageLog, from: number): readonly LoggedMessage[] {
  if (from === next) return [];
  return from < next ? ring.slice(from, next) : [...ring.slice(from), ...ring.slice(0, next)];
}

/** Those that were on their way at some time in `[from, to]`. */
export const messagesIn = (log: MessageLog | null, from: number, to: number): readonly LoggedMessage[] =>
  (log?.ring ?? []).filter(({ flight, at }) => flight.sentAt <= to && at >= from);

/** What had come about before a time: it holds as well when the run is gone back to that time. */
export function logBefore(log: MessageLog | null, time: number): MessageLog {
  const ring = (log?.ring ?? []).filter(({ at }) => at < time);
  return { ring, next: ring.length % LOG_LIMIT, since: log?.since ?? time };
}

/** A log of its own with the newest of these messages, at most so many. */
export function newestOf({ ring, next, since }: MessageLog, count: number): MessageLog {
  const all = [...ring.slice(next), ...ring.slice(0, next)];
  const newest = all.slice(-count);
  const dropped = all[all.length - count - 1]?.at ?? since;
  return { ring: newest, next: newest.length % LOG_LIMIT, since: Math.max(since, dropped) };
}

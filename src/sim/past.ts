// A stretch of the past as the screen asks for it: the events and messages between two times, from what the recorder and
// the message log still hold.

import type { Time } from '../base/ids.ts';
import type { MessageLabel } from '../core/door.ts';
import type { Fabric } from './fabric-state.ts';
import { type PastMessage, pastMessages } from './flights.ts';
import type { ListedEvent } from './frame.ts';
import type { Recorder } from './recorder.ts';

export interface PastQuery {
  readonly from: number;
  readonly to: number;
  readonly minRank: number;
  /** Most events and most messages answered; the newest are kept. */
  readonly limit: number;
}

export interface PastPicture {
  readonly from: Time;
  readonly to: Time;
  readonly events: readonly ListedEvent[];
  readonly messages: readonly PastMessage[];
  /** Events and messages of the stretch that the limit left out. */
  readonly left: number;
}

export function pastPicture(
  fabric: Fabric,
  recorder: Recorder,
  query: PastQuery,
  describe: (bytes: Uint8Array) => MessageLabel,
): PastPicture {
  const { from, to, minRank, limit } = query;
  const events = recorder.listed.filter(({ at, rank }) => at >= from && at <= to && rank >= minRank);
  const messages = pastMessages(fabric, describe, from, to);
  return {
    from: from as Time,
    to: to as Time,
    events: events.slice(-limit),
    messages: messages.slice(-limit),
    left: Math.max(0, events.length - limit) + Math.max(0, messages.length - limit),
  };
}

// Incremental reader of past events: a stretch that is asked for again and again while time goes on: each answer brings
// only what is new, and the reader keeps the rest. A stretch that begins earlier than the one before is asked for as a
// whole.

import type { NodeId } from '../../base/ids.ts';
import { countBefore } from '../../base/sorted.ts';
import type { TraceKind } from '../../core/kernel/trace.ts';
import type { PastMessage } from '../../run-model/picture/flights.ts';
import type { PastPicture, PastQuery } from '../../run-model/recorder/past.ts';

export interface PastRequest {
  /** Whose past: another run, branch or mode shares nothing with it. */
  readonly source: string;
  readonly from: number;
  readonly to: number;
  readonly minRank: number;
  readonly kinds: readonly TraceKind[] | null;
  readonly node?: NodeId | undefined;
  readonly withMessages: boolean;
}

export interface PastReader {
  ask(request: PastRequest): PastQuery;
  /** The whole stretch that the question was for. */
  take(query: PastQuery, answer: PastPicture): PastPicture;
}

const hasEnded = ({ fate }: PastMessage): boolean => fate === 'arrived' || fate === 'lost';

export function makePastReader(limit: number): PastReader {
  let kept: PastPicture | null = null;
  let keptOf: PastRequest | null = null;
  return {
    ask({ source, ...request }) {
      const follows =
        kept !== null &&
        keptOf !== null &&
        keptOf.source === source &&
        keptOf.minRank === request.minRank &&
        keptOf.kinds === request.kinds &&
        keptOf.node === request.node &&
        keptOf.withMessages === request.withMessages &&
        request.from >= keptOf.from &&
        request.to >= keptOf.to;
      if (!follows) kept = null;
      keptOf = { source, ...request };
      const known = kept === null ? null : { index: kept.events.at(-1)?.index ?? -1, at: kept.to };
      return { ...request, known, limit };
    },
    take(query, answer) {
      const { known } = query;
      if (known === null || kept === null) {
        kept = answer;
        return answer;
      }
      const fresh = kept.events
        .slice(countBefore(kept.events, ({ at }) => at < query.from))
        .concat(answer.events);
      // What had not ended before the last answer's time comes again, as far as the log still has it.
      const answered = new Set(answer.messages.map(({ id }) => id));
      const ended = kept.messages.filter(
        (one) =>
          one.arrivesAt >= query.from && hasEnded(one) && (one.arrivesAt < known.at || !answered.has(one.id)),
      );
      kept = {
        ...answer,
        // What was kept has no gap to what came: it reaches back as far as the first answer did.
        messagesSince: answer.messagesSince < known.at ? kept.messagesSince : answer.messagesSince,
        eventsSince: Math.max(
          fresh.at(-limit - 1)?.at ?? 0,
          answer.eventsSince < known.at ? kept.eventsSince : answer.eventsSince,
        ),
        events: fresh.length > limit ? fresh.slice(-limit) : fresh,
        messages: ended.concat(answer.messages).slice(-limit),
      };
      return kept;
    },
  };
}
